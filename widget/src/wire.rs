//! The protocol's types from and to JSON.
//!
//! The protocol derives serde; the widget reads and writes by hand, because the derived code is
//! many times as large. The tests hold both against each other.

use cavuer_protocol::widget::{
    GuestCredentials, OlderMessages, OpenSession, Position, PostMessage, SessionOpened,
    SessionVisitor, WidgetConfig, WidgetFiles, WidgetTexts,
};
use cavuer_protocol::{
    Author, Conversation, ConversationEvent, Draft, Handling, Message, MessageId, ProblemCode,
    Timestamp,
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
            created_at: Timestamp(json.number("created_at")?),
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
    object([("id", text(&request.id.to_string())), ("text", text(&request.text))]).write()
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
mod tests {
    use std::fmt::Debug;

    use cavuer_protocol::widget::UserClaim;
    use cavuer_protocol::{FieldProblem, Problem};
    use serde::Serialize;
    use serde::de::DeserializeOwned;

    use super::*;

    fn same_as_serde<T: FromJson + Serialize + Debug + PartialEq>(value: &T) {
        let json = serde_json::to_string(value).unwrap();
        assert_eq!(decode::<T>(&json).as_ref(), Some(value), "{json}");
    }

    fn read_by_serde<T: DeserializeOwned + Debug + PartialEq>(value: &T, written: &str) {
        assert_eq!(&serde_json::from_str::<T>(written).unwrap(), value, "{written}");
    }

    fn message(number: u8, author: Author) -> Message {
        Message {
            id: MessageId::from_parts(u64::from(number), &[number; 10]),
            seq: i64::from(number),
            author,
            text: "a \"b\"\n\u{1}😀".to_owned(),
            created_at: Timestamp(1_790_000_000_000),
        }
    }

    fn conversation() -> Conversation {
        let name = "Ada".to_owned();
        Conversation {
            messages: vec![
                message(1, Author::Visitor),
                message(2, Author::Agent { name: name.clone() }),
                message(3, Author::Operator { name: name.clone() }),
                message(4, Author::System),
            ],
            has_older: true,
            handling: Handling::Operator { name: name.clone() },
            draft: Some(Draft {
                message_id: message(5, Author::System).id,
                author: Author::Agent { name },
                text: String::new(),
            }),
        }
    }

    #[test]
    fn events_and_answers_read_as_serde_writes_them() {
        let message_id = message(1, Author::Visitor).id;
        for event in [
            ConversationEvent::Snapshot { conversation: conversation() },
            ConversationEvent::Snapshot { conversation: Conversation::default() },
            ConversationEvent::MessageAdded { message: message(1, Author::Visitor) },
            ConversationEvent::AnswerStarted { message_id, author: Author::System },
            ConversationEvent::AnswerDelta { message_id, offset: u32::MAX, text: "é".to_owned() },
            ConversationEvent::AnswerEnded { message_id },
            ConversationEvent::HandlingChanged { handling: Handling::Agent },
        ] {
            same_as_serde(&event);
        }
        same_as_serde(&OlderMessages { messages: conversation().messages, has_older: false });
        let guest =
            SessionVisitor::Guest(GuestCredentials { id: "v_1".to_owned(), key: "k".to_owned() });
        let user = SessionVisitor::User { id: "jöhn".to_owned() };
        for visitor in [guest, user] {
            same_as_serde(&SessionOpened {
                session: "s".to_owned(),
                expires_at: Timestamp(1),
                visitor,
                conversation: conversation(),
            });
        }
    }

    #[test]
    fn config_reads_in_every_language() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../assets/texts");
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let file: serde_json::Value =
                serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            let texts: WidgetTexts = serde_json::from_value(file["texts"].clone())
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            for position in [Position::Left, Position::Right] {
                same_as_serde(&WidgetConfig {
                    title: "t".to_owned(),
                    greeting: String::new(),
                    agent_name: "a".to_owned(),
                    color: "#000000".to_owned(),
                    on_color: "#ffffff".to_owned(),
                    position,
                    identification_required: position == Position::Left,
                    language: "en".to_owned(),
                    direction: file["direction"].as_str().unwrap().to_owned(),
                    texts: texts.clone(),
                    files: WidgetFiles { script: "/s".to_owned(), wasm: "/w".to_owned() },
                });
            }
        }
    }

    #[test]
    fn problems_say_what_matters() {
        let mut problem = Problem {
            kind: "about:blank".to_owned(),
            title: "Unprocessable".to_owned(),
            status: 422,
            detail: "summary".to_owned(),
            code: ProblemCode::ValidationFailed,
            request_id: "r".to_owned(),
            fields: Vec::new(),
        };
        let read = |problem: &Problem| {
            decode::<Refusal>(&serde_json::to_string(problem).unwrap()).unwrap()
        };
        assert_eq!(read(&problem).detail, "summary");
        problem
            .fields
            .push(FieldProblem { field: "text".to_owned(), message: "too long".to_owned() });
        assert_eq!(read(&problem).detail, "too long");
        for code in [
            ProblemCode::WidgetUnavailable,
            ProblemCode::SessionInvalid,
            ProblemCode::IdentityInvalid,
            ProblemCode::IdentificationRequired,
            ProblemCode::RateLimited,
        ] {
            problem.code = code;
            assert_eq!(read(&problem).code, code);
        }
    }

    #[test]
    fn requests_read_by_serde() {
        let session = OpenSession {
            token: "wgt_1".to_owned(),
            visitor: Some(GuestCredentials { id: "v_1".to_owned(), key: "k".to_owned() }),
            user: Some(UserClaim {
                id: "jöhn\n\"".to_owned(),
                hash: Some("00".to_owned()),
                name: None,
                email: Some("j@example.com".to_owned()),
            }),
        };
        read_by_serde(&session, &open_session(&session));
        let guest = OpenSession { visitor: None, user: None, ..session };
        read_by_serde(&guest, &open_session(&guest));
        let post =
            PostMessage { id: message(1, Author::Visitor).id, text: "a\u{0}\t\u{2028}".to_owned() };
        read_by_serde(&post, &post_message(&post));
    }
}
