use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cavuer_protocol::console::ProviderKind;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Method, RequestBuilder};
use url::Url;

use super::answer::Answer;
use super::failure::Failure;
use super::settings::Takes;
use super::{
    Asked, Composed, Llm, LlmError, LlmErrorKind, Piece, Prompt, ToolCall, anthropic, azure,
    google, openai,
};
use crate::outbound::{CONNECT_TIMEOUT, Outbound, OutboundRefused};
use cavuer_protocol::Secret;

/// Longest answer, in characters; what follows is not read.
pub const MAX_ANSWER_CHARS: usize = 16_000;
/// Most calls of functions that a model can ask for at once.
pub(super) const MAX_CALLS: usize = 32;
/// Longest arguments of one call, in bytes.
pub(super) const MAX_ARGUMENT_BYTES: usize = 64 * 1024;

/// How long each part of an answer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, name resolution and TLS included.
    pub connect: Duration,
    /// From the request to the first piece of text.
    pub first_token: Duration,
    /// Between two pieces of text.
    pub gap: Duration,
    /// From the request to the end.
    pub whole: Duration,
    /// For the vector of a visitor's question, without which it is searched then.
    pub question: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: CONNECT_TIMEOUT,
            first_token: Duration::from_secs(30),
            gap: Duration::from_secs(30),
            whole: Duration::from_secs(120),
            question: Duration::from_millis(1_500),
        }
    }
}

/// Where and as whom to ask.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderConfig {
    pub kind: ProviderKind,
    pub base_url: Url,
    /// Empty for a server of one's own that asks for none.
    pub api_key: Secret,
}

impl fmt::Debug for ProviderConfig {
    /// Leaves out the whole address but its host, since an address can hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderConfig")
            .field("kind", &self.kind)
            .field("host", &self.base_url.host_str())
            .finish_non_exhaustive()
    }
}

/// A provider over the network.
#[derive(Debug)]
pub struct Provider {
    config: ProviderConfig,
    asked: Asked,
    /// The first part of its model ids.
    prefix: String,
    outbound: Outbound,
    pub(super) timeouts: Timeouts,
    /// What models turned out to take that refused a request, by name.
    learned: Mutex<HashMap<String, Takes>>,
}

/// What one event of a provider's stream adds to the answer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Step {
    pub text: String,
    /// Calls that are complete.
    pub calls: Vec<ToolCall>,
    /// All that has been counted so far.
    pub tokens: Option<Tokens>,
    /// The model is at work on what cannot be given out: thoughts, or half a call.
    pub working: bool,
    /// The provider's finish mark: the answer is whole, though its cost may follow.
    pub finished: bool,
    /// Nothing follows any more.
    pub over: bool,
}

/// Tokens that a provider has counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Tokens {
    pub input: u64,
    pub output: u64,
}

/// Reads one answer's events in a provider's protocol.
pub(super) enum Reader {
    OpenAi(openai::Reader),
    Anthropic(anthropic::Reader),
    Google(google::Reader),
}

impl Reader {
    pub fn read(&mut self, data: &str) -> Result<Step, Unreadable> {
        match self {
            Self::OpenAi(reader) => reader.read(data),
            Self::Anthropic(reader) => reader.read(data),
            Self::Google(reader) => reader.read(data),
        }
    }
}

/// Why an event is not part of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// It is not what the protocol says.
    Malformed,
    /// The provider reports an error in the middle of the stream.
    Failed(Failure),
    /// The provider ended the answer in a way that is not an answer.
    Kind(LlmErrorKind),
}

impl Provider {
    /// A provider that is asked through `outbound`, which must trust the base URL's host if that
    /// is a private one.
    pub fn new(
        config: ProviderConfig,
        asked: Asked,
        prefix: String,
        outbound: Outbound,
        timeouts: Timeouts,
    ) -> Self {
        Self { config, asked, prefix, outbound, timeouts, learned: Mutex::default() }
    }

    /// Whether it was made from these settings.
    pub(super) fn is_of(&self, config: &ProviderConfig, asked: &Asked) -> bool {
        self.config == *config && self.asked == *asked
    }

    pub fn kind(&self) -> ProviderKind {
        self.config.kind
    }

    /// The host that is asked, with its port if that is not the usual one.
    pub fn host(&self) -> String {
        let base = &self.config.base_url;
        let host = base.host_str().unwrap_or_default();
        base.port().map_or(host.to_owned(), |port| format!("{host}:{port}"))
    }

    pub(super) fn base_url(&self) -> &Url {
        &self.config.base_url
    }

    /// One of its models.
    pub fn model(self: &Arc<Self>, name: &str) -> ProviderModel {
        ProviderModel { provider: Arc::clone(self), name: name.to_owned() }
    }

    /// The request for an answer, with as much of the prompt as the model takes.
    pub(super) fn request(
        &self,
        model: &str,
        prompt: &Composed,
        takes: Takes,
    ) -> Result<RequestBuilder, OutboundRefused> {
        let base = &self.config.base_url;
        let (endpoint, body) = match self.config.kind {
            ProviderKind::OpenAi | ProviderKind::Compatible => {
                (openai::endpoint(base), openai::body(model, prompt, takes))
            }
            ProviderKind::Azure => {
                (azure::endpoint(base, model), openai::body(model, prompt, takes))
            }
            ProviderKind::Anthropic => {
                (anthropic::endpoint(base), anthropic::body(model, prompt, takes))
            }
            ProviderKind::Google => {
                (google::endpoint(base, model), google::body(model, prompt, takes))
            }
        };
        let request = self.request_to(Method::POST, endpoint)?;
        Ok(request.header(ACCEPT, HeaderValue::from_static("text/event-stream")).json(&body))
    }

    /// The request for the list of its models; `None` if it has none.
    pub(super) fn list_request(&self) -> Option<Result<RequestBuilder, OutboundRefused>> {
        let base = &self.config.base_url;
        let address = match self.config.kind {
            ProviderKind::OpenAi | ProviderKind::Compatible => openai::models(base),
            ProviderKind::Anthropic => anthropic::models(base),
            ProviderKind::Google => google::models(base),
            // It lists what could be deployed, not what is.
            ProviderKind::Azure => return None,
        };
        Some(self.request_to(Method::GET, address))
    }

    pub(super) fn request_to(
        &self,
        method: Method,
        url: Url,
    ) -> Result<RequestBuilder, OutboundRefused> {
        let ProviderConfig { kind, api_key, .. } = &self.config;
        let mut request = self.outbound.request(method, url)?;
        if *kind == ProviderKind::Anthropic {
            request = anthropic::with_version(request);
        }
        Ok(match kind {
            _ if api_key.is_empty() => request,
            ProviderKind::OpenAi | ProviderKind::Compatible => openai::authorise(request, api_key),
            ProviderKind::Azure => azure::authorise(request, api_key),
            ProviderKind::Anthropic => anthropic::authorise(request, api_key),
            ProviderKind::Google => google::authorise(request, api_key),
        })
    }

    pub(super) fn reader(&self) -> Reader {
        match self.config.kind {
            ProviderKind::OpenAi | ProviderKind::Azure | ProviderKind::Compatible => {
                Reader::OpenAi(openai::Reader::default())
            }
            ProviderKind::Anthropic => Reader::Anthropic(anthropic::Reader::default()),
            ProviderKind::Google => Reader::Google(google::Reader::default()),
        }
    }

    /// An error of this provider; `detail` is freed of the key.
    pub(super) fn error(&self, kind: LlmErrorKind, detail: &str) -> LlmError {
        let error = LlmError::new(kind, Some(self.asked.clone()));
        // Words about a refused key like to repeat a part of it.
        if matches!(kind, LlmErrorKind::Unauthorised | LlmErrorKind::Forbidden) {
            return error;
        }
        error.with_detail(&self.config.api_key.redact(detail))
    }

    /// What a model takes, as far as that is known.
    pub(super) fn takes(&self, model: &str) -> Takes {
        let learned = self.learned().get(model).copied();
        learned.unwrap_or_else(|| Takes::of(self.config.kind, model))
    }

    pub(super) fn remember(&self, model: &str, takes: Takes) {
        self.learned().insert(model.to_owned(), takes);
    }

    fn learned(&self) -> MutexGuard<'_, HashMap<String, Takes>> {
        self.learned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One model of a provider.
#[derive(Clone, Debug)]
pub struct ProviderModel {
    pub(super) provider: Arc<Provider>,
    pub(super) name: String,
}

impl ProviderModel {
    /// What its provider speaks.
    pub fn kind(&self) -> ProviderKind {
        self.provider.kind()
    }

    /// Its id, as an agent names it.
    pub fn id(&self) -> String {
        format!("{}/{}", self.provider.prefix, self.name)
    }
}

impl Llm for ProviderModel {
    fn stream(&self, prompt: Prompt) -> BoxStream<'static, Result<Piece, LlmError>> {
        let answer = Answer::new(self.clone(), &prompt);
        stream::unfold(answer, |mut answer| async move {
            let piece = answer.next().await?;
            Some((piece, answer))
        })
        .boxed()
    }
}
