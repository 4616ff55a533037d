//! The protocol's types from and to JSON.
//!
//! The protocol derives serde; the widget reads and writes by hand, because the derived code is
//! many times as large. The tests hold both against each other.

use cavuer_protocol::widget::{
    GuestCredentials, OlderMessages, OpenSession, Position, PostMessage, SessionOpened,
    SessionVisitor, WidgetConfig, WidgetFiles, WidgetTexts,
};
use cavuer_protocol::{
    Attachment, AttachmentContent, AttachmentId, Author, Conversation, ConversationEvent, Draft,
    Handling, Message, MessageId, ProblemCode, Secret, Source, Timestamp,
};

use uuid::Uuid;

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
        let text = |name| word(json, name);
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
    WidgetFiles { script: word(json, "script"), wasm: word(json, "wasm") }
}

/// Its own function even where it is called forty times.
#[inline(never)]
fn word(json: &Json, name: &str) -> String {
    json.text(name).unwrap_or_default()
}

fn texts(json: &Json) -> WidgetTexts {
    macro_rules! texts {
        ($($name:ident),* $(,)?) => {
            WidgetTexts { $($name: word(json, stringify!($name))),* }
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
        sources,
        page,
        attach,
        drop_files,
        remove_file,
        file_too_large,
        file_refused,
        too_many_files,
        close,
        cancel,
        record,
        recording,
        voice_message,
        no_microphone,
        awaited_state,
    )
}

impl FromJson for SessionOpened {
    fn from_json(json: &Json) -> Option<Self> {
        let visitor = json.get("visitor")?;
        Some(Self {
            session: Secret::new(json.text("session")?),
            expires_at: Timestamp(json.number("expires_at")?),
            visitor: match visitor.text("kind")?.as_str() {
                "guest" => SessionVisitor::Guest(GuestCredentials {
                    id: visitor.text("id")?,
                    key: Secret::new(visitor.text("key")?),
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
            attachments: list(json, "attachments")?,
            created_at: Timestamp(json.number("created_at")?),
            sources: list(json, "sources")?,
        })
    }
}

impl FromJson for Source {
    fn from_json(json: &Json) -> Option<Self> {
        Some(Self {
            title: json.text("title")?,
            page: json.number("page").and_then(|page| page.try_into().ok()),
            excerpt: json.text("excerpt")?,
            article: None,
        })
    }
}

impl FromJson for Attachment {
    fn from_json(json: &Json) -> Option<Self> {
        let content = json.get("content")?;
        let number = |name| content.number(name)?.try_into().ok();
        Some(Self {
            id: AttachmentId(uuid(&json.text("id")?)?),
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
            visitor
                .map(|guest| object([("id", text(&guest.id)), ("key", text(guest.key.expose()))])),
        ),
        (
            "user",
            user.map(|user| {
                object([
                    ("id", text(&user.id)),
                    ("hash", user.hash.as_ref().map(Secret::expose).and_then(text)),
                    ("name", user.name.as_deref().and_then(text)),
                    ("email", user.email.as_deref().and_then(text)),
                ])
            }),
        ),
    ])
    .write()
}

pub fn post_message(request: &PostMessage) -> String {
    let ids = request.attachments.iter().map(|id| Json::Text(written(id.0)));
    let attachments = (!request.attachments.is_empty()).then(|| Json::List(ids.collect()));
    object([
        ("id", text(&written(request.id.0))),
        ("text", text(&request.text)),
        ("attachments", attachments),
    ])
    .write()
}

/// An attachment as the server describes it.
pub fn attachment(file: &Attachment) -> Json {
    let number = |number: u32| Some(Json::Number(number.into()));
    let content = match &file.content {
        AttachmentContent::Image { width, height } => object([
            ("kind", text("image")),
            ("width", number(*width)),
            ("height", number(*height)),
        ]),
        AttachmentContent::File => object([("kind", text("file"))]),
        AttachmentContent::Voice { seconds, transcript } => object([
            ("kind", text("voice")),
            ("seconds", number(*seconds)),
            ("transcript", transcript.as_deref().and_then(text)),
        ]),
    };
    object([
        ("id", text(&written(file.id.0))),
        ("name", text(&file.name)),
        ("media_type", text(&file.media_type)),
        ("size", number(file.size)),
        ("content", Some(content)),
    ])
}

/// The items of a list that is left out where it is empty.
pub fn list<T: FromJson>(json: &Json, field: &str) -> Option<Vec<T>> {
    json.list(field).unwrap_or_default().iter().map(T::from_json).collect()
}

/// The message id in a field.
pub fn id(json: &Json, field: &str) -> Option<MessageId> {
    Some(MessageId(uuid(&json.text(field)?)?))
}

/// The form with four hyphens, the only one that the server writes.
fn uuid(text: &str) -> Option<Uuid> {
    let mut bits = 0;
    let mut digits = 0;
    for digit in text.bytes().filter(|byte| *byte != b'-') {
        bits = bits << 4 | u128::from(char::from(digit).to_digit(16)?);
        digits += 1;
    }
    (digits == 32).then(|| Uuid::from_u128(bits))
}

/// An id as it is written on the wire.
pub fn written(id: Uuid) -> String {
    id.hyphenated().encode_lower(&mut [0; 36]).to_owned()
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
        "awaited" => Handling::Awaited,
        _ => Handling::Agent,
    })
}

#[cfg(test)]
mod tests;
