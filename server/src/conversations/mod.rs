//! The rules of conversations: who may write, what a repeat means, whose a conversation is.
//!
//! Every change goes to the store first and to the hub after it is on disk. Both happen in a task
//! of their own, so that a caller who hangs up in between cannot keep the news from the others.

mod delete;
mod merge;
mod operator;
mod upload;
mod visitor;

use cavuer_protocol::console::ConsoleEvent;
use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{
    ConversationEvent, FieldProblem, TextRefused, accept_caption, accept_text, limits,
};

use crate::app::App;
use crate::attachments::UploadRefused;
use crate::citations::Citations;
use crate::store::{ConversationPlace, Posted, StoreError, UnknownAttachment};

pub use delete::{delete, delete_expired};
pub use merge::bring_guest_along;
pub use operator::{hand_back, operator_says, take_over};
pub use upload::{operator_uploads, visitor_uploads, visitors_send};
pub use visitor::visitor_says;

/// Why a message or a change was not taken.
#[derive(Debug)]
pub enum Refused {
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

impl From<UploadRefused> for Refused {
    fn from(refused: UploadRefused) -> Self {
        Self::Upload(refused)
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Tells everybody who looks at the conversation, and the consoles' lists.
pub async fn announce(app: &App, place: &ConversationPlace, event: ConversationEvent) {
    announce_citing(app, place, event, Citations::Hidden).await;
}

/// The same, and the visitor may be told what messages are from.
pub async fn announce_citing(
    app: &App,
    place: &ConversationPlace,
    event: ConversationEvent,
    citations: Citations,
) {
    app.hub.publish_citing(place, &event, citations, app.clock.now());
    announce_summary(app, place).await;
}

/// Brings the conversation's line in the consoles' lists up to date.
pub async fn announce_summary(app: &App, place: &ConversationPlace) {
    if !app.hub.has_consoles(place.workspace) {
        return;
    }
    match app.store.conversation_summary(place.workspace, place.conversation).await {
        Ok(Some(summary)) => {
            let event = ConsoleEvent::ConversationListed { summary };
            app.hub.publish_to_consoles(place.workspace, &event, app.clock.now());
        }
        Ok(None) => {}
        Err(error) => tracing::warn!(%error, "consoles will see the change after a reload"),
    }
}

/// Runs work to its end, whether or not the caller waits for it.
async fn to_the_end<T, F>(work: F) -> Result<T, Refused>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Refused>> + Send + 'static,
{
    let done = tokio::spawn(work).await;
    done.unwrap_or_else(|panic| Err(Refused::Store(StoreError::broken(panic.to_string()))))
}

/// Tells everybody who looks at the conversation that a message was added to it.
fn publish_posted(app: &App, posted: &Posted) {
    if posted.is_new {
        let message = posted.message.clone();
        let event = ConversationEvent::MessageAdded { message };
        app.hub.publish(&posted.place, &event, app.clock.now());
    }
}

impl From<UnknownAttachment> for Refused {
    fn from(UnknownAttachment(place): UnknownAttachment) -> Self {
        let message = "There is no such upload that waits to be sent. Upload the file again.";
        Self::Invalid(FieldProblem {
            field: format!("attachments[{place}]"),
            message: message.to_owned(),
        })
    }
}

/// The text of a message, which needs one unless it has attachments.
fn accept(post: &PostMessage) -> Result<String, Refused> {
    if post.attachments.len() > limits::MESSAGE_ATTACHMENTS {
        let most = limits::MESSAGE_ATTACHMENTS;
        let message = format!("Send at most {most} files with one message.");
        return Err(Refused::Invalid(FieldProblem { field: "attachments".to_owned(), message }));
    }
    let accepted = match post.attachments.as_slice() {
        [] => accept_text(&post.text),
        _ => accept_caption(&post.text),
    };
    accepted.map_err(|refused| {
        let message = match refused {
            TextRefused::Blank => "Write something; the message is empty.".to_owned(),
            TextRefused::TooLong(count) => format!(
                "The message has {count} characters; at most {} can be sent at once.",
                limits::MESSAGE_CHARS
            ),
        };
        Refused::Invalid(FieldProblem { field: "text".to_owned(), message })
    })
}
