//! The passages that answers are from.

use std::collections::HashMap;

use cavuer_base::citations::Citations;
use cavuer_protocol::{ConversationId, Message, MessageId, Source};

use crate::StoreError;
use crate::sql::{Sql, params};

/// Stores what a message is from. A source whose article was deleted meanwhile loses the link.
pub(crate) fn add(
    sql: &dyn Sql,
    conversation: ConversationId,
    message: &mut Message,
    sources: Vec<Source>,
) -> Result<(), StoreError> {
    for (place, source) in (0_u32..).zip(sources) {
        let Source { title, page, excerpt, article } = source;
        let article = sql.only_value(
            "INSERT INTO message_source
                 (conversation_id, message_id, place, title, page, excerpt, article_id)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, (SELECT article_id FROM article_state
                 WHERE article_id = ?7 AND state <> 'deleted'))
             RETURNING article_id",
            params![conversation, message.id, place, title, page, excerpt, article],
        )?;
        message.sources.push(Source { title, page, excerpt, article });
    }
    Ok(())
}

/// Adds to messages of one conversation, which are in order, what they are from.
pub(crate) fn attach(
    sql: &dyn Sql,
    conversation: ConversationId,
    messages: &mut [Message],
) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (messages.first(), messages.last()) else { return Ok(()) };
    let found = sql.rows(
        "SELECT message_source.message_id, message_source.title, message_source.page,
             message_source.excerpt, article_state.article_id
         FROM message_source
         JOIN message ON message.conversation_id = message_source.conversation_id
             AND message.id = message_source.message_id
         LEFT JOIN article_state ON article_state.article_id = message_source.article_id
             AND article_state.state <> 'deleted'
         WHERE message_source.conversation_id = ?1 AND message.seq BETWEEN ?2 AND ?3
         ORDER BY message_source.message_id, message_source.place",
        params![conversation, first.seq, last.seq],
        |row| {
            let source = Source {
                title: row.get("title")?,
                page: row.get("page")?,
                excerpt: row.get("excerpt")?,
                article: row.get("article_id")?,
            };
            Ok((row.get("message_id")?, source))
        },
    )?;
    let mut sources: HashMap<MessageId, Vec<Source>> = HashMap::new();
    for (message, source) in found {
        sources.entry(message).or_default().push(source);
    }
    for message in messages {
        message.sources = sources.remove(&message.id).unwrap_or_default();
    }
    Ok(())
}

/// Whether a conversation's visitor is told what answers are from.
pub(crate) fn citations(
    sql: &dyn Sql,
    conversation: ConversationId,
) -> Result<Citations, StoreError> {
    let shown = sql.only_value(
        "SELECT agent.show_citations FROM conversation
         JOIN channel ON channel.id = conversation.channel_id
         JOIN agent ON agent.id = channel.agent_id WHERE conversation.id = ?1",
        params![conversation],
    )?;
    Ok(Citations::of(shown))
}
