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

/// Makes of each line a measurement with the name and the help under which it is told.
macro_rules! metrics {
    ($(
        $(#[$doc:meta])*
        $shown:vis $field:ident: $kind:ty = $new:expr, $name:literal, $help:literal;
    )*) => {
        /// Every measurement of the server.
        pub struct Metrics {
            registry: Registry,
            $($(#[$doc])* $shown $field: $kind,)*
        }

        impl Metrics {
            pub(crate) fn new() -> Self {
                let mut registry = Registry::with_prefix("cavuer");
                $(
                    let $field: $kind = $new;
                    registry.register($name, $help, $field.clone());
                )*
                Self { registry, $($field,)* }
            }
        }
    };
}

metrics! {
    /// Counted when the head of the answer is ready, under its route, method and status.
    pub requests: Family<RequestLabels, Counter> = Family::default(),
        "http_requests", "Requests answered";
    /// From a request to the head of its answer, of all routes together.
    pub request_seconds: Histogram = Histogram::new(SECONDS),
        "http_request_seconds", "Time to the head of an answer";
    /// Streams of visitors; those of consoles are not counted.
    pub open_streams: Gauge<i64, AtomicI64> = Gauge::default(),
        "open_streams", "Event streams of visitors open now";
    pub(crate) visitor_messages: Counter = Counter::default(),
        "visitor_messages", "Messages of visitors stored";
    pub(crate) answers: Counter = Counter::default(),
        "answers", "Answers of agents stored";
    pub(crate) failed_answers: Counter = Counter::default(),
        "failed_answers", "Questions that got no answer";
    pub(crate) fallbacks: Counter = Counter::default(),
        "fallbacks", "Questions that an agent's fallback model was asked";
    pub(crate) hand_overs: Counter = Counter::default(),
        "hand_overs", "Conversations that agents handed over to people";
    pub(crate) function_calls: Counter = Counter::default(),
        "function_calls", "Functions called for agents";
    pub(crate) deliveries: Counter = Counter::default(),
        "deliveries", "Messages brought to channels that do not listen by themselves";
    pub(crate) failed_deliveries: Counter = Counter::default(),
        "failed_deliveries", "Attempts to bring a message that failed";
    pub(crate) given_up_deliveries: Counter = Counter::default(),
        "given_up_deliveries", "Messages that nobody tries to bring any more";
    pub(crate) first_token_seconds: Histogram = Histogram::new(SECONDS),
        "first_token_seconds", "Time from a model being asked to its first words";
    /// As the providers count, of all workspaces together.
    pub(crate) model_tokens_read: Counter = Counter::default(),
        "model_tokens_read", "Tokens that models were given";
    /// As the providers count, of all workspaces together.
    pub(crate) model_tokens_written: Counter = Counter::default(),
        "model_tokens_written", "Tokens that models wrote";
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
