//! Calls to the server: `/api/widget/v1`.

use cavuer_protocol::ProblemCode;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, ReadableStreamDefaultReader, RequestCache, RequestCredentials,
    RequestInit, Response,
};

use crate::browser::window;
use crate::wire::{self, FromJson, Refusal};

/// A call that takes longer than this has failed; it is safe to repeat.
const TIMEOUT_MILLIS: u32 = 30_000;
/// Seconds to wait when the server does not say how many.
const DEFAULT_RETRY_SECONDS: u32 = 10;

/// Why a call did not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// No answer that could be read: offline, cut off, or too slow.
    Network,
    Refused {
        status: u16,
        code: ProblemCode,
        /// What the server says about it, for people.
        detail: String,
        retry_seconds: u32,
    },
}

impl Failure {
    pub fn code(&self) -> Option<ProblemCode> {
        match self {
            Self::Network => None,
            Self::Refused { code, .. } => Some(*code),
        }
    }
}

pub struct Api {
    base: String,
}

impl Api {
    pub fn new(base: &str) -> Self {
        Self { base: base.to_owned() + "/api/widget/v1/" }
    }

    /// Calls the server and returns the text of its answer. With a body it is a `POST`.
    pub async fn call(
        &self,
        path: &str,
        session: Option<&str>,
        body: Option<&str>,
    ) -> Result<String, Failure> {
        let headers = headers(session)?;
        let init = request(&headers, &AbortSignal::timeout_with_u32(TIMEOUT_MILLIS));
        if let Some(body) = body {
            headers.set("Content-Type", "application/json").map_err(network)?;
            init.set_method("POST");
            init.set_body(&body.into());
        }
        text(&self.fetch(path, &init).await?).await
    }

    /// Opens the stream of events behind the event `last_id`; empty for a fresh stream.
    pub async fn open_stream(
        &self,
        session: &str,
        last_id: &str,
        signal: &AbortSignal,
    ) -> Result<ReadableStreamDefaultReader, Failure> {
        let headers = headers(Some(session))?;
        if !last_id.is_empty() {
            headers.set("Last-Event-ID", last_id).map_err(network)?;
        }
        headers.set("Accept", "text/event-stream").map_err(network)?;
        let response = self.fetch("events", &request(&headers, signal)).await?;
        let body = response.body().ok_or(Failure::Network)?;
        Ok(body.get_reader().unchecked_into())
    }

    async fn fetch(&self, path: &str, init: &RequestInit) -> Result<Response, Failure> {
        let address = self.base.clone() + path;
        let answer = JsFuture::from(window().fetch_with_str_and_init(&address, init)).await;
        let response: Response = answer.map_err(network)?.unchecked_into();
        if response.ok() {
            return Ok(response);
        }
        let retry = response.headers().get("Retry-After").ok().flatten();
        let status = response.status();
        let refusal = wire::decode(&text(&response).await.unwrap_or_default());
        let Refusal { code, detail } =
            refusal.unwrap_or(Refusal { code: ProblemCode::Unknown, detail: String::new() });
        Err(Failure::Refused {
            status,
            code,
            detail,
            retry_seconds: retry
                .and_then(|seconds| seconds.trim().parse().ok())
                .unwrap_or(DEFAULT_RETRY_SECONDS),
        })
    }
}

/// An answer of another shape than agreed is as good as none.
pub fn decode<T: FromJson>(text: &str) -> Result<T, Failure> {
    wire::decode(text).ok_or(Failure::Network)
}

fn headers(session: Option<&str>) -> Result<Headers, Failure> {
    let headers = Headers::new().map_err(network)?;
    if let Some(session) = session {
        let value = "Bearer ".to_owned() + session;
        headers.set("Authorization", &value).map_err(network)?;
    }
    Ok(headers)
}

fn request(headers: &Headers, signal: &AbortSignal) -> RequestInit {
    let init = RequestInit::new();
    init.set_headers(headers);
    init.set_signal(Some(signal));
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init
}

async fn text(response: &Response) -> Result<String, Failure> {
    let text = JsFuture::from(response.text().map_err(network)?).await;
    text.map_err(network)?.as_string().ok_or(Failure::Network)
}

fn network(_: JsValue) -> Failure {
    Failure::Network
}
