use std::fmt::Debug;

use cavuer_protocol::widget::UserClaim;
use cavuer_protocol::{Attachment, AttachmentContent, AttachmentId, FieldProblem, Problem, notice};
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
        attachments: [
            AttachmentContent::File,
            AttachmentContent::Image { width: 40, height: 20 },
            AttachmentContent::Voice { seconds: 9, transcript: None },
            AttachmentContent::Voice { seconds: 9, transcript: Some("Hello".to_owned()) },
        ]
        .map(attachment)
        .into_iter()
        .take(usize::from(number))
        .collect(),
        created_at: Timestamp(1_790_000_000_000),
        sources: [None, Some(3)]
            .map(|page| Source {
                title: "Március".to_owned(),
                page,
                excerpt: "a \"b\"".to_owned(),
                article: None,
            })
            .into_iter()
            .take(usize::from(number))
            .collect(),
    }
}

fn attachment(content: AttachmentContent) -> Attachment {
    Attachment {
        id: AttachmentId::from_parts(1, &[1; 10]),
        name: "März.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 10 * 1024 * 1024,
        content,
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
        ConversationEvent::HandlingChanged { handling: Handling::Awaited },
    ] {
        same_as_serde(&event);
    }
    same_as_serde(&OlderMessages { messages: conversation().messages, has_older: false });
    let guest = SessionVisitor::Guest(GuestCredentials { id: "v_1".to_owned(), key: "k".into() });
    let user = SessionVisitor::User { id: "jöhn".to_owned() };
    for visitor in [guest, user] {
        same_as_serde(&SessionOpened {
            session: "s".into(),
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
                takes_files: position == Position::Left,
                takes_voice: position == Position::Right,
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
        notice: Some(notice::empty()),
        code: ProblemCode::ValidationFailed,
        request_id: "r".to_owned(),
        fields: Vec::new(),
    };
    let read =
        |problem: &Problem| decode::<Refusal>(&serde_json::to_string(problem).unwrap()).unwrap();
    assert_eq!(read(&problem).detail, "summary");
    problem.fields.push(FieldProblem::new("text", notice::verbatim("too long")));
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
        visitor: Some(GuestCredentials { id: "v_1".to_owned(), key: "k".into() }),
        user: Some(UserClaim {
            id: "jöhn\n\"".to_owned(),
            hash: Some("00".into()),
            name: None,
            email: Some("j@example.com".to_owned()),
        }),
    };
    read_by_serde(&session, &open_session(&session));
    let guest = OpenSession { visitor: None, user: None, ..session };
    read_by_serde(&guest, &open_session(&guest));
    let post = PostMessage::new(message(1, Author::Visitor).id, "a\u{0}\t\u{2028}");
    read_by_serde(&post, &post_message(&post));
    let with_file =
        PostMessage { attachments: vec![AttachmentId::from_parts(1, &[1; 10])], ..post };
    read_by_serde(&with_file, &post_message(&with_file));
}
