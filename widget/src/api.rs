//! Calls to the server: `/api/widget/v1`.

use std::cell::RefCell;

use cavuer_protocol::ProblemCode;
use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortSignal, Headers, ReadableStreamDefaultReader, RequestCache, RequestCredentials,
    RequestInit, Response,
};

use crate::browser::{deferred, js, number_property, property, set_property, window};
use crate::wire::{self, FromJson, Refusal};

/// A call that takes longer than this has failed; it is safe to repeat.
const TIMEOUT_MILLIS: u32 = 30_000;
/// The same for an upload. The server waits as long.
const UPLOAD_TIMEOUT_MILLIS: u32 = 120_000;
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

/// What is asked of the server.
#[derive(Clone, Copy)]
pub enum Ask<'a> {
    /// `GET`; the answer is text.
    Text,
    /// `GET`; the answer is a `Blob`.
    File,
    /// `POST` of JSON; the answer is text.
    Post(&'a str),
    /// `POST` of a `Blob`; the answer is text. The function is called as bytes leave, with an
    /// event that says how many.
    Upload(&'a JsValue, &'a Function),
}

pub struct Api {
    base: String,
    uploading: RefCell<JsValue>,
}

impl Api {
    pub fn new(base: &str) -> Self {
        Self { base: base.to_owned() + "/api/widget/v1/", uploading: RefCell::default() }
    }

    /// Calls the server and returns its answer, a text or a `Blob`.
    pub async fn call(
        &self,
        path: &str,
        session: Option<&str>,
        ask: Ask<'_>,
    ) -> Result<JsValue, Failure> {
        if let Ask::Upload(file, progress) = ask {
            return self.upload(path, session.unwrap_or_default(), file, progress).await;
        }
        let headers = headers(session)?;
        let init = request(&headers, &AbortSignal::timeout_with_u32(TIMEOUT_MILLIS));
        if let Ask::Post(body) = ask {
            headers.set("Content-Type", "application/json").map_err(network)?;
            init.set_method("POST");
            init.set_body(&body.into());
        }
        let response = self.fetch(path, &init).await?;
        let content = match ask {
            Ask::File => response.blob(),
            _ => response.text(),
        };
        JsFuture::from(content.map_err(network)?).await.map_err(network)
    }

    /// Breaks off the upload that is going on.
    pub fn abort_upload(&self) {
        // There may be none.
        let _ = js::call(&self.uploading.borrow(), "abort", &[]);
    }

    /// Only the older interface tells how much of a body has left the browser.
    async fn upload(
        &self,
        path: &str,
        session: &str,
        file: &JsValue,
        progress: &Function,
    ) -> Result<JsValue, Failure> {
        let request = js::construct("XMLHttpRequest", &[]).map_err(network)?;
        let address = self.base.clone() + path;
        let bearer = "Bearer ".to_owned() + session;
        let (ended, end) = deferred();
        js::call(&request, "open", &["POST".into(), address.into()]).map_err(network)?;
        js::call(&request, "setRequestHeader", &["Authorization".into(), bearer.into()])
            .map_err(network)?;
        set_property(&request, "timeout", &UPLOAD_TIMEOUT_MILLIS.into());
        set_property(&request, "onloadend", &end);
        set_property(&property(&request, "upload"), "onprogress", progress);
        js::call(&request, "send", std::slice::from_ref(file)).map_err(network)?;
        self.uploading.replace(request.clone());
        // It is only ever resolved.
        let _ = JsFuture::from(ended).await;
        self.uploading.take();
        let answer = property(&request, "responseText");
        match number_property(&request, "status") as u16 {
            0 => Err(Failure::Network),
            200..300 => Ok(answer),
            status => {
                let retry = js::call(&request, "getResponseHeader", &["Retry-After".into()]);
                Err(refused(status, &answer, retry.unwrap_or_default().as_string()))
            }
        }
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
        let text = JsFuture::from(response.text().map_err(network)?).await;
        Err(refused(response.status(), &text.unwrap_or_default(), retry))
    }
}

/// An answer of another shape than agreed is as good as none.
pub fn decode<T: FromJson>(answer: &JsValue) -> Result<T, Failure> {
    answer.as_string().and_then(|text| wire::decode(&text)).ok_or(Failure::Network)
}

fn refused(status: u16, answer: &JsValue, retry: Option<String>) -> Failure {
    let Refusal { code, detail } =
        decode(answer).unwrap_or(Refusal { code: ProblemCode::Unknown, detail: String::new() });
    Failure::Refused {
        status,
        code,
        detail,
        retry_seconds: retry
            .and_then(|seconds| seconds.trim().parse().ok())
            .unwrap_or(DEFAULT_RETRY_SECONDS),
    }
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

fn network(_: JsValue) -> Failure {
    Failure::Network
}
