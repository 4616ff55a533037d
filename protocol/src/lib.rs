//! What crosses the wire between widget, console and server.
//!
//! One place for ids, requests, responses, events, problem codes and limits, so that the three
//! programs cannot disagree. Beside them stands what they have to understand alike:
//!
//! - [`values`]: what owners decide, and the words for methods and states; [`Secret`], a value that
//!   is never printed;
//! - [`notice`]: every message to people, as a code with values and in English;
//! - [`Conversation::apply`], which says what events make of a conversation, and [`sse`], which
//!   reads events as their bytes arrive;
//! - [`rich_text`], the tree of what is shown; [`color`], which says how well a colour can be read;
//!   and [`language`], the languages of the widget.
//!
//! The crate knows no web framework, no database and no browser, and it stays small, because the
//! widget carries it to every page.

/// Images, files and voice messages that go with messages.
pub mod attachment;
pub mod color;
pub mod console;
pub mod conversation;
/// What happens in a conversation, as visitors and consoles are told it.
pub mod event;
pub mod id;
pub mod language;
pub mod limits;
/// Messages, who wrote them, and what answers are from.
pub mod message;
pub mod notice;
pub mod problem;
mod reducer;
pub mod rich_text;
mod secret;
pub mod sse;
mod text;
mod time;
pub mod values;
pub mod widget;

pub use attachment::{Attachment, AttachmentContent};
pub use conversation::{Conversation, Draft, Handling};
pub use event::ConversationEvent;
pub use id::{
    AgentId, ArticleId, AttachmentId, CallId, ChannelId, ConversationId, FunctionId, MessageId,
    ProviderId, TurnId, UserId, WorkspaceId,
};
pub use message::{Author, Message, Source};
pub use notice::Notice;
pub use problem::{FieldProblem, Problem, ProblemCode};
pub use secret::Secret;
pub use text::{TextRefused, accept_caption, accept_text};
pub use time::Timestamp;
