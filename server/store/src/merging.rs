//! A guest turns out to be a user: the guest's conversation goes along.

use cavuer_protocol::{ConversationId, Timestamp, WorkspaceId};

use crate::conversations::has_unanswered;
use crate::locking::Attempt;
use crate::places::{ConversationPlace, of_visitor};
use crate::sql::{Sql, params};
use crate::visitors::{self, VisitorIdentity};
use crate::{Store, StoreError, attachments, function_calls, hand_over, outbox, turns, usage};

/// The user to whom a guest's messages go.
#[derive(Clone, Debug)]
pub struct NewMessageOwner {
    /// The channel's.
    pub workspace: WorkspaceId,
    /// The user, in the guest's channel; stored now if nobody is known by it yet.
    pub visitor: VisitorIdentity,
    /// What the site says; `None` leaves what is stored.
    pub name: Option<String>,
    /// What the site says; `None` leaves what is stored.
    pub email: Option<String>,
}

/// What a merge brought: the conversation that is gone, and the other one.
type Merged = Option<(ConversationId, ConversationPlace)>;

impl Store {
    /// Moves a guest's messages to the user whom the guest turned out to be, and forgets the
    /// guest. The user's conversation is made if there is none. `None`: the guest never wrote.
    ///
    /// The answer names the guest's conversation, which is gone, and the user's.
    pub async fn merge_guest(
        &self,
        guest: VisitorIdentity,
        user: NewMessageOwner,
        now: Timestamp,
    ) -> Result<Option<(ConversationId, ConversationPlace)>, StoreError> {
        let (of_guest, of_user) = (guest.clone(), user.visitor.clone());
        self.write_found(
            move |sql| Ok([of_visitor(sql, &of_guest)?, of_visitor(sql, &of_user)?]),
            move |sql, [from, into]| merge(sql, &guest, user, from, into, now),
        )
        .await
    }
}

/// Merges the guest's conversation and the user's, as far as there are any. They are locked.
fn merge(
    sql: &dyn Sql,
    guest: &VisitorIdentity,
    user: NewMessageOwner,
    from: Option<ConversationId>,
    into: Option<ConversationId>,
    now: Timestamp,
) -> Result<Attempt<Merged>, StoreError> {
    let Some(guest_row) = visitors::find(sql, guest)? else { return Ok(Attempt::Done(None)) };
    // What the guest uploads from here on waits, and finds nobody. The guest comes before the user
    // in every merge, so that two of them do not wait for each other.
    if !visitors::hold(sql, guest_row)? {
        return Ok(Attempt::Done(None));
    }
    let about = (user.name.as_deref(), user.email.as_deref());
    // From here on whoever stores a first message of the user waits.
    let owner = visitors::find_or_add(sql, &user.visitor, None, about, now)?;
    if of_visitor(sql, guest)? != from || of_visitor(sql, &user.visitor)? != into {
        return Ok(Attempt::Again);
    }
    attachments::adopt(sql, guest_row, owner)?;
    // A guest with uploads that wait for the first message has no conversation.
    let Some(from) = from else {
        forget(sql, guest_row)?;
        return Ok(Attempt::Done(None));
    };
    let into = match into {
        // The user wrote before, elsewhere: the guest's messages go to the end.
        Some(into) => {
            move_messages(sql, from, into, now)?;
            into
        }
        // The guest's conversation simply becomes the user's, turns and all.
        None => {
            sql.execute(
                "UPDATE conversation SET visitor_id = ?1 WHERE id = ?2",
                params![owner, from],
            )?;
            from
        }
    };
    forget(sql, guest_row)?;
    let workspace = user.workspace;
    let place = ConversationPlace { workspace, conversation: into, visitor: user.visitor };
    Ok(Attempt::Done(Some((from, place))))
}

/// The guest is nobody any more: what was theirs is the user's.
fn forget(sql: &dyn Sql, guest_row: i64) -> Result<(), StoreError> {
    sql.execute("DELETE FROM visitor WHERE id = ?1", params![guest_row])?;
    Ok(())
}

/// Puts one conversation's messages at the end of another and deletes the emptied one. What was
/// not yet answered stays to be answered, by one turn.
fn move_messages(
    sql: &dyn Sql,
    from: ConversationId,
    into: ConversationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (their_last, their_answered) = numbers(sql, from)?;
    let (last, answered) = numbers(sql, into)?;
    // What the user asked before must not count as answered because the guest's questions are.
    let is_open = has_unanswered(sql, into)?;
    // The same id in both would be the same message: the copy that is there stays.
    let moved = sql.execute(
        "UPDATE message SET conversation_id = ?1, seq = seq + ?2
         WHERE conversation_id = ?3 AND NOT EXISTS (SELECT 1 FROM message AS other
             WHERE other.conversation_id = ?1 AND other.id = message.id)",
        params![into, last, from],
    )?;
    let answered =
        if moved > 0 && !is_open { answered.max(last + their_answered) } else { answered };
    sql.execute(
        "UPDATE conversation SET last_seq = ?1, answered_seq = ?2, updated_at = ?3 WHERE id = ?4",
        params![last + their_last, answered, now, into],
    )?;
    attachments::follow_messages(sql, from, into)?;
    turns::adopt(sql, from, into, last)?;
    hand_over::adopt(sql, from, into)?;
    function_calls::adopt(sql, from, into, last)?;
    usage::adopt(sql, from, into)?;
    outbox::adopt(sql, from, into)?;
    sql.execute("DELETE FROM conversation WHERE id = ?1", params![from])?;
    Ok(())
}

/// The number of a conversation's newest message, and up to where they are answered.
fn numbers(sql: &dyn Sql, conversation: ConversationId) -> Result<(i64, i64), StoreError> {
    sql.only(
        "SELECT last_seq, answered_seq FROM conversation WHERE id = ?1",
        params![conversation],
        |row| Ok((row.get("last_seq")?, row.get("answered_seq")?)),
    )
}
