//! Widget channels: the places where visitors meet an agent.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod reveal_secret_key;
pub(crate) mod rotate_secret_key;
pub(crate) mod update;

use cavuer_protocol::console::Channel;

use crate::App;
use cavuer_engine::shown;
use cavuer_store::WidgetChannel;

/// What the console is told about a channel: everything but its secrets.
fn describe(app: &App, record: WidgetChannel) -> Channel {
    let refusals = app.refusals.of(record.channel.id);
    shown::channel(record, &app.settings.public_url(), refusals, app.engine.clock.now())
}
