//! What answers take is kept, shown to the console and to nobody else.

use std::time::Duration;

use cavuer_protocol::console::{
    AgentUsage, AnswerUsage, ChannelChanges, ConsoleEvent, DailyLimits, Function,
};
use cavuer_protocol::{Author, ConversationEvent};
use cavuer_tests::provider::{Script, ScriptedProvider};
use reqwest::Method;
use serde_json::json;

use crate::support::{Backend, Setup, Shop, TestServer, in_time};

#[tokio::test]
async fn tokens_time_and_cost_of_an_answer_are_measured() {
    let provider = ScriptedProvider::start().await;
    provider.push(Script::answer("A short answer").with_usage(1_000, 100).hold_after(0));
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/gpt-4.1-mini").await;
    let mut console = shop.owner.events().await;
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    visitor.say("Hello").await;
    provider.wait_until_held(1).await;
    server.clock.advance(Duration::from_millis(1_500));
    provider.release();
    let answer = events.reply().await;

    let conversation = shop.owner.only_conversation().await.id;
    let path = format!("conversations/{conversation}/usage");
    let usage: Vec<AnswerUsage> = shop.owner.get(&path).await;
    let expected = AnswerUsage {
        message_id: answer.id,
        model: "openai/gpt-4.1-mini".to_owned(),
        input_tokens: Some(1_000),
        output_tokens: Some(100),
        first_token_millis: 1_500,
        total_millis: 1_500,
        cost_micros: Some(560),
    };
    assert_eq!(usage, std::slice::from_ref(&expected));
    let measured = ConsoleEvent::AnswerMeasured { conversation, usage: expected };
    console.until(|event| *event == measured).await;
    // The visitor's side is told nothing of it.
    assert!(!format!("{:?}", events.seen).contains("gpt-4.1-mini"));
    server.stop().await;
}

#[tokio::test]
async fn an_agent_s_usage_covers_the_last_days_and_outlives_its_conversations() {
    let provider = ScriptedProvider::start().await;
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/unpriced").await;
    let path = format!("agents/{}/usage", shop.agent.id);
    let usage = async || shop.owner.get::<AgentUsage>(&path).await;
    let none = usage().await;
    assert_eq!((none.answers, none.median_first_token_millis, none.days.len()), (0, None, 30));

    provider.set_standing(Script::answer("Yes.").with_usage(60, 20));
    let visitor = shop.guest().await;
    visitor.ask("One").await;
    visitor.ask("Two").await;
    let two = usage().await;
    assert_eq!((two.answers, two.input_tokens, two.output_tokens), (2, 120, 40));
    assert_eq!((two.cost_micros, two.unpriced_answers), (0, 2));
    assert_eq!(two.days.last().map(|day| day.answers), Some(2));
    assert!(two.days.is_sorted_by_key(|day| day.starts_at));

    let conversation = shop.owner.only_conversation().await.id;
    shop.owner.act(Method::DELETE, &format!("conversations/{conversation}")).await;
    assert_eq!(usage().await, two);
    let linked = "SELECT count(*) FROM answer_usage WHERE conversation_id IS NOT NULL";
    assert_eq!(server.database().number(linked), 0);
    server.stop().await;
}

/// The agent's usage, once its tokens are counted.
async fn once_counted(shop: &Shop, tokens: (u64, u64)) -> AgentUsage {
    let path = format!("agents/{}/usage", shop.agent.id);
    in_time("the count", async {
        loop {
            let usage: AgentUsage = shop.owner.get(&path).await;
            if (usage.input_tokens, usage.output_tokens) == tokens {
                break usage;
            }
        }
    })
    .await
}

#[tokio::test]
async fn what_a_hand_over_took_is_counted_and_is_no_answer() {
    let provider = ScriptedProvider::start().await;
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/gpt-4.1-mini").await;
    let call =
        Script::answer("One moment.").and_call("transfer_to_operator", "{\"reason\": \"x\"}");
    provider.push(call.with_usage(1_000, 100));
    shop.guest().await.ask("A refund").await;
    // At once: whoever asks next must not slip past a limit.
    let usage: AgentUsage = shop.owner.get(&format!("agents/{}/usage", shop.agent.id)).await;
    assert_eq!((usage.input_tokens, usage.output_tokens), (1_000, 100));
    assert_eq!((usage.answers, usage.cost_micros), (0, 560));
    server.stop().await;
}

#[tokio::test]
async fn what_failed_attempts_took_is_counted_beside_the_answer() {
    let provider = ScriptedProvider::start().await;
    let backend = Backend::start().await;
    let mut setup = Setup::default().with_provider(&provider);
    setup.raw.function_hosts = Some(backend.host());
    let server = setup.start().await;
    let shop = server.shop_with("openai/test").await;
    let function = json!({
        "name": "look_up", "description": "Looks it up.", "parameters": r#"{"type": "object"}"#,
        "method": "get", "address": backend.url("/"), "headers": [], "timeout_seconds": 5,
        "enabled": true,
    });
    let path = format!("agents/{}/functions", shop.agent.id);
    shop.owner.post::<Function>(&path, &function).await;
    // The first round of the first attempt is paid for, the second refused.
    provider.push(Script::call("look_up", "{}").with_usage(50, 5));
    provider.push(Script::status(500));
    provider.push(Script::answer("Done.").with_usage(70, 2));
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    visitor.say("Look").await;
    provider.wait_for_requests(2).await;
    once_counted(&shop, (50, 5)).await;
    for _ in 0..2 {
        let start =
            |event: &ConversationEvent| matches!(event, ConversationEvent::AnswerStarted { .. });
        events.until(start).await;
    }
    server.clock.advance(Duration::from_secs(5));
    events.reply().await;
    let usage = once_counted(&shop, (120, 7)).await;
    assert_eq!(usage.answers, 1);
    server.stop().await;
}

#[tokio::test]
async fn an_answer_that_nobody_wants_any_more_is_paid_for_and_uses_the_day_up() {
    let provider = ScriptedProvider::start().await;
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let limits = DailyLimits { tokens: Some(1), ..Default::default() };
    let changes = ChannelChanges { limits: Some(limits), ..Default::default() };
    shop.owner.change_channel(shop.channel.id, &changes).await;
    provider.push(Script::pieces(["twelve bytes", " more"]).hold_after(1));
    let visitor = shop.guest().await;
    let mut events = visitor.events().await;
    visitor.say(&"q".repeat(400)).await;
    events.until(|event| matches!(event, ConversationEvent::AnswerDelta { .. })).await;
    let conversation = shop.owner.only_conversation().await.id;
    shop.owner.take_over(conversation).await;
    // No provider tells what a stream cost that it was cut off from: a token for four bytes.
    let usage = once_counted(&shop, (100, 3)).await;
    assert_eq!(usage.answers, 0);
    let asked = provider.requests().len();
    let other = shop.guest().await.ask("And me?").await;
    assert_eq!(other.author, Author::System, "{other:?}");
    assert_eq!(provider.requests().len(), asked);
    server.stop().await;
}

#[tokio::test]
async fn the_built_in_answerer_costs_nothing() {
    let server = TestServer::start().await;
    let shop = server.shop().await;
    shop.guest().await.ask("Hello").await;
    let conversation = shop.owner.only_conversation().await.id;
    let usage: Vec<AnswerUsage> =
        shop.owner.get(&format!("conversations/{conversation}/usage")).await;
    assert_eq!((usage[0].cost_micros, usage[0].input_tokens), (Some(0), None));
    server.stop().await;
}
