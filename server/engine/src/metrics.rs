//! What `/metrics` tells, in the OpenMetrics text format.

use std::sync::atomic::AtomicI64;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// Upper bounds of the histograms, in seconds.
const SECONDS: [f64; 12] = [0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0];

/// Every measurement of the server.
pub struct Metrics {
    registry: Registry,
    /// Counted when the head of the answer is ready, under its route, method and status.
    pub requests: Family<RequestLabels, Counter>,
    /// From a request to the head of its answer, of all routes together.
    pub request_seconds: Histogram,
    /// Streams of visitors; those of consoles are not counted.
    pub open_streams: Gauge<i64, AtomicI64>,
    pub(crate) visitor_messages: Counter,
    pub(crate) answers: Counter,
    pub(crate) failed_answers: Counter,
    /// Times that an agent's fallback model was asked.
    pub(crate) fallbacks: Counter,
    pub(crate) hand_overs: Counter,
    pub(crate) function_calls: Counter,
    /// Messages that were brought by way of the outbox, and attempts that failed.
    pub(crate) deliveries: Counter,
    pub(crate) failed_deliveries: Counter,
    pub(crate) first_token_seconds: Histogram,
    /// Tokens as the providers count them, of all workspaces together.
    pub(crate) model_tokens_read: Counter,
    pub(crate) model_tokens_written: Counter,
}

/// How requests are told apart; never by anything that a visitor chose.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    /// The route's pattern, for example `/api/widget/v1/messages`.
    pub route: String,
    /// `other` for what is no method of HTTP: each label is kept for ever.
    pub method: &'static str,
    /// The HTTP status that the caller gets; 500 after a panic, too.
    pub status: u16,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("cavuer");
        let histogram = || Histogram::new(SECONDS);
        let metrics = Self {
            requests: Family::default(),
            request_seconds: histogram(),
            open_streams: Gauge::default(),
            visitor_messages: Counter::default(),
            answers: Counter::default(),
            failed_answers: Counter::default(),
            fallbacks: Counter::default(),
            hand_overs: Counter::default(),
            function_calls: Counter::default(),
            deliveries: Counter::default(),
            failed_deliveries: Counter::default(),
            first_token_seconds: histogram(),
            model_tokens_read: Counter::default(),
            model_tokens_written: Counter::default(),
            registry: Registry::default(),
        };
        registry.register("http_requests", "Requests answered", metrics.requests.clone());
        registry.register(
            "http_request_seconds",
            "Time to the head of an answer",
            metrics.request_seconds.clone(),
        );
        registry.register("open_streams", "Event streams open now", metrics.open_streams.clone());
        registry.register(
            "visitor_messages",
            "Messages of visitors stored",
            metrics.visitor_messages.clone(),
        );
        registry.register("answers", "Answers of agents stored", metrics.answers.clone());
        registry.register(
            "failed_answers",
            "Questions that got no answer",
            metrics.failed_answers.clone(),
        );
        registry.register(
            "fallbacks",
            "Questions that an agent's fallback model was asked",
            metrics.fallbacks.clone(),
        );
        registry.register(
            "hand_overs",
            "Conversations that agents handed over to people",
            metrics.hand_overs.clone(),
        );
        registry.register(
            "function_calls",
            "Functions called for agents",
            metrics.function_calls.clone(),
        );
        registry.register(
            "deliveries",
            "Messages brought to channels that do not listen by themselves",
            metrics.deliveries.clone(),
        );
        registry.register(
            "failed_deliveries",
            "Attempts to bring a message that failed",
            metrics.failed_deliveries.clone(),
        );
        registry.register(
            "first_token_seconds",
            "Time from a turn's start to the model's first words",
            metrics.first_token_seconds.clone(),
        );
        registry.register(
            "model_tokens_read",
            "Tokens that models were given",
            metrics.model_tokens_read.clone(),
        );
        registry.register(
            "model_tokens_written",
            "Tokens that models wrote",
            metrics.model_tokens_written.clone(),
        );
        Self { registry, ..metrics }
    }

    /// Everything, as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}
