//! The playground answers under settings that are not saved, shows how, and keeps nothing.

use std::time::Duration;

use cavuer_http::limits::{Rate, Rates};
use cavuer_protocol::console::{
    Agent, AgentChanges, AgentUsage, AskPlayground, Function, HandOver, PlaygroundAnswer,
    PlaygroundMessage, PlaygroundOutcome, PlaygroundRole,
};
use cavuer_protocol::{ArticleId, ProblemCode};
use cavuer_tests::provider::{Script, ScriptedProvider};
use reqwest::Method;
use serde_json::json;

use crate::support::{Backend, Reply, Setup, Shop, TestServer};

const DELIVERY: &str = "Standard delivery costs 4.90 € and takes two days.";

fn question(question: &str, settings: AgentChanges) -> AskPlayground {
    let (history, question) = (Vec::new(), question.to_owned());
    AskPlayground { settings, history, question, call_functions: false }
}

fn said(by: PlaygroundRole, text: &str) -> PlaygroundMessage {
    PlaygroundMessage { by, text: text.to_owned() }
}

async fn try_to_ask(shop: &Shop, asked: &AskPlayground) -> Reply {
    let path = format!("agents/{}/playground", shop.agent.id);
    Reply::to(shop.owner.in_workspace(Method::POST, &path).json(asked)).await
}

async fn ask(shop: &Shop, asked: &AskPlayground) -> PlaygroundAnswer {
    try_to_ask(shop, asked).await.json()
}

async fn start(provider: &ScriptedProvider) -> (TestServer, Shop) {
    let server = Setup::default().with_provider(provider).start().await;
    let shop = server.shop_with("openai/gpt-4.1-mini").await;
    (server, shop)
}

#[tokio::test]
async fn an_answer_is_made_with_settings_that_stay_unsaved() {
    let provider = ScriptedProvider::start().await;
    let answer = Script::pieces(["It costs ", "4.90 € [", "1]."]).with_usage(1_000, 100);
    provider.push(answer.hold_after(0));
    let (server, shop) = start(&provider).await;
    shop.owner.add_article(shop.agent.id, "Delivery cost", DELIVERY).await;
    let rows = server.database().rows();
    let saved: Agent = shop.owner.get(&format!("agents/{}", shop.agent.id)).await;
    let settings = AgentChanges {
        instruction: Some("Speak like a pirate.".to_owned()),
        temperature: Some(0.25),
        history_messages: Some(2),
        ..Default::default()
    };
    let asked = AskPlayground {
        history: vec![
            said(PlaygroundRole::Visitor, "Long ago"),
            said(PlaygroundRole::Agent, "An old answer"),
            said(PlaygroundRole::Visitor, "Hello"),
            said(PlaygroundRole::Agent, "Ahoy"),
        ],
        ..question("What does delivery cost?", settings)
    };
    let (answer, ()) = tokio::join!(ask(&shop, &asked), async {
        provider.wait_until_held(1).await;
        server.clock.advance(Duration::from_millis(1_500));
        provider.release();
    });

    assert_eq!((answer.text.as_str(), &answer.failure), ("It costs 4.90 €.", &None));
    assert_eq!(answer.sources[0].excerpt, DELIVERY);
    let [passage] = &answer.passages[..] else { panic!("{:?}", answer.passages) };
    assert_eq!((passage.title.as_str(), passage.text.as_str()), ("Delivery cost", DELIVERY));
    assert!(passage.used && passage.score > 0.0, "{passage:?}");
    let usage = &answer.usage;
    assert_eq!(usage.model, "openai/gpt-4.1-mini");
    assert_eq!((usage.input_tokens, usage.output_tokens), (Some(1_000), Some(100)));
    assert_eq!((usage.first_token_millis, usage.total_millis), (1_500, 1_500));
    assert_eq!(usage.cost_micros, Some(560));

    // The prompt that is shown is the one that was sent.
    let [request] = &provider.requests()[..] else { panic!("one request") };
    let prompt = answer.prompt.expect("a prompt");
    assert_eq!(prompt.system, request.system());
    assert!(prompt.system.contains("Speak like a pirate."), "{}", prompt.system);
    let shown = prompt.messages.iter().map(|message| message.text.clone()).collect::<Vec<_>>();
    assert_eq!(shown, request.texts());
    assert_eq!(shown, ["Hello", "Ahoy", "What does delivery cost?"]);
    assert_eq!(request.body["temperature"], 0.25);

    // Nothing of it is left.
    assert_eq!(server.database().rows(), rows);
    assert_eq!(shop.owner.conversations().await, []);
    let usage: AgentUsage = shop.owner.get(&format!("agents/{}/usage", shop.agent.id)).await;
    assert_eq!(usage.answers, 0);
    assert_eq!(shop.owner.get::<Agent>(&format!("agents/{}", shop.agent.id)).await, saved);
    server.stop().await;
}

#[tokio::test]
async fn articles_can_be_tried_before_they_are_linked() {
    let provider = ScriptedProvider::start().await;
    let (server, shop) = start(&provider).await;
    let linked = shop.owner.add_article(shop.agent.id, "Delivery cost", DELIVERY).await;
    let other = shop.owner.add_agent("Bea", "built-in").await;
    let unlinked = shop.owner.add_article(other.id, "Delivery cost abroad", "It costs 9 €.").await;
    let mut both = vec![linked, unlinked];
    both.sort();
    let found = async |articles: Option<Vec<ArticleId>>| {
        let settings = AgentChanges { articles, ..Default::default() };
        let answer = ask(&shop, &question("What does delivery cost?", settings)).await;
        let mut found: Vec<_> = answer.passages.iter().map(|passage| passage.article).collect();
        found.sort();
        found
    };
    assert_eq!(found(None).await, [linked]);
    assert_eq!(found(Some(vec![unlinked])).await, [unlinked]);
    assert_eq!(found(Some(both.clone())).await, both);
    assert_eq!(found(Some(vec![])).await, []);
    assert_eq!(found(None).await, [linked]);

    // Another workspace's articles are none.
    let stranger = Shop::open(&server.http, &server.url(), "ben", "built-in").await;
    let theirs = stranger.owner.add_article(stranger.agent.id, "Delivery cost", DELIVERY).await;
    let settings = AgentChanges { articles: Some(vec![linked, theirs]), ..Default::default() };
    let refused = try_to_ask(&shop, &question("Delivery?", settings)).await;
    let problem = refused.problem(422, ProblemCode::ValidationFailed);
    assert_eq!(problem.fields[0].field, "articles[1]");
    server.stop().await;
}

#[tokio::test]
async fn settings_are_checked_as_when_they_are_saved() {
    let provider = ScriptedProvider::start().await;
    let (server, shop) = start(&provider).await;
    let settings = AgentChanges {
        name: Some(" ".to_owned()),
        model: Some("no such model".to_owned()),
        temperature: Some(2.0),
        max_passages: Some(0),
        ..Default::default()
    };
    let path = format!("agents/{}", shop.agent.id);
    let save = shop.owner.in_workspace(Method::PATCH, &path).json(&settings);
    let saving = Reply::to(save).await.problem(422, ProblemCode::ValidationFailed);
    let refused = try_to_ask(&shop, &question("Hello?", settings)).await;
    let problem = refused.problem(422, ProblemCode::ValidationFailed);
    assert_eq!(problem.fields, saving.fields);
    assert_eq!(problem.fields.len(), 4);

    let long = question(&"a".repeat(4_001), AgentChanges::default());
    let much = vec![said(PlaygroundRole::Visitor, "Hello"); 101];
    let much = AskPlayground { history: much, ..question("Hello?", AgentChanges::default()) };
    let vast = vec![said(PlaygroundRole::Agent, &"a".repeat(50_000)); 5];
    let vast = AskPlayground { history: vast, ..question("Hello?", AgentChanges::default()) };
    let blank = question(" ", AgentChanges::default());
    for (asked, field) in
        [(long, "question"), (blank, "question"), (much, "history"), (vast, "history")]
    {
        let problem = try_to_ask(&shop, &asked).await.problem(422, ProblemCode::ValidationFailed);
        assert_eq!(problem.fields[0].field, field);
    }
    assert_eq!(provider.requests().len(), 0);
    server.stop().await;
}

#[tokio::test]
async fn a_model_that_fails_says_why_and_its_fallback_answers() {
    let provider = ScriptedProvider::start().await;
    let (server, shop) = start(&provider).await;
    provider.push(Script::status(401));
    let alone = ask(&shop, &question("Hello?", AgentChanges::default())).await;
    let failure = alone.failure.expect("a reason");
    assert!(failure.contains("CAVUER_OPENAI_API_KEY"), "{failure}");
    assert_eq!((alone.text.as_str(), alone.sources.len()), ("", 0));
    assert!(alone.prompt.is_some());

    provider.push(Script::status(500));
    let settings =
        AgentChanges { fallback_model: Some(Some("built-in".to_owned())), ..Default::default() };
    let both = ask(&shop, &question("Hello", settings)).await;
    assert_eq!((&both.failure, both.usage.model.as_str()), (&None, "built-in"));
    assert!(!both.text.is_empty());
    assert!(both.fallback_reason.is_some(), "{both:?}");
    assert_eq!(both.prompt, None);
    server.stop().await;
}

#[tokio::test]
async fn functions_are_called_only_if_that_is_wanted() {
    let provider = ScriptedProvider::start().await;
    let backend = Backend::start().await;
    let mut setup = Setup::default().with_provider(&provider);
    setup.raw.function_hosts = Some(backend.host());
    let server = setup.start().await;
    let shop = server.shop_with("openai/test").await;
    let function = json!({
        "name": "order_status",
        "description": "Looks an order up.",
        "parameters": r#"{"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"]}"#,
        "method": "get",
        "address": backend.url("/orders/{id}"),
        "headers": [],
        "timeout_seconds": 5,
        "enabled": true,
    });
    let path = format!("agents/{}/functions", shop.agent.id);
    let saved: Function = shop.owner.post(&path, &function).await;
    let mut asked = question("Where is order 7?", AgentChanges::default());
    let script = |arguments: &str| {
        provider.push(Script::call("order_status", arguments));
        provider.push(Script::answer("It is on its way."));
    };

    script(r#"{"id": 7}"#);
    let answer = ask(&shop, &asked).await;
    let [call] = &answer.calls[..] else { panic!("{:?}", answer.calls) };
    assert_eq!((call.name.as_str(), call.arguments.as_str()), ("order_status", r#"{"id": 7}"#));
    assert_eq!(call.outcome, PlaygroundOutcome::Withheld);
    assert_eq!(answer.text, "It is on its way.");
    assert!(provider.requests()[1].tool_results()[0].content.contains("was not called"));
    assert_eq!(backend.received().len(), 0);

    asked.call_functions = true;
    script(r#"{"id": 7}"#);
    let answer = ask(&shop, &asked).await;
    assert_eq!(answer.calls[0].outcome, PlaygroundOutcome::Done);
    assert!(answer.calls[0].result.contains("shipped"), "{:?}", answer.calls);
    assert_eq!(backend.received()[0].target, "/orders/7");

    script(r#"{"id": "seven"}"#);
    let answer = ask(&shop, &asked).await;
    assert_eq!(answer.calls[0].outcome, PlaygroundOutcome::Refused);
    assert_eq!(backend.received().len(), 1);
    assert_eq!(server.database().number("SELECT count(*) FROM function_call"), 0);

    // One that is off is not offered here either.
    let mut off = function;
    off["enabled"] = json!(false);
    let path = format!("{path}/{}", saved.id);
    Reply::to(shop.owner.in_workspace(Method::PUT, &path).json(&off)).await.json::<Function>();
    ask(&shop, &asked).await;
    let tools = provider.requests().pop().expect("a request").tools();
    assert!(!tools.contains(&"order_status".to_owned()), "{tools:?}");
    server.stop().await;
}

#[tokio::test]
async fn a_hand_over_is_told_and_calls_nobody() {
    let provider = ScriptedProvider::start().await;
    let (server, shop) = start(&provider).await;
    let path = format!("agents/{}/hand-over", shop.agent.id);
    let wanted = HandOver { enabled: true, wait_seconds: 60, hours: None };
    Reply::to(shop.owner.in_workspace(Method::PUT, &path).json(&wanted)).await.json::<HandOver>();
    provider.push(Script::call("transfer_to_operator", r#"{"reason": "Wants a refund"}"#));
    let answer = ask(&shop, &question("A person, now", AgentChanges::default())).await;
    assert_eq!(answer.person_wanted.as_deref(), Some("Wants a refund"));
    assert_eq!(answer.failure, None);
    assert_eq!(server.database().number("SELECT count(*) FROM person_wanted"), 0);
    server.stop().await;
}

#[tokio::test]
async fn others_cannot_ask_and_nobody_can_ask_without_end() {
    let provider = ScriptedProvider::start().await;
    let rate = Rate { burst: 2, per_minute: 6 };
    let rates = Rates { playground_questions: rate, ..Rates::unlimited() };
    let setup = Setup { rates, ..Setup::default() };
    let server = setup.with_provider(&provider).start().await;
    let shop = server.shop_with("openai/test").await;
    let asked = question("Hello?", AgentChanges::default());

    let stranger = server.owner("ben").await;
    let path = format!("agents/{}/playground", shop.agent.id);
    // However often: an agent of somebody else's is told from none by nothing.
    for _ in 0..3 {
        let theirs = stranger.in_workspace(Method::POST, &path).json(&asked);
        Reply::to(theirs).await.problem(404, ProblemCode::NotFound);
    }
    let address = format!("/api/console/v1/workspaces/{}/{path}", shop.owner.workspace);
    let elsewhere = server.request(Method::POST, &address).json(&asked);
    let elsewhere =
        elsewhere.header("cookie", &shop.owner.cookie).header("origin", "https://evil.example");
    Reply::to(elsewhere).await.problem(403, ProblemCode::OriginRefused);
    assert_eq!(provider.requests().len(), 0);

    ask(&shop, &asked).await;
    ask(&shop, &asked).await;
    let refused = try_to_ask(&shop, &asked).await;
    refused.problem(429, ProblemCode::RateLimited);
    assert!(refused.header("retry-after").is_some());
    // The limit is one of its own: visitors are answered as before.
    shop.guest().await.ask("Hello?").await;
    server.clock.advance(Duration::from_secs(10));
    ask(&shop, &asked).await;
    server.stop().await;
}
