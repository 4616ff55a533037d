//! The rules of conversations: who may write, what a repeat means, whose a conversation is.
//!
//! Every change goes to the store first and to [`crate::live`] after it is on disk. Both happen in a task
//! of their own, so that a caller who hangs up in between cannot keep the news from the others.

mod delete;
mod incoming;
mod merge;
mod operator;
mod upload;
mod visitor;

use std::sync::Arc;

use cavuer_base::clock::SharedClock;
use cavuer_base::random::Random;
use cavuer_protocol::{
    AttachmentId, ConversationEvent, FieldProblem, TextRefused, accept_caption, accept_text,
    limits, notice,
};

use crate::attachments::UploadRefused;
use crate::basics::Basics;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::news::News;
use crate::providers::Providers;
use crate::running::RunningTurns;
use crate::turns::Turns;
use cavuer_store::{Posted, Store, StoreError, UnknownAttachment};

pub use delete::delete;
pub(crate) use delete::delete_expired;
pub use incoming::{Incoming, Sender};
pub use merge::bring_guest_along;
pub use operator::{hand_back, operator_says, take_over};
pub use upload::{operator_uploads, visitor_uploads, visitors_send};
pub use visitor::visitor_says;

/// The conversations of all channels.
pub struct Conversations {
    store: Store,
    clock: SharedClock,
    random: Arc<Random>,
    live: Live,
    news: Arc<News>,
    metrics: Arc<Metrics>,
    providers: Arc<Providers>,
    running: Arc<RunningTurns>,
    turns: Arc<Turns>,
}

/// Why a message or a change was not taken.
#[derive(Debug)]
pub enum ConversationRefused {
    /// The workspace has no such conversation.
    NotFound,
    /// The channel only takes messages from identified users, and this is a guest.
    IdentificationRequired,
    /// A field has to be mended.
    Invalid(FieldProblem),
    /// A file was not taken.
    Upload(UploadRefused),
    /// Nothing was stored.
    Store(StoreError),
}

impl Conversations {
    pub(crate) fn new(
        basics: &Basics,
        live: Live,
        news: Arc<News>,
        metrics: Arc<Metrics>,
        providers: Arc<Providers>,
        running: Arc<RunningTurns>,
        turns: Arc<Turns>,
    ) -> Self {
        let Basics { store, clock, random, .. } = basics.clone();
        Self { store, clock, random, live, news, metrics, providers, running, turns }
    }
}

impl From<UploadRefused> for ConversationRefused {
    fn from(refused: UploadRefused) -> Self {
        Self::Upload(refused)
    }
}

impl From<StoreError> for ConversationRefused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Runs work to its end, whether or not the caller waits for it.
async fn to_the_end<T, F>(work: F) -> Result<T, ConversationRefused>
where
    T: Send + 'static,
    F: Future<Output = Result<T, ConversationRefused>> + Send + 'static,
{
    let done = tokio::spawn(work).await;
    done.unwrap_or_else(|panic| {
        Err(ConversationRefused::Store(StoreError::broken(panic.to_string())))
    })
}

/// Tells everybody who looks at the conversation that a message was added to it.
fn publish_posted(conversations: &Conversations, posted: &Posted) {
    if posted.is_new {
        let message = posted.message.clone();
        let event = ConversationEvent::MessageAdded { message };
        conversations.live.publish(&posted.place, &event, conversations.clock.now());
    }
}

impl From<UnknownAttachment> for ConversationRefused {
    fn from(UnknownAttachment(place): UnknownAttachment) -> Self {
        let field = format!("attachments[{place}]");
        Self::Invalid(FieldProblem::new(field, notice::upload_gone()))
    }
}

/// The text of a message, which needs one unless it has attachments.
fn accept(text: &str, attachments: &[AttachmentId]) -> Result<String, ConversationRefused> {
    if attachments.len() > limits::MESSAGE_ATTACHMENTS {
        let notice = notice::too_many_attachments(limits::MESSAGE_ATTACHMENTS);
        return Err(ConversationRefused::Invalid(FieldProblem::new("attachments", notice)));
    }
    let accepted = match attachments {
        [] => accept_text(text),
        _ => accept_caption(text),
    };
    accepted.map_err(|refused| {
        let notice = match refused {
            TextRefused::Blank => notice::message_empty(),
            TextRefused::TooLong(chars) => notice::message_too_long(chars, limits::MESSAGE_CHARS),
        };
        ConversationRefused::Invalid(FieldProblem::new("text", notice))
    })
}
