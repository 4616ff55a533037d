//! Conversations as the console lists them.

use std::ops::ControlFlow;

use cavuer_protocol::console::{
    ConversationDetail, ConversationList, ConversationSummary, Visitor,
};
use cavuer_protocol::widget::OlderMessages;
use cavuer_protocol::{ConversationId, Notice, Timestamp, WorkspaceId};

use crate::sql::{Row, Sql, params};
use crate::{
    ConversationPlace, Store, StoreError, VisitorKind, conversations, fold, hand_over, places, row,
};

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
    ) -> Result<ConversationList, StoreError> {
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
    ) -> Result<Vec<ConversationSummary>, StoreError> {
        self.database.read(move |sql| wanting_people(sql, workspace, None)).await
    }

    /// One conversation's line in the list.
    pub async fn conversation_summary(
        &self,
        workspace: WorkspaceId,
        id: ConversationId,
    ) -> Result<Option<ConversationSummary>, StoreError> {
        self.database.read(move |sql| one(sql, workspace, id)).await
    }

    /// One conversation with its newest messages, without the answer that is being written.
    pub async fn conversation_detail(
        &self,
        workspace: WorkspaceId,
        id: ConversationId,
    ) -> Result<Option<ConversationDetail>, StoreError> {
        self.database
            .read(move |sql| {
                let Some(summary) = one(sql, workspace, id)? else { return Ok(None) };
                let conversation = conversations::snapshot(sql, id)?;
                Ok(Some(ConversationDetail { summary, conversation }))
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
    ) -> Result<Option<OlderMessages>, StoreError> {
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
) -> Result<Option<ConversationSummary>, StoreError> {
    let statement = format!("{SUMMARY} AND conversation.id = ?2");
    sql.row(&statement, params![workspace, id], summary)
}

fn list(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    needle: Option<&fold::Needle>,
    before: Option<Timestamp>,
) -> Result<ConversationList, StoreError> {
    let mut conversations = match before {
        None => wanting_people(sql, workspace, needle)?,
        Some(_) => Vec::new(),
    };
    let (mut others, next) = others(sql, workspace, needle, before)?;
    conversations.append(&mut others);
    Ok(ConversationList { conversations, next })
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
) -> Result<(Vec<ConversationSummary>, Option<Timestamp>), StoreError> {
    let mut page = Vec::<ConversationSummary>::new();
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
) -> Result<Vec<ConversationSummary>, StoreError> {
    // An id compared with none is never greater, so then only earlier moments are left.
    let statement = format!(
        "{SUMMARY} AND person_wanted.since IS NULL AND conversation.updated_at <= ?2
             AND (conversation.updated_at < ?2 OR conversation.id > ?3)
         ORDER BY conversation.updated_at DESC, conversation.id LIMIT ?4"
    );
    sql.rows(&statement, params![workspace, at, id, BATCH as i64], summary)
}

fn wanting_people(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    needle: Option<&fold::Needle>,
) -> Result<Vec<ConversationSummary>, StoreError> {
    let statement =
        format!("{SUMMARY} AND person_wanted.since IS NOT NULL ORDER BY person_wanted.since");
    let mut found = Vec::new();
    for wanting in sql.rows(&statement, params![workspace], summary)? {
        if fits(sql, &wanting, needle)? {
            found.push(wanting);
        }
    }
    Ok(found)
}

fn fits(
    sql: &dyn Sql,
    conversation: &ConversationSummary,
    needle: Option<&fold::Needle>,
) -> Result<bool, StoreError> {
    match needle {
        Some(needle) => mentions(sql, conversation, needle),
        None => Ok(true),
    }
}

fn mentions(
    sql: &dyn Sql,
    conversation: &ConversationSummary,
    needle: &fold::Needle,
) -> Result<bool, StoreError> {
    let Visitor { id, name, email, verified: _ } = &conversation.visitor;
    let of_visitor = [Some(id), name.as_ref(), email.as_ref()];
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

fn summary(row: &mut Row) -> Result<ConversationSummary, StoreError> {
    let newest: Option<String> = row.get("newest")?;
    let failure: Option<String> = row.get("failure")?;
    let failure = failure.as_deref().map(Notice::from_stored);
    let (failure, failure_notice) = Notice::told_if_any(failure);
    Ok(ConversationSummary {
        id: row.get("id")?,
        channel: row.get("channel_id")?,
        channel_name: row.get("channel_name")?,
        agent_name: row.get("agent_name")?,
        visitor: Visitor {
            id: row.get("public_id")?,
            verified: row.word::<VisitorKind>("kind")? == VisitorKind::User,
            name: row.get("visitor_name")?,
            email: row.get("visitor_email")?,
        },
        handling: row::handling(row.get("operator")?),
        preview: newest.as_deref().map(preview).unwrap_or_default(),
        updated_at: row.get("updated_at")?,
        failure,
        failure_notice,
        person_wanted: hand_over::wanted(row)?,
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
mod tests {
    use super::*;
    use crate::fixture::{Fixture, NOW};

    fn at(millis: i64) -> Timestamp {
        NOW.plus_millis(millis)
    }

    async fn found(fixture: &Fixture, query: &str) -> usize {
        let query = Some(query.to_owned());
        let list = fixture.store.conversation_summaries(fixture.workspace, query, None).await;
        list.unwrap().conversations.len()
    }

    #[tokio::test]
    async fn the_newest_message_is_the_preview() {
        let fixture = Fixture::new().await;
        let channel = fixture.channel(fixture.agent().await).await;
        fixture.message(&channel, "v_1", "First", at(0)).await;
        let second = format!("Second\n  {}", "ж".repeat(200));
        let id = fixture.message(&channel, "v_1", &second, at(1)).await;
        let summary = fixture.store.conversation_summary(fixture.workspace, id).await.unwrap();
        let summary = summary.unwrap();
        assert!(summary.preview.starts_with("Second ж") && summary.preview.ends_with("ж…"));
        assert_eq!(summary.preview.chars().count(), PREVIEW_CHARS + 1);
        assert_eq!((summary.updated_at, summary.visitor.verified), (at(1), false));
    }

    #[tokio::test]
    async fn pages_cover_everything_once_even_where_moments_are_shared() {
        let fixture = Fixture::new().await;
        let channel = fixture.channel(fixture.agent().await).await;
        // The 48th to the 54th share a moment, across the end of the first page.
        for number in 0..120 {
            let millis = if (66..73).contains(&number) { 66 } else { number };
            fixture.message(&channel, &format!("v_{number}"), "Hello", at(millis)).await;
        }
        let (mut seen, mut sizes, mut before) = (std::collections::HashSet::new(), vec![], None);
        loop {
            let list = fixture.store.conversation_summaries(fixture.workspace, None, before).await;
            let list = list.unwrap();
            assert!(list.conversations.is_sorted_by(|a, b| a.updated_at >= b.updated_at));
            sizes.push(list.conversations.len());
            seen.extend(list.conversations.into_iter().map(|summary| summary.id));
            before = list.next;
            if before.is_none() {
                break;
            }
        }
        assert_eq!((seen.len(), sizes), (120, vec![54, 50, 16]));
    }

    #[tokio::test]
    async fn search_looks_at_visitors_and_messages_and_takes_signs_as_they_are() {
        let fixture = Fixture::new().await;
        let channel = fixture.channel(fixture.agent().await).await;
        fixture.message(&channel, "v_AbC1", "Сколько стоит доставка?", at(0)).await;
        fixture.message(&channel, "v_2", "Is it 100% wool?", at(1)).await;
        for (query, count) in
            [("v_abc", 1), ("ДОСТАВКА", 1), ("100%", 1), ("0%w", 0), ("v_", 2), ("_", 2), ("x", 0)]
        {
            assert_eq!(found(&fixture, query).await, count, "{query}");
        }
    }

    #[tokio::test]
    async fn another_workspace_sees_no_conversation() {
        let fixture = Fixture::new().await;
        let store = &fixture.store;
        let channel = fixture.channel(fixture.agent().await).await;
        let id = fixture.message(&channel, "v_1", "Hello", NOW).await;
        let other = fixture.other_workspace().await;
        let list = store.conversation_summaries(other, None, None).await.unwrap();
        assert!(list.conversations.is_empty());
        assert!(store.conversation_summary(other, id).await.unwrap().is_none());
        assert!(store.conversation_detail(other, id).await.unwrap().is_none());
        assert!(store.messages_before(other, id, i64::MAX).await.unwrap().is_none());
        assert!(store.conversation_place(other, id).await.unwrap().is_none());
        let mine = store.conversation_detail(fixture.workspace, id).await.unwrap().unwrap();
        assert_eq!(mine.conversation.messages[0].text, "Hello");
    }
}
