//! What crosses the wire between widget, console and server.
//!
//! One place for ids, requests, responses, events, problem codes, limits and the rich-text
//! tree, so that the three programs cannot disagree. The crate knows no web framework, no
//! database and no browser, and it stays small, because the widget carries it to every page.

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
