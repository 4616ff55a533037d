//! Stopping, and being killed, in the middle of an answer: nothing is lost and nothing is doubled.

use std::time::Duration;

use cavuer_protocol::console::AgentChanges;
use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{Author, ConversationEvent, Message, MessageId};
use cavuer_tests::provider::{Script, ScriptedProvider};
use futures::future::join_all;

use crate::support::{Binary, Database, Page, Setup, Shop, Visitor, message_id};

/// The visitor after the server came back under another address: same browser, same session.
async fn moved(visitor: &Visitor, page: &Page) -> Visitor {
    page.open(page.claim(Some(&visitor.credentials()), None)).await
}

fn by_visitor(messages: &[Message]) -> Vec<MessageId> {
    let of_visitor = messages.iter().filter(|message| message.author == Author::Visitor);
    of_visitor.map(|message| message.id).collect()
}

#[tokio::test]
async fn an_answer_that_a_stop_interrupts_is_written_after_the_start() {
    let provider = ScriptedProvider::start().await;
    provider.push(Script::answer("this half is lost").hold_after(2));
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    visitor.say("Hello?").await;
    events.first_words().await;
    let draft = events.conversation().draft.expect("a growing answer");

    // It waits for answers that are almost done; this one is not, so it is parked.
    provider.set_standing(Script::answer("the whole answer"));
    let server = server.restart().await;
    let page = Page::new(&server.http, &server.url(), &shop.channel.token);
    let visitor = moved(&visitor, &page).await;
    let mut events = visitor.events().await;
    while events.conversation().messages.len() < 2 {
        events.next().await;
    }
    let [_, answer] = &visitor.conversation().await.messages[..] else { panic!("two messages") };
    assert_eq!((answer.id, answer.text.as_str()), (draft.message_id, "the whole answer"));
    assert_eq!(provider.requests().len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn an_answer_that_is_almost_done_is_finished_before_the_stop() {
    let provider = ScriptedProvider::start().await;
    provider.push(Script::answer("one two three").hold_after(1));
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    visitor.say("Hello?").await;
    events.first_words().await;
    let release = async {
        // The stream ends when the server begins to stop.
        events.end().await;
        provider.release();
    };
    let (server, ()) = tokio::join!(server.restart(), release);
    let page = Page::new(&server.http, &server.url(), &shop.channel.token);
    let conversation = moved(&visitor, &page).await.opened.conversation;
    assert_eq!(conversation.messages[1].text, "one two three");
    assert_eq!(provider.requests().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn killed_in_the_middle_of_an_answer() {
    let provider = ScriptedProvider::start().await;
    provider.push(Script::answer("this half is lost").hold_after(2));
    let folder = tempfile::tempdir().unwrap();
    let variables = [("CAVUER_OPENAI_BASE_URL", provider.url())];
    let variables = variables.each_ref().map(|(name, value)| (*name, value.as_str()));
    let binary = Binary::serve(folder.path(), &variables).await;
    let shop = Shop::open(&binary.http, &binary.url, "anna", "openai/test").await;
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    let first = PostMessage::new(message_id(), "First".to_owned());
    let stored: Message = visitor.post(&first).await.json();
    events.first_words().await;
    provider.wait_until_held(1).await;
    // While the answer grows, the visitor goes on.
    let mut acknowledged = vec![stored.id];
    for text in ["Second", "Third"] {
        acknowledged.push(visitor.say(text).await.id);
    }
    let draft = events.conversation().draft.expect("a growing answer");
    binary.kill().await;
    events.end().await;

    provider.set_standing(Script::answer("the whole answer"));
    let binary = Binary::serve(folder.path(), &variables).await;
    let page = Page::new(&binary.http, &binary.url, &shop.channel.token);
    let visitor = moved(&visitor, &page).await;
    let mut events = visitor.events().await;
    let is_answered = |events: &[(String, ConversationEvent)]| {
        format!("{events:?}").contains("the whole answer\", created_at")
    };
    while !is_answered(&events.seen) {
        events.next().await;
    }
    // A repeat after the crash gets the message from before it.
    assert_eq!(visitor.post(&first).await.json::<Message>(), stored);
    let conversation = visitor.conversation().await;
    assert_eq!(by_visitor(&conversation.messages), acknowledged);
    let [.., answer] = &conversation.messages[..] else { panic!("messages") };
    assert_eq!(answer.id, draft.message_id);
    assert_eq!(answer.author, Author::Agent { name: "Ada".to_owned() });
    assert_eq!((conversation.messages.len(), &conversation.draft), (4, &None));
    assert_eq!(provider.requests().len(), 2);
    assert_eq!(provider.requests()[1].question(), "First\nSecond\nThird");
    assert_eq!(shop.owner.moved_to(&binary.url).only_conversation().await.failure, None);
    binary.stop().await;
}

#[tokio::test]
async fn killed_while_many_write() {
    const VISITORS: usize = 8;
    let provider = ScriptedProvider::start().await;
    provider.set_standing(Script::tokens(20, Duration::from_millis(5)));
    let folder = tempfile::tempdir().unwrap();
    let url = provider.url();
    let variables = [("CAVUER_OPENAI_BASE_URL", url.as_str())];
    let binary = Binary::serve(folder.path(), &variables).await;
    let shop = Shop::open(&binary.http, &binary.url, "anna", "openai/test").await;
    let visitors = join_all((0..VISITORS).map(|_| shop.guest())).await;

    // Each posts until the server is gone and notes what was acknowledged. The ten that a visitor
    // may send at once are more than the time allows.
    let posting = visitors.iter().map(|visitor| async {
        let mut acknowledged = Vec::new();
        for number in 0..10 {
            let post = PostMessage::new(message_id(), number.to_string());
            let request = visitor.request(reqwest::Method::POST, "/messages").json(&post);
            match request.send().await {
                Ok(response) if response.status() == 200 => acknowledged.push(post.id),
                Ok(response) => assert_eq!(response.status(), 429),
                Err(_) => break,
            }
        }
        acknowledged
    });
    let kill = async {
        provider.wait_for_requests(VISITORS / 2).await;
        binary.kill().await;
    };
    let (acknowledged, ()) = tokio::join!(join_all(posting), kill);
    assert!(acknowledged.iter().any(|ids| !ids.is_empty()));

    let binary = Binary::serve(folder.path(), &variables).await;
    let page = Page::new(&binary.http, &binary.url, &shop.channel.token);
    for (visitor, acknowledged) in visitors.iter().zip(acknowledged) {
        if acknowledged.is_empty() {
            continue;
        }
        let visitor = moved(visitor, &page).await;
        let mut events = visitor.events().await;
        // Everything is answered in the end.
        let conversation = loop {
            events.next().await.expect("the stream goes on");
            let conversation = events.conversation();
            let last = conversation.messages.last().map(|message| &message.author);
            if matches!(last, Some(Author::Agent { .. })) && conversation.draft.is_none() {
                break conversation;
            }
        };
        let stored = by_visitor(&conversation.messages);
        assert_eq!(stored[..acknowledged.len()], acknowledged);
        // At most the one message whose acknowledgement got lost comes in addition.
        assert!(stored.len() <= acknowledged.len() + 1, "{stored:?}");
        let mut ids = conversation.messages.iter().map(|message| message.id).collect::<Vec<_>>();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), conversation.messages.len());
    }
    binary.stop().await;
}

#[tokio::test]
async fn an_answer_that_takes_long_is_not_taken_for_a_lost_one() {
    let provider = ScriptedProvider::start().await;
    provider.push(Script::answer("one two three").hold_after(1));
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let (visitor, other) = (shop.guest().await, shop.guest().await);
    let mut events = visitor.events().await;
    visitor.say("Hello?").await;
    events.first_words().await;
    // The server looks for lost answers once a minute.
    for _ in 0..5 {
        server.clock.advance(Duration::from_secs(61));
        other.ask("Hello").await;
    }
    provider.release();
    assert_eq!(events.reply().await.text, "one two three");
    let questions =
        provider.requests().into_iter().filter(|request| request.question() == "Hello?");
    assert_eq!(questions.count(), 1);
    server.stop().await;
}

#[tokio::test]
async fn an_answer_that_brings_the_server_down_is_given_up() {
    let provider = ScriptedProvider::start().await;
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let delay = AgentChanges { response_delay: Some(10), ..Default::default() };
    shop.owner.change_agent(shop.agent.id, &delay).await;
    let visitor = shop.guest().await;
    visitor.say("Hello?").await;
    // As after four attempts, each of which ended with the process.
    let server = server
        .restart_after(|folder| {
            Database::to_disturb(folder).run("UPDATE turn SET state = 'running', attempts = 4");
        })
        .await;
    let page = Page::new(&server.http, &server.url(), &shop.channel.token);
    let visitor = moved(&visitor, &page).await;
    let mut events = visitor.events().await;
    server.clock.advance(Duration::from_secs(10));
    while events.conversation().messages.len() < 2 {
        events.next().await;
    }
    assert_eq!(events.conversation().messages[1].author, Author::System);
    assert_eq!(provider.requests().len(), 0);
    let reason = shop.owner.moved_to(&server.url()).only_conversation().await.failure;
    assert!(reason.is_some_and(|reason| reason.contains("middle of the answer")));
    // It is about that answer alone.
    visitor.say("Are you there again?").await;
    server.clock.advance(Duration::from_secs(10));
    let answer = events.reply().await;
    assert_eq!(answer.author, Author::Agent { name: "Ada".to_owned() });
    server.stop().await;
}
