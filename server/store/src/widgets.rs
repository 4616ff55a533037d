//! Widgets: channels of the kind that is a bubble on a site, with their way in and their look.

use std::collections::HashSet;
use std::iter;
use std::sync::Arc;

use cavuer_base::origin::AllowedDomain;
use cavuer_protocol::values::{Appearance, AttachmentPolicy, DailyLimits};
use cavuer_protocol::{AgentId, ChannelId, Secret, Timestamp, WorkspaceId};

use crate::channels::{ChannelRecord, NewChannelRecord, columns, insert, record};
use crate::sql::{Lock, Row, Sql, json, params, word};
use crate::{Store, StoreError, row};

/// The word for the kind of channel that is a bubble on a site.
pub const WIDGET: &str = "widget";

/// A channel of the kind that is a bubble on a site, its secrets included.
#[derive(Clone, Debug)]
pub struct WidgetChannel {
    /// What channels of all kinds have.
    pub channel: ChannelRecord,
    /// Public, `wgt_…`.
    pub token: String,
    /// In normal form, each once.
    pub allowed_domains: Vec<String>,
    /// The same as rules.
    pub domains: Arc<[AllowedDomain]>,
    /// How bubble and panel look, and the greeting, which is never stored as a message.
    pub appearance: Appearance,
    /// `sk_…`
    pub secret_key: Secret,
    /// The key before the last rotation, where it was to stay valid for a while.
    pub old_secret_key: Option<Secret>,
    /// The first moment at which the old key holds no more, maybe long past; `None` without one.
    pub old_key_valid_until: Option<Timestamp>,
}

/// A widget ready to be stored: switched off, with the agent's name for a title.
#[derive(Clone, Debug)]
pub struct NewWidgetChannel {
    /// Made by whoever creates it.
    pub id: ChannelId,
    /// Nothing is stored if the workspace has no such agent.
    pub agent: AgentId,
    /// As its owner calls it; visitors are not told.
    pub name: String,
    /// Public, `wgt_…`; no other widget of the server has it.
    pub token: String,
    /// `sk_…`; kept as it is, because the hashes of users are computed with it.
    pub secret_key: Secret,
    /// `#rrggbb`
    pub color: String,
    /// Its place among its agent's channels, oldest first.
    pub created_at: Timestamp,
}

/// What is to become of a widget. What is `None` stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WidgetEdit {
    /// As its owner calls it.
    pub name: Option<String>,
    /// Whether visitors can meet the agent there.
    pub enabled: Option<bool>,
    /// In normal form, each once.
    pub allowed_domains: Option<Vec<String>>,
    /// Whether guests are turned away.
    pub require_identification: Option<bool>,
    /// Whether a guest who signs in brings the guest conversation along.
    pub merge_guests: Option<bool>,
    /// How much may be answered in a day.
    pub limits: Option<DailyLimits>,
    /// What visitors can send besides text.
    pub attachments: Option<AttachmentPolicy>,
    /// How it looks.
    pub appearance: Option<Appearance>,
}

impl WidgetChannel {
    /// The secret keys that hold at `now`: the present one, then the old one while it is kept.
    pub fn valid_keys(&self, now: Timestamp) -> impl Iterator<Item = &Secret> {
        let old = self.old_secret_key.as_ref();
        let still_kept = self.old_key_valid_until.is_some_and(|until| now < until);
        iter::once(&self.secret_key).chain(old.filter(|_| still_kept))
    }
}

/// The statement that reads one [`widget`]; which one, the caller says.
macro_rules! widget_where {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            ", widget_channel.token, widget_channel.allowed_domains, widget_channel.title,
                 widget_channel.greeting, widget_channel.color, widget_channel.position,
                 widget_channel.secret_key, widget_channel.old_secret_key,
                 widget_channel.old_key_valid_until
             FROM channel
             JOIN widget_channel ON widget_channel.channel_id = channel.id
             JOIN agent ON agent.id = channel.agent_id WHERE ",
            $condition
        )
    };
}

impl Store {
    /// The widget with this public token, whoever owns it; for the visitor API.
    pub async fn channel_by_token(
        &self,
        token: String,
    ) -> Result<Option<WidgetChannel>, StoreError> {
        self.database
            .read(move |sql| {
                sql.row(widget_where!("widget_channel.token = ?1"), params![token], widget)
            })
            .await
    }

    /// The allowed domains of all channels that are on, whoever owns them; each once.
    pub async fn allowed_domains_of_all(&self) -> Result<Vec<AllowedDomain>, StoreError> {
        self.database
            .read(|sql| {
                let lists = sql.rows(
                    "SELECT DISTINCT widget_channel.allowed_domains FROM widget_channel
                     JOIN channel ON channel.id = widget_channel.channel_id
                     WHERE channel.enabled",
                    params![],
                    |row| row.json::<Vec<String>>("allowed_domains"),
                )?;
                let domains: HashSet<_> = lists.iter().flat_map(|list| rules(list)).collect();
                Ok(domains.into_iter().collect())
            })
            .await
    }

    /// One widget of a workspace.
    pub async fn channel(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
    ) -> Result<Option<WidgetChannel>, StoreError> {
        self.database.read(move |sql| by_id(sql, workspace, id)).await
    }

    /// Stores a widget. `None` if the agent is not in the workspace.
    pub async fn create_widget(
        &self,
        workspace: WorkspaceId,
        new: NewWidgetChannel,
    ) -> Result<Option<WidgetChannel>, StoreError> {
        self.database
            .write(move |sql| {
                sql.lock(Lock::Workspace(workspace))?;
                let NewWidgetChannel { id, agent, name, token, secret_key, color, created_at } =
                    new;
                let (kind, has_outbox, enabled) = (WIDGET.to_owned(), false, false);
                let channel =
                    NewChannelRecord { id, agent, kind, has_outbox, name, enabled, created_at };
                insert(sql, workspace, &channel)?;
                sql.execute(
                    "INSERT INTO widget_channel (channel_id, token, title, greeting, color,
                                                 position, secret_key)
                     SELECT channel.id, ?2, agent.name, '', ?3, 'right', ?4
                     FROM channel JOIN agent ON agent.id = channel.agent_id
                     WHERE channel.id = ?1",
                    params![id, token, color, secret_key.expose()],
                )?;
                by_id(sql, workspace, id)
            })
            .await
    }

    /// Changes what `edit` names; its content has been checked and normalised before. `None`
    /// if there is no such channel.
    pub async fn update_channel(
        &self,
        workspace: WorkspaceId,
        id: ChannelId,
        edit: WidgetEdit,
    ) -> Result<Option<WidgetChannel>, StoreError> {
        self.database
            .write(move |sql| {
                sql.lock(Lock::Workspace(workspace))?;
                let Some(mut widget) = by_id(sql, workspace, id)? else { return Ok(None) };
                apply(&mut widget, edit);
                save(sql, &widget)?;
                Ok(Some(widget))
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
                    "UPDATE widget_channel
                     SET old_secret_key = CASE WHEN ?5 THEN secret_key ELSE NULL END,
                         old_key_valid_until = ?4,
                         secret_key = ?3
                     WHERE channel_id = (SELECT id FROM channel
                         WHERE workspace_id = ?1 AND id = ?2)",
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

fn by_id(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    id: ChannelId,
) -> Result<Option<WidgetChannel>, StoreError> {
    sql.row(
        widget_where!("channel.workspace_id = ?1 AND channel.id = ?2"),
        params![workspace, id],
        widget,
    )
}

fn widget(row: &mut Row) -> Result<WidgetChannel, StoreError> {
    let allowed_domains: Vec<String> = row.json("allowed_domains")?;
    Ok(WidgetChannel {
        channel: record(row)?,
        token: row.get("token")?,
        domains: rules(&allowed_domains).collect(),
        allowed_domains,
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

fn apply(widget: &mut WidgetChannel, edit: WidgetEdit) {
    let WidgetEdit {
        name,
        enabled,
        allowed_domains,
        require_identification,
        merge_guests,
        limits,
        attachments,
        appearance,
    } = edit;
    let channel = &mut widget.channel;
    row::set(&mut channel.name, name);
    row::set(&mut channel.enabled, enabled);
    row::set(&mut channel.require_identification, require_identification);
    row::set(&mut channel.merge_guests, merge_guests);
    row::set(&mut channel.limits, limits);
    row::set(&mut channel.attachments, attachments);
    row::set(&mut widget.domains, allowed_domains.as_deref().map(|list| rules(list).collect()));
    row::set(&mut widget.allowed_domains, allowed_domains);
    row::set(&mut widget.appearance, appearance);
}

fn save(sql: &dyn Sql, widget: &WidgetChannel) -> Result<(), StoreError> {
    let channel = &widget.channel;
    let DailyLimits { answers, tokens, visitor_answers } = channel.limits;
    sql.execute(
        "UPDATE channel
         SET name = ?2, enabled = ?3, require_identification = ?4, merge_guests = ?5,
             daily_answers = ?6, daily_tokens = ?7, daily_visitor_answers = ?8, attachments = ?9
         WHERE id = ?1",
        params![
            channel.id,
            channel.name,
            channel.enabled,
            channel.require_identification,
            channel.merge_guests,
            answers,
            tokens,
            visitor_answers,
            word::of(&channel.attachments)?,
        ],
    )?;
    let Appearance { title, greeting, color, position } = &widget.appearance;
    sql.execute(
        "UPDATE widget_channel
         SET allowed_domains = ?2, title = ?3, greeting = ?4, color = ?5, position = ?6
         WHERE channel_id = ?1",
        params![
            channel.id,
            json::of(&widget.allowed_domains)?,
            title,
            greeting,
            color,
            word::of(position)?,
        ],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests;
