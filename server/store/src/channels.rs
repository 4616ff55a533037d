//! Channels: the places where visitors meet an agent.

use std::fmt;

use cavuer_protocol::console::{Appearance, AttachmentPolicy, ChannelChanges, DailyLimits};
use cavuer_protocol::notice::{self, Notice};
use cavuer_protocol::widget::Position;
use cavuer_protocol::{AgentId, ChannelId, Timestamp, WorkspaceId};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

use super::{Store, StoreError, row, usage};

/// What a conversation takes beside text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttachmentKinds {
    pub files: bool,
    pub voice: bool,
}

/// A channel with everything that is known about it, its secrets included.
#[derive(Clone)]
pub struct ChannelRecord {
    pub id: ChannelId,
    pub workspace: WorkspaceId,
    pub agent: AgentId,
    pub agent_name: String,
    pub name: String,
    /// Public, `wgt_…`.
    pub token: String,
    pub enabled: bool,
    /// In normal form, each once.
    pub allowed_domains: Vec<String>,
    pub require_identification: bool,
    pub merge_guests: bool,
    pub limits: DailyLimits,
    pub attachments: AttachmentPolicy,
    /// The agent's settings of these names.
    pub process_images: bool,
    pub process_audio: bool,
    pub appearance: Appearance,
    /// `sk_…`
    pub secret_key: String,
    /// The key before the last rotation, where it was to stay valid for a while.
    pub old_secret_key: Option<String>,
    pub old_key_valid_until: Option<Timestamp>,
}

/// A channel ready to be stored: switched off, with the agent's name for a title.
#[derive(Clone)]
pub struct NewChannelRecord {
    pub id: ChannelId,
    pub agent: AgentId,
    pub name: String,
    pub token: String,
    pub secret_key: String,
    /// `#rrggbb`
    pub color: String,
    pub created_at: Timestamp,
}

impl fmt::Debug for ChannelRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChannelRecord")
            .field("id", &self.id)
            .field("workspace", &self.workspace)
            .field("agent", &self.agent)
            .field("enabled", &self.enabled)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for NewChannelRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewChannelRecord").field("id", &self.id).finish_non_exhaustive()
    }
}

impl ChannelRecord {
    /// What visitors can send besides text, as far as the settings say.
    pub fn takes(&self) -> AttachmentKinds {
        match self.attachments {
            AttachmentPolicy::Auto => {
                AttachmentKinds { files: self.process_images, voice: self.process_audio }
            }
            AttachmentPolicy::On => AttachmentKinds { files: true, voice: true },
            AttachmentPolicy::Off => AttachmentKinds { files: false, voice: false },
        }
    }

    /// The secret keys that hold at `now`: the present one, then the old one while it is kept.
    pub fn valid_keys(&self, now: Timestamp) -> impl Iterator<Item = &str> {
        let old = self.old_secret_key.as_deref();
        let still_kept = self.old_key_valid_until.is_some_and(|until| now < until);
        std::iter::once(self.secret_key.as_str()).chain(old.filter(|_| still_kept))
    }
}

impl Store {
    /// The channel with this public token, whoever owns it; for the visitor API.
    pub async fn channel_by_token(
        &self,
        token: String,
    ) -> Result<Option<ChannelRecord>, StoreError> {
        self.pool.read(move |conn| Ok(find(conn, "channel.token = ?1", [token])?)).await
    }

    /// The allowed domains of all channels that are on, whoever owns them.
    pub async fn allowed_domains_of_all(&self) -> Result<Vec<String>, StoreError> {
        self.pool
            .read(|conn| {
                let mut statement = conn.prepare_cached(
                    "SELECT DISTINCT domain.value FROM channel, json_each(allowed_domains) AS domain
                     WHERE enabled",
                )?;
                let domains = statement.query_map([], |row| row.get(0))?;
                Ok(domains.collect::<Result<_, _>>()?)
            })
            .await
    }

    /// One channel of a workspace.
    pub async fn channel(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
    ) -> Result<Option<ChannelRecord>, StoreError> {
        self.pool.read(move |conn| Ok(by_id(conn, workspace, id)?)).await
    }

    /// Stores a channel. `None` if the agent is not in the workspace.
    pub async fn create_channel(
        &self,
        workspace: WorkspaceId,
        channel: NewChannelRecord,
    ) -> Result<Option<ChannelRecord>, StoreError> {
        self.pool
            .write(move |conn| {
                conn.execute(
                    "INSERT INTO channel (id, workspace_id, agent_id, name, token, title,
                                          greeting, color, position, secret_key, created_at)
                     SELECT ?1, workspace_id, id, ?4, ?5, name, '', ?6, 'right', ?7, ?8
                     FROM agent WHERE workspace_id = ?2 AND id = ?3",
                    params![
                        channel.id.0,
                        workspace.0,
                        channel.agent.0,
                        channel.name,
                        channel.token,
                        channel.color,
                        channel.secret_key,
                        channel.created_at.0,
                    ],
                )?;
                Ok(by_id(conn, workspace, channel.id)?)
            })
            .await
    }

    /// Changes what `changes` names; its content has been checked and normalised before.
    /// `None` if there is no such channel.
    pub async fn update_channel(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
        changes: ChannelChanges,
    ) -> Result<Option<ChannelRecord>, StoreError> {
        self.pool
            .write(move |conn| {
                let Some(mut channel) = by_id(conn, workspace, id)? else { return Ok(None) };
                apply(&mut channel, changes);
                save(conn, &channel)?;
                Ok(Some(channel))
            })
            .await
    }

    /// Deletes a channel with its conversations. `false` if there is no such channel.
    pub async fn delete_channel(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
    ) -> Result<bool, StoreError> {
        self.pool
            .write(move |conn| {
                let sql = "DELETE FROM channel WHERE workspace_id = ?1 AND id = ?2";
                Ok(conn.execute(sql, params![workspace.0, id.0])? > 0)
            })
            .await
    }

    /// Puts a new secret key in the place of the present one, which then holds until
    /// `keep_old_until`, or no longer if that is `None`. A key older than both is gone.
    /// `false` if there is no such channel.
    pub async fn rotate_secret_key(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
        secret_key: String,
        keep_old_until: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        self.pool
            .write(move |conn| {
                let changed = conn.execute(
                    "UPDATE channel
                     SET old_secret_key = iif(?4 IS NULL, NULL, secret_key),
                         old_key_valid_until = ?4,
                         secret_key = ?3
                     WHERE workspace_id = ?1 AND id = ?2",
                    params![workspace.0, id.0, secret_key, keep_old_until.map(|until| until.0)],
                )?;
                Ok(changed > 0)
            })
            .await
    }
}

/// Why visitors cannot use a channel although it is on; for people.
pub(crate) fn warning(enabled: bool, allowed_domains: &[String]) -> Option<Notice> {
    let useless = enabled && allowed_domains.is_empty();
    useless.then(notice::no_domains_yet)
}

/// The list of domains, as its column keeps it.
pub(crate) fn read_domains(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<String>> {
    let json = row.get::<_, String>(column)?;
    serde_json::from_str(&json).map_err(|error| row::unreadable(column, error.to_string()))
}

fn by_id(
    conn: &Connection,
    workspace: WorkspaceId,
    id: ChannelId,
) -> rusqlite::Result<Option<ChannelRecord>> {
    let one = "channel.workspace_id = ?1 AND channel.id = ?2";
    find(conn, one, params![workspace.0, id.0])
}

fn find(
    conn: &Connection,
    condition: &'static str,
    values: impl Params,
) -> rusqlite::Result<Option<ChannelRecord>> {
    let sql = format!(
        "SELECT channel.id, channel.workspace_id, agent_id, agent.name, channel.name, token,
                enabled, allowed_domains, require_identification, merge_guests,
                title, greeting, color, position,
                secret_key, old_secret_key, old_key_valid_until,
                daily_answers, daily_tokens, daily_visitor_answers,
                channel.attachments, process_images, process_audio
         FROM channel JOIN agent ON agent.id = agent_id WHERE {condition}"
    );
    conn.prepare_cached(&sql)?.query_row(values, record).optional()
}

fn record(row: &Row<'_>) -> rusqlite::Result<ChannelRecord> {
    Ok(ChannelRecord {
        id: row::id(row, 0, ChannelId)?,
        workspace: row::id(row, 1, WorkspaceId)?,
        agent: row::id(row, 2, AgentId)?,
        agent_name: row.get(3)?,
        name: row.get(4)?,
        token: row.get(5)?,
        enabled: row.get(6)?,
        allowed_domains: read_domains(row, 7)?,
        require_identification: row.get(8)?,
        merge_guests: row.get(9)?,
        attachments: row::word(row, 20)?,
        process_images: row.get(21)?,
        process_audio: row.get(22)?,
        appearance: Appearance {
            title: row.get(10)?,
            greeting: row.get(11)?,
            color: row.get(12)?,
            position: read_position(row, 13)?,
        },
        secret_key: row.get(14)?,
        old_secret_key: row.get(15)?,
        old_key_valid_until: row::optional_timestamp(row, 16)?,
        limits: usage::limits(row, 17)?,
    })
}

fn apply(channel: &mut ChannelRecord, changes: ChannelChanges) {
    let ChannelChanges {
        name,
        enabled,
        allowed_domains,
        require_identification,
        merge_guests,
        limits,
        attachments,
        appearance,
    } = changes;
    row::set(&mut channel.name, name);
    row::set(&mut channel.enabled, enabled);
    row::set(&mut channel.allowed_domains, allowed_domains);
    row::set(&mut channel.require_identification, require_identification);
    row::set(&mut channel.merge_guests, merge_guests);
    row::set(&mut channel.limits, limits);
    row::set(&mut channel.attachments, attachments);
    row::set(&mut channel.appearance, appearance);
}

fn save(conn: &Connection, channel: &ChannelRecord) -> Result<(), StoreError> {
    let domains = serde_json::to_string(&channel.allowed_domains)
        .map_err(|error| StoreError::fault(error.to_string()))?;
    let Appearance { title, greeting, color, position } = &channel.appearance;
    let DailyLimits { answers, tokens, visitor_answers } = channel.limits;
    conn.execute(
        "UPDATE channel
         SET name = ?2, enabled = ?3, allowed_domains = ?4, require_identification = ?5,
             merge_guests = ?6, title = ?7, greeting = ?8, color = ?9, position = ?10,
             daily_answers = ?11, daily_tokens = ?12, daily_visitor_answers = ?13,
             attachments = ?14
         WHERE id = ?1",
        params![
            channel.id.0,
            channel.name,
            channel.enabled,
            domains,
            channel.require_identification,
            channel.merge_guests,
            title,
            greeting,
            color,
            position_column(*position),
            answers,
            tokens,
            visitor_answers,
            row::word_column(&channel.attachments)?,
        ],
    )?;
    Ok(())
}

fn position_column(position: Position) -> &'static str {
    match position {
        Position::Right => "right",
        Position::Left => "left",
    }
}

fn read_position(row: &Row<'_>, column: usize) -> rusqlite::Result<Position> {
    match row.get::<_, String>(column)?.as_str() {
        "right" => Ok(Position::Right),
        "left" => Ok(Position::Left),
        other => Err(row::unreadable(column, format!("unknown position {other:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{Fixture, NOW};

    #[tokio::test]
    async fn a_new_channel_is_off_and_titled_like_its_agent() {
        let fixture = Fixture::new().await;
        let channel = fixture.channel(fixture.agent().await).await;
        assert!(!channel.enabled && channel.merge_guests && !channel.require_identification);
        assert_eq!(channel.appearance.title, "Ada");
        assert_eq!(channel.appearance.position, Position::Right);
        let found = fixture.store.channel_by_token(channel.token.clone()).await.unwrap();
        assert_eq!(found.unwrap().id, channel.id);
    }

    #[tokio::test]
    async fn changes_are_kept_and_warned_about() {
        let fixture = Fixture::new().await;
        let agent = fixture.agent().await;
        let channel = fixture.channel(agent).await;
        let update = async |changes| {
            let update = fixture.store.update_channel(fixture.workspace, channel.id, changes).await;
            update.unwrap().unwrap()
        };
        update(ChannelChanges { enabled: Some(true), ..Default::default() }).await;
        let summary = async || {
            let agent = fixture.store.agent(fixture.workspace, agent).await.unwrap().unwrap();
            agent.channels[0].clone()
        };
        assert!(summary().await.warning.is_some());
        let domains = Some(vec!["example.com".to_owned()]);
        let changed =
            update(ChannelChanges { allowed_domains: domains.clone(), ..Default::default() }).await;
        assert!(changed.enabled);
        assert_eq!(Some(changed.allowed_domains), domains);
        assert_eq!(summary().await.warning, None);
    }

    #[tokio::test]
    async fn a_rotated_key_holds_on_for_its_time() {
        let fixture = Fixture::new().await;
        let channel = fixture.channel(fixture.agent().await).await;
        let first = channel.secret_key.as_str();
        let rotate = async |key: &str, until| {
            let (workspace, id) = (fixture.workspace, channel.id);
            let rotated = fixture.store.rotate_secret_key(workspace, id, key.to_owned(), until);
            assert!(rotated.await.unwrap());
            fixture.store.channel(workspace, id).await.unwrap().unwrap()
        };
        let until = NOW.plus_millis(1_000);
        let rotated = rotate("sk_2", Some(until)).await;
        assert_eq!(rotated.valid_keys(NOW).collect::<Vec<_>>(), ["sk_2", first]);
        assert_eq!(rotated.valid_keys(until).collect::<Vec<_>>(), ["sk_2"]);
        let rotated = rotate("sk_3", None).await;
        assert_eq!(rotated.valid_keys(NOW).collect::<Vec<_>>(), ["sk_3"]);
        assert_eq!(rotated.old_secret_key, None);
    }

    #[tokio::test]
    async fn another_workspace_sees_and_changes_no_channel() {
        let fixture = Fixture::new().await;
        let store = &fixture.store;
        let channel = fixture.channel(fixture.agent().await).await;
        let other = fixture.other_workspace().await;
        assert!(store.channel(other, channel.id).await.unwrap().is_none());
        let changes = ChannelChanges::default();
        assert!(store.update_channel(other, channel.id, changes).await.unwrap().is_none());
        let key = "sk_2".to_owned();
        assert!(!store.rotate_secret_key(other, channel.id, key, None).await.unwrap());
        assert!(!store.delete_channel(other, channel.id).await.unwrap());
        let new = NewChannelRecord {
            id: fixture.random.id(NOW, ChannelId::from_parts),
            agent: channel.agent,
            name: "Mine".to_owned(),
            token: "wgt_x".to_owned(),
            secret_key: "sk_x".to_owned(),
            color: "#000000".to_owned(),
            created_at: NOW,
        };
        assert!(store.create_channel(other, new).await.unwrap().is_none());
        assert_eq!(fixture.count("SELECT count(*) FROM channel").await, 1);
    }

    #[tokio::test]
    async fn debug_prints_no_secret() {
        let fixture = Fixture::new().await;
        let channel = fixture.channel(fixture.agent().await).await;
        assert!(!format!("{channel:?}").contains(&channel.secret_key));
    }
}
