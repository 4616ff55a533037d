//! Channels: the places where visitors meet an agent.

use std::collections::HashSet;
use std::iter;
use std::sync::Arc;

use cavuer_base::origin::AllowedDomain;
use cavuer_protocol::console::{Appearance, AttachmentPolicy, ChannelChanges, DailyLimits};
use cavuer_protocol::{AgentId, ChannelId, ConversationId, Secret, Timestamp, WorkspaceId};

use crate::sql::{Lock, Row, Sql, json, params, word};
use crate::{Store, StoreError, row};

/// What a conversation takes beside text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttachmentKinds {
    pub files: bool,
    pub voice: bool,
}

/// A channel with everything that is known about it, its secrets included.
#[derive(Clone, Debug)]
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
    /// The same as rules.
    pub domains: Arc<[AllowedDomain]>,
    pub require_identification: bool,
    pub merge_guests: bool,
    pub limits: DailyLimits,
    pub attachments: AttachmentPolicy,
    /// The agent's settings of these names.
    pub process_images: bool,
    pub process_audio: bool,
    pub appearance: Appearance,
    /// `sk_…`
    pub secret_key: Secret,
    /// The key before the last rotation, where it was to stay valid for a while.
    pub old_secret_key: Option<Secret>,
    pub old_key_valid_until: Option<Timestamp>,
}

/// A channel ready to be stored: switched off, with the agent's name for a title.
#[derive(Clone, Debug)]
pub struct NewChannelRecord {
    pub id: ChannelId,
    pub agent: AgentId,
    pub name: String,
    pub token: String,
    pub secret_key: Secret,
    /// `#rrggbb`
    pub color: String,
    pub created_at: Timestamp,
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
    pub fn valid_keys(&self, now: Timestamp) -> impl Iterator<Item = &Secret> {
        let old = self.old_secret_key.as_ref();
        let still_kept = self.old_key_valid_until.is_some_and(|until| now < until);
        iter::once(&self.secret_key).chain(old.filter(|_| still_kept))
    }
}

/// The statement that reads one [`record`]; which one, the caller says.
macro_rules! record_where {
    ($condition:literal) => {
        concat!(
            "SELECT channel.id, channel.workspace_id, channel.agent_id, agent.name AS agent_name,
                 channel.name, channel.token, channel.enabled, channel.allowed_domains,
                 channel.require_identification, channel.merge_guests, channel.title,
                 channel.greeting, channel.color, channel.position, channel.secret_key,
                 channel.old_secret_key, channel.old_key_valid_until, channel.daily_answers,
                 channel.daily_tokens, channel.daily_visitor_answers, channel.attachments,
                 agent.process_images, agent.process_audio
             FROM channel JOIN agent ON agent.id = channel.agent_id WHERE ",
            $condition
        )
    };
}

impl Store {
    /// The channel with this public token, whoever owns it; for the visitor API.
    pub async fn channel_by_token(
        &self,
        token: String,
    ) -> Result<Option<ChannelRecord>, StoreError> {
        self.database
            .read(move |sql| sql.row(record_where!("channel.token = ?1"), params![token], record))
            .await
    }

    /// The allowed domains of all channels that are on, whoever owns them; each once.
    pub async fn allowed_domains_of_all(&self) -> Result<Vec<AllowedDomain>, StoreError> {
        self.database
            .read(|sql| {
                let lists = sql.rows(
                    "SELECT DISTINCT allowed_domains FROM channel WHERE enabled",
                    params![],
                    |row| row.json::<Vec<String>>("allowed_domains"),
                )?;
                let domains: HashSet<_> = lists.iter().flat_map(|list| rules(list)).collect();
                Ok(domains.into_iter().collect())
            })
            .await
    }

    /// One channel of a workspace.
    pub async fn channel(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
    ) -> Result<Option<ChannelRecord>, StoreError> {
        self.database.read(move |sql| by_id(sql, workspace, id)).await
    }

    /// Stores a channel. `None` if the agent is not in the workspace.
    pub async fn create_channel(
        &self,
        workspace: WorkspaceId,
        channel: NewChannelRecord,
    ) -> Result<Option<ChannelRecord>, StoreError> {
        self.database
            .write(move |sql| {
                // Against the deletion of the agent.
                sql.lock(Lock::Workspace(workspace))?;
                sql.execute(
                    "INSERT INTO channel (id, workspace_id, agent_id, name, token, title,
                                          greeting, color, position, secret_key, created_at)
                     SELECT ?1, agent.workspace_id, agent.id, ?4, ?5, agent.name,
                            '', ?6, 'right', ?7, ?8
                     FROM agent WHERE agent.workspace_id = ?2 AND agent.id = ?3",
                    params![
                        channel.id,
                        workspace,
                        channel.agent,
                        channel.name,
                        channel.token,
                        channel.color,
                        channel.secret_key.expose(),
                        channel.created_at,
                    ],
                )?;
                by_id(sql, workspace, channel.id)
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
        self.database
            .write(move |sql| {
                sql.lock(Lock::Workspace(workspace))?;
                let Some(mut channel) = by_id(sql, workspace, id)? else { return Ok(None) };
                apply(&mut channel, changes);
                save(sql, &channel)?;
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
        self.database
            .write(move |sql| {
                sql.lock(Lock::Workspace(workspace))?;
                if by_id(sql, workspace, id)?.is_none() {
                    return Ok(false);
                }
                lock_content(sql, vec![id])?;
                sql.execute("DELETE FROM channel WHERE id = ?1", params![id])?;
                Ok(true)
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
        secret_key: Secret,
        keep_old_until: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        self.database
            .write(move |sql| {
                let changed = sql.execute(
                    "UPDATE channel
                     SET old_secret_key = CASE WHEN ?5 THEN secret_key ELSE NULL END,
                         old_key_valid_until = ?4,
                         secret_key = ?3
                     WHERE workspace_id = ?1 AND id = ?2",
                    params![
                        workspace,
                        id,
                        secret_key.expose(),
                        keep_old_until,
                        keep_old_until.is_some(),
                    ],
                )?;
                Ok(changed > 0)
            })
            .await
    }
}

/// Why visitors cannot use a channel although it is on; for people.
pub(crate) fn warning(enabled: bool, allowed_domains: &[String]) -> Option<String> {
    let useless = enabled && allowed_domains.is_empty();
    useless.then(|| "No allowed domains: the widget appears nowhere until one is added.".to_owned())
}

/// Keeps everybody from writing in these channels, because all that is in them goes with them.
pub(crate) fn lock_content(sql: &dyn Sql, mut channels: Vec<ChannelId>) -> Result<(), StoreError> {
    let mut conversations: Vec<ConversationId> = Vec::new();
    for channel in &channels {
        conversations.extend(sql.rows::<ConversationId>(
            "SELECT id FROM conversation WHERE channel_id = ?1",
            params![channel],
            Row::first,
        )?);
    }
    conversations.sort_unstable();
    for conversation in conversations {
        sql.lock(Lock::Conversation(conversation))?;
    }
    channels.sort_unstable();
    for channel in channels {
        sql.lock(Lock::ChannelDay(channel))?;
    }
    Ok(())
}

fn by_id(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    id: ChannelId,
) -> Result<Option<ChannelRecord>, StoreError> {
    sql.row(
        record_where!("channel.workspace_id = ?1 AND channel.id = ?2"),
        params![workspace, id],
        record,
    )
}

fn record(row: &mut Row) -> Result<ChannelRecord, StoreError> {
    let allowed_domains: Vec<String> = row.json("allowed_domains")?;
    Ok(ChannelRecord {
        id: row.get("id")?,
        workspace: row.get("workspace_id")?,
        agent: row.get("agent_id")?,
        agent_name: row.get("agent_name")?,
        name: row.get("name")?,
        token: row.get("token")?,
        enabled: row.get("enabled")?,
        domains: rules(&allowed_domains).collect(),
        allowed_domains,
        require_identification: row.get("require_identification")?,
        merge_guests: row.get("merge_guests")?,
        limits: row::limits(row)?,
        attachments: row.word("attachments")?,
        process_images: row.get("process_images")?,
        process_audio: row.get("process_audio")?,
        appearance: Appearance {
            title: row.get("title")?,
            greeting: row.get("greeting")?,
            color: row.get("color")?,
            position: row.word("position")?,
        },
        secret_key: row.get::<String>("secret_key")?.into(),
        old_secret_key: row.get::<Option<String>>("old_secret_key")?.map(Secret::new),
        old_key_valid_until: row.get("old_key_valid_until")?,
    })
}

/// The rules that a list of domains stands for.
fn rules(domains: &[String]) -> impl Iterator<Item = AllowedDomain> {
    // What is no rule allows nothing. It cannot be stored, but it could have been in the past.
    domains.iter().filter_map(|domain| AllowedDomain::parse(domain).ok())
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
    row::set(&mut channel.domains, allowed_domains.as_deref().map(|list| rules(list).collect()));
    row::set(&mut channel.allowed_domains, allowed_domains);
    row::set(&mut channel.require_identification, require_identification);
    row::set(&mut channel.merge_guests, merge_guests);
    row::set(&mut channel.limits, limits);
    row::set(&mut channel.attachments, attachments);
    row::set(&mut channel.appearance, appearance);
}

fn save(sql: &dyn Sql, channel: &ChannelRecord) -> Result<(), StoreError> {
    let Appearance { title, greeting, color, position } = &channel.appearance;
    let DailyLimits { answers, tokens, visitor_answers } = channel.limits;
    sql.execute(
        "UPDATE channel
         SET name = ?2, enabled = ?3, allowed_domains = ?4, require_identification = ?5,
             merge_guests = ?6, title = ?7, greeting = ?8, color = ?9, position = ?10,
             daily_answers = ?11, daily_tokens = ?12, daily_visitor_answers = ?13,
             attachments = ?14
         WHERE id = ?1",
        params![
            channel.id,
            channel.name,
            channel.enabled,
            json::of(&channel.allowed_domains)?,
            channel.require_identification,
            channel.merge_guests,
            title,
            greeting,
            color,
            word::of(position)?,
            answers,
            tokens,
            visitor_answers,
            word::of(&channel.attachments)?,
        ],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests;
