//! Conversations and their messages: reading them, and what all writing in them does.

use cavuer_base::citations::Citations;
use cavuer_protocol::limits::PAGE_MESSAGES;
use cavuer_protocol::{Author, ConversationId, Handling, Message, MessageId, Timestamp};

use crate::places::{ConversationPlace, of_visitor};
use crate::sql::{Sql, params};
use crate::visitors::VisitorIdentity;
use crate::{Store, StoreError, attachments, outbox, row, sources};

/// A message that somebody else than the visitor has added.
#[derive(Clone, Debug)]
pub struct Finished {
    /// As the console sees it.
    pub message: Message,
    /// Whom to tell of it.
    pub place: ConversationPlace,
    /// Whether the visitor is told what the message is from.
    pub citations: Citations,
}

/// Messages that follow each other, in rising order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MessagePage {
    /// In rising order of their `seq`.
    pub messages: Vec<Message>,
    /// Whether there are messages before the first one here.
    pub has_older: bool,
}

/// A conversation as it is stored: an answer that is being written is not part of it. The default
/// is one in which nobody has written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StoredConversation {
    /// The last page of what was said.
    pub newest: MessagePage,
    /// Who answers.
    pub handling: Handling,
}

impl Store {
    /// A visitor's conversation with its newest messages, as the visitor may see it; `None` before
    /// the first one.
    pub async fn conversation_of(
        &self,
        visitor: VisitorIdentity,
    ) -> Result<Option<StoredConversation>, StoreError> {
        self.database
            .read(move |sql| match of_visitor(sql, &visitor)? {
                Some(id) => {
                    let mut conversation = snapshot(sql, id)?;
                    sources::citations(sql, id)?.reduce(&mut conversation.newest.messages);
                    Ok(Some(conversation))
                }
                None => Ok(None),
            })
            .await
    }

    /// A visitor's messages before a `seq`, as the visitor may see them.
    pub async fn older_messages_of(
        &self,
        visitor: VisitorIdentity,
        before: i64,
    ) -> Result<MessagePage, StoreError> {
        self.database
            .read(move |sql| match of_visitor(sql, &visitor)? {
                Some(id) => {
                    let mut page = page_before(sql, id, before)?;
                    sources::citations(sql, id)?.reduce(&mut page.messages);
                    Ok(page)
                }
                None => Ok(MessagePage::default()),
            })
            .await
    }
}

/// A conversation with its newest page, as the console sees it.
pub(crate) fn snapshot(
    sql: &dyn Sql,
    conversation: ConversationId,
) -> Result<StoredConversation, StoreError> {
    let newest = page_before(sql, conversation, i64::MAX)?;
    Ok(StoredConversation { newest, handling: handling(sql, conversation)? })
}

/// Up to [`PAGE_MESSAGES`] messages before a `seq`, in rising order, as the console sees them.
pub(crate) fn page_before(
    sql: &dyn Sql,
    conversation: ConversationId,
    before: i64,
) -> Result<MessagePage, StoreError> {
    let one_more = PAGE_MESSAGES as i64 + 1;
    let mut messages = sql.rows(
        "SELECT id, seq, author, author_name, text, created_at FROM message
         WHERE conversation_id = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3",
        params![conversation, before, one_more],
        row::message,
    )?;
    let has_older = messages.len() > PAGE_MESSAGES;
    messages.truncate(PAGE_MESSAGES);
    messages.reverse();
    attachments::fill(sql, conversation, &mut messages)?;
    sources::attach(sql, conversation, &mut messages)?;
    Ok(MessagePage { messages, has_older })
}

/// Adds a message at the end of a conversation, which is locked.
pub(crate) fn append(
    sql: &dyn Sql,
    conversation: ConversationId,
    id: MessageId,
    author: Author,
    text: String,
    now: Timestamp,
) -> Result<Message, StoreError> {
    let seq: i64 = sql.only_value(
        "UPDATE conversation SET last_seq = last_seq + 1, updated_at = ?1, failure = NULL
         WHERE id = ?2 RETURNING last_seq",
        params![now, conversation],
    )?;
    let (kind, name) = row::author_columns(&author);
    sql.execute(
        "INSERT INTO message (conversation_id, seq, id, author, author_name, text, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![conversation, seq, id, kind, name, text, now],
    )?;
    if author != Author::Visitor {
        outbox::put(sql, conversation, id, now)?;
    }
    let (attachments, sources) = (Vec::new(), Vec::new());
    Ok(Message { id, seq, author, text, attachments, created_at: now, sources })
}

pub(crate) fn by_id(
    sql: &dyn Sql,
    conversation: ConversationId,
    id: MessageId,
) -> Result<Option<Message>, StoreError> {
    let found = sql.row(
        "SELECT id, seq, author, author_name, text, created_at FROM message
         WHERE conversation_id = ?1 AND id = ?2",
        params![conversation, id],
        row::message,
    )?;
    let Some(mut message) = found else { return Ok(None) };
    attachments::fill(sql, conversation, std::slice::from_mut(&mut message))?;
    Ok(Some(message))
}

/// What was asked up to a `seq` counts as answered.
pub(crate) fn mark_answered(
    sql: &dyn Sql,
    conversation: ConversationId,
    seq: i64,
) -> Result<(), StoreError> {
    sql.execute(
        "UPDATE conversation SET answered_seq = ?1 WHERE id = ?2 AND answered_seq < ?1",
        params![seq, conversation],
    )?;
    Ok(())
}

/// Who answers in a conversation.
pub(crate) fn handling(
    sql: &dyn Sql,
    conversation: ConversationId,
) -> Result<Handling, StoreError> {
    let operator: Option<String> =
        sql.only_value("SELECT operator FROM conversation WHERE id = ?1", params![conversation])?;
    Ok(match operator {
        Some(name) => Handling::Operator { name },
        None if is_awaited(sql, conversation)? => Handling::Awaited,
        None => Handling::Agent,
    })
}

pub(crate) fn has_unanswered(
    sql: &dyn Sql,
    conversation: ConversationId,
) -> Result<bool, StoreError> {
    sql.only_value(
        "SELECT EXISTS (
             SELECT 1 FROM message JOIN conversation ON conversation.id = message.conversation_id
             WHERE conversation.id = ?1 AND message.seq > conversation.answered_seq
                 AND message.author = 'visitor')",
        params![conversation],
    )
}

/// Whether the agent keeps silent because a person is to come.
fn is_awaited(sql: &dyn Sql, conversation: ConversationId) -> Result<bool, StoreError> {
    sql.only_value(
        "SELECT EXISTS (SELECT 1 FROM person_wanted
             WHERE conversation_id = ?1 AND until IS NOT NULL)",
        params![conversation],
    )
}
