//! What answers take is kept, shown to the console and to nobody else.

use std::time::Duration;

use cavuer_protocol::console::{AgentUsage, AnswerUsage, ConsoleEvent};
use cavuer_tests::provider::{Script, ScriptedProvider};
use reqwest::Method;

use crate::support::{Setup, TestServer};

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
