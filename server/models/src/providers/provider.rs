use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cavuer_protocol::Secret;
use reqwest::header::{ACCEPT, HeaderValue};
use reqwest::{Method, RequestBuilder};
use url::Url;

use crate::asked::Asked;
use crate::error::{LlmError, LlmErrorKind};
use crate::outbound::{CONNECT_TIMEOUT, Outbound, OutboundRefused};
use crate::prompt::Composed;
use crate::protocols::{Protocol, Takes};

/// Longest answer, in characters; what follows is not read.
pub const MAX_ANSWER_CHARS: usize = 16_000;

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
    /// What it speaks.
    pub protocol: &'static dyn Protocol,
    /// Where to ask; the protocol adds each call's path to it.
    pub base_url: Url,
    /// Empty for a server of one's own that asks for none.
    pub api_key: Secret,
}

impl fmt::Debug for ProviderConfig {
    /// Leaves out the whole address but its host, since an address can hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderConfig")
            .field("protocol", &self.protocol)
            .field("host", &self.base_url.host_str())
            .finish_non_exhaustive()
    }
}

/// A provider over the network.
#[derive(Debug)]
pub struct ProviderClient {
    config: ProviderConfig,
    asked: Asked,
    /// The first part of its model ids.
    prefix: String,
    outbound: Outbound,
    pub(super) timeouts: Timeouts,
    /// What models turned out to take that refused a request, by name.
    learned: Mutex<HashMap<String, Takes>>,
}

impl ProviderClient {
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
    pub(crate) fn is_of(&self, config: &ProviderConfig, asked: &Asked) -> bool {
        self.config == *config && self.asked == *asked
    }

    pub(crate) fn protocol(&self) -> &'static dyn Protocol {
        self.config.protocol
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
        let call = self.protocol().ask(&self.config.base_url, model, prompt, takes);
        let request = self.request_to(Method::POST, call.url)?;
        Ok(request.header(ACCEPT, HeaderValue::from_static("text/event-stream")).json(&call.body))
    }

    /// The request for the list of its models; `None` if it has none.
    pub(super) fn list_request(&self) -> Option<Result<RequestBuilder, OutboundRefused>> {
        let address = self.protocol().list(&self.config.base_url)?;
        Some(self.request_to(Method::GET, address))
    }

    pub(super) fn request_to(
        &self,
        method: Method,
        url: Url,
    ) -> Result<RequestBuilder, OutboundRefused> {
        let ProviderConfig { protocol, api_key, .. } = &self.config;
        let mut request = self.outbound.request(method, url)?;
        for (name, value) in protocol.headers() {
            request = request.header(*name, *value);
        }
        if api_key.is_empty() {
            return Ok(request);
        }
        let (name, value) = protocol.key_header(api_key.expose());
        Ok(request.header(name, sensitive(&value)))
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
        learned.unwrap_or_else(|| self.protocol().takes(model))
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
    pub(super) provider: Arc<ProviderClient>,
    pub(super) name: String,
}

impl ProviderModel {
    /// Its id, as an agent names it.
    pub fn id(&self) -> String {
        format!("{}/{}", self.provider.prefix, self.name)
    }
}

/// A header value that no log of the HTTP client prints. A key that cannot stand in a header
/// becomes an empty one, and the provider then says that it is wrong.
fn sensitive(value: &str) -> HeaderValue {
    let mut value = HeaderValue::from_str(value).unwrap_or_else(|_| HeaderValue::from_static(""));
    value.set_sensitive(true);
    value
}
