use serde_json::Value;
use url::Url;

use super::call::Call;

/// How a provider makes vectors of texts.
pub trait EmbeddingsFormat: Sync {
    /// A good model to begin with.
    fn usual_model(&self) -> Option<&'static str>;

    /// The request for the vectors of these texts.
    fn embed(&self, base: &Url, model: &str, texts: &[String], role: TextRole) -> Call;

    /// The vectors in the answer, in the order of the texts; `None` if it has none.
    fn vectors(&self, answer: &Value) -> Option<Vec<Vec<f32>>>;
}

/// What a text is: some models want to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextRole {
    /// What somebody searches with.
    Question,
    /// What is searched in.
    Passage,
}

/// Models that were taught to put what matters first, so that the beginning of their vectors does
/// nearly as well as the whole: by the beginning of their names, and how much is asked for.
const SHORTENED: [(&str, usize); 3] = [
    ("text-embedding-3-large", 1_024),
    ("text-embedding-3-small", 1_024),
    ("gemini-embedding", 768),
];

/// How long a model's vectors shall be; `None` leaves it to the model.
pub(super) fn shortened(model: &str) -> Option<usize> {
    let model = model.strip_prefix("models/").unwrap_or(model);
    SHORTENED.iter().find(|(name, _)| model.starts_with(name)).map(|(_, dimensions)| *dimensions)
}
