//! Channels: the places where visitors meet an agent.

use cavuer_protocol::values::{AttachmentPolicy, DailyLimits};
use cavuer_protocol::{AgentId, ChannelId, ConversationId, Timestamp, WorkspaceId};

use crate::sql::{Lock, Row, Sql, params};
use crate::{Store, StoreError, row};

/// What a conversation takes beside text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttachmentKinds {
    /// PNG, JPEG, GIF and WebP images, PDF, and plain text.
    pub files: bool,
    /// Voice messages: WebM, Ogg, MP4 or WAV sound.
    pub voice: bool,
}

/// A channel, whatever its kind.
#[derive(Clone, Debug)]
pub struct ChannelRecord {
    /// Names it in the console and within the server; pages name a widget by its token.
    pub id: ChannelId,
    /// That of its agent, too.
    pub workspace: WorkspaceId,
    /// Who answers in it; that never changes.
    pub agent: AgentId,
    /// What the agent is called now, which visitors are told.
    pub agent_name: String,
    /// The word for its kind.
    pub kind: String,
    /// As its owner calls it; visitors are not told.
    pub name: String,
    /// Whether visitors are let in; whoever lets them in checks it, the store does not.
    pub enabled: bool,
    /// Whether guests can neither write nor upload.
    pub require_identification: bool,
    /// Whether a guest who turns out to be a user brings the guest's messages along.
    pub merge_guests: bool,
    /// How much is answered in a day; [`crate::ClaimedTurn::over_limit`] tells when it is full.
    pub limits: DailyLimits,
    /// What visitors can send besides text; [`Self::takes`] reads it with the agent's settings.
    pub attachments: AttachmentPolicy,
    /// The agent's settings of these names.
    pub(crate) process_images: bool,
    pub(crate) process_audio: bool,
}

/// A channel ready to be stored, of any kind.
#[derive(Clone, Debug)]
pub struct NewChannelRecord {
    /// Made by whoever creates it.
    pub id: ChannelId,
    /// Nothing is stored if the workspace has no such agent.
    pub agent: AgentId,
    /// The word for its kind.
    pub kind: String,
    /// Whether answers leave by the outbox.
    pub has_outbox: bool,
    /// As its owner calls it.
    pub name: String,
    /// Whether visitors are let in from the start.
    pub enabled: bool,
    /// Its place among its agent's channels, oldest first.
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
}

/// The columns of a [`record`].
macro_rules! columns {
    () => {
        "channel.id, channel.workspace_id, channel.agent_id, agent.name AS agent_name,
         channel.kind, channel.name, channel.enabled, channel.require_identification,
         channel.merge_guests, channel.daily_answers, channel.daily_tokens,
         channel.daily_visitor_answers, channel.attachments, agent.process_images,
         agent.process_audio"
    };
}
pub(crate) use columns;

impl Store {
    /// Stores a channel of a kind that has nothing more to be kept. `None` if the agent is not in
    /// the workspace.
    pub async fn create_channel(
        &self,
        workspace: WorkspaceId,
        new: NewChannelRecord,
    ) -> Result<Option<ChannelRecord>, StoreError> {
        self.database
            .write(move |sql| {
                // Against the deletion of the agent.
                sql.lock(Lock::Workspace(workspace))?;
                insert(sql, workspace, &new)?;
                of_any_kind(sql, workspace, new.id)
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
                if of_any_kind(sql, workspace, id)?.is_none() {
                    return Ok(false);
                }
                lock_content(sql, vec![id])?;
                sql.execute("DELETE FROM channel WHERE id = ?1", params![id])?;
                Ok(true)
            })
            .await
    }
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

pub(crate) fn insert(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    new: &NewChannelRecord,
) -> Result<(), StoreError> {
    sql.execute(
        "INSERT INTO channel (id, workspace_id, agent_id, kind, has_outbox, name, enabled,
                              created_at)
         SELECT ?1, agent.workspace_id, agent.id, ?4, ?5, ?6, ?7, ?8
         FROM agent WHERE agent.workspace_id = ?2 AND agent.id = ?3",
        params![
            new.id,
            workspace,
            new.agent,
            new.kind,
            new.has_outbox,
            new.name,
            new.enabled,
            new.created_at,
        ],
    )?;
    Ok(())
}

fn of_any_kind(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    id: ChannelId,
) -> Result<Option<ChannelRecord>, StoreError> {
    sql.row(
        concat!(
            "SELECT ",
            columns!(),
            " FROM channel JOIN agent ON agent.id = channel.agent_id
              WHERE channel.workspace_id = ?1 AND channel.id = ?2"
        ),
        params![workspace, id],
        record,
    )
}

pub(crate) fn record(row: &mut Row) -> Result<ChannelRecord, StoreError> {
    Ok(ChannelRecord {
        id: row.get("id")?,
        workspace: row.get("workspace_id")?,
        agent: row.get("agent_id")?,
        agent_name: row.get("agent_name")?,
        kind: row.get("kind")?,
        name: row.get("name")?,
        enabled: row.get("enabled")?,
        require_identification: row.get("require_identification")?,
        merge_guests: row.get("merge_guests")?,
        limits: row::limits(row)?,
        attachments: row.word("attachments")?,
        process_images: row.get("process_images")?,
        process_audio: row.get("process_audio")?,
    })
}
