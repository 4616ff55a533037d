//! The protocol's types from and to JSON.
//!
//! The protocol derives serde; the widget reads and writes by hand, because the derived code is
//! many times as large. The tests hold both against each other.

use cavuer_protocol::widget::{
    GuestCredentials, OlderMessages, OpenSession, Position, PostMessage, SessionOpened,
    SessionVisitor, WidgetConfig, WidgetFiles, WidgetTexts,
};
use cavuer_protocol::{
    Attachment, AttachmentContent, Author, Conversation, ConversationEvent, Draft, Handling,
    Message, MessageId, ProblemCode, Timestamp,
};

use crate::json::{Json, object, text};

/// Something that the server sends. `None` if it is of another shape than agreed.
pub trait FromJson: Sized {
    fn from_json(json: &Json) -> Option<Self>;
}

/// Reads the text of an answer.
pub fn decode<T: FromJson>(text: &str) -> Option<T> {
    T::from_json(&Json::parse(text)?)
}

/// The part of a problem that the widget acts on.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: ProblemCode,
    /// The fields' own messages, which say more, or else the summary.
    pub detail: String,
}

impl FromJson for Refusal {
    fn from_json(json: &Json) -> Option<Self> {
        let code = match json.text("code")?.as_str() {
            "widget_unavailable" => ProblemCode::WidgetUnavailable,
            "session_invalid" => ProblemCode::SessionInvalid,
            "identity_invalid" => ProblemCode::IdentityInvalid,
            "identification_required" => ProblemCode::IdentificationRequired,
            "rate_limited" => ProblemCode::RateLimited,
            _ => ProblemCode::Unknown,
        };
        let fields = json.list("fields").unwrap_or_default();
        let messages: Vec<String> = fields.iter().filter_map(|f| f.text("message")).collect();
        let detail = if messages.is_empty() {
            json.text("detail").unwrap_or_default()
        } else {
            messages.join(" ")
        };
        Some(Self { code, detail })
    }
}

/// A missing text is empty: the server that sent it also sent this code.
impl FromJson for WidgetConfig {
    fn from_json(json: &Json) -> Option<Self> {
        let text = |name| json.text(name).unwrap_or_default();
        Some(Self {
            title: text("title"),
            greeting: text("greeting"),
            agent_name: text("agent_name"),
            color: text("color"),
            on_color: text("on_color"),
            position: match text("position").as_str() {
                "left" => Position::Left,
                _ => Position::Right,
            },
            identification_required: json.is_true("identification_required"),
            takes_files: json.is_true("takes_files"),
            takes_voice: json.is_true("takes_voice"),
            language: text("language"),
            direction: text("direction"),
            texts: texts(json.get("texts")?),
            files: files(json.get("files")?),
        })
    }
}

fn files(json: &Json) -> WidgetFiles {
    let text = |name| json.text(name).unwrap_or_default();
    WidgetFiles { script: text("script"), wasm: text("wasm") }
}

fn texts(json: &Json) -> WidgetTexts {
    macro_rules! texts {
        ($($name:ident),* $(,)?) => {
            WidgetTexts { $($name: json.text(stringify!($name)).unwrap_or_default()),* }
        };
    }
    texts!(
        open_chat,
        close_chat,
        message_label,
        message_placeholder,
        send,
        messages_label,
        agent_state,
        operator_state,
        typing,
        sending,
        sent,
        not_sent,
        retry,
        offline,
        reconnecting,
        new_messages,
        load_older,
        you,
        today,
        yesterday,
        too_long,
        rate_limited,
        identity_invalid,
        identification_required,
        unavailable,
        something_wrong,
        answer_failed,
        unread,
    )
}

impl FromJson for SessionOpened {
    fn from_json(json: &Json) -> Option<Self> {
        let visitor = json.get("visitor")?;
        Some(Self {
            session: json.text("session")?,
            expires_at: Timestamp(json.number("expires_at")?),
            visitor: match visitor.text("kind")?.as_str() {
                "guest" => SessionVisitor::Guest(GuestCredentials {
                    id: visitor.text("id")?,
                    key: visitor.text("key")?,
                }),
                "user" => SessionVisitor::User { id: visitor.text("id")? },
                _ => return None,
            },
            conversation: Conversation::from_json(json.get("conversation")?)?,
        })
    }
}

impl FromJson for OlderMessages {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self { messages: messages(json)?, has_older: json.is_true("has_older") })
    }
}

impl FromJson for Conversation {
    fn from_json(json: &Json) -> Option<Self> {
        let draft = match json.get("draft") {
            Some(draft) => Some(Draft {
                message_id: id(draft, "message_id")?,
                author: author(draft)?,
                text: draft.text("text")?,
            }),
            None => None,
        };
        Some(Self {
            messages: messages(json)?,
            has_older: json.is_true("has_older"),
            handling: handling(json)?,
            draft,
        })
    }
}

impl FromJson for Message {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            id: id(json, "id")?,
            seq: json.number("seq")?,
            author: author(json)?,
            text: json.text("text")?,
            attachments: json
                .list("attachments")
                .unwrap_or_default()
                .iter()
                .map(Attachment::from_json)
                .collect::<Option<_>>()?,
            created_at: Timestamp(json.number("created_at")?),
            sources: Vec::new(),
        })
    }
}

impl FromJson for Attachment {
    fn from_json(json: &Json) -> Option<Self> {
        let content = json.get("content")?;
        let number = |name| content.number(name)?.try_into().ok();
        Some(Self {
            id: json.text("id")?.parse().ok()?,
            name: json.text("name")?,
            media_type: json.text("media_type")?,
            size: json.number("size")?.try_into().ok()?,
            content: match content.text("kind")?.as_str() {
                "image" => {
                    AttachmentContent::Image { width: number("width")?, height: number("height")? }
                }
                "voice" => AttachmentContent::Voice {
                    seconds: number("seconds")?,
                    transcript: content.text("transcript"),
                },
                _ => AttachmentContent::File,
            },
        })
    }
}

impl FromJson for ConversationEvent {
    fn from_json(json: &Json) -> Option<Self> {
        let message_id = id(json, "message_id");
        Some(match json.text("type")?.as_str() {
            "snapshot" => {
                Self::Snapshot { conversation: Conversation::from_json(json.get("conversation")?)? }
            }
            "message_added" => {
                Self::MessageAdded { message: Message::from_json(json.get("message")?)? }
            }
            "answer_started" => {
                Self::AnswerStarted { message_id: message_id?, author: author(json)? }
            }
            "answer_delta" => Self::AnswerDelta {
                message_id: message_id?,
                offset: json.number("offset")?.try_into().ok()?,
                text: json.text("text")?,
            },
            "answer_ended" => Self::AnswerEnded { message_id: message_id? },
            "handling_changed" => Self::HandlingChanged { handling: handling(json)? },
            _ => return None,
        })
    }
}

pub fn open_session(request: &OpenSession) -> String {
    let visitor = request.visitor.as_ref();
    let user = request.user.as_ref();
    object([
        ("token", text(&request.token)),
        (
            "visitor",
            visitor.map(|guest| object([("id", text(&guest.id)), ("key", text(&guest.key))])),
        ),
        (
            "user",
            user.map(|user| {
                object([
                    ("id", text(&user.id)),
                    ("hash", user.hash.as_deref().and_then(text)),
                    ("name", user.name.as_deref().and_then(text)),
                    ("email", user.email.as_deref().and_then(text)),
                ])
            }),
        ),
    ])
    .write()
}

pub fn post_message(request: &PostMessage) -> String {
    let ids = request.attachments.iter().map(|id| Json::Text(id.to_string()));
    let attachments = (!request.attachments.is_empty()).then(|| Json::List(ids.collect()));
    object([
        ("id", text(&request.id.to_string())),
        ("text", text(&request.text)),
        ("attachments", attachments),
    ])
    .write()
}

/// The message id in a field.
pub fn id(json: &Json, field: &str) -> Option<MessageId> {
    json.text(field)?.parse().ok()
}

fn messages(json: &Json) -> Option<Vec<Message>> {
    let messages = json.list("messages")?;
    messages.iter().map(Message::from_json).collect()
}

fn author(json: &Json) -> Option<Author> {
    let author = json.get("author")?;
    Some(match author.text("kind")?.as_str() {
        "visitor" => Author::Visitor,
        "agent" => Author::Agent { name: author.text("name")? },
        "operator" => Author::Operator { name: author.text("name")? },
        "system" => Author::System,
        _ => return None,
    })
}

fn handling(json: &Json) -> Option<Handling> {
    let handling = json.get("handling")?;
    Some(match handling.text("by")?.as_str() {
        "operator" => Handling::Operator { name: handling.text("name")? },
        _ => Handling::Agent,
    })
}

#[cfg(test)]
mod tests;
