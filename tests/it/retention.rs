//! Conversations are deleted when their time is over, or when somebody says so, and really.

use std::time::Duration;

use cavuer_protocol::console::{AgentChanges, ConsoleEvent};
use cavuer_protocol::{Conversation, ConversationEvent, ConversationId, ProblemCode};
use cavuer_tests::provider::{Script, ScriptedProvider};
use reqwest::Method;

use crate::support::{EventStream, Reply, Setup, Shop, TestServer, on_disk};

const DAY: u64 = 86_400;

async fn keep_days(shop: &Shop, days: u32) {
    let changes = AgentChanges { retention_days: Some(days), ..Default::default() };
    shop.owner.change_agent(shop.agent.id, &changes).await;
}

async fn removed(console: &mut EventStream<ConsoleEvent>, id: ConversationId) {
    let removed = ConsoleEvent::ConversationRemoved { conversation: id };
    console.until(|event| *event == removed).await;
}

#[tokio::test]
async fn each_agent_keeps_conversations_for_its_own_time_from_the_last_message_on() {
    let server = TestServer::start().await;
    let short = server.shop().await;
    keep_days(&short, 2).await;
    let long = Shop::open(&server.http, &server.url(), "bob", "built-in").await;
    keep_days(&long, 3).await;
    let ever = Shop::open(&server.http, &server.url(), "eve", "built-in").await;
    keep_days(&ever, 0).await;
    let mut console = short.owner.events().await;
    for shop in [&short, &long, &ever] {
        shop.guest().await.ask("Hello").await;
    }
    let quiet = short.owner.only_conversation().await.id;
    let busy = short.guest().await;
    busy.ask("Hello").await;
    server.clock.advance(Duration::from_secs(DAY));
    busy.reloaded().await.ask("A day later").await;

    server.clock.advance(Duration::from_secs(DAY));
    removed(&mut console, quiet).await;
    let left = short.owner.only_conversation().await;
    assert_eq!(left.visitor.id, busy.id());
    assert_eq!(server.database().rows().conversations, 3);

    // The second one's two days are over now, and those of the other shop three; the third shop's
    // never are.
    server.clock.advance(Duration::from_secs(DAY));
    removed(&mut console, left.id).await;
    let rows = server.database().rows();
    assert_eq!((rows.conversations, rows.visitors), (1, 1));
    assert_eq!(ever.owner.conversations().await.len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn a_deleted_conversation_is_gone_from_the_screens_and_from_the_disk() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let visitor = shop.guest().await;
    let words = "The umbrella is aubergine.";
    visitor.ask(words).await;
    let mut events = visitor.events().await;
    let mut console = shop.owner.events().await;
    let id = shop.owner.only_conversation().await.id;
    assert!(on_disk(server.folder(), words));
    assert!(on_disk(server.folder(), visitor.id()));

    let path = format!("conversations/{id}");
    shop.owner.act(Method::DELETE, &path).await;
    removed(&mut console, id).await;
    let empty = ConversationEvent::Snapshot { conversation: Conversation::default() };
    events.until(|event| *event == empty).await;
    assert_eq!(events.conversation(), Conversation::default());
    let again = Reply::to(shop.owner.in_workspace(Method::DELETE, &path)).await;
    again.problem(404, ProblemCode::NotFound);
    assert!(!on_disk(server.folder(), words), "the words are still on the disk");
    assert!(!on_disk(server.folder(), visitor.id()), "the visitor is still on the disk");

    // Who comes back begins anew: a browser that was open goes on, one that returns is a new guest.
    assert_ne!(visitor.reloaded().await.id(), visitor.id());
    visitor.ask("Hello again").await;
    let anew = shop.owner.only_conversation().await;
    assert_ne!(anew.id, id);
    assert_eq!(visitor.conversation().await.messages.len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn an_answer_in_the_making_goes_with_its_conversation() {
    let provider = ScriptedProvider::start().await;
    provider.push(Script::answer("never to be seen").hold_after(2));
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    visitor.say("Hello").await;
    events.first_words().await;
    let id = shop.owner.only_conversation().await.id;
    shop.owner.act(Method::DELETE, &format!("conversations/{id}")).await;
    provider.release();
    let empty = ConversationEvent::Snapshot { conversation: Conversation::default() };
    events.until(|event| *event == empty).await;
    visitor.ask("Are you there?").await;
    assert_eq!(provider.requests()[1].question(), "Are you there?");
    assert!(!provider.requests()[1].body.to_string().contains("never to be seen"));
    assert_eq!(server.database().rows().messages, 2);
    server.stop().await;
}
