//! The providers' protocols against the scripted provider.
//!
//! Long because every wire format goes through the same tests.

use std::sync::Arc;
use std::time::Duration;

use cavuer_models::protocols::anthropic::Anthropic;
use cavuer_models::protocols::azure::Azure;
use cavuer_models::protocols::compatible::Compatible;
use cavuer_models::protocols::google::Google;
use cavuer_models::protocols::openai::OpenAi;
use cavuer_models::{
    AnsweredCall, Asked, Image, Llm, LlmConfig, LlmError, LlmErrorKind, MAX_ANSWER_CHARS, Models,
    PastMessage, Piece, Prompt, PromptPassage, Protocol, ProviderClient, ProviderConfig, Role,
    Timeouts, Tool, ToolCall, ToolChoice, ToolRound, Usage,
};
use cavuer_protocol::ProviderId;
use cavuer_tests::provider::{Ending, Script, ScriptedProvider};
use futures::StreamExt;
use futures::stream::BoxStream;
use serde_json::json;

/// No real key looks like this, so a search for it finds every leak.
const KEY: &str = "sk-scripted-0123456789";

/// Short enough for tests that wait for them to run out, long enough for a busy machine.
const SHORT: Duration = Duration::from_millis(250);

/// The server's own providers, and a workspace's own of Google's.
struct Asking {
    models: Models,
    google: Arc<ProviderClient>,
}

impl Asking {
    fn get(&self, model: &str) -> Arc<dyn Llm> {
        match model.strip_prefix("google/") {
            Some(name) => Arc::new(self.google.model(name)),
            None => self.models.get(model).unwrap(),
        }
    }
}

fn models(provider: &ScriptedProvider, timeouts: Timeouts) -> Asking {
    let config_of = |protocol| {
        let base_url = provider.url().parse().unwrap();
        Some(ProviderConfig { protocol, base_url, api_key: KEY.into() })
    };
    let config = LlmConfig {
        openai: config_of(&OpenAi),
        anthropic: config_of(&Anthropic),
        ..LlmConfig::default()
    };
    let models = Models::new(config, timeouts).unwrap();
    let google = config_of(&Google).unwrap();
    let id = ProviderId::from_parts(1, &[1; 10]);
    let google = models.own(id, Asked::console("Our Gemini"), google);
    Asking { models, google }
}

fn prompt(question: &str) -> Prompt {
    Prompt {
        instruction: "Be polite.".to_owned(),
        question: question.to_owned(),
        temperature: 0.5,
        agent_name: "Mia".to_owned(),
        language: "en".to_owned(),
        ..Prompt::default()
    }
}

/// One model of each protocol.
const BOTH: [&str; 2] = ["openai/gpt-4.1-mini", "anthropic/claude-haiku-4-5"];

/// The same and Google's, which has another body and another way to be signed in to.
const EACH: [&str; 3] = [BOTH[0], BOTH[1], "google/gemini-2.5-flash"];

type Pieces = BoxStream<'static, Result<Piece, LlmError>>;

fn ask(models: &Asking, model: &str, question: &str) -> Pieces {
    models.get(model).stream(prompt(question))
}

/// The text that came, and how the stream ended.
async fn whole(pieces: Pieces) -> (String, Result<(), LlmError>) {
    let mut pieces = pieces;
    let mut text = String::new();
    while let Some(piece) = pieces.next().await {
        match piece {
            Ok(Piece::Text(words)) => text.push_str(&words),
            Ok(Piece::Usage(_) | Piece::Cited(_)) => {}
            Ok(Piece::ToolCall(call)) => panic!("{call:?}"),
            Err(error) => {
                assert!(pieces.next().await.is_none(), "something came after an error");
                let printed = format!("{error} {error:?} {}", error.reason());
                assert!(!printed.contains(KEY), "{printed}");
                return (text, Err(error));
            }
        }
    }
    (text, Ok(()))
}

/// The next piece, which is text.
async fn words(pieces: &mut Pieces) -> String {
    match pieces.next().await {
        Some(Ok(Piece::Text(words))) => words,
        other => panic!("{other:?}"),
    }
}

async fn error_of(pieces: Pieces) -> LlmError {
    whole(pieces).await.1.expect_err("an error")
}

#[tokio::test]
async fn pieces_arrive_in_order_and_as_they_are_sent() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    for (index, model) in EACH.into_iter().enumerate() {
        provider.push(Script::pieces(["Grüße ", "aus ", "東京"]).hold_after(2));
        let mut pieces = ask(&models, model, "hello");
        assert_eq!(words(&mut pieces).await, "Grüße ");
        assert_eq!(words(&mut pieces).await, "aus ");
        // The third piece has not been sent yet, so nothing waits for the whole answer.
        provider.wait_until_held(index + 1).await;
        provider.release();
        assert_eq!(words(&mut pieces).await, "東京");
        assert!(matches!(pieces.next().await, Some(Ok(Piece::Usage(_)))));
        assert_eq!(pieces.next().await, None);
    }
}

#[tokio::test]
async fn the_request_is_what_each_protocol_asks_for() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    let mut prompt = prompt("When are you open?");
    prompt.passages = vec![PromptPassage { title: "Hours".to_owned(), text: "9 to 6".to_owned() }];
    for model in BOTH {
        whole(models.get(model).stream(prompt.clone())).await.1.unwrap();
    }
    let requests = provider.requests();
    let [openai, anthropic] = requests.as_slice() else { panic!("two requests") };

    assert_eq!(openai.path, "/v1/chat/completions");
    assert_eq!(openai.headers["authorization"], format!("Bearer {KEY}"));
    assert_eq!(openai.body["model"], "gpt-4.1-mini");
    assert_eq!(openai.body["stream"], true);
    assert_eq!(openai.body["temperature"], 0.5);
    assert_eq!(openai.body["messages"][0]["role"], "system");
    let system = openai.body["messages"][0]["content"].as_str().unwrap();
    assert!(system.contains("Be polite.") && system.contains("9 to 6"));
    assert_eq!(
        openai.body["messages"][1],
        json!({"role": "user", "content": "When are you open?"})
    );

    assert_eq!(anthropic.path, "/v1/messages");
    assert_eq!(anthropic.headers["x-api-key"], KEY);
    assert_eq!(anthropic.headers["anthropic-version"], "2023-06-01");
    assert_eq!(anthropic.body["model"], "claude-haiku-4-5");
    assert_eq!(anthropic.body["system"].as_str().unwrap(), system);
    assert!(anthropic.body["max_tokens"].as_u64().unwrap() > 0);
    assert_eq!(
        anthropic.body["messages"][0],
        json!({"role": "user", "content": "When are you open?"})
    );
}

#[tokio::test]
async fn each_status_has_its_meaning() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    for (script, kind) in [
        (Script::status(401), LlmErrorKind::Unauthorised),
        (Script::status(403), LlmErrorKind::Forbidden),
        (Script::status(404), LlmErrorKind::ModelUnknown),
        (Script::status(429), LlmErrorKind::RateLimited),
        (Script::status(500), LlmErrorKind::Overloaded),
        (Script::status(503), LlmErrorKind::Overloaded),
        (Script::status(529), LlmErrorKind::Overloaded),
        (Script::status(400), LlmErrorKind::Rejected(400)),
        (Script::status(302), LlmErrorKind::Rejected(302)),
        (Script::status(413), LlmErrorKind::ContextTooLong),
        (
            Script::status(400).with_error("context_length_exceeded", "too long"),
            LlmErrorKind::ContextTooLong,
        ),
        (
            Script::status(400).with_error("invalid_request_error", "prompt is too long: 9 > 8"),
            LlmErrorKind::ContextTooLong,
        ),
        (Script::status(429).with_error("insufficient_quota", "x"), LlmErrorKind::OutOfCredit),
        (Script::status(400).with_error("content_policy_violation", "x"), LlmErrorKind::Refused),
        // Where a provider's message repeats the key, it must not reach the log.
        (
            Script::status(400).with_error("invalid_request_error", &format!("bad header {KEY}")),
            LlmErrorKind::Rejected(400),
        ),
    ] {
        for model in EACH {
            provider.push(script.clone());
            let error = error_of(ask(&models, model, "hello")).await;
            assert_eq!(error.kind, kind, "{model} {script:?}");
        }
    }
}

#[tokio::test]
async fn the_pause_that_a_provider_asks_for_is_kept() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    provider.push(Script::status(429).with_header("retry-after", "7"));
    let error = error_of(ask(&models, BOTH[0], "hello")).await;
    assert_eq!(error.retry_after, Some(Duration::from_secs(7)));
    assert!(error.is_transient());
    provider.push(Script::status(429));
    assert_eq!(error_of(ask(&models, BOTH[1], "hello")).await.retry_after, None);
}

#[tokio::test]
async fn an_answer_that_does_not_end_as_it_should_is_an_error() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    let two = Script::pieces(["one ", "two "]);
    for (ending, kind) in [
        (Ending::Cut, LlmErrorKind::CutOff),
        (Ending::EndedEarly, LlmErrorKind::CutOff),
        (Ending::Malformed, LlmErrorKind::Malformed),
        (Ending::Error("overloaded_error".to_owned()), LlmErrorKind::Overloaded),
        (Ending::Error("rate_limit_error".to_owned()), LlmErrorKind::RateLimited),
    ] {
        for model in EACH {
            provider.push(two.clone().ending_after(2, ending.clone()));
            let (text, end) = whole(ask(&models, model, "hello")).await;
            assert_eq!(text, "one two ", "{model} {ending:?}");
            assert_eq!(end.unwrap_err().kind, kind, "{model} {ending:?}");
        }
    }
    for (model, reason) in
        [(BOTH[0], "content_filter"), (BOTH[1], "refusal"), (EACH[2], "PROHIBITED_CONTENT")]
    {
        provider.push(two.clone().ending_after(1, Ending::FinishedBy(reason.to_owned())));
        assert_eq!(error_of(ask(&models, model, "hello")).await.kind, LlmErrorKind::Refused);
    }
    for (model, reason) in [(BOTH[0], "length"), (BOTH[1], "max_tokens"), (EACH[2], "MAX_TOKENS")] {
        provider.push(two.clone().ending_after(1, Ending::FinishedBy(reason.to_owned())));
        assert_eq!(whole(ask(&models, model, "hello")).await, ("one ".to_owned(), Ok(())));
    }
}

#[tokio::test]
async fn an_answer_without_a_visible_character_is_an_error() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    for model in EACH {
        for script in [Script::empty(), Script::pieces([" ", "\n", ""])] {
            provider.push(script);
            let (text, end) = whole(ask(&models, model, "hello")).await;
            assert_eq!((text.as_str(), end.unwrap_err().kind), ("", LlmErrorKind::Empty));
        }
        provider.push(Script::pieces([" \n", " Hi", " "]));
        assert_eq!(whole(ask(&models, model, "hello")).await, ("Hi ".to_owned(), Ok(())));
    }
}

#[tokio::test]
async fn a_wrong_address_is_told_apart_from_a_wrong_model() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    for model in EACH {
        for (content_type, body) in [("text/html", "<h1>Hi</h1>"), ("application/json", "{}")] {
            provider.push(Script::page(content_type, body));
            let error = error_of(ask(&models, model, "hello")).await;
            assert_eq!(error.kind, LlmErrorKind::Malformed);
        }
    }
}

#[tokio::test]
async fn silence_has_its_limits() {
    let provider = ScriptedProvider::start().await;
    let first_token = models(&provider, Timeouts { first_token: SHORT, ..Timeouts::default() });
    let gap = models(&provider, Timeouts { gap: SHORT, ..Timeouts::default() });
    let whole_answer = models(&provider, Timeouts { whole: SHORT, ..Timeouts::default() });
    for model in EACH {
        for script in [Script::silence(), Script::empty().ending_after(0, Ending::Stalled)] {
            provider.push(script);
            let error = error_of(ask(&first_token, model, "hello")).await;
            assert_eq!(error.kind, LlmErrorKind::TimedOut);
        }
        provider.push(Script::pieces(["one "]).ending_after(1, Ending::Stalled));
        let (text, end) = whole(ask(&gap, model, "hello")).await;
        assert_eq!((text.as_str(), end.unwrap_err().kind), ("one ", LlmErrorKind::TimedOut));

        provider.push(Script::tokens(10_000, Duration::from_millis(5)));
        let (text, end) = whole(ask(&whole_answer, model, "hello")).await;
        assert!(text.starts_with("token0 token1 "));
        assert_eq!(end.unwrap_err().kind, LlmErrorKind::TimedOut);
    }
}

#[tokio::test]
async fn a_provider_that_is_not_there_is_unreachable() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    drop(provider);
    for model in EACH {
        let error = loop {
            // Until the listener is gone, a connection may still be taken and dropped.
            let error = error_of(ask(&models, model, "hello")).await;
            if error.kind != LlmErrorKind::CutOff {
                break error;
            }
        };
        assert_eq!(error.kind, LlmErrorKind::Unreachable);
        assert!(error.is_transient());
    }
}

#[tokio::test]
async fn an_endless_answer_is_cut_at_the_limit() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    for model in EACH {
        provider.push(Script::pieces(std::iter::repeat_n("é".repeat(500), 100)));
        let (text, end) = whole(ask(&models, model, "hello")).await;
        assert_eq!(end, Ok(()));
        assert_eq!(text.chars().count(), MAX_ANSWER_CHARS);
    }
}

#[tokio::test]
async fn a_model_that_refuses_temperature_is_asked_without_it() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    for model in BOTH {
        let before = provider.requests().len();
        provider.push(
            Script::status(400).with_error(
                "invalid_request_error",
                "`temperature` is not supported with this model",
            ),
        );
        assert_eq!(whole(ask(&models, model, "hello")).await.1, Ok(()));
        assert_eq!(whole(ask(&models, model, "again")).await.1, Ok(()));
        let requests = provider.requests().split_off(before);
        let sent: Vec<bool> =
            requests.iter().map(|request| request.body.get("temperature").is_some()).collect();
        // Once it is known, no request is wasted.
        assert_eq!(sent, [true, false, false], "{model}");
    }
}

#[tokio::test]
async fn gpt_5_gets_no_temperature() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    for model in ["openai/gpt-5", "openai/o3-mini"] {
        whole(ask(&models, model, "hello")).await.1.unwrap();
    }
    for request in provider.requests() {
        assert_eq!(request.body.get("temperature"), None);
    }
}

#[tokio::test]
async fn dropping_the_stream_hangs_up() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    provider.push(Script::pieces(["one ", "two "]).hold_after(1));
    let mut pieces = ask(&models, BOTH[0], "hello");
    assert_eq!(words(&mut pieces).await, "one ");
    drop(pieces);
    // The held answer has gone with its reader, so the release is left for the next one.
    provider.push(Script::pieces(["three ", "four "]).hold_after(1));
    let pieces = ask(&models, BOTH[0], "hello");
    let second = tokio::spawn(whole(pieces));
    provider.wait_until_held(2).await;
    provider.release();
    provider.release();
    assert_eq!(second.await.unwrap(), ("three four ".to_owned(), Ok(())));
}

#[tokio::test]
async fn a_message_s_marker_is_a_script() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    let question = "[[once status 500]] [[say later]]";
    assert_eq!(error_of(ask(&models, BOTH[0], question)).await.kind, LlmErrorKind::Overloaded);
    assert_eq!(whole(ask(&models, BOTH[0], question)).await.1, Ok(()));
    let (text, _) = whole(ask(&models, BOTH[1], "[[echo]] hello")).await;
    assert_eq!(text, "[[echo]] hello");
}

#[tokio::test]
async fn the_provider_also_answers_at_once() {
    let provider = ScriptedProvider::start().await;
    let client = cavuer_models::outbound::Outbound::new(
        [&provider.url().parse().unwrap()],
        Duration::from_secs(5),
    )
    .unwrap();
    for (path, pointer) in [
        ("/v1/chat/completions", "/choices/0/message/content"),
        ("/v1/messages", "/content/0/text"),
    ] {
        provider.push(Script::answer("all at once"));
        let url = format!("{}{path}", provider.url()).parse().unwrap();
        let body = json!({"model": "m", "messages": [{"role": "user", "content": "hello"}]});
        let request = client.request(reqwest::Method::POST, url).unwrap().json(&body);
        let answer: serde_json::Value = request.send().await.unwrap().json().await.unwrap();
        assert_eq!(answer.pointer(pointer).unwrap(), "all at once");
    }
}

fn tool() -> Tool {
    Tool {
        name: "find_order".to_owned(),
        description: "Finds an order by its number.".to_owned(),
        parameters: json!({
            "type": "object",
            "properties": {"number": {"type": "string"}},
            "required": ["number"],
        }),
    }
}

/// A result as a model is told it.
fn fenced(result: &str) -> String {
    format!("<function_result function=\"find_order\">\n{result}\n</function_result>")
}

async fn all(pieces: Pieces) -> Vec<Piece> {
    pieces.map(Result::unwrap).collect().await
}

#[tokio::test]
async fn calls_and_their_results_go_to_and_fro() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    for model in BOTH {
        provider.push(
            Script::answer("Let me look.")
                .and_call("find_order", "{\"number\": \"Ä 1\"}")
                .and_call("find_order", "{broken")
                .with_usage(12, 34),
        );
        let mut prompt = Prompt { tools: vec![tool()], ..prompt("Where is my order?") };
        let mut pieces = all(models.get(model).stream(prompt.clone())).await;
        let cost = Usage { model: model.to_owned(), input_tokens: 12, output_tokens: 34 };
        assert_eq!(pieces.pop(), Some(Piece::Usage(cost)));
        let calls: Vec<ToolCall> = pieces
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::ToolCall(call) => Some(call),
                _ => None,
            })
            .collect();
        let [good, broken] = calls.as_slice() else { panic!("{calls:?}") };
        assert_eq!(
            (good.name.as_str(), good.parsed().unwrap()["number"].as_str()),
            ("find_order", Some("Ä 1"))
        );
        assert_eq!(broken.arguments, "{broken");
        assert_ne!(good.id, broken.id);

        let told = broken.parsed().unwrap_err().to_string();
        let answered = |call: &ToolCall, result: &str, failed| AnsweredCall {
            call: call.clone(),
            result: result.to_owned(),
            failed,
        };
        prompt.rounds = vec![ToolRound {
            text: "Let me look.".to_owned(),
            calls: vec![answered(good, "on its way", false), answered(broken, &told, true)],
        }];
        prompt.tool_choice = ToolChoice::Closed;
        provider.push(Script::answer("It is on its way."));
        let (text, end) = whole(models.get(model).stream(prompt)).await;
        assert_eq!((text.as_str(), end), ("It is on its way.", Ok(())));

        let requests = provider.requests();
        let [.., first, second] = requests.as_slice() else { panic!("two requests") };
        assert_eq!(first.tools(), ["find_order"]);
        assert_eq!(first.tool_results(), []);
        assert_eq!(first.body.get("tool_choice"), None);
        assert_eq!(second.tools(), ["find_order"]);
        assert!(second.body["tool_choice"].to_string().contains("none"));
        let results = second.tool_results();
        assert_eq!(
            (results[0].id.as_str(), results[0].content.as_str()),
            (good.id.as_str(), fenced("on its way").as_str())
        );
        assert_eq!(results[1].content, fenced(&told));
        // What was broken goes back as something that every server can read.
        assert!(second.body.to_string().contains("unreadable"), "{}", second.body);
    }
}

#[tokio::test]
async fn a_call_alone_is_an_answer() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    for model in EACH {
        provider.push(Script::call("find_order", ""));
        let pieces = all(ask(&models, model, "hello")).await;
        assert!(
            matches!(&pieces[..], [Piece::ToolCall(call), Piece::Usage(_)] if call.parsed().unwrap().is_empty())
        );
    }
}

#[tokio::test]
async fn images_are_seen_with_their_messages() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    let image = |media_type: &str, bytes: &'static [u8]| Image {
        media_type: media_type.to_owned(),
        bytes: bytes.into(),
    };
    for model in EACH {
        let earlier = PastMessage {
            images: vec![image("image/jpeg", b"earlier")],
            ..PastMessage::new(Role::Visitor, "Look")
        };
        let prompt = Prompt {
            history: vec![earlier, PastMessage::new(Role::Agent, "I see.")],
            images: vec![image("image/png", b"\x89PNG now")],
            ..prompt("And now? [[see]]")
        };
        let (text, _) = whole(models.get(model).stream(prompt.clone())).await;
        assert_eq!(text, "2 images: image/jpeg of 7 bytes, image/png of 8 bytes");
        let sent = provider.requests().pop().unwrap().images();
        assert_eq!(sent[1].bytes, b"\x89PNG now");

        // A model without eyes is told that there was something to see.
        provider.push(
            Script::status(400)
                .with_error("invalid_request_error", "This model does not support image input."),
        );
        let (text, _) = whole(models.get(model).stream(prompt)).await;
        assert_eq!(text, "0 images: ");
        let request = provider.requests().pop().unwrap();
        assert!(
            request.question().contains("And now?") && request.question().contains("cannot see")
        );
    }
}

#[tokio::test]
async fn the_longest_answer_is_told_in_the_words_that_the_model_takes() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    let prompt = Prompt { max_answer_tokens: Some(321), ..prompt("hello") };
    let ask = |model: &str| whole(models.get(model).stream(prompt.clone()));
    for model in BOTH {
        ask(model).await.1.unwrap();
        assert_eq!(provider.requests().pop().unwrap().body["max_tokens"], 321);
    }
    let refusal = |message| Script::status(400).with_error("unsupported_parameter", message);
    provider.push(refusal("Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."));
    provider
        .push(refusal("Unsupported value: 'temperature' does not support 0.5 with this model."));
    ask("openai/new").await.1.unwrap();
    let body = provider.requests().pop().unwrap().body;
    assert!(body["max_completion_tokens"].as_u64().unwrap() >= 321);
    assert_eq!((body.get("max_tokens"), body.get("temperature")), (None, None));
    // What was learnt stays learnt.
    let before = provider.requests().len();
    ask("openai/new").await.1.unwrap();
    assert_eq!(provider.requests().len(), before + 1);
}

#[tokio::test]
async fn a_server_that_does_not_count_is_no_error() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    provider.push(
        Script::status(422).with_error("extra", "stream_options: extra inputs are not permitted"),
    );
    let pieces = all(ask(&models, BOTH[0], "hello")).await;
    assert!(pieces.iter().all(|piece| matches!(piece, Piece::Text(_))), "{pieces:?}");
}

#[tokio::test]
async fn google_is_asked_in_its_own_words() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    let model = models.get(EACH[2]);
    provider.push(Script::call("find_order", "{\"number\": \"1\"}").with_usage(12, 34));
    let mut asked = Prompt { tools: vec![tool()], ..prompt("Where is my order?") };
    let pieces = all(model.stream(asked.clone())).await;
    let [Piece::ToolCall(call), Piece::Usage(usage)] = pieces.as_slice() else {
        panic!("{pieces:?}")
    };
    assert_eq!((usage.input_tokens, usage.output_tokens), (12, 34));
    asked.rounds = vec![ToolRound {
        text: String::new(),
        calls: vec![AnsweredCall {
            call: call.clone(),
            result: "on its way".to_owned(),
            failed: false,
        }],
    }];
    let (text, end) = whole(model.stream(asked)).await;
    assert_eq!((text.as_str(), end), ("This answer comes from a script.", Ok(())));

    let requests = provider.requests();
    let [first, second] = requests.as_slice() else { panic!("two requests") };
    assert_eq!(first.path, "/v1beta/models/gemini-2.5-flash:streamGenerateContent");
    assert_eq!(first.headers["x-goog-api-key"], KEY);
    assert_eq!(first.headers.get("authorization"), None);
    assert!(first.system().contains("Be polite."));
    assert_eq!(first.question(), "Where is my order?");
    assert_eq!(first.body["generationConfig"]["temperature"], 0.5);
    assert_eq!(first.tools(), ["find_order"]);
    assert_eq!(second.tool_results()[0].content, fenced("on its way"));
    assert!(second.body.to_string().contains("thoughtSignature"));
}

#[tokio::test]
async fn azure_has_deployments_and_a_header_of_its_own() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default()).models;
    let base_url = provider.url().parse().unwrap();
    let config = ProviderConfig { protocol: &Azure, base_url, api_key: KEY.into() };
    let azure = models.trial("azure".to_owned(), Asked::console("Azure"), config);
    assert_eq!(azure.models().await, Ok(None));
    let model = Arc::new(azure).model("our-gpt");
    let (text, _) = whole(model.stream(prompt("hello"))).await;
    assert_eq!(text, "This answer comes from a script.");
    let request = provider.requests().remove(0);
    assert_eq!(request.path, "/openai/deployments/our-gpt/chat/completions");
    assert_eq!(request.headers["api-key"], KEY);
    assert_eq!(request.headers.get("authorization"), None);
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_unreachable() {
    let timeouts = Timeouts { connect: SHORT, ..Timeouts::default() };
    let base_url = "http://provider.invalid:1/".parse().unwrap();
    let config = ProviderConfig { protocol: &OpenAi, base_url, api_key: KEY.into() };
    let config = LlmConfig { openai: Some(config), ..LlmConfig::default() };
    let models = Models::new(config, timeouts).unwrap();
    let error = error_of(models.get(BOTH[0]).unwrap().stream(prompt("hello"))).await;
    assert_eq!(error.kind, LlmErrorKind::Unreachable, "{error}");
    assert!(error.is_transient());
}

/// Sends these bytes to whoever connects, then resets the connection.
async fn resetting(bytes: &'static [u8]) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            // The request is left unread, so that closing the connection resets it.
            let _ = tokio::io::AsyncWriteExt::write_all(&mut connection, bytes).await;
            let _ = connection.readable().await;
        }
    });
    url
}

#[tokio::test]
async fn a_connection_that_is_reset_is_a_cut_off_answer() {
    for bytes in [
        &b""[..],
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"one\"}}]}\n\n",
    ] {
        let base_url = resetting(bytes).await.parse().unwrap();
        let config = ProviderConfig { protocol: &OpenAi, base_url, api_key: KEY.into() };
        let config = LlmConfig { openai: Some(config), ..LlmConfig::default() };
        let models = Models::new(config, Timeouts::default()).unwrap();
        let error = error_of(models.get(BOTH[0]).unwrap().stream(prompt("hello"))).await;
        assert_eq!(error.kind, LlmErrorKind::CutOff, "{error}");
        assert!(error.is_transient());
    }
}

#[tokio::test]
async fn a_line_without_end_is_malformed() {
    let provider = ScriptedProvider::start().await;
    let models = models(&provider, Timeouts::default());
    for model in EACH {
        provider.push(Script::page("text/event-stream", &"x".repeat(300 * 1024)));
        let error = error_of(ask(&models, model, "hello")).await;
        assert_eq!(error.kind, LlmErrorKind::Malformed);
    }
}

#[tokio::test]
async fn each_protocol_lists_its_models() {
    let provider = ScriptedProvider::start().await;
    provider.set_models(Some(&["claude-haiku-4-5", "gpt-5", "text-embedding-3-small"]));
    let models = models(&provider, Timeouts::default()).models;
    let listing: [&dyn Protocol; 4] = [&OpenAi, &Anthropic, &Google, &Compatible];
    for protocol in listing {
        let base_url = provider.url().parse().unwrap();
        let config = ProviderConfig { protocol, base_url, api_key: KEY.into() };
        let trial = models.trial("x".to_owned(), Asked::console("X"), config);
        let listed = trial.models().await.unwrap().unwrap();
        let names: Vec<_> = listed.iter().map(|model| model.name.as_str()).collect();
        let of_one_s_own = ["claude-haiku-4-5", "gpt-5", "text-embedding-3-small"];
        let count = if protocol == &Compatible as &dyn Protocol { 3 } else { 2 };
        assert_eq!(names, of_one_s_own[..count], "{protocol:?}");
        assert!(listed[0].note.contains("low cost"));

        provider.push(Script::status(401));
        let error = trial.models().await.unwrap_err();
        assert_eq!(error.kind, LlmErrorKind::Unauthorised);
        assert!(!format!("{error} {error:?}").contains(KEY));
    }
}
