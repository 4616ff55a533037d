//! Posting: what is stored, what is not, and what a repeat means.

use cavuer_protocol::limits::{MESSAGE_CHARS, PAGE_MESSAGES};
use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{Author, Message, ProblemCode, Timestamp};
use cavuer_tests::provider::{Script, ScriptedProvider};
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Reply, START, Setup, TestServer, Visitor, message_id, message_id_at};

async fn post(visitor: &Visitor, body: &Value) -> Reply {
    Reply::to(visitor.request(Method::POST, "/messages").json(body)).await
}

#[tokio::test]
async fn texts_are_stored_as_they_are() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    let longest = "ж".repeat(MESSAGE_CHARS);
    for (sent, stored) in [
        ("  Hello\r\nthere \n", "Hello\nthere"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        (
            "\u{202e}right to left \u{1f468}\u{200d}\u{1f469}",
            "\u{202e}right to left \u{1f468}\u{200d}\u{1f469}",
        ),
        (&longest, &longest),
    ] {
        let message = visitor.say(sent).await;
        assert_eq!((message.text.as_str(), message.author), (stored, Author::Visitor));
        assert_eq!(message.created_at, START);
    }
    server.stop().await;
}

#[tokio::test]
async fn texts_that_cannot_be_sent_are_refused_with_the_field() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    let database = server.database();
    let change = database.change();
    for text in ["", " \n\t ", "\u{200b}\u{feff}", "\0"] {
        assert_eq!(visitor.try_say(text).await.invalid_fields(), ["text"], "{text:?}");
    }
    let too_long = visitor.try_say(&"x".repeat(MESSAGE_CHARS + 1)).await;
    assert_eq!(too_long.invalid_fields(), ["text"]);
    assert!(too_long.body.contains("4001") && too_long.body.contains("4000"), "{}", too_long.body);
    assert!(!too_long.body.contains("xxx"));
    assert_eq!((database.change(), database.rows()), (change, Default::default()));
    server.stop().await;
}

#[tokio::test]
async fn what_is_no_message_is_refused_and_the_field_named() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    let database = server.database();
    let change = database.change();
    let id = message_id();
    for (body, named) in [
        (json!({"id": id, "text": "x", "extra": 1}), "extra"),
        (json!({"id": id, "text": "x", "author": {"kind": "agent", "name": "Ada"}}), "author"),
        (json!({"id": id, "text": 7}), "text"),
        (json!({"id": id, "text": null}), "text"),
        (json!({"id": id}), "text"),
        (json!({"text": "x"}), "id"),
        (json!({"id": "7", "text": "x"}), "id"),
        (json!({"id": null, "text": "x"}), "id"),
    ] {
        let problem = post(&visitor, &body).await.problem(400, ProblemCode::BadRequest);
        assert!(problem.detail.contains(named), "{body}: {}", problem.detail);
    }
    for body in ["", "{", "[]", "null", "\"text\"", "\u{feff}{}", "{\"id\":1e999}"] {
        let request = visitor.request(Method::POST, "/messages").body(body);
        let reply = Reply::to(request.header("content-type", "application/json")).await;
        reply.problem(400, ProblemCode::BadRequest);
    }
    let deep = "[".repeat(30_000);
    let request = visitor.request(Method::POST, "/messages").body(deep);
    let reply = Reply::to(request.header("content-type", "application/json")).await;
    reply.problem(400, ProblemCode::BadRequest);
    assert_eq!(database.change(), change);

    // The session's request is read with the same care.
    let asked = json!({"token": shop.channel.token, "user": {"id": 7}});
    for (body, named) in [
        (asked, "user.id"),
        (json!({"token": shop.channel.token, "visitor": {"id": "v_1"}}), "key"),
        (json!({"token": shop.channel.token, "users": {}}), "users"),
        (json!({}), "token"),
    ] {
        let reply = Reply::to(shop.page.request(Method::POST, "/sessions").json(&body)).await;
        let problem = reply.problem(400, ProblemCode::BadRequest);
        assert!(problem.detail.contains(named), "{body}: {}", problem.detail);
    }
    server.stop().await;
}

#[tokio::test]
async fn another_content_type_is_refused() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    let body = json!({"id": message_id(), "text": "x"}).to_string();
    for content_type in [None, Some("text/plain"), Some("application/x-www-form-urlencoded")] {
        let mut request = visitor.request(Method::POST, "/messages").body(body.clone());
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let problem = Reply::to(request).await.problem(415, ProblemCode::UnsupportedMediaType);
        assert!(problem.detail.contains("application/json"), "{}", problem.detail);
    }
    assert_eq!(server.database().rows(), Default::default());
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    let reply = visitor.try_say(&"x".repeat(70_000)).await;
    reply.problem(413, ProblemCode::PayloadTooLarge);
    assert!(!reply.body.contains("xxx"));
    assert_eq!(server.database().rows(), Default::default());
    server.stop().await;
}

#[tokio::test]
async fn a_repeat_gets_the_message_stored_first() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    let first = PostMessage::new(message_id(), "First".to_owned());
    let stored: Message = visitor.post(&first).await.json();
    events.reply().await;
    let rows = server.database().rows();
    let altered = PostMessage { text: "Altered".to_owned(), ..first.clone() };
    for repeat in [&first, &altered] {
        assert_eq!(visitor.post(repeat).await.json::<Message>(), stored);
    }
    assert_eq!(server.database().rows(), rows);
    assert_eq!((rows.messages, rows.turns), (2, 1));

    // The stream did not repeat it either.
    visitor.ask("Next").await;
    events.reply().await;
    let times =
        |id| events.seen.iter().filter(|(_, event)| format!("{event:?}").contains(id)).count();
    assert_eq!(times(&format!("MessageAdded {{ message: Message {{ id: {:?}", first.id)), 1);
    server.stop().await;
}

#[tokio::test]
async fn the_same_message_sent_twenty_times_at_once_is_stored_once() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    let same = PostMessage::new(message_id(), "Hello".to_owned());
    let replies = join_all((0..20).map(|_| visitor.post(&same))).await;
    let first: Message = replies[0].json();
    for reply in &replies {
        assert_eq!(reply.json::<Message>(), first);
    }
    let mut events = visitor.events().await;
    while events.conversation().messages.len() < 2 {
        events.next().await;
    }
    let rows = server.database().rows();
    assert_eq!((rows.visitors, rows.conversations, rows.messages, rows.turns), (1, 1, 2, 1));
    server.stop().await;
}

#[tokio::test]
async fn the_same_id_of_two_visitors_is_two_messages() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let (alice, bob) = (shop.guest().await, shop.guest().await);
    let id = message_id();
    let from_alice = PostMessage::new(id, "From Alice".to_owned());
    let from_bob = PostMessage::new(id, "From Bob".to_owned());
    assert_eq!(alice.post(&from_alice).await.json::<Message>().text, "From Alice");
    let of_bob = bob.post(&from_bob).await;
    assert_eq!(of_bob.json::<Message>().text, "From Bob");
    assert!(!of_bob.body.contains("Alice"));
    assert_eq!(alice.post(&from_bob).await.json::<Message>().text, "From Alice");
    for (visitor, text) in [(&alice, "From Alice"), (&bob, "From Bob")] {
        assert_eq!(visitor.conversation().await.messages[0].text, text);
    }
    server.stop().await;
}

#[tokio::test]
async fn a_clients_clock_decides_nothing() {
    let provider = ScriptedProvider::start().await;
    provider.set_standing(Script::answer("Noted."));
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let visitor = shop.guest().await;
    const YEAR_2100: Timestamp = Timestamp(4_102_444_800_000);
    for (text, clock) in [("now", START), ("2100", YEAR_2100), ("1970", Timestamp(0))] {
        let message = PostMessage::new(message_id_at(clock), text.to_owned());
        let stored: Message = visitor.post(&message).await.json();
        assert_eq!((stored.id, stored.created_at), (message.id, START));
    }
    let texts = visitor.conversation().await.messages.into_iter();
    let texts = texts.filter(|message| message.author == Author::Visitor);
    let texts = texts.map(|message| message.text).collect::<Vec<_>>();
    assert_eq!(texts, ["now", "2100", "1970"]);
    visitor.ask("Done?").await;
    server.stop().await;
}

#[tokio::test]
async fn older_messages_come_page_by_page() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    visitor.say("0").await;
    let conversation = shop.owner.only_conversation().await;
    // With the agent out of the way there are only the visitor's own messages.
    shop.owner.take_over(conversation.id).await;
    let kept = visitor.conversation().await.messages.len();
    for number in 1..=2 * PAGE_MESSAGES {
        visitor.say(&number.to_string()).await;
    }
    let newest = visitor.conversation().await;
    assert_eq!(newest.messages.len(), PAGE_MESSAGES);
    assert!(newest.has_older);
    let mut all = newest.messages;
    loop {
        let older = visitor.older(all[0].seq).await;
        all.splice(0..0, older.messages);
        if !older.has_older {
            break;
        }
    }
    assert_eq!(all.len(), kept + 2 * PAGE_MESSAGES);
    assert!(all.is_sorted_by(|a, b| a.seq < b.seq));
    for before in ["x", "", "1.5", "99999999999999999999"] {
        let request = visitor.request(Method::GET, &format!("/messages?before={before}"));
        Reply::to(request).await.problem(400, ProblemCode::BadRequest);
    }
    assert_eq!(visitor.older(i64::MIN).await.messages, []);
    server.stop().await;
}
