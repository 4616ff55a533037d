//! What the visitor sees.
//!
//! Leptos' signals and effects drive it: its reactive core, used on its own. The nodes are built
//! by [`dom`] and not by typed views, because their code for each part of each view would make
//! the module half as large again.

mod attachment;
mod chips;
mod composer;
mod dom;
mod header;
mod icon;
mod launcher;
mod media;
mod message;
mod messages;
mod panel;
mod recorder;
pub mod rich_text;
mod scroll;
mod sources;
mod status;
mod time;
mod viewer;

use cavuer_protocol::widget::{WidgetConfig, WidgetTexts};

use crate::client::Client;
use crate::state::State;

pub(crate) use panel::panel;

/// What every part of the view works with.
#[derive(Clone, Copy)]
pub(crate) struct Ui {
    pub state: State,
    pub config: &'static WidgetConfig,
    pub texts: &'static WidgetTexts,
    pub client: &'static Client,
}

impl Ui {
    pub fn new(client: &'static Client) -> Self {
        Self { state: client.state, config: client.config, texts: &client.config.texts, client }
    }
}
