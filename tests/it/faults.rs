//! What others do when something breaks: the disk, the database's lock, the provider.

use std::time::Duration;

use cavuer_models::Timeouts;
use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{Author, Conversation, ConversationEvent, Message, ProblemCode};
use cavuer_tests::provider::{Ending, Script, ScriptedProvider};
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};

use crate::support::{Database, EventStream, Page, Setup, TestServer, message_id};

/// Longer than any pause between two attempts.
const LONG_PAUSE: Duration = Duration::from_secs(30);

#[tokio::test]
async fn while_somebody_else_holds_the_database_nothing_is_stored_and_the_caller_knows() {
    let setup = Setup { busy_timeout: Duration::from_millis(50), ..Setup::default() };
    let server = setup.start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    visitor.ask("Before").await;
    let rows = server.database().rows();

    let other = Database::to_disturb(server.folder());
    other.run("BEGIN IMMEDIATE");
    let post = PostMessage::new(message_id(), "During".to_owned());
    let refused = visitor.post(&post).await;
    let problem = refused.problem(503, ProblemCode::Unavailable);
    assert!(problem.detail.contains("Nothing was changed"), "{}", problem.detail);
    assert!(refused.header("retry-after").is_some_and(|seconds| seconds.parse::<u32>().is_ok()));
    // The widget can read the refusal, and everything that is stored.
    assert_eq!(refused.header("access-control-allow-origin"), shop.page.origin.as_deref());
    assert_eq!(visitor.conversation().await.messages.len(), 2);
    assert_eq!(server.database().rows(), rows);
    server.get("/readyz").await.problem(503, ProblemCode::Unavailable);
    assert_eq!(server.get("/healthz").await.status, 200);

    other.run("ROLLBACK");
    let mut events = visitor.events().await;
    let stored: Message = visitor.post(&post).await.json();
    assert_eq!(stored.text, "During");
    events.reply().await;
    assert_eq!(visitor.conversation().await.messages.len(), 4);
    assert_eq!(server.get("/readyz").await.status, 200);
    server.stop().await;
}

#[tokio::test]
async fn an_answer_waits_until_the_database_is_free_again() {
    let provider = ScriptedProvider::start().await;
    provider.push(Script::answer("one two three").hold_after(2));
    let setup = Setup { busy_timeout: Duration::from_millis(20), ..Setup::default() };
    let server = setup.with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    visitor.say("Hello?").await;
    provider.wait_until_held(1).await;

    let other = Database::to_disturb(server.folder());
    other.run("BEGIN IMMEDIATE");
    provider.release();
    // It is offered to the store again and again while the clock runs.
    let answer = {
        let mut reply = std::pin::pin!(events.reply());
        for second in 0..8 {
            if second == 3 {
                other.run("ROLLBACK");
            }
            server.clock.advance(Duration::from_secs(1));
            server.get("/readyz").await;
        }
        reply.as_mut().await
    };
    assert_eq!(answer.text, "one two three");
    assert_eq!(provider.requests().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn a_full_disk_leaves_nothing_half_written() {
    let server = Setup { max_pages: Some(200), ..Setup::default() }.start().await;
    let shop = server.shop().await;
    let talker = shop.guest().await;
    let text = "x".repeat(4_000);
    talker.ask("Hello").await;
    // The agent would add to it, too.
    shop.owner.take_over(shop.owner.only_conversation().await.id).await;
    let mut stored = Vec::new();
    let refused = loop {
        assert!(stored.len() < 300, "the disk never fills");
        let post = PostMessage::new(message_id(), text.clone());
        let reply = talker.post(&post).await;
        if !reply.status.is_success() {
            reply.problem(503, ProblemCode::Unavailable);
            break post;
        }
        stored.push(post.id);
    };
    assert!(stored.len() > 50, "{}", stored.len());
    // A visitor's first message is four rows: all of them or none. It is three times as large as
    // the one that was refused, so that it fits into nothing that is left.
    let newcomer = shop.guest().await;
    let rows = server.database().rows();
    let first = PostMessage::new(message_id(), "€".repeat(4_000));
    let reply = newcomer.post(&first).await;
    reply.problem(503, ProblemCode::Unavailable);
    assert!(reply.header("retry-after").is_some());
    assert_eq!(server.database().rows(), rows);
    assert_eq!(newcomer.conversation().await, Conversation::default());
    assert_eq!(all_ids(&talker).await[2..], stored);
    assert_eq!(server.database().text("PRAGMA integrity_check"), "ok");

    // With room again, what was refused can be sent, and it is answered.
    let opened = newcomer.opened.clone();
    let server = server.restart_with(|setup| setup.max_pages = None).await;
    let page = Page::new(&server.http, &server.url(), &shop.channel.token);
    let mut newcomer = page.guest().await;
    newcomer.opened = opened;
    let mut events = newcomer.events().await;
    newcomer.post(&first).await.json::<Message>();
    events.reply().await;
    let talker = page.open(page.claim(Some(&talker.credentials()), None)).await;
    talker.post(&refused).await.json::<Message>();
    stored.push(refused.id);
    assert_eq!(all_ids(&talker).await[2..], stored);
    server.stop().await;
}

async fn all_ids(visitor: &crate::support::Visitor) -> Vec<cavuer_protocol::MessageId> {
    let mut messages = visitor.conversation().await.messages;
    loop {
        let older = visitor.older(messages[0].seq).await;
        messages.splice(0..0, older.messages);
        if !older.has_older {
            return messages.into_iter().map(|message| message.id).collect();
        }
    }
}

#[tokio::test]
async fn an_unreachable_provider_is_tried_again_and_then_given_up() {
    // A port on which nobody listens.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let server = Setup::default().with_provider_at(&url).start().await;
    let shop = server.shop_with("openai/test").await;
    let mut page = shop.page.clone();
    page.languages = "de".to_owned();
    let visitor = page.guest().await;
    let mut events = visitor.events().await;
    visitor.say("Hallo?").await;
    let line = give_up(&server, &mut events).await;

    assert_eq!(line.author, Author::System);
    let texts = &cavuer_base::texts::for_language("de").texts;
    assert_eq!(line.text, texts.answer_failed);
    let summary = shop.owner.only_conversation().await;
    let reason = summary.failure.expect("a reason");
    assert!(reason.contains("could not be reached") && reason.contains("OPENAI"), "{reason}");
    assert!(!line.text.contains("OpenAI"), "{}", line.text);
    // "Typing" is over, in the stream and for whoever comes later.
    assert_eq!(events.conversation().draft, None);
    assert_eq!(visitor.conversation().await.draft, None);
    server.stop().await;
}

/// Lets the time between attempts pass until the line for the visitor comes, and asserts that
/// there were four attempts.
async fn give_up(server: &TestServer, events: &mut EventStream<ConversationEvent>) -> Message {
    let mut starts = 0;
    loop {
        match events.next().await.expect("the stream goes on") {
            // Each attempt starts the answer, and each that is to be repeated starts it over.
            ConversationEvent::AnswerStarted { .. } => {
                starts += 1;
                if starts % 2 == 0 {
                    server.clock.advance(LONG_PAUSE);
                }
            }
            ConversationEvent::MessageAdded { message } if message.author != Author::Visitor => {
                assert_eq!(starts, 7, "{:#?}", events.seen);
                return message;
            }
            _ => {}
        }
    }
}

#[tokio::test]
async fn attempts_keep_a_growing_distance() {
    let provider = ScriptedProvider::start().await;
    provider.set_standing(Script::status(500));
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("anthropic/test").await;
    let bystander = shop.owner.add_agent("Bob", "built-in").await;
    let channel = shop.owner.add_channel(bystander.id, &["shop.example"]).await;
    let bystander = Page::new(&server.http, &server.url(), &channel.token).guest().await;
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    visitor.say("Hello?").await;
    for (attempt, pause) in [(1, 1_000), (2, 2_000), (3, 4_000)] {
        for _ in 0..2 {
            events.until(|event| matches!(event, ConversationEvent::AnswerStarted { .. })).await;
        }
        // Not before its time: everything that was due has been begun, but not this.
        server.clock.advance(Duration::from_millis(pause - 1));
        bystander.ask("Hello").await;
        assert_eq!(provider.requests().len(), attempt);
        // At most a quarter later, by chance.
        server.clock.advance(Duration::from_millis(pause / 4 + 1));
        provider.wait_for_requests(attempt + 1).await;
    }
    assert_eq!(events.reply().await.author, Author::System);
    assert_eq!(provider.requests().len(), 4);
    let failure = shop.owner.conversations().await.into_iter().find_map(|summary| summary.failure);
    assert!(failure.is_some_and(|reason| reason.contains("Anthropic is overloaded")));

    // The next question starts afresh, and success takes the reason away.
    provider.set_standing(Script::answer("Better now."));
    assert_eq!(visitor.ask("And now?").await.text, "Better now.");
    let summaries = shop.owner.conversations().await;
    assert!(summaries.iter().all(|summary| summary.failure.is_none()), "{summaries:#?}");
    server.stop().await;
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_written_anew() {
    for ending in [Ending::Cut, Ending::EndedEarly, Ending::Stalled, Ending::Malformed] {
        let provider = ScriptedProvider::start().await;
        provider.push(Script::answer("half an answer").ending_after(2, ending.clone()));
        provider.push(Script::answer("the whole answer"));
        let timeouts = Timeouts { gap: Duration::from_millis(200), ..Timeouts::default() };
        let setup = Setup { timeouts, ..Setup::default() };
        let server = setup.with_provider(&provider).start().await;
        let shop = server.shop_with("openai/test").await;
        let visitor = shop.guest().await;
        let mut events = visitor.events().await;
        visitor.say("Hello?").await;
        events.first_words().await;
        events.until(|event| matches!(event, ConversationEvent::AnswerStarted { .. })).await;
        let draft = events.conversation().draft.expect("typing");
        assert_eq!(draft.text, "", "{ending:?}");
        server.clock.advance(LONG_PAUSE);
        let answer = events.reply().await;
        assert_eq!((answer.text.as_str(), answer.id), ("the whole answer", draft.message_id));
        let conversation = visitor.conversation().await;
        assert_eq!(conversation.messages.len(), 2, "{ending:?}");
        assert_eq!(conversation, events.conversation());
        assert_eq!(shop.owner.only_conversation().await.failure, None);
        server.stop().await;
    }
}

#[tokio::test]
async fn what_no_repetition_can_mend_is_given_up_at_once() {
    let provider = ScriptedProvider::start().await;
    provider.set_standing(Script::status(401));
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let line = shop.guest().await.ask("Hello?").await;
    assert_eq!((line.author, provider.requests().len()), (Author::System, 1));
    let failure = shop.owner.only_conversation().await.failure.expect("a reason");
    assert_eq!(failure, "OpenAI refused the key. Check CAVUER_OPENAI_API_KEY.");
    server.stop().await;
}

/// Browsers hang up whenever somebody leaves a page. What was begun for them must not be missing
/// to the others.
#[tokio::test]
async fn callers_who_hang_up_take_nothing_from_the_others() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let text = "Tea is better than coffee. ".repeat(50_000);
    let article = shop.owner.add_article(shop.agent.id, "Much to read", &text).await;
    let host = server.url()["http://".len()..].to_owned();
    let request = format!(
        "GET /api/console/v1/workspaces/{}/articles/{article} HTTP/1.1\r\nhost: {host}\r\n\
         cookie: {}\r\n\r\n",
        shop.owner.workspace, shop.owner.cookie,
    );
    let leaving = async {
        for _ in 0..200 {
            let mut connection = TcpStream::connect(&host).await.unwrap();
            connection.write_all(request.as_bytes()).await.unwrap();
        }
    };
    let staying = async {
        for _ in 0..100 {
            shop.owner.get::<serde_json::Value>("agents").await;
        }
    };
    tokio::join!(leaving, staying);
    assert!(!server.get("/metrics").await.body.contains("status=\"500\""));
    server.stop().await;
}
