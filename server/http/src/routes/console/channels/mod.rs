//! Widget channels: the places where visitors meet an agent.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod reveal_secret_key;
pub(crate) mod rotate_secret_key;
pub(crate) mod update;

use cavuer_protocol::console::Channel;

use crate::App;
use cavuer_engine::channels::{secret_key_hint, snippet};
use cavuer_store::WidgetChannel;

/// What the console is told about a channel: everything but its secrets.
fn describe(app: &App, record: WidgetChannel) -> Channel {
    let now = app.engine.clock.now();
    Channel {
        id: record.channel.id,
        agent: record.channel.agent,
        name: record.channel.name,
        snippet: snippet(&app.settings.public_url(), &record.token),
        token: record.token,
        enabled: record.channel.enabled,
        allowed_domains: record.allowed_domains,
        require_identification: record.channel.require_identification,
        merge_guests: record.channel.merge_guests,
        limits: record.channel.limits,
        attachments: record.channel.attachments,
        appearance: record.appearance,
        secret_key_hint: secret_key_hint(&record.secret_key),
        old_key_valid_until: record.old_key_valid_until.filter(|until| now < *until),
        refusals: app.refusals.of(record.channel.id),
    }
}
