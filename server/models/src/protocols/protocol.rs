use std::fmt;

use cavuer_protocol::notice::Notice;
use serde_json::Value;
use url::Url;

use super::call::Call;
use super::embeddings::EmbeddingsFormat;
use super::failure::Failure;
use super::families;
use super::reading::{Frames, Reader};
use super::takes::Takes;
use super::transcription::Transcription;
use crate::prompt::Composed;

/// A provider's wire format, and what there is to know of the provider.
///
/// It has no state: what belongs to one answer is in its [`Reader`].
pub trait Protocol: Send + Sync {
    /// What people are told of it.
    fn facts(&self) -> Facts;

    /// The header that carries the key, by name and value.
    fn key_header(&self, key: &str) -> (&'static str, String);

    /// A sentence about what it is, where the name does not tell.
    fn about(&self) -> Option<Notice> {
        None
    }

    /// What every request carries beside the key, by name and value.
    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// Which optional parts of a request a model takes, as far as its name tells. The rest is
    /// learnt from refusals.
    fn takes(&self, model: &str) -> Takes {
        Takes::all(model)
    }

    /// The request for an answer as a stream, with as much of the prompt as the model takes.
    fn ask(&self, base: &Url, model: &str, prompt: &Composed, takes: Takes) -> Call;

    /// What cuts an answer's stream into events: those of server-sent events, unless the provider
    /// has other ones.
    fn frames(&self) -> Box<dyn Frames> {
        super::reading::sent_events()
    }

    /// Reads the events of one answer.
    fn reader(&self) -> Box<dyn Reader>;

    /// Reads the body of an unsuccessful response.
    fn failure(&self, body: &[u8]) -> Failure {
        Failure::from_body(body)
    }

    /// Where the models are listed; `None` if the provider has no such list.
    fn list(&self, base: &Url) -> Option<Url>;

    /// The models' names in such a list, as they are asked for; `None` if it is none.
    fn names(&self, list: &Value) -> Option<Vec<String>> {
        names_in(list)
    }

    /// Whether a listed model is one that agents can be offered, as far as its name tells.
    fn can_chat(&self, model: &str) -> bool {
        families::can_chat(model)
    }

    /// How vectors of texts are made; `None` if the provider makes none.
    fn embeddings(&self) -> Option<&dyn EmbeddingsFormat> {
        None
    }

    /// How speech is made into text; `None` if the provider does not do that.
    fn transcription(&self) -> Option<&dyn Transcription> {
        None
    }
}

/// What there is to know of a provider before one is set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts {
    /// Its word in the database and in the API; it must never change.
    pub kind: &'static str,
    /// Its name, as people know it.
    pub label: &'static str,
    /// Its usual address; `None` where everybody has one of their own.
    pub usual_url: Option<&'static str>,
    /// How an address may look, where there is no usual one.
    pub example_url: Option<&'static str>,
    /// Whether its addresses may have a query.
    pub url_has_query: bool,
    /// Whether it answers nobody without a key.
    pub needs_key: bool,
    /// Whether its models go by the names of deployments, which their owner gave them.
    pub has_deployments: bool,
    /// The models that support teams choose from, cheapest first, by name and label.
    pub suggested: &'static [(&'static str, &'static str)],
}

impl Facts {
    /// A provider that needs a key and has nothing to add.
    pub const fn of(kind: &'static str, label: &'static str) -> Self {
        Self {
            kind,
            label,
            usual_url: None,
            example_url: None,
            url_has_query: false,
            needs_key: true,
            has_deployments: false,
            suggested: &[],
        }
    }
}

impl fmt::Debug for dyn Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.facts().kind)
    }
}

impl PartialEq for dyn Protocol {
    fn eq(&self, other: &Self) -> bool {
        self.facts().kind == other.facts().kind
    }
}

impl Eq for dyn Protocol {}

/// The names in a list of the common form: entries with an `id` or a `name`, under `data` or
/// `models`. Google's compatible server puts `models/` before them.
fn names_in(list: &Value) -> Option<Vec<String>> {
    let entries = ["data", "models"].into_iter().find_map(|under| list[under].as_array())?;
    let names = entries.iter().filter_map(|entry| {
        let name = entry["id"].as_str().or_else(|| entry["name"].as_str())?;
        Some(name.strip_prefix("models/").unwrap_or(name).to_owned())
    });
    Some(names.collect())
}
