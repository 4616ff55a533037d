use super::reading::Reader as _;
use super::*;
use crate::prompt::{AnsweredCall, Prompt, compose};

fn read(data: &str) -> Result<Step, Unreadable> {
    Reader::default().read(data)
}

#[test]
fn the_base_url_may_end_in_the_version() {
    for base in [
        "https://g.example",
        "https://g.example/",
        "https://g.example/v1beta",
        "https://g.example/v1beta/",
    ] {
        assert_eq!(
            endpoint(&base.parse().unwrap(), "models/gemini-2.5-flash").as_str(),
            "https://g.example/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
        );
    }
    // A name cannot lead to another path.
    let odd = endpoint(&"https://g.example".parse().unwrap(), "../../x?y");
    assert!(odd.as_str().starts_with("https://g.example/v1beta/models/..%2F..%2Fx%3Fy:"));
}

#[test]
fn events_are_read() {
    let text = r#"{"candidates":[{"content":{"role":"model","parts":[{"text":"Hi"}]}}]}"#;
    assert_eq!(read(text), Ok(Step { text: "Hi".to_owned(), ..Step::default() }));
    let thought = r#"{"candidates":[{"content":{"parts":[{"text":"hm","thought":true}]}}]}"#;
    assert_eq!(read(thought), Ok(Step { working: true, ..Step::default() }));
    let end = r#"{"candidates":[{"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":2,"thoughtsTokenCount":4}}"#;
    let end = read(end).unwrap();
    assert_eq!((end.finished, end.tokens), (true, Some(Tokens { input: 5, output: 6 })));
    for refused in [
        r#"{"promptFeedback":{"blockReason":"SAFETY"}}"#,
        r#"{"candidates":[{"finishReason":"SAFETY"}]}"#,
    ] {
        assert_eq!(read(refused), Err(Unreadable::Kind(LlmErrorKind::Refused)));
    }
    assert_eq!(read("{oops"), Err(Unreadable::Malformed));
    let Err(Unreadable::Failed(failure)) =
        read(r#"{"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}"#)
    else {
        panic!()
    };
    assert_eq!(failure.kind(None), LlmErrorKind::Overloaded);
}

#[test]
fn a_call_goes_back_with_its_signature() {
    let event = r#"{"candidates":[{"content":{"parts":[{"functionCall":{"name":"find","args":{"q":1}},"thoughtSignature":"s"}]}}]}"#;
    let call = read(event).unwrap().calls.remove(0);
    assert_eq!((call.name.as_str(), call.arguments.as_str()), ("find", "{\"q\":1}"));
    let answered = AnsweredCall { call, result: "two".to_owned(), failed: false };
    let prompt = Prompt {
        question: "Hi".to_owned(),
        tools: vec![Tool {
            name: "find".to_owned(),
            description: String::new(),
            parameters: json!({}),
        }],
        tool_choice: ToolChoice::Closed,
        rounds: vec![ToolRound { text: String::new(), calls: vec![answered] }],
        max_answer_tokens: Some(300),
        ..Prompt::default()
    };
    let sent = body("gemini-2.5-flash", &compose(&prompt), Google.takes("x"));
    assert_eq!(sent["contents"][1]["parts"][0]["thoughtSignature"], "s");
    assert_eq!(
        sent["contents"][2]["parts"][0]["functionResponse"]["response"]["output"],
        "<function_result function=\"find\">\ntwo\n</function_result>"
    );
    assert_eq!(sent["tools"][0]["functionDeclarations"][0]["name"], "find");
    assert_eq!(sent["toolConfig"]["functionCallingConfig"]["mode"], "NONE");
    assert_eq!(sent["generationConfig"]["maxOutputTokens"], 300 + THINKING_TOKENS);
}

#[test]
fn models_that_answer_are_listed() {
    let listed = json!({"models": [
        {"name": "models/gemini-x", "supportedGenerationMethods": ["generateContent"]},
        {"name": "models/embedding-x", "supportedGenerationMethods": ["embedContent"]},
    ]});
    assert_eq!(Google.names(&listed).unwrap(), ["gemini-x"]);
    assert_eq!(Google.names(&json!({"hello": 1})), None);
}

#[test]
fn vectors_are_asked_for_in_its_own_words() {
    let texts = ["a".to_owned()];
    let google = embedding_body("gemini-embedding-001", &texts, TextRole::Question);
    let request = &google["requests"][0];
    assert_eq!(request["model"], "models/gemini-embedding-001");
    assert_eq!(request["taskType"], "RETRIEVAL_QUERY");
    assert_eq!(request["outputDimensionality"], 768);
    let answer = json!({"embeddings": [{"values": [3.0]}, {"values": [4.0]}]});
    assert_eq!(Google.vectors(&answer), Some(vec![vec![3.0], vec![4.0]]));
    assert_eq!(Google.vectors(&json!({"hello": 1})), None);
}
