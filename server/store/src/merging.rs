//! A guest turns out to be a user: the guest's conversation goes along.

use cavuer_protocol::{ConversationId, Timestamp, WorkspaceId};
use rusqlite::{Connection, params};

use super::conversations::{ConversationPlace, has_unanswered, of_visitor};
use super::visitors::{self, VisitorIdentity};
use super::{Store, StoreError, attachments, function_calls, hand_over, turns, usage};

/// The user to whom a guest's messages go.
#[derive(Clone, Debug)]
pub struct NewMessageOwner {
    pub workspace: WorkspaceId,
    pub visitor: VisitorIdentity,
    pub name: Option<String>,
    pub email: Option<String>,
}

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
        self.pool
            .write(move |conn| {
                let Some(guest_row) = visitors::find(conn, &guest)? else { return Ok(None) };
                let about = (user.name.as_deref(), user.email.as_deref());
                let owner = visitors::find_or_add(conn, &user.visitor, None, about, now)?;
                attachments::adopt(conn, guest_row, owner)?;
                // A guest with uploads that wait for the first message has no conversation.
                let Some(from) = of_visitor(conn, &guest)? else { return Ok(None) };
                let into = match of_visitor(conn, &user.visitor)? {
                    // The user wrote before, elsewhere: the guest's messages go to the end.
                    Some(into) => {
                        move_messages(conn, from, into, now)?;
                        into
                    }
                    // The guest's conversation simply becomes the user's, turns and all.
                    None => {
                        conn.prepare_cached("UPDATE conversation SET visitor_id = ? WHERE id = ?")?
                            .execute(params![owner, from.0])?;
                        from
                    }
                };
                conn.prepare_cached("DELETE FROM visitor WHERE id = ?")?.execute([guest_row])?;
                let workspace = user.workspace;
                let place =
                    ConversationPlace { workspace, conversation: into, visitor: user.visitor };
                Ok(Some((from, place)))
            })
            .await
    }
}

/// Puts one conversation's messages at the end of another and deletes the emptied one. What was
/// not yet answered stays to be answered, by one turn.
fn move_messages(
    conn: &Connection,
    from: ConversationId,
    into: ConversationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let last: i64 = conn
        .prepare_cached("SELECT last_seq FROM conversation WHERE id = ?")?
        .query_row([into.0], |row| row.get(0))?;
    // What the user asked before must not count as answered because the guest's questions are.
    let is_open = has_unanswered(conn, into)?;
    // The same id in both would be the same message: the copy that is there stays.
    let moved = conn
        .prepare_cached(
            "UPDATE OR IGNORE message SET conversation_id = ?1, seq = seq + ?2
             WHERE conversation_id = ?3",
        )?
        .execute(params![into.0, last, from.0])?
        > 0;
    conn.prepare_cached(
        "UPDATE conversation SET
             last_seq = ?2 + (SELECT last_seq FROM conversation WHERE id = ?3),
             answered_seq = CASE WHEN ?4 AND NOT ?6
                 THEN max(answered_seq, ?2 + (SELECT answered_seq FROM conversation WHERE id = ?3))
                 ELSE answered_seq
             END,
             updated_at = ?5
         WHERE id = ?1",
    )?
    .execute(params![into.0, last, from.0, moved, now.0, is_open])?;
    attachments::follow_messages(conn, from, into)?;
    turns::adopt(conn, from, into, last)?;
    hand_over::adopt(conn, from, into)?;
    function_calls::adopt(conn, from, into, last)?;
    usage::adopt(conn, from, into)?;
    conn.prepare_cached("DELETE FROM conversation WHERE id = ?")?.execute([from.0])?;
    Ok(())
}
