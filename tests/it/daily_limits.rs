//! Once a channel's or a visitor's day is used up, no model is asked until the next one.

use std::time::Duration;

use cavuer_base::texts;
use cavuer_protocol::console::{ChannelChanges, DailyLimits};
use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{Author, Message};
use cavuer_tests::provider::{Script, ScriptedProvider};

use crate::support::{Setup, Shop, TestServer, message_id};

const DAY: Duration = Duration::from_secs(86_400);

async fn shop_with(limits: DailyLimits) -> (ScriptedProvider, TestServer, Shop) {
    let provider = ScriptedProvider::start().await;
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let changes = ChannelChanges { limits: Some(limits), ..Default::default() };
    let channel = shop.owner.change_channel(shop.channel.id, &changes).await;
    assert_eq!(channel.limits, limits);
    (provider, server, shop)
}

fn is_the_line(message: &Message, language: &str) -> bool {
    message.author == Author::System
        && message.text == texts::for_language(language).lines.limit_reached
}

#[tokio::test]
async fn a_channel_that_has_given_its_answers_asks_no_model_until_the_next_day() {
    let limits = DailyLimits { answers: Some(2), ..Default::default() };
    let (provider, server, shop) = shop_with(limits).await;
    let mut page = shop.page.clone();
    page.languages = "de-AT".to_owned();
    let (first, second) = (shop.guest().await, page.guest().await);
    first.ask("One").await;
    first.ask("Two").await;
    assert!(is_the_line(&first.ask("Three").await, "en"));
    assert!(is_the_line(&second.ask("Vier").await, "de"));
    assert_eq!(provider.requests().len(), 2, "a model was asked beyond the limit");

    // The console says why; a person can answer, and the reason goes with that.
    let flagged = shop.owner.conversations().await;
    for conversation in &flagged {
        let reason = conversation.failure.as_deref().expect("a reason");
        assert!(reason.contains("2 answers") && reason.contains("00:00 UTC"), "{reason}");
    }
    let post = PostMessage::new(message_id(), "I can help.");
    let id = flagged[0].id;
    let _: Message = shop.owner.post(&format!("conversations/{id}/messages"), &post).await;
    shop.owner.hand_back(id).await;
    assert_eq!(shop.owner.conversation(id).await.summary.failure, None);

    server.clock.advance(DAY);
    let answer = first.reloaded().await.ask("Five").await;
    assert!(matches!(answer.author, Author::Agent { .. }), "{answer:?}");
    assert_eq!(provider.requests().len(), 3);
    server.stop().await;
}

#[tokio::test]
async fn answers_that_are_being_written_count() {
    let limits = DailyLimits { answers: Some(1), ..Default::default() };
    let (provider, server, shop) = shop_with(limits).await;
    provider.push(Script::answer("slow answer").hold_after(1));
    let (first, second) = (shop.guest().await, shop.guest().await);
    let mut events = first.events().await;
    first.say("One").await;
    provider.wait_until_held(1).await;
    assert!(is_the_line(&second.ask("Two").await, "en"));
    provider.release();
    assert_eq!(events.reply().await.text, "slow answer");
    assert_eq!(provider.requests().len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn tokens_are_counted_in_both_directions() {
    let limits = DailyLimits { tokens: Some(150), ..Default::default() };
    let (provider, server, shop) = shop_with(limits).await;
    provider.set_standing(Script::answer("Yes.").with_usage(60, 20));
    let visitor = shop.guest().await;
    // 80 of 150, then 160: the answer that goes beyond is finished.
    assert_eq!(visitor.ask("One").await.text, "Yes.");
    assert_eq!(visitor.ask("Two").await.text, "Yes.");
    assert!(is_the_line(&visitor.ask("Three").await, "en"));
    assert_eq!(provider.requests().len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn one_visitor_does_not_use_up_the_day_of_another() {
    let limits = DailyLimits { visitor_answers: Some(1), ..Default::default() };
    let (provider, server, shop) = shop_with(limits).await;
    let (first, second) = (shop.guest().await, shop.guest().await);
    first.ask("One").await;
    assert!(is_the_line(&first.ask("Two").await, "en"));
    assert!(matches!(second.ask("Three").await.author, Author::Agent { .. }));
    assert_eq!(provider.requests().len(), 2);
    // What a guest had before signing in counts for the user.
    let user = shop.user_after(&second.credentials(), "john").await;
    assert!(is_the_line(&user.ask("Four").await, "en"));
    assert_eq!(provider.requests().len(), 2);
    server.stop().await;
}

#[tokio::test]
async fn a_failed_answer_uses_nothing_up() {
    let limits = DailyLimits { answers: Some(1), ..Default::default() };
    let (provider, server, shop) = shop_with(limits).await;
    provider.push(Script::status(401));
    let visitor = shop.guest().await;
    assert!(!is_the_line(&visitor.ask("One").await, "en"));
    assert!(matches!(visitor.ask("Two").await.author, Author::Agent { .. }));
    server.stop().await;
}
