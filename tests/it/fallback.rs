//! What agents do when a model does not answer: less of the conversation, then another model.

use cavuer_models::Timeouts;
use cavuer_protocol::Author;
use cavuer_protocol::console::{AgentChanges, ProviderList};
use cavuer_tests::provider::{Ending, Script, ScriptedProvider};

use crate::support::{Setup, Shop, TestServer};

/// Two protocols of one scripted provider, so that the path of a request tells who was asked.
const MODEL: &str = "openai/test";
const FALLBACK: &str = "anthropic/test";

/// A shop whose agent has a fallback.
async fn shop(server: &TestServer) -> Shop {
    let shop = server.shop_with(MODEL).await;
    let fallback_model = Some(Some(FALLBACK.to_owned()));
    let changes = AgentChanges { fallback_model, ..Default::default() };
    shop.owner.change_agent(shop.agent.id, &changes).await;
    shop
}

fn asked(provider: &ScriptedProvider) -> Vec<&'static str> {
    let path = |path: &str| if path.contains("messages") { FALLBACK } else { MODEL };
    provider.requests().iter().map(|request| path(&request.path)).collect()
}

#[tokio::test]
async fn the_fallback_answers_at_once_where_waiting_would_not_help() {
    for script in [
        Script::status(401),
        Script::status(403),
        Script::status(404),
        Script::status(400),
        Script::status(429).with_error("insufficient_quota", "no credit"),
        Script::status(429).with_header("retry-after", "30"),
        Script::pieces(["half "]).ending_after(1, Ending::FinishedBy("content_filter".to_owned())),
    ] {
        let provider = ScriptedProvider::start().await;
        let server = Setup::default().with_provider(&provider).start().await;
        let shop = shop(&server).await;
        provider.push(script.clone());
        provider.push(Script::answer("From the fallback."));
        // The clock stands still, so nothing has waited.
        let answer = shop.guest().await.ask("Hello?").await;
        assert_eq!(answer.text, "From the fallback.", "{script:?}");
        assert_eq!(asked(&provider), [MODEL, FALLBACK], "{script:?}");
        assert_eq!(shop.owner.only_conversation().await.failure, None);
        // The owner learns of it all the same.
        let list: ProviderList = shop.owner.get("providers").await;
        let failures: Vec<_> =
            list.environment.iter().map(|provider| provider.last_failure.is_some()).collect();
        assert_eq!(failures, [true, false], "{script:?}");
        server.stop().await;
    }
}

#[tokio::test]
async fn a_model_that_stalls_gives_way_to_the_fallback() {
    let provider = ScriptedProvider::start().await;
    let short = std::time::Duration::from_millis(200);
    let timeouts = Timeouts { first_token: short, gap: short, ..Timeouts::default() };
    let server = Setup { timeouts, ..Setup::default() }.with_provider(&provider).start().await;
    let shop = shop(&server).await;
    for script in [Script::silence(), Script::pieces(["one "]).ending_after(1, Ending::Stalled)] {
        provider.push(script);
        provider.push(Script::answer("From the fallback."));
        assert_eq!(shop.guest().await.ask("Hello?").await.text, "From the fallback.");
    }
    server.stop().await;
}

#[tokio::test]
async fn what_passes_quickly_is_tried_once_more_before_the_fallback() {
    let provider = ScriptedProvider::start().await;
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = shop(&server).await;
    for script in [Script::status(500), Script::status(529), Script::status(429)] {
        let before = provider.requests().len();
        provider.push(script.clone());
        provider.push(script);
        provider.push(Script::answer("From the fallback."));
        let visitor = shop.guest().await;
        let mut events = visitor.events().await;
        visitor.say("Hello?").await;
        assert_eq!(events.reply_in_time(&server.clock).await.text, "From the fallback.");
        assert_eq!(asked(&provider)[before..], [MODEL, MODEL, FALLBACK]);
    }
    server.stop().await;
}

#[tokio::test]
async fn when_both_fail_for_good_the_visitor_and_the_owner_are_told() {
    let provider = ScriptedProvider::start().await;
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = shop(&server).await;
    provider.push(Script::status(401));
    provider.push(Script::status(404));
    let line = shop.guest().await.ask("Hello?").await;
    assert_eq!(line.author, Author::System);
    assert_eq!(asked(&provider), [MODEL, FALLBACK]);
    let failure = shop.owner.only_conversation().await.failure.expect("a reason");
    assert!(failure.contains("OpenAI refused the key"), "{failure}");
    assert!(failure.contains("The fallback model failed too: Anthropic"), "{failure}");
    server.stop().await;
}

#[tokio::test]
async fn a_fallback_is_not_asked_without_need() {
    let provider = ScriptedProvider::start().await;
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = shop(&server).await;
    shop.guest().await.ask("Hello?").await;
    assert_eq!(asked(&provider), [MODEL]);
    // A fallback that is the model itself is none.
    let same = Some(Some(MODEL.to_owned()));
    let changes = AgentChanges { fallback_model: same, ..Default::default() };
    shop.owner.change_agent(shop.agent.id, &changes).await;
    provider.set_standing(Script::status(401));
    shop.guest().await.ask("Hello?").await;
    assert_eq!(asked(&provider), [MODEL, MODEL]);
    server.stop().await;
}

#[tokio::test]
async fn a_conversation_that_is_too_long_is_shortened() {
    let provider = ScriptedProvider::start().await;
    let server = Setup::default().with_provider(&provider).start().await;
    let shop = server.shop_with(MODEL).await;
    let visitor = shop.guest().await;
    for question in ["First", "Second", "Third"] {
        visitor.ask(question).await;
    }
    let before = provider.requests().len();
    let too_long = || Script::status(400).with_error("context_length_exceeded", "too long");
    provider.push(too_long());
    provider.push(too_long());
    provider.push(Script::answer("Short enough."));
    assert_eq!(visitor.ask("Fourth").await.text, "Short enough.");
    let sent: Vec<_> =
        provider.requests()[before..].iter().map(|request| request.texts()).collect();
    let [whole, half, quarter] = sent.as_slice() else { panic!("{sent:#?}") };
    assert!(whole.len() > half.len() && half.len() > quarter.len(), "{sent:#?}");
    for texts in [whole, half, quarter] {
        assert_eq!(texts.last().map(String::as_str), Some("Fourth"));
    }
    assert!(whole[0].contains("First") && !half[0].contains("First"), "{sent:#?}");

    // What was said before the model noticed is not said twice.
    let noticed = Ending::Error("context_length_exceeded".to_owned());
    provider.push(Script::pieces(["Half "]).ending_after(1, noticed));
    provider.push(Script::answer("Whole."));
    assert_eq!(visitor.ask("Again").await.text, "Whole.");

    // It ends, however short a model's memory is.
    provider.set_standing(too_long());
    let line = visitor.ask("Fifth").await;
    assert_eq!(line.author, Author::System);
    assert!(provider.requests().len() < before + 22);
    let failure = shop.owner.only_conversation().await.failure.expect("a reason");
    assert!(failure.contains("too long"), "{failure}");
    server.stop().await;
}
