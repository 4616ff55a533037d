//! The passages that answers are from.

use std::collections::HashMap;

use cavuer_protocol::{ArticleId, ConversationId, Message, MessageId, Source};
use rusqlite::{Connection, params};

use super::{StoreError, row};
use cavuer_base::citations::Citations;

/// Stores what a message is from. A source whose article was deleted meanwhile loses the link.
pub(crate) fn add(
    conn: &Connection,
    conversation: ConversationId,
    message: &mut Message,
    sources: Vec<Source>,
) -> Result<(), StoreError> {
    let mut insert = conn.prepare_cached(
        "INSERT INTO message_source
             (conversation_id, message_id, place, title, page, excerpt, article_id)
         VALUES (?, ?, ?, ?, ?, ?,
             (SELECT article_id FROM article_state WHERE article_id = ? AND state <> 'deleted'))
         RETURNING article_id",
    )?;
    for (place, source) in (0_u32..).zip(sources) {
        let Source { title, page, excerpt, article } = source;
        let article = article.map(|article| article.0);
        let values = params![conversation.0, message.id.0, place, title, page, excerpt, article];
        let article = insert.query_row(values, |row| row.get::<_, Option<_>>(0))?.map(ArticleId);
        message.sources.push(Source { title, page, excerpt, article });
    }
    Ok(())
}

/// Adds to messages of one conversation, which are in order, what they are from.
pub(crate) fn attach(
    conn: &Connection,
    conversation: ConversationId,
    messages: &mut [Message],
) -> Result<(), StoreError> {
    let (Some(first), Some(last)) = (messages.first(), messages.last()) else { return Ok(()) };
    let (first, last) = (first.seq, last.seq);
    let mut statement = conn.prepare_cached(
        "SELECT message_source.message_id, title, page, excerpt, article_state.article_id
         FROM message_source
         JOIN message ON message.conversation_id = message_source.conversation_id
             AND message.id = message_source.message_id
         LEFT JOIN article_state ON article_state.article_id = message_source.article_id
             AND article_state.state <> 'deleted'
         WHERE message_source.conversation_id = ? AND message.seq BETWEEN ? AND ?
         ORDER BY message_source.message_id, place",
    )?;
    let mut rows = statement.query(params![conversation.0, first, last])?;
    let mut sources: HashMap<MessageId, Vec<Source>> = HashMap::new();
    while let Some(row) = rows.next()? {
        sources.entry(row::id(row, 0, MessageId)?).or_default().push(Source {
            title: row.get(1)?,
            page: row.get(2)?,
            excerpt: row.get(3)?,
            article: row.get::<_, Option<_>>(4)?.map(ArticleId),
        });
    }
    for message in messages {
        message.sources = sources.remove(&message.id).unwrap_or_default();
    }
    Ok(())
}

/// Whether a conversation's visitor is told what answers are from.
pub(crate) fn citations(
    conn: &Connection,
    conversation: ConversationId,
) -> Result<Citations, StoreError> {
    let mut statement = conn.prepare_cached(
        "SELECT agent.show_citations FROM conversation
         JOIN channel ON channel.id = conversation.channel_id
         JOIN agent ON agent.id = channel.agent_id WHERE conversation.id = ?",
    )?;
    Ok(Citations::of(statement.query_row([conversation.0], |row| row.get(0))?))
}
