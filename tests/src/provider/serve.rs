//! The HTTP side of the scripted provider.

use cavuer_base::clock;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, Request as HttpRequest, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{Router, get, post};
use futures::StreamExt;
use serde_json::{Value, json};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::embeddings::Meanings;
use super::script::{Pieces, Reply};
use super::{
    Ending, Protocol, Request, Shared, anthropic, embeddings, google, openai, transcription,
};

/// Largest request body, in bytes.
const MAX_BODY: usize = 16 * 1024 * 1024;

pub(super) fn router(shared: Arc<Shared>) -> Router {
    let route = |protocol: Protocol| {
        post(move |State(shared): State<Arc<Shared>>, request: HttpRequest| async move {
            answer(shared, protocol, request).await
        })
    };
    Router::new()
        .route("/v1/chat/completions", route(Protocol::OpenAi))
        .route("/v1/messages", route(Protocol::Anthropic))
        .route("/v1beta/models/{call}", route(Protocol::Google))
        .route("/openai/deployments/{name}/chat/completions", route(Protocol::OpenAi))
        .route("/v1/audio/transcriptions", post(transcription::listen))
        .route("/v1/embeddings", post(embed))
        .route("/v1/models", get(list))
        .route("/v1beta/models", get(list_google))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(shared)
}

/// Vectors as OpenAI makes them.
async fn embed(State(shared): State<Arc<Shared>>, request: HttpRequest) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_BODY).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "the request could not be read").into_response();
    };
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return Protocol::OpenAi.failure(400, None, &parts.headers);
    };
    let request =
        Request { path: parts.uri.path().to_owned(), headers: by_name(&parts.headers), body };
    let named = request.body["model"].as_str().and_then(Meanings::of_model);
    let meaning = named.unwrap_or_else(|| shared.meaning());
    shared.embedded.send_modify(|requests| requests.push(request.clone()));
    let vectors = match meaning {
        Meanings::Concepts => embeddings::concepts(&request),
        Meanings::Slow(pause) => {
            clock::wait_until(clock::instant() + pause).await;
            embeddings::concepts(&request)
        }
        Meanings::Nonsense => embeddings::nonsense(&request),
        Meanings::TooFew | Meanings::Uneven | Meanings::TooLong => {
            embeddings::misshapen(&request, meaning)
        }
        Meanings::Failing(status) => return Protocol::OpenAi.failure(status, None, &parts.headers),
        Meanings::Silent => std::future::pending().await,
    };
    Json(embeddings::answer(&request, &vectors)).into_response()
}

/// The models as OpenAI and Anthropic list them, but for fields that nobody reads.
async fn list(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    let protocol = match headers.get("anthropic-version") {
        Some(_) => Protocol::Anthropic,
        None => Protocol::OpenAi,
    };
    answer_list(&shared, protocol, &headers, |names| {
        let models = names.map(|name| json!({"id": name, "object": "model"}));
        json!({"object": "list", "data": models.collect::<Vec<_>>()})
    })
}

async fn list_google(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    answer_list(&shared, Protocol::Google, &headers, |names| {
        let methods = ["generateContent", "countTokens"];
        let models = names.map(
            |name| json!({"name": format!("models/{name}"), "supportedGenerationMethods": methods}),
        );
        json!({"models": models.collect::<Vec<_>>()})
    })
}

fn answer_list(
    shared: &Shared,
    protocol: Protocol,
    headers: &HeaderMap,
    write: impl FnOnce(std::vec::IntoIter<String>) -> Value,
) -> Response {
    match shared.next_error() {
        Some((status, error)) => protocol.failure(status, error, headers),
        None => match shared.models() {
            Some(names) => Json(write(names.into_iter())).into_response(),
            None => (StatusCode::NOT_FOUND, "no such page").into_response(),
        },
    }
}

async fn answer(shared: Arc<Shared>, protocol: Protocol, request: HttpRequest) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = axum::body::to_bytes(body, MAX_BODY).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "the request could not be read").into_response();
    };
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return protocol.failure(400, None, &parts.headers);
    };
    let request =
        Request { path: parts.uri.path().to_owned(), headers: by_name(&parts.headers), body };
    let script = shared.script_for(&request);
    shared.requests.send_modify(|requests| requests.push(request.clone()));

    let pieces = match script.reply {
        Reply::Silence => std::future::pending().await,
        Reply::Page { content_type, body } => {
            return ([(header::CONTENT_TYPE, content_type)], body).into_response();
        }
        Reply::Status { status, headers, error } => {
            let mut response = protocol.failure(status, error, &parts.headers);
            for (name, value) in headers {
                let name: header::HeaderName = name.parse().expect("a header's name");
                response.headers_mut().insert(name, value.parse().expect("a header's value"));
            }
            return response;
        }
        Reply::Echo(gap) => Pieces { gap, ..words(&request.question()) },
        Reply::See => words(&seen(&request)),
        Reply::Pieces(pieces) => pieces,
    };
    let model = request.body["model"].as_str().unwrap_or_default().to_owned();
    let streamed =
        request.body["stream"] == true || request.path.ends_with(":streamGenerateContent");
    let told = if protocol == Protocol::OpenAi {
        request.body["stream_options"]["include_usage"] == true
    } else {
        true
    };
    let cost = told.then(|| pieces.usage());
    if streamed {
        let (events, body) = mpsc::channel(1);
        tokio::spawn(async move {
            // It ends early only when nobody listens any more.
            let _ = write(&events, &shared, protocol, &model, pieces, cost).await;
        });
        let body = ReceiverStream::new(body).then(|event| async {
            if event.is_err() {
                // A pause in the body lets the server flush what it has before it breaks off.
                tokio::task::yield_now().await;
            }
            event
        });
        let content_type = [(header::CONTENT_TYPE, "text/event-stream; charset=utf-8")];
        (content_type, Body::from_stream(body)).into_response()
    } else {
        Json(protocol.completion(&model, &pieces)).into_response()
    }
}

type Events = mpsc::Sender<io::Result<Bytes>>;

/// Nobody reads the answer any more.
struct Gone;

async fn write(
    events: &Events,
    shared: &Shared,
    protocol: Protocol,
    model: &str,
    pieces: Pieces,
    cost: Option<(u64, u64)>,
) -> Result<(), Gone> {
    for event in protocol.head(model, pieces.usage()) {
        send(events, event).await?;
    }
    let count = pieces.texts.len();
    for (index, text) in pieces.texts.iter().enumerate() {
        if index > 0 && !pieces.gap.is_zero() {
            clock::wait_until(clock::instant() + pieces.gap).await;
        }
        if pieces.hold_after == Some(index) {
            hold(events, shared).await?;
        }
        send(events, protocol.piece(model, text)).await?;
    }
    if pieces.hold_after.is_some_and(|after| after >= count) {
        hold(events, shared).await?;
    }
    match &pieces.ending {
        Ending::Finished => send_all(events, protocol.tail(model, None, &pieces, cost)).await,
        Ending::FinishedBy(reason) => {
            send_all(events, protocol.tail(model, Some(reason), &pieces, cost)).await
        }
        Ending::EndedEarly => Ok(()),
        Ending::Malformed => send(events, "data: {this is not JSON\n\n".to_owned()).await,
        Ending::Error(kind) => send(events, protocol.error_event(kind)).await,
        Ending::Cut => {
            let broken = io::Error::other("the script cuts the connection");
            events.send(Err(broken)).await.map_err(|_| Gone)
        }
        Ending::Stalled => {
            events.closed().await;
            Ok(())
        }
    }
}

fn words(text: &str) -> Pieces {
    Pieces::new(text.split_inclusive(' ').map(str::to_owned).collect())
}

fn seen(request: &Request) -> String {
    let images = request.images();
    let each =
        images.iter().map(|image| format!("{} of {} bytes", image.media_type, image.bytes.len()));
    format!("{} images: {}", images.len(), each.collect::<Vec<_>>().join(", "))
}

async fn send(events: &Events, event: String) -> Result<(), Gone> {
    events.send(Ok(Bytes::from(event))).await.map_err(|_| Gone)
}

async fn send_all(events: &Events, all: Vec<String>) -> Result<(), Gone> {
    for event in all {
        send(events, event).await?;
    }
    Ok(())
}

/// Waits for a release, or until the reader has gone.
async fn hold(events: &Events, shared: &Shared) -> Result<(), Gone> {
    shared.held.send_modify(|held| *held += 1);
    tokio::select! {
        permit = shared.releases.acquire() => {
            permit.map_err(|_| Gone)?.forget();
            Ok(())
        }
        () = events.closed() => Err(Gone),
    }
}

fn by_name(headers: &HeaderMap) -> BTreeMap<String, String> {
    let text = |value: &header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

impl Protocol {
    fn head(self, model: &str, usage: (u64, u64)) -> Vec<String> {
        match self {
            Self::OpenAi => openai::head(model),
            Self::Anthropic => anthropic::head(model, usage.0),
            Self::Google => Vec::new(),
        }
    }

    fn piece(self, model: &str, text: &str) -> String {
        match self {
            Self::OpenAi => openai::piece(model, text),
            Self::Anthropic => anthropic::piece(text),
            Self::Google => google::piece(text),
        }
    }

    fn tail(
        self,
        model: &str,
        reason: Option<&str>,
        pieces: &Pieces,
        cost: Option<(u64, u64)>,
    ) -> Vec<String> {
        match self {
            Self::OpenAi => openai::tail(model, reason, &pieces.calls, cost),
            Self::Anthropic => anthropic::tail(reason, &pieces.calls, pieces.usage().1),
            Self::Google => google::tail(reason, &pieces.calls, pieces.usage()),
        }
    }

    fn error_event(self, kind: &str) -> String {
        match self {
            Self::OpenAi => openai::error_event(kind),
            Self::Anthropic => anthropic::error_event(kind),
            Self::Google => google::error_event(kind),
        }
    }

    fn completion(self, model: &str, pieces: &Pieces) -> Value {
        match self {
            Self::OpenAi => openai::completion(model, pieces),
            Self::Anthropic => anthropic::completion(model, pieces),
            Self::Google => google::completion(pieces),
        }
    }

    /// The response of an error; like the real ones, it repeats the key that was refused.
    pub(super) fn failure(
        self,
        status: u16,
        error: Option<(String, String)>,
        headers: &HeaderMap,
    ) -> Response {
        let names = ["x-api-key", "x-goog-api-key", "api-key", "authorization"];
        let key = names.into_iter().find_map(|name| headers.get(name));
        let key = key.and_then(|key| key.to_str().ok()).unwrap_or_default();
        let (kind, message) = error.unwrap_or_else(|| {
            let (kind, message) = match self {
                Self::OpenAi => openai::usual_failure(status, key),
                Self::Anthropic => anthropic::usual_failure(status, key),
                Self::Google => google::usual_failure(status, key),
            };
            (kind.to_owned(), message)
        });
        let body = match self {
            Self::OpenAi => openai::failure(&kind, &message),
            Self::Anthropic => anthropic::failure(&kind, &message),
            Self::Google => google::failure(status, &kind, &message),
        };
        (StatusCode::from_u16(status).expect("a status"), Json(body)).into_response()
    }
}
