//! Widget channels, for whoever sets them up: the console's API, the demo. What an owner may decide
//! is checked here and nowhere else.

mod settings;

use std::sync::Arc;

use cavuer_base::clock::SharedClock;
use cavuer_base::random::Random;
use cavuer_protocol::console::{ChannelChanges, NewChannel, RotateSecretKey};
use cavuer_protocol::limits::NAME_CHARS;
use cavuer_protocol::{AgentId, ChannelId, Secret, Timestamp, WorkspaceId, notice};
use cavuer_store::{NewWidgetChannel, Store, WidgetChannel};

use crate::basics::Basics;
use crate::checks::Checks;
use crate::refused::Refused;

/// Characters of a public token after `wgt_`: about 142 bits.
const TOKEN_CHARS: usize = 24;
/// Characters of a secret key after `sk_`: about 238 bits.
const SECRET_KEY_CHARS: usize = 40;

/// The colour of a channel whose owner has not chosen one.
const COLOR: &str = "#4f46e5";
/// Longest time for which an old key may still be accepted: a week.
const MOST_HOURS: u32 = 168;
const HOUR_MILLIS: i64 = 60 * 60 * 1_000;

/// The channels of all workspaces.
pub struct Channels {
    store: Store,
    clock: SharedClock,
    random: Arc<Random>,
}

impl Channels {
    pub(crate) fn new(basics: &Basics) -> Self {
        let Basics { store, clock, random, .. } = basics.clone();
        Self { store, clock, random }
    }
}

/// Adds a channel to an agent. It is switched off, and titled like the agent.
pub async fn create(
    channels: &Channels,
    workspace: WorkspaceId,
    agent: AgentId,
    wanted: NewChannel,
) -> Result<WidgetChannel, Refused> {
    let id = channels.random.id(channels.clock.now(), ChannelId::from_parts);
    create_as(channels, workspace, agent, id, wanted).await
}

/// Adds a channel that has its id already.
pub async fn create_as(
    channels: &Channels,
    workspace: WorkspaceId,
    agent: AgentId,
    id: ChannelId,
    wanted: NewChannel,
) -> Result<WidgetChannel, Refused> {
    let mut checks = Checks::default();
    let name = checks.line("name", &wanted.name, NAME_CHARS);
    checks.finish()?;
    let new = NewWidgetChannel {
        id,
        agent,
        name,
        token: new_token(&channels.random),
        secret_key: new_secret_key(&channels.random),
        color: COLOR.to_owned(),
        created_at: channels.clock.now(),
    };
    let channel = channels.store.create_widget(workspace, new).await?;
    channel.ok_or_else(|| Refused::NotFound(notice::no_such_agent()))
}

/// Changes what `wanted` names, all or nothing.
pub async fn change(
    channels: &Channels,
    workspace: WorkspaceId,
    id: ChannelId,
    wanted: ChannelChanges,
) -> Result<WidgetChannel, Refused> {
    let edit = settings::accept(wanted)?;
    let channel = channels.store.update_channel(workspace, id, edit).await?;
    channel.ok_or_else(|| Refused::NotFound(notice::no_such_channel()))
}

/// Puts a new secret key in the place of a channel's. What was made with the old one holds for the
/// hours that `wanted` names; with 0 it stops holding at once.
pub async fn rotate_secret_key(
    channels: &Channels,
    workspace: WorkspaceId,
    id: ChannelId,
    wanted: RotateSecretKey,
) -> Result<Secret, Refused> {
    let RotateSecretKey { keep_old_hours } = wanted;
    let mut checks = Checks::default();
    checks.range("keep_old_hours", keep_old_hours, 0, MOST_HOURS);
    checks.finish()?;
    let secret_key = new_secret_key(&channels.random);
    let keep_until = end_of(keep_old_hours, channels.clock.now());
    let new = secret_key.clone();
    if !channels.store.rotate_secret_key(workspace, id, new, keep_until).await? {
        return Err(Refused::NotFound(notice::no_such_channel()));
    }
    Ok(secret_key)
}

fn end_of(hours: u32, now: Timestamp) -> Option<Timestamp> {
    (hours > 0).then(|| now.plus_millis(i64::from(hours) * HOUR_MILLIS))
}

/// A fresh public token, `wgt_…`.
fn new_token(random: &Random) -> String {
    random.token("wgt_", TOKEN_CHARS)
}

/// A fresh secret key, `sk_…`.
fn new_secret_key(random: &Random) -> Secret {
    Secret::new(random.token("sk_", SECRET_KEY_CHARS))
}

/// Enough of a secret key to recognise it: about 36 of its bits.
pub(crate) fn secret_key_hint(secret_key: &Secret) -> String {
    let secret_key = secret_key.expose();
    let start = secret_key.get(..5).unwrap_or_default();
    let end = secret_key.get(secret_key.len().saturating_sub(4)..).unwrap_or_default();
    format!("{start}…{end}")
}

/// The tag that owners paste. Address and token need no escaping: the one is a URL, the other has
/// letters and digits only.
pub fn snippet(public_url: &str, token: &str) -> String {
    // tidy allows html: it is shown as text, for the owner to copy
    format!(r#"<script src="{public_url}/embed.js" data-token="{token}" async></script>"#)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hint_shows_the_ends_of_a_key_only() {
        let hint = |key: &str| secret_key_hint(&key.into());
        assert_eq!(hint("sk_abCDEFGHIJKLMNOPQRSTUVWXYZ0123456789wxyz"), "sk_ab…wxyz");
        assert_eq!(hint(""), "…");
    }

    #[test]
    fn the_snippet_is_the_tag_to_paste() {
        assert_eq!(
            snippet("https://chat.example.com", "wgt_1"),
            "<script src=\"https://chat.example.com/embed.js\" data-token=\"wgt_1\" async></script>"
        );
    }
}
