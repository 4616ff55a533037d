//! A provider that nobody has heard of: a wire format of its own in this one file, beside those
//! that are built in. No other file knows it, so whatever works here works for the next one, too.

use std::sync::{Arc, Mutex};

use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use cavuer_models::protocols::{
    self, Call, Facts, Failure, Frames, MAX_EVENT_BYTES, Reader, Step, Takes, Tokens, Unreadable,
};
use cavuer_models::{Composed, LlmErrorKind, Protocol};
use cavuer_protocol::ProblemCode;
use cavuer_protocol::console::{AgentChanges, Provider, ProviderList, ProviderTried};
use futures::stream;
use reqwest::{Method, Url};
use serde_json::{Value, json};

use crate::support::{Reply, Setup};

const KEY: &str = "seed-0123456789-wxyz";

/// Answers in lines of JSON: `{"say": "…"}` for words, `{"end": [heard, said]}` for the end.
struct Parrot;

impl Protocol for Parrot {
    fn facts(&self) -> Facts {
        Facts { example_url: Some("http://cage.example"), ..Facts::of("parrot", "Parrot") }
    }

    fn key_header(&self, key: &str) -> (&'static str, String) {
        ("x-seed", key.to_owned())
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[("x-feathers", "green")]
    }

    fn ask(&self, base: &Url, model: &str, prompt: &Composed, _: Takes) -> Call {
        let heard = prompt.messages.iter().map(|message| message.text.as_str());
        Call {
            url: base.join("talk").unwrap(),
            body: json!({"voice": model, "heard": heard.collect::<Vec<_>>()}),
        }
    }

    fn frames(&self) -> Box<dyn Frames> {
        Box::new(Lines::default())
    }

    fn reader(&self) -> Box<dyn Reader> {
        Box::new(Line)
    }

    fn failure(&self, body: &[u8]) -> Failure {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let message = body["squawk"].as_str().unwrap_or_default().to_owned();
        let kind = message.starts_with("No such seed").then_some(LlmErrorKind::Unauthorised);
        Failure { message, kind, retry_after: None }
    }

    fn list(&self, base: &Url) -> Option<Url> {
        Some(base.join("voices").unwrap())
    }

    fn names(&self, list: &Value) -> Option<Vec<String>> {
        let voices = list["voices"].as_array()?;
        Some(voices.iter().filter_map(|voice| Some(voice.as_str()?.to_owned())).collect())
    }
}

/// Lines, wherever the bytes are cut.
#[derive(Default)]
struct Lines(Vec<u8>);

impl Frames for Lines {
    fn push(&mut self, bytes: &[u8]) -> Result<Vec<String>, Unreadable> {
        self.0.extend_from_slice(bytes);
        let end = self.0.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let whole: Vec<u8> = self.0.drain(..end).collect();
        if self.0.len() > MAX_EVENT_BYTES {
            return Err(Unreadable::Malformed);
        }
        Ok(String::from_utf8_lossy(&whole).lines().map(str::to_owned).collect())
    }
}

struct Line;

impl Reader for Line {
    fn read(&mut self, data: &str) -> Result<Step, Unreadable> {
        let line: Value = serde_json::from_str(data).map_err(|_| Unreadable::Malformed)?;
        if let Some(text) = line["say"].as_str() {
            return Ok(Step { text: text.to_owned(), ..Step::default() });
        }
        let count = |place: usize| line["end"][place].as_u64().ok_or(Unreadable::Malformed);
        let tokens = Some(Tokens { input: count(0)?, output: count(1)? });
        Ok(Step { tokens, finished: true, over: true, ..Step::default() })
    }
}

/// What the fake was asked, newest last: the headers that count, and the body.
type Asked = Arc<Mutex<Vec<(String, Value)>>>;

/// Starts the fake provider; its address, and what it was asked.
async fn cage() -> (String, Asked) {
    let asked = Asked::default();
    let noted = Arc::clone(&asked);
    let talk = async move |headers: HeaderMap, Json(body): Json<Value>| {
        let header = |name: &str| headers[name].to_str().unwrap().to_owned();
        noted.lock().unwrap().push((header("x-seed") + &header("x-feathers"), body));
        // A line is cut in the middle of a letter.
        let bytes =
            "{\"say\": \"Grüße, \"}\n{\"say\": \"sailor!\"}\n{\"end\": [11, 7]}\n".as_bytes();
        let cut = [&bytes[..13], &bytes[13..40], &bytes[40..]].map(<[u8]>::to_vec);
        axum::body::Body::from_stream(stream::iter(cut.map(Ok::<_, std::io::Error>)))
    };
    let voices = async |headers: HeaderMap| -> Response {
        if headers.get("x-seed").is_none_or(|seed| seed != KEY) {
            let squawk = Json(json!({"squawk": "No such seed."}));
            return (StatusCode::IM_A_TEAPOT, squawk).into_response();
        }
        Json(json!({"voices": ["loud", "hoarse"]})).into_response()
    };
    let cage = Router::new().route("/talk", post(talk)).route("/voices", get(voices));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, cage).await });
    (url, asked)
}

#[tokio::test]
async fn a_provider_with_a_format_of_its_own_needs_one_file() {
    let (url, asked) = cage().await;
    // The configuration names its address, because it is a private one.
    let mut setup = Setup::default().with_provider_at(&url);
    setup.protocols = [protocols::ALL, &[&Parrot]].concat();
    let server = setup.start().await;
    let shop = server.shop().await;

    // The console learns of it with the others.
    let list: ProviderList = shop.owner.get("providers").await;
    let facts = list.kinds.last().unwrap();
    assert_eq!((facts.kind.as_str(), facts.label.as_str()), ("parrot", "Parrot"));
    assert!(facts.needs_key && !facts.has_embeddings);

    // Its models are listed, and its refusals understood.
    let attempt = async |key: &str| -> ProviderTried {
        let trial = json!({"kind": "parrot", "base_url": url, "api_key": key});
        shop.owner.post("providers/try", &trial).await
    };
    let tried = attempt(KEY).await;
    let names: Vec<_> = tried.models.iter().map(|model| model.name.as_str()).collect();
    assert_eq!((tried.works, names.as_slice()), (true, &["hoarse", "loud"][..]));
    let tried = attempt("stale").await;
    assert!(!tried.works && tried.message.contains("refused the key"), "{}", tried.message);

    // An agent answers with it.
    let new = json!({
        "name": "Our parrot", "kind": "parrot", "base_url": url, "api_key": KEY, "models": ["loud"],
    });
    let provider: Provider = shop.owner.post("providers", &new).await;
    let model = Some(format!("{}/loud", provider.id));
    let changes = AgentChanges { model, ..Default::default() };
    shop.owner.change_agent(shop.agent.id, &changes).await;
    let answer = shop.guest().await.ask("Who is there?").await;
    assert_eq!(answer.text, "Grüße, sailor!");
    let sent = asked.lock().unwrap().pop().unwrap();
    let body = json!({"voice": "loud", "heard": ["Who is there?"]});
    assert_eq!(sent, (format!("{KEY}green"), body));

    // It makes no vectors, so it is not chosen for that.
    let choice = json!({"model": format!("{}/loud", provider.id)});
    let reply = Reply::to(shop.owner.in_workspace(Method::PUT, "meaning").json(&choice)).await;
    assert_eq!(reply.invalid_fields(), ["model"]);

    // Without its line it stays where it is, and its owner is told why it does not answer.
    let server = server.restart_with(|setup| setup.protocols = protocols::ALL.to_vec()).await;
    let owner = shop.owner.moved_to(&server.url());
    let list: ProviderList = owner.get("providers").await;
    assert_eq!(list.providers[0].kind.as_str(), "parrot");
    let reply = Reply::to(owner.in_workspace(Method::PUT, "meaning").json(&choice)).await;
    assert!(reply.body.contains("does not know its protocol"), "{}", reply.body);
    let refused = Reply::to(owner.in_workspace(Method::POST, "providers").json(&new)).await;
    let problem = refused.problem(400, ProblemCode::BadRequest);
    assert!(problem.detail.contains("openai, anthropic"), "{}", problem.detail);
    server.stop().await;
}
