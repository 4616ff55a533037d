//! The domain's values: what owners decide, and the words that are kept of the rest.
//!
//! They are stored, asked for and answered as they are, so there is one type of each for the
//! database, the server and both clients. What is put together for one call, its request and its
//! answer, is in [`crate::console`] and [`crate::widget`], and nobody stores it.

mod agent;
mod channel;
mod function;
mod hand_over;
mod provider;

pub use agent::{AgentSettings, AnswerLength, MidAnswer};
pub use channel::{Appearance, AttachmentPolicy, DailyLimits};
pub use function::{CallState, FunctionMethod};
pub use hand_over::{BusinessHours, HandOver, OpenHours, Weekday};
pub use provider::ProviderKind;

pub(crate) use agent::agent_settings;

pub use crate::widget::Position;
