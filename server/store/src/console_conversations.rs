//! Conversations as the console lists them.

use cavuer_protocol::console::{
    ConversationDetail, ConversationList, ConversationSummary, Visitor,
};
use cavuer_protocol::widget::OlderMessages;
use cavuer_protocol::{ChannelId, ConversationId, Notice, Timestamp, WorkspaceId};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{ConversationPlace, Store, StoreError, conversations, fold, hand_over, row};

/// Conversations on one page of the list.
const PAGE: usize = 50;
/// Characters of the newest message that the list shows.
const PREVIEW_CHARS: usize = 140;

/// A conversation's line in the list. The newest message is cut in SQL already, with room for
/// white space that the preview leaves out. One without words shows what came with it.
const SUMMARY: &str = "
    SELECT conversation.id, conversation.channel_id, channel.name, agent.name,
           visitor.public_id, visitor.kind, visitor.name, visitor.email,
           operator, failure, updated_at,
           (SELECT coalesce(nullif(substr(text, 1, 400), ''),
                (SELECT coalesce(transcript, name) FROM attachment
                 WHERE conversation_id = conversation.id AND message_id = message.id
                 ORDER BY place LIMIT 1))
            FROM message
            WHERE conversation_id = conversation.id ORDER BY seq DESC LIMIT 1),
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
        self.pool
            .read(move |conn| {
                let needle = query.as_deref().map(fold::Needle::new);
                Ok(list(conn, workspace, needle.as_ref(), before)?)
            })
            .await
    }

    /// The workspace's conversations that want a person, whoever wants one longest at the top.
    pub async fn conversations_wanting_people(
        &self,
        workspace: WorkspaceId,
    ) -> Result<Vec<ConversationSummary>, StoreError> {
        self.pool.read(move |conn| Ok(wanting_people(conn, workspace, None)?)).await
    }

    /// One conversation's line in the list.
    pub async fn conversation_summary(
        &self,
        workspace: WorkspaceId,
        id: ConversationId,
    ) -> Result<Option<ConversationSummary>, StoreError> {
        self.pool.read(move |conn| Ok(one(conn, workspace, id)?)).await
    }

    /// One conversation with its newest messages, without the answer that is being written.
    pub async fn conversation_detail(
        &self,
        workspace: WorkspaceId,
        id: ConversationId,
    ) -> Result<Option<ConversationDetail>, StoreError> {
        self.pool
            .read(move |conn| {
                let Some(summary) = one(conn, workspace, id)? else { return Ok(None) };
                let conversation = conversations::snapshot(conn, id)?;
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
        self.pool
            .read(move |conn| match conversations::place(conn, workspace, id)? {
                Some(_) => conversations::page_before(conn, id, before).map(Some),
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
        self.pool.read(move |conn| conversations::place(conn, workspace, id)).await
    }
}

fn one(
    conn: &Connection,
    workspace: WorkspaceId,
    id: ConversationId,
) -> rusqlite::Result<Option<ConversationSummary>> {
    let sql = format!("{SUMMARY} AND conversation.id = ?2");
    let mut statement = conn.prepare_cached(&sql)?;
    statement.query_row(params![workspace.0, id.0], summary).optional()
}

/// A page ends only where the time changes, so that conversations of the same moment are not
/// torn apart and `next` can be a moment.
fn list(
    conn: &Connection,
    workspace: WorkspaceId,
    needle: Option<&fold::Needle>,
    before: Option<Timestamp>,
) -> rusqlite::Result<ConversationList> {
    let sql = format!(
        "{SUMMARY} AND person_wanted.since IS NULL AND updated_at < ?2
         ORDER BY updated_at DESC, conversation.id"
    );
    let mut wanting = match before {
        None => wanting_people(conn, workspace, needle)?,
        Some(_) => Vec::new(),
    };
    let before = before.map_or(i64::MAX, |before| before.0);
    let mut statement = conn.prepare_cached(&sql)?;
    let mut rows = statement.query(params![workspace.0, before])?;
    let mut conversations = Vec::<ConversationSummary>::new();
    while let Some(row) = rows.next()? {
        let found = summary(row)?;
        if let Some(needle) = needle
            && !mentions(conn, &found, needle)?
        {
            continue;
        }
        if let Some(last) = conversations.last()
            && conversations.len() >= PAGE
            && last.updated_at != found.updated_at
        {
            let next = Some(last.updated_at);
            wanting.append(&mut conversations);
            return Ok(ConversationList { conversations: wanting, next });
        }
        conversations.push(found);
    }
    wanting.append(&mut conversations);
    Ok(ConversationList { conversations: wanting, next: None })
}

fn wanting_people(
    conn: &Connection,
    workspace: WorkspaceId,
    needle: Option<&fold::Needle>,
) -> rusqlite::Result<Vec<ConversationSummary>> {
    let sql = format!("{SUMMARY} AND person_wanted.since IS NOT NULL ORDER BY person_wanted.since");
    let mut statement = conn.prepare_cached(&sql)?;
    let mut found = Vec::new();
    for wanting in statement.query_map([workspace.0], summary)? {
        let wanting = wanting?;
        let fits = match needle {
            Some(needle) => mentions(conn, &wanting, needle)?,
            None => true,
        };
        if fits {
            found.push(wanting);
        }
    }
    Ok(found)
}

fn mentions(
    conn: &Connection,
    conversation: &ConversationSummary,
    needle: &fold::Needle,
) -> rusqlite::Result<bool> {
    let Visitor { id, name, email, verified: _ } = &conversation.visitor;
    let of_visitor = [Some(id), name.as_ref(), email.as_ref()];
    if of_visitor.into_iter().flatten().any(|text| needle.is_in(text)) {
        return Ok(true);
    }
    let sql = "SELECT text FROM message WHERE conversation_id = ?1
        UNION ALL SELECT name || ' ' || coalesce(transcript, '') FROM attachment
        WHERE conversation_id = ?1 AND message_id IS NOT NULL";
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query([conversation.id.0])?;
    while let Some(row) = rows.next()? {
        if needle.is_in(row.get_ref(0)?.as_str()?) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn summary(row: &Row<'_>) -> rusqlite::Result<ConversationSummary> {
    let newest = row.get::<_, Option<String>>(11)?;
    let failure = row.get::<_, Option<String>>(9)?;
    let failure = failure.as_deref().map(Notice::from_stored);
    let (failure, failure_notice) = Notice::told_if_any(failure);
    Ok(ConversationSummary {
        id: row::id(row, 0, ConversationId)?,
        channel: row::id(row, 1, ChannelId)?,
        channel_name: row.get(2)?,
        agent_name: row.get(3)?,
        visitor: Visitor {
            id: row.get(4)?,
            verified: row.get_ref(5)?.as_str()? == "user",
            name: row.get(6)?,
            email: row.get(7)?,
        },
        handling: row::handling(row.get(8)?),
        preview: newest.as_deref().map(preview).unwrap_or_default(),
        updated_at: row::timestamp(row, 10)?,
        failure,
        failure_notice,
        person_wanted: hand_over::wanted(row, 12)?,
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
