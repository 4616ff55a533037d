//! The visitor side: `/api/widget/v1`. Who may call: a page whose `Origin` the channel allows.

use serde::{Deserialize, Serialize};

use crate::{AttachmentId, Conversation, Message, MessageId, Secret, Timestamp};

/// Answer to `GET config?token=`: what is needed to draw the bubble and the empty panel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WidgetConfig {
    /// Heads the panel; the owner's words, not empty.
    pub title: String,
    /// First line of the agent, shown before anything is sent; may be empty.
    pub greeting: String,
    /// Stands above the greeting; its first letter is the picture in the panel's head.
    pub agent_name: String,
    /// The owner's colour, `#rrggbb`.
    pub color: String,
    /// Black or white, whichever can be read better on `color`; `#rrggbb`.
    pub on_color: String,
    /// Corner in which the bubble sits.
    pub position: Position,
    /// Whether guests cannot write: the page has to prove who its user is.
    pub identification_required: bool,
    /// Whether images and files can be sent.
    pub takes_files: bool,
    /// Whether voice messages can be sent.
    pub takes_voice: bool,
    /// Language of `texts`, a BCP 47 tag.
    pub language: String,
    /// `ltr` or `rtl`.
    pub direction: String,
    /// The words in the best of the languages that the browser asks for; English if none is there.
    pub texts: WidgetTexts,
    /// Where the panel's code lies, relative to the server's address.
    pub files: WidgetFiles,
}

/// Corner of the page in which the bubble sits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Position {
    /// The bottom right corner, in every direction of writing.
    #[default]
    Right,
    /// The bottom left corner.
    Left,
}

/// Paths of the panel's code; their names change with their content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WidgetFiles {
    /// The JavaScript module that loads `wasm`.
    pub script: String,
    /// The WebAssembly file of the panel.
    pub wasm: String,
}

/// Every word that the widget shows or reads out, in the visitor's language.
///
/// `{name}` in a text is replaced by what the field's comment says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WidgetTexts {
    /// The launcher's name, "Open chat".
    pub open_chat: String,
    /// Name of the button in the panel's head, "Close chat".
    pub close_chat: String,
    /// Name of the text field, "Message".
    pub message_label: String,
    /// Stands in the empty text field, "Write a message".
    pub message_placeholder: String,
    /// Name of the button that sends text or a recording, "Send".
    pub send: String,
    /// Name of the list of messages, "Messages".
    pub messages_label: String,
    /// The line under the title while the agent is in charge.
    pub agent_state: String,
    /// The line under the title after a person took over; `{name}` is the person.
    pub operator_state: String,
    /// Read out while an answer is awaited; `{name}` writes.
    pub typing: String,
    /// Stands with a message, or a file, until the server has it.
    pub sending: String,
    /// Stands with the newest message once the server has it and nothing has followed.
    pub sent: String,
    /// Stands with a message or a file that is not tried again by itself.
    pub not_sent: String,
    /// Button beside `not_sent`, "Try again".
    pub retry: String,
    /// Stands with a message that waits for the network.
    pub offline: String,
    /// The line under the title while there is no connection to the server.
    pub reconnecting: String,
    /// Button that leads down to messages that came in while the visitor reads older ones.
    pub new_messages: String,
    /// Button above the first message while the server has older ones.
    pub load_older: String,
    /// Accessible name of the visitor's own messages.
    pub you: String,
    /// Heads the messages of this day.
    pub today: String,
    /// Heads the messages of the day before.
    pub yesterday: String,
    /// `{count}` characters over the limit.
    pub too_long: String,
    /// `{seconds}` until the next try.
    pub rate_limited: String,
    /// Shown when the page's identification does not hold.
    pub identity_invalid: String,
    /// Shown to guests where the channel takes messages of users only.
    pub identification_required: String,
    /// The widget was switched off while the page was open.
    pub unavailable: String,
    /// Shown for a failure that has no words of its own, such as a file that cannot be fetched.
    pub something_wrong: String,
    /// The server's line when the agent could not answer.
    pub answer_failed: String,
    /// `{count}` unread messages.
    pub unread: String,
    /// Opens the `{count}` passages that an answer is from.
    pub sources: String,
    /// Page `{number}` of a document.
    pub page: String,
    /// Name of the button that chooses files, "Attach files".
    pub attach: String,
    /// Shown while files are held over the panel.
    pub drop_files: String,
    /// Takes the file `{name}` out of what will be sent.
    pub remove_file: String,
    /// The file is larger than `{size}`.
    pub file_too_large: String,
    /// The file is of a kind that is not taken, or damaged.
    pub file_refused: String,
    /// No more than `{count}` files can go with one message.
    pub too_many_files: String,
    /// Name of the button that closes an enlarged picture, "Close".
    pub close: String,
    /// Name of the button that throws a recording away, "Cancel".
    pub cancel: String,
    /// The microphone's button.
    pub record: String,
    /// Read out when a recording begins.
    pub recording: String,
    /// Name of a voice message and of what plays it.
    pub voice_message: String,
    /// What to do when the browser gives no microphone.
    pub no_microphone: String,
    /// The line under the title while a person is awaited.
    pub awaited_state: String,
}

/// `POST sessions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct OpenSession {
    /// The channel's public token, `wgt_…`.
    pub token: String,
    /// A guest who was here before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<GuestCredentials>,
    /// The site's own user.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<UserClaim>,
}

/// What a returning guest's browser keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct GuestCredentials {
    /// `v_` and 22 base62 characters.
    pub id: String,
    /// The secret that proves the id.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub key: Secret,
}

/// A site's statement about who its visitor is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UserClaim {
    /// The site's own id, taken byte for byte.
    pub id: String,
    /// Hex of HMAC-SHA256 over `id` with the channel's secret key. Without it the claim is invalid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub hash: Option<Secret>,
    /// At most [`crate::limits::NAME_CHARS`] characters. The hash does not cover it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// At most [`crate::limits::NAME_CHARS`] characters, of any form. The hash does not cover it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// Answer to `POST sessions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionOpened {
    /// Goes into `Authorization: Bearer …` of every further call. Bound to channel, visitor and origin.
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub session: Secret,
    /// An hour after it was opened; the client then opens another one.
    pub expires_at: Timestamp,
    /// Who the session is for.
    pub visitor: SessionVisitor,
    /// What the visitor said and heard before, in this channel; empty for whoever never wrote.
    pub conversation: Conversation,
}

/// Who the server takes the visitor for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SessionVisitor {
    /// A guest; the browser keeps both values after its first message, and not before.
    Guest(GuestCredentials),
    /// The site's own user, proven.
    User {
        /// The id that the site claimed, byte for byte.
        id: String,
    },
}

/// `POST messages`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PostMessage {
    /// Made by the client (UUID version 7). A repeat returns the message stored first.
    pub id: MessageId,
    /// May be empty if there are attachments.
    pub text: String,
    /// Uploads of the same author that are in no other message.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<AttachmentId>,
}

impl PostMessage {
    /// A message without attachments.
    pub fn new(id: MessageId, text: impl Into<String>) -> Self {
        Self { id, text: text.into(), attachments: Vec::new() }
    }
}

/// Answer to `GET messages?before=`: the messages before that `seq`, in rising order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OlderMessages {
    /// At most [`crate::limits::PAGE_MESSAGES`] of them.
    pub messages: Vec<Message>,
    /// Whether there are messages before the first one here.
    pub has_older: bool,
}
