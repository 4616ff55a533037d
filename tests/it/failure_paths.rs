//! Every way in which a provider can fail, over a whole turn: what passes is tried again and the
//! visitor gets an answer; what stays ends in one friendly line and a reason in the console.

use std::time::Duration;

use cavuer_models::Timeouts;
use cavuer_protocol::{Author, Message};
use cavuer_tests::provider::{Ending, Script, ScriptedProvider};

use crate::support::{Setup, Shop, TestServer, Visitor};

const MODELS: [&str; 2] = ["openai/test", "anthropic/test"];
/// Short enough to wait for, long enough for a busy machine.
const SHORT: Duration = Duration::from_millis(300);
/// What a provider says about its own inside, which no visitor may read.
const INSIDE: &str = "internal shard 7";

/// A failure and what the owner reads about it.
struct Case {
    script: Script,
    reason: &'static str,
}

fn case(script: Script, reason: &'static str) -> Case {
    Case { script, reason }
}

fn broken_off(ending: Ending) -> Script {
    Script::answer("half an answer").ending_after(2, ending)
}

/// What may pass with time.
fn passing() -> Vec<Case> {
    let error = |status| Script::status(status).with_error("api_error", INSIDE);
    let limited = || Script::status(429).with_error("rate_limit_error", INSIDE);
    vec![
        case(Script::silence(), "took too long"),
        case(broken_off(Ending::Stalled), "took too long"),
        case(broken_off(Ending::Cut), "broke in the middle"),
        case(broken_off(Ending::EndedEarly), "broke in the middle"),
        case(broken_off(Ending::Malformed), "is not an answer"),
        case(broken_off(Ending::Error("overloaded_error".to_owned())), "is overloaded"),
        case(Script::page("application/json", "{\"choices\": [{"), "is not an answer"),
        case(Script::page("text/html", "<h1>Welcome</h1>"), "is not an answer"),
        case(Script::empty(), "sent an empty answer"),
        case(limited(), "limits how often"),
        case(limited().with_header("retry-after", "3"), "limits how often"),
        case(error(500), "is overloaded"),
        case(error(503), "is overloaded"),
        case(error(529), "is overloaded"),
    ]
}

/// What no waiting mends.
fn lasting() -> Vec<Case> {
    let error = |status, kind| Script::status(status).with_error(kind, INSIDE);
    vec![
        case(error(401, "authentication_error"), "refused the key"),
        case(error(403, "permission_error"), "does not let this key"),
        case(error(404, "not_found_error"), "does not know this model"),
        case(error(429, "insufficient_quota"), "no credit left"),
        case(error(400, "invalid_request_error"), "rejected the request with status 400"),
        case(
            Script::status(400).with_error("context_length_exceeded", "prompt is too long"),
            "too long for this model",
        ),
    ]
}

/// How each protocol marks an answer that the model would not give.
fn declined(model: &str) -> Script {
    let mark = if model.starts_with("openai") { "content_filter" } else { "refusal" };
    broken_off(Ending::FinishedBy(mark.to_owned()))
}

async fn start(provider: &ScriptedProvider) -> TestServer {
    let timeouts = Timeouts { first_token: SHORT, gap: SHORT, ..Timeouts::default() };
    Setup { timeouts, ..Setup::default() }.with_provider(provider).start().await
}

/// Asks, and lets the server's time pass until somebody replies.
async fn reply(server: &TestServer, visitor: &Visitor) -> Message {
    let mut events = visitor.events().await;
    visitor.say("Hello?").await;
    events.reply_in_time(&server.clock).await
}

/// What the console says about the visitor's conversation.
async fn reason(shop: &Shop, visitor: &Visitor) -> Option<String> {
    let of_all = shop.owner.conversations().await;
    let own = of_all.into_iter().find(|summary| summary.visitor.id == visitor.id());
    own.expect("it is there").failure
}

#[tokio::test]
async fn what_passes_ends_in_an_answer() {
    for model in MODELS {
        let provider = ScriptedProvider::start().await;
        let server = start(&provider).await;
        let shop = server.shop_with(model).await;
        for Case { script, .. } in passing() {
            let before = provider.requests().len();
            provider.push(script.clone());
            provider.push(Script::answer("The whole answer."));
            let visitor = shop.guest().await;
            let answer = reply(&server, &visitor).await;
            assert_eq!(answer.text, "The whole answer.", "{model}: {script:?}");
            assert_eq!(provider.requests().len(), before + 2, "{model}: {script:?}");
            let conversation = visitor.conversation().await;
            assert_eq!(conversation.messages.len(), 2, "{model}: {script:?}");
            assert_eq!(reason(&shop, &visitor).await, None, "{model}: {script:?}");
        }
        server.stop().await;
    }
}

#[tokio::test]
async fn what_stays_is_told_to_the_visitor_and_explained_to_the_owner() {
    for model in MODELS {
        let provider = ScriptedProvider::start().await;
        let server = start(&provider).await;
        let shop = server.shop_with(model).await;
        let refused = case(declined(model), "declined to answer");
        let lasting = lasting().into_iter().chain([refused]).map(|case| (case, 1));
        let cases = passing().into_iter().map(|case| (case, 4)).chain(lasting);
        for (Case { script, reason: words }, attempts) in cases {
            let before = provider.requests().len();
            provider.set_standing(script.clone());
            let visitor = shop.guest().await;
            let line = reply(&server, &visitor).await;
            assert_eq!(line.author, Author::System, "{model}: {script:?}");
            let asked = provider.requests().len() - before;
            assert_eq!(asked, attempts, "{model}: {script:?}");
            let conversation = visitor.conversation().await;
            let reason = reason(&shop, &visitor).await.expect("a reason");
            assert!(reason.contains(words), "{model}: {script:?}: {reason}");
            // The visitor reads neither the reason nor half an answer, nor is anything typing.
            let shown: Vec<_> = conversation.messages.iter().map(|m| m.text.as_str()).collect();
            let friendly = &cavuer_base::texts::for_language("en").texts.answer_failed;
            assert_eq!(shown, ["Hello?", friendly], "{model}: {script:?}");
            assert_eq!(conversation.draft, None, "{model}: {script:?}");
        }
        server.stop().await;
    }
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_a_failure_like_any_other() {
    let server = Setup::default().with_provider_at("http://no-such-host.invalid").start().await;
    let shop = server.shop_with("openai/test").await;
    let visitor = shop.guest().await;
    assert_eq!(reply(&server, &visitor).await.author, Author::System);
    let reason = reason(&shop, &visitor).await.expect("a reason");
    assert!(reason.contains("could not be reached"), "{reason}");
    server.stop().await;
}
