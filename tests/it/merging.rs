//! A guest who signs in brings the conversation along, and nobody else's.

use std::time::Duration;

use cavuer_protocol::Secret;
use cavuer_protocol::console::{ChannelChanges, ConsoleEvent};
use cavuer_protocol::widget::GuestCredentials;
use cavuer_protocol::{Conversation, ConversationEvent};
use cavuer_tests::provider::{Script, ScriptedProvider};

use crate::support::{Page, Setup, TestServer};

const JOHN: &str = "john@example.com";

#[tokio::test]
async fn a_guest_who_signs_in_brings_the_conversation_along() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let guest = shop.guest().await;
    guest.ask("Written as a guest").await;
    let listed = shop.owner.only_conversation().await;
    let mut console = shop.owner.events().await;

    let john = shop.user_after(&guest.credentials(), JOHN).await;
    assert_eq!(texts(&john.opened.conversation)[0], "Written as a guest");
    let merged = shop.owner.only_conversation().await;
    assert_eq!(merged.id, listed.id);
    assert_eq!((merged.visitor.id.as_str(), merged.visitor.verified), (JOHN, true));
    console
        .until(|event| {
            matches!(event, ConsoleEvent::ConversationListed { summary } if *summary == merged)
        })
        .await;
    assert_eq!(server.database().rows().visitors, 1);

    // After signing out the browser is a new guest, whatever it still remembers.
    let after = shop.page.open(shop.page.claim(Some(&guest.credentials()), None)).await;
    assert_ne!(after.id(), guest.id());
    assert_eq!(after.opened.conversation, Conversation::default());
    server.stop().await;
}

#[tokio::test]
async fn the_guests_messages_go_to_the_end_of_the_users_own() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let elsewhere = shop.user(JOHN).await;
    elsewhere.ask("First, as John").await;
    let mut tab = elsewhere.events().await;
    tab.next().await;
    let guest = shop.guest().await;
    guest.ask("Second, as a guest").await;
    assert_eq!(shop.owner.conversations().await.len(), 2);
    let mut console = shop.owner.events().await;

    let john = shop.user_after(&guest.credentials(), JOHN).await;
    let texts = texts(&john.opened.conversation);
    assert_eq!(
        (texts.len(), texts[0].as_str(), texts[2].as_str()),
        (4, "First, as John", "Second, as a guest")
    );
    let left = shop.owner.only_conversation().await;
    console
        .until(|event| {
            matches!(event, ConsoleEvent::ConversationRemoved { conversation } if *conversation != left.id)
        })
        .await;
    // The other browser's open tab has it too.
    tab.until(|event| matches!(event, ConversationEvent::Snapshot { .. })).await;
    assert_eq!(tab.conversation().messages, john.opened.conversation.messages);
    server.stop().await;
}

#[tokio::test]
async fn a_channel_may_keep_them_apart() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let apart = ChannelChanges { merge_guests: Some(false), ..Default::default() };
    shop.owner.change_channel(shop.channel.id, &apart).await;
    let guest = shop.guest().await;
    guest.ask("Written as a guest").await;
    let john = shop.user_after(&guest.credentials(), JOHN).await;
    assert_eq!(john.opened.conversation, Conversation::default());
    assert_eq!(guest.conversation().await.messages.len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn only_who_holds_the_guests_key_brings_anything_along() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    let guest = shop.guest().await;
    guest.ask("A secret of mine").await;
    let other_channel = shop.owner.add_channel(shop.agent.id, &["shop.example"]).await;
    let other_page = Page::new(&server.http, &server.url(), &other_channel.token);
    let stranger = other_page.guest().await;
    stranger.ask("On the other channel").await;
    let rows = server.database().rows();

    let wrong_key = GuestCredentials { key: "wrong".into(), ..guest.credentials() };
    let no_key = GuestCredentials { key: Secret::default(), ..guest.credentials() };
    for forged in [wrong_key, no_key, stranger.credentials()] {
        let john = shop.user_after(&forged, JOHN).await;
        assert_eq!(john.opened.conversation, Conversation::default(), "{forged:?}");
    }
    // The key without a proof of who signs in is no better.
    let mut claim = shop.claim(JOHN);
    claim.hash = None;
    let asked = shop.page.claim(Some(&guest.credentials()), Some(claim));
    assert_eq!(shop.page.try_open(&asked).await.status, 403);
    assert_eq!(server.database().rows(), rows);
    assert_eq!(guest.conversation().await.messages.len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn an_answer_in_the_making_reaches_the_user() {
    let provider = ScriptedProvider::start().await;
    provider.push(Script::answer("one two three").hold_after(1));
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let guest = shop.guest().await;
    let mut old_tab = guest.events().await;
    guest.say("Hello?").await;
    old_tab.first_words().await;

    let john = shop.user_after(&guest.credentials(), JOHN).await;
    let mut events = john.events().await;
    provider.release();
    assert_eq!(events.reply().await.text, "one two three");
    // The tab that is still the guest's does not show "typing" for ever.
    old_tab.until(|event| matches!(event, ConversationEvent::AnswerEnded { .. })).await;
    assert_eq!(old_tab.conversation().draft, None);
    assert_eq!(provider.requests().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn what_both_asked_is_answered_by_one_answer() {
    let provider = ScriptedProvider::start().await;
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let delay =
        cavuer_protocol::console::AgentChanges { response_delay: Some(10), ..Default::default() };
    shop.owner.change_agent(shop.agent.id, &delay).await;
    let (elsewhere, guest) = (shop.user(JOHN).await, shop.guest().await);
    elsewhere.say("As John").await;
    guest.say("As a guest").await;
    let john = shop.user_after(&guest.credentials(), JOHN).await;
    let mut events = john.events().await;
    server.clock.advance(Duration::from_secs(60));
    events.reply().await;
    assert_eq!(provider.requests().len(), 1);
    assert_eq!(provider.requests()[0].question(), "As John\nAs a guest");
    assert_eq!(john.conversation().await.messages.len(), 3);
    server.stop().await;
}

fn texts(conversation: &Conversation) -> Vec<String> {
    conversation.messages.iter().map(|message| message.text.clone()).collect()
}

#[tokio::test]
async fn a_guest_who_waits_for_a_person_waits_on_as_the_user() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    shop.user(JOHN).await.ask("Are you open on Saturday?").await;
    let guest = shop.guest().await;
    guest.ask("Can I talk to a human?").await;
    let wanted = |list: Vec<cavuer_protocol::console::ConversationSummary>| {
        list.into_iter().filter_map(|line| line.person_wanted).collect::<Vec<_>>()
    };
    let before = wanted(shop.owner.conversations().await);

    let john = shop.user_after(&guest.credentials(), JOHN).await;
    let list = shop.owner.conversations().await;
    assert_eq!((list.len(), list[0].visitor.id.as_str()), (1, JOHN));
    assert_eq!(wanted(list), before);
    // The time runs on, and its end is told in the user's conversation.
    let mut events = john.events().await;
    server.clock.advance(Duration::from_secs(180));
    assert!(events.reply().await.text.starts_with("Nobody is free right now."));
    server.stop().await;
}
