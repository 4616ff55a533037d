//! A workspace's conversations, as a list of them.

use std::ops::ControlFlow;

use cavuer_protocol::{ChannelId, ConversationId, Handling, Notice, Timestamp, WorkspaceId};

use crate::conversations::{self, MessagePage, StoredConversation};
use crate::hand_over::{self, WishForPerson};
use crate::places::{self, ConversationPlace};
use crate::sql::{Row, Sql, params};
use crate::visitors::VisitorRecord;
use crate::{Store, StoreError, fold, row};

/// Conversations on one page of the list.
const PAGE: usize = 50;
/// Conversations that are read together: a page, and the one after it that shows where it ends.
const BATCH: usize = PAGE + 1;
/// Characters of the newest message that the list shows.
const PREVIEW_CHARS: usize = 140;

/// A conversation's line in the list. The newest message is cut in SQL already, with room for
/// white space that the preview leaves out. One without words shows what came with it.
const SUMMARY: &str = "
    SELECT conversation.id, conversation.channel_id, channel.name AS channel_name,
           agent.name AS agent_name, visitor.public_id, visitor.kind,
           visitor.name AS visitor_name, visitor.email AS visitor_email,
           conversation.operator, conversation.failure, conversation.updated_at,
           (SELECT coalesce(nullif(substr(message.text, 1, 400), ''),
                (SELECT coalesce(attachment.transcript, attachment.name) FROM attachment
                 WHERE attachment.conversation_id = conversation.id
                     AND attachment.message_id = message.id
                 ORDER BY attachment.place LIMIT 1))
            FROM message
            WHERE message.conversation_id = conversation.id
            ORDER BY message.seq DESC LIMIT 1) AS newest,
           person_wanted.since, person_wanted.reason, person_wanted.until
    FROM conversation
    LEFT JOIN person_wanted ON person_wanted.conversation_id = conversation.id
    JOIN channel ON channel.id = conversation.channel_id
    JOIN agent ON agent.id = channel.agent_id
    JOIN visitor ON visitor.id = conversation.visitor_id
    WHERE conversation.workspace_id = ?1";

/// A conversation's line in the list of a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationLine {
    /// Names it everywhere.
    pub id: ConversationId,
    /// Where it is held.
    pub channel: ChannelId,
    /// As the channel's owner calls it.
    pub channel_name: String,
    /// The name of the agent behind the channel.
    pub agent_name: String,
    /// Who asks.
    pub visitor: VisitorRecord,
    /// Who answers.
    pub handling: Handling,
    /// Start of the newest message.
    pub preview: String,
    /// When somebody last wrote.
    pub updated_at: Timestamp,
    /// Why the agent could not answer the newest question.
    pub failure: Option<Notice>,
    /// Set while a person is wanted.
    pub wish: Option<WishForPerson>,
}

/// One page of a workspace's list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConversationPage {
    /// Those that want a person first, on the first page.
    pub conversations: Vec<ConversationLine>,
    /// The moment before which the next page begins; `None` at the end.
    pub next: Option<Timestamp>,
}

/// A conversation with its line in the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedConversation {
    /// How the list shows it.
    pub line: ConversationLine,
    /// What was said in it.
    pub conversation: StoredConversation,
}

impl Store {
    /// One page of a workspace's conversations. Those that want a person stand on the first page,
    /// whoever wants one longest at the top; then come the others, newest activity first: those
    /// before the moment `before`, and of all of them those in which the visitor's id, name or e-mail address or a message
    /// contains `query`, whatever the letter case, where these are given.
    pub async fn conversation_summaries(
        &self,
        workspace: WorkspaceId,
        query: Option<String>,
        before: Option<Timestamp>,
    ) -> Result<ConversationPage, StoreError> {
        self.database
            .read(move |sql| {
                let needle = query.as_deref().map(fold::Needle::new);
                list(sql, workspace, needle.as_ref(), before)
            })
            .await
    }

    /// The workspace's conversations that want a person, whoever wants one longest at the top.
    pub async fn conversations_wanting_people(
        &self,
        workspace: WorkspaceId,
    ) -> Result<Vec<ConversationLine>, StoreError> {
        self.database.read(move |sql| wanting_people(sql, workspace, None)).await
    }

    /// One conversation's line in the list.
    pub async fn conversation_summary(
        &self,
        workspace: WorkspaceId,
        id: ConversationId,
    ) -> Result<Option<ConversationLine>, StoreError> {
        self.database.read(move |sql| one(sql, workspace, id)).await
    }

    /// One conversation with its newest messages, without the answer that is being written.
    pub async fn conversation_detail(
        &self,
        workspace: WorkspaceId,
        id: ConversationId,
    ) -> Result<Option<ListedConversation>, StoreError> {
        self.database
            .read(move |sql| {
                let Some(line) = one(sql, workspace, id)? else { return Ok(None) };
                let conversation = conversations::snapshot(sql, id)?;
                Ok(Some(ListedConversation { line, conversation }))
            })
            .await
    }

    /// A page of one conversation's messages before a `seq`. `None` if there is no such
    /// conversation.
    pub async fn messages_before(
        &self,
        workspace: WorkspaceId,
        id: ConversationId,
        before: i64,
    ) -> Result<Option<MessagePage>, StoreError> {
        self.database
            .read(move |sql| match places::place(sql, workspace, id)? {
                Some(_) => conversations::page_before(sql, id, before).map(Some),
                None => Ok(None),
            })
            .await
    }

    /// Where one conversation of a workspace stands.
    pub async fn conversation_place(
        &self,
        workspace: WorkspaceId,
        id: ConversationId,
    ) -> Result<Option<ConversationPlace>, StoreError> {
        self.database.read(move |sql| places::place(sql, workspace, id)).await
    }
}

fn one(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    id: ConversationId,
) -> Result<Option<ConversationLine>, StoreError> {
    let statement = format!("{SUMMARY} AND conversation.id = ?2");
    sql.row(&statement, params![workspace, id], line)
}

fn list(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    needle: Option<&fold::Needle>,
    before: Option<Timestamp>,
) -> Result<ConversationPage, StoreError> {
    let mut conversations = match before {
        None => wanting_people(sql, workspace, needle)?,
        Some(_) => Vec::new(),
    };
    let (mut others, next) = others(sql, workspace, needle, before)?;
    conversations.append(&mut others);
    Ok(ConversationPage { conversations, next })
}

/// A page of the conversations that want nobody, and the moment before which the next one begins.
///
/// They are read in batches, because a search looks into the messages of one conversation before it
/// goes on to the next, and nothing else can be asked while rows are being visited.
///
/// A page ends only where the time changes, so that conversations of the same moment are not
/// torn apart and `next` can be a moment.
fn others(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    needle: Option<&fold::Needle>,
    before: Option<Timestamp>,
) -> Result<(Vec<ConversationLine>, Option<Timestamp>), StoreError> {
    let mut page = Vec::<ConversationLine>::new();
    let mut after = (before.unwrap_or(Timestamp(i64::MAX)), None);
    loop {
        let batch = batch_after(sql, workspace, after)?;
        let is_last = batch.len() < BATCH;
        if let Some(last) = batch.last() {
            after = (last.updated_at, Some(last.id));
        }
        for found in batch {
            if !fits(sql, &found, needle)? {
                continue;
            }
            if let Some(last) = page.last()
                && page.len() >= PAGE
                && last.updated_at != found.updated_at
            {
                let next = Some(last.updated_at);
                return Ok((page, next));
            }
            page.push(found);
        }
        if is_last {
            return Ok((page, None));
        }
    }
}

/// The next conversations that want nobody, newest activity first: those after a conversation that
/// was active at a moment, or all from before that moment.
fn batch_after(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    (at, id): (Timestamp, Option<ConversationId>),
) -> Result<Vec<ConversationLine>, StoreError> {
    // An id compared with none is never greater, so then only earlier moments are left.
    let statement = format!(
        "{SUMMARY} AND person_wanted.since IS NULL AND conversation.updated_at <= ?2
             AND (conversation.updated_at < ?2 OR conversation.id > ?3)
         ORDER BY conversation.updated_at DESC, conversation.id LIMIT ?4"
    );
    sql.rows(&statement, params![workspace, at, id, BATCH as i64], line)
}

fn wanting_people(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    needle: Option<&fold::Needle>,
) -> Result<Vec<ConversationLine>, StoreError> {
    let statement =
        format!("{SUMMARY} AND person_wanted.since IS NOT NULL ORDER BY person_wanted.since");
    let mut found = Vec::new();
    for wanting in sql.rows(&statement, params![workspace], line)? {
        if fits(sql, &wanting, needle)? {
            found.push(wanting);
        }
    }
    Ok(found)
}

fn fits(
    sql: &dyn Sql,
    conversation: &ConversationLine,
    needle: Option<&fold::Needle>,
) -> Result<bool, StoreError> {
    match needle {
        Some(needle) => mentions(sql, conversation, needle),
        None => Ok(true),
    }
}

fn mentions(
    sql: &dyn Sql,
    conversation: &ConversationLine,
    needle: &fold::Needle,
) -> Result<bool, StoreError> {
    let VisitorRecord { public_id, name, email, kind: _ } = &conversation.visitor;
    let of_visitor = [Some(public_id), name.as_ref(), email.as_ref()];
    if of_visitor.into_iter().flatten().any(|text| needle.is_in(text)) {
        return Ok(true);
    }
    let texts = "SELECT text FROM message WHERE conversation_id = ?1
        UNION ALL SELECT name || ' ' || coalesce(transcript, '') FROM attachment
        WHERE conversation_id = ?1 AND message_id IS NOT NULL";
    let mut is_found = false;
    sql.query(texts, params![conversation.id], &mut |mut row| {
        is_found = needle.is_in(&row.first::<String>()?);
        Ok(if is_found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(is_found)
}

fn line(row: &mut Row) -> Result<ConversationLine, StoreError> {
    let newest: Option<String> = row.get("newest")?;
    let failure: Option<String> = row.get("failure")?;
    Ok(ConversationLine {
        id: row.get("id")?,
        channel: row.get("channel_id")?,
        channel_name: row.get("channel_name")?,
        agent_name: row.get("agent_name")?,
        visitor: VisitorRecord {
            kind: row.word("kind")?,
            public_id: row.get("public_id")?,
            name: row.get("visitor_name")?,
            email: row.get("visitor_email")?,
        },
        handling: row::handling(row.get("operator")?),
        preview: newest.as_deref().map(preview).unwrap_or_default(),
        updated_at: row.get("updated_at")?,
        failure: failure.as_deref().map(Notice::from_stored),
        wish: hand_over::wish(row)?,
    })
}

/// The start of a message on one line.
fn preview(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(PREVIEW_CHARS) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests;
