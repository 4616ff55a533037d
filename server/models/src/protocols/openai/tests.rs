use super::reading::Reader as _;
use super::*;
use crate::prompt::{AnsweredCall, Prompt, compose};

fn composed() -> Composed {
    compose(&Prompt { temperature: 0.5, question: "Hi".to_owned(), ..Prompt::default() })
}

fn body_for(model: &str, prompt: &Composed) -> Value {
    body(model, prompt, OpenAi.takes(model))
}

fn read(data: &str) -> Result<Step, Unreadable> {
    Reader::default().read(data)
}

#[test]
fn the_base_url_may_be_with_or_without_path() {
    for (base, expected) in [
        ("https://api.openai.com/v1", "https://api.openai.com/v1/chat/completions"),
        ("https://api.openai.com/v1/", "https://api.openai.com/v1/chat/completions"),
        ("http://localhost:11434", "http://localhost:11434/v1/chat/completions"),
        ("https://x.example/openai/v2", "https://x.example/openai/v2/chat/completions"),
        ("https://x.example/v1/chat/completions", "https://x.example/v1/chat/completions"),
    ] {
        let url = below(&base.parse().unwrap(), "chat/completions");
        assert_eq!(url.as_str(), expected);
    }
}

#[test]
fn settings_go_only_to_models_that_take_them() {
    let prompt = Composed { max_answer_tokens: Some(300), ..composed() };
    let plain = body_for("gpt-4.1", &prompt);
    assert_eq!(plain["temperature"], 0.5);
    assert_eq!(plain["max_tokens"], 300);
    assert_eq!(plain["stream_options"]["include_usage"], true);
    for missing in ["reasoning_effort", "max_completion_tokens", "tools"] {
        assert_eq!(plain.get(missing), None, "{missing}");
    }
    let thinking = body_for("gpt-5-mini", &prompt);
    assert_eq!(thinking["reasoning_effort"], "low");
    // 300 tokens of thought alone would be an empty answer.
    assert_eq!(thinking["max_completion_tokens"], 300 + THINKING_TOKENS);
    for missing in ["temperature", "max_tokens"] {
        assert_eq!(thinking.get(missing), None, "{missing}");
    }
    assert_eq!(body_for("gpt-4.1", &composed()).get("max_tokens"), None);
}

#[test]
fn events_are_read() {
    let text = r#"{"choices":[{"delta":{"content":"Hi"},"finish_reason":null}]}"#;
    assert_eq!(read(text), Ok(Step { text: "Hi".to_owned(), ..Step::default() }));
    let end = r#"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#;
    assert_eq!(read(end), Ok(Step { finished: true, ..Step::default() }));
    let usage = r#"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#;
    assert_eq!(read(usage).unwrap().tokens, Some(Tokens { input: 3, output: 2 }));
    assert_eq!(read(r#"{"choices":[],"usage":null}"#), Ok(Step::default()));
    let thought = r#"{"choices":[{"delta":{"reasoning_content":"hm"}}]}"#;
    assert_eq!(read(thought), Ok(Step { working: true, ..Step::default() }));
    assert!(read("[DONE]").unwrap().over);
    assert_eq!(read("{oops"), Err(Unreadable::Malformed));
    assert!(matches!(read(r#"{"error":{"message":"x"}}"#), Err(Unreadable::Failed(_))));
    let filtered = r#"{"choices":[{"delta":{},"finish_reason":"content_filter"}]}"#;
    assert_eq!(read(filtered), Err(Unreadable::Kind(LlmErrorKind::Refused)));
}

/// The calls of a stream of deltas.
fn calls(deltas: &[&str]) -> Vec<ToolCall> {
    let mut reader = Reader::default();
    for delta in deltas {
        let event = format!(r#"{{"choices":[{{"delta":{{"tool_calls":[{delta}]}}}}]}}"#);
        let step = reader.read(&event).unwrap();
        assert!(step.working && step.calls.is_empty());
    }
    let end = r#"{"choices":[{"delta":{},"finish_reason":"tool_calls"}]}"#;
    let calls = reader.read(end).unwrap().calls;
    assert_eq!(reader.read("[DONE]").unwrap().calls, []);
    calls
}

fn call(id: &str, name: &str, arguments: &str) -> ToolCall {
    let [id, name, arguments] = [id, name, arguments].map(str::to_owned);
    ToolCall { id, name, arguments, seal: None }
}

#[test]
fn calls_are_put_together_from_their_parts() {
    let mixed = calls(&[
        r#"{"index":0,"id":"a","type":"function","function":{"name":"find","arguments":""}}"#,
        r#"{"index":0,"function":{"arguments":"{\"q\":"}}"#,
        r#"{"index":1,"id":"b","function":{"name":"stop"}}"#,
        r#"{"index":0,"function":{"arguments":"1}"}}"#,
    ]);
    assert_eq!(mixed, [call("a", "find", "{\"q\":1}"), call("b", "stop", "")]);
}

#[test]
fn servers_that_number_calls_in_their_own_way_are_understood() {
    let same_index = calls(&[
        r#"{"index":0,"id":"a","function":{"name":"find","arguments":"{}"}}"#,
        r#"{"index":0,"id":"b","function":{"name":"find","arguments":{"q":1}}}"#,
    ]);
    assert_eq!(same_index, [call("a", "find", "{}"), call("b", "find", "{\"q\":1}")]);
    let repeated_id = calls(&[
        r#"{"id":"a","function":{"name":"find","arguments":"{"}}"#,
        r#"{"id":"a","function":{"name":"find","arguments":"}"}}"#,
    ]);
    assert_eq!(repeated_id, [call("a", "find", "{}")]);
    let nameless = calls(&[r#"{"function":{"name":"find","arguments":"{}"}}"#]);
    assert_eq!(nameless, [call("call_0", "find", "{}")]);
}

#[test]
fn calls_have_their_limits() {
    let mut reader = Reader::default();
    let many = (0..=MAX_CALLS).map(|n| {
        let event = json!({"choices": [{"delta": {"tool_calls": [{"index": n}]}}]});
        reader.read(&event.to_string())
    });
    assert_eq!(many.last(), Some(Err(Unreadable::Malformed)));
    let arguments = "x".repeat(MAX_ARGUMENT_BYTES + 1);
    let part = json!({"index": 0, "function": {"arguments": arguments}});
    let event = json!({"choices": [{"delta": {"tool_calls": [part]}}]});
    assert_eq!(read(&event.to_string()), Err(Unreadable::Malformed));
}

#[test]
fn what_servers_sealed_goes_back() {
    let sealed = r#"{"index":0,"id":"a","function":{"name":"f","arguments":"{}"},"extra_content":{"google":{"thought_signature":"s"}}}"#;
    let call = calls(&[sealed]).remove(0);
    let answered = AnsweredCall { call, result: "ok".to_owned(), failed: false };
    let prompt = Composed {
        rounds: vec![ToolRound { text: String::new(), calls: vec![answered] }],
        ..composed()
    };
    let sent = body_for("gemini", &prompt);
    let call = &sent["messages"][2]["tool_calls"][0];
    assert_eq!(call["extra_content"]["google"]["thought_signature"], "s");
    assert_eq!(sent["messages"][3]["tool_call_id"], "a");
}

#[test]
fn the_list_of_models_is_read() {
    let listed = json!({"object": "list", "data": [{"id": "gpt-5", "object": "model"}]});
    assert_eq!(OpenAi.names(&listed).unwrap(), ["gpt-5"]);
    assert_eq!(OpenAi.names(&json!({"hello": 1})), None);
}

#[test]
fn only_models_that_can_are_asked_for_shorter_vectors() {
    let texts = ["a".to_owned()];
    assert_eq!(embedding_body("text-embedding-3-large", &texts)["dimensions"], 1_024);
    assert!(embedding_body("nomic-embed-text", &texts).get("dimensions").is_none());
}

#[test]
fn vectors_come_in_the_order_of_the_texts() {
    let answer = json!({"data": [
        {"index": 1, "embedding": [2.0]}, {"index": 0, "embedding": [1.0]},
    ]});
    assert_eq!(OpenAi.vectors(&answer), Some(vec![vec![1.0], vec![2.0]]));
    assert_eq!(OpenAi.vectors(&json!({"hello": 1})), None);
}
