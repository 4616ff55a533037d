use bytes::Bytes;
use reqwest::multipart::Form;
use serde_json::Value;
use url::Url;

/// How a provider makes speech into text.
pub trait Transcription: Sync {
    /// The model that does it at this host unless another one is named; `None` if only its owner
    /// knows the name. The host is empty where it is not known.
    fn usual_model(&self, host: &str) -> Option<&'static str>;

    /// Where to ask.
    fn address(&self, base: &Url, model: &str) -> Url;

    /// What to send there; `None` for a recording that cannot be sent.
    fn form(&self, model: &str, recording: Recording) -> Option<Form>;

    /// What the answer says; `None` if it is not a transcript.
    fn heard(&self, answer: &Value) -> Option<Heard>;
}

/// A voice message.
#[derive(Clone, Debug)]
pub struct Recording {
    /// Providers go by its ending.
    pub name: String,
    /// What the content is, such as `audio/webm`.
    pub media_type: String,
    /// The whole file, as it was uploaded.
    pub bytes: Bytes,
}

/// What is said in a recording, and what it took to hear it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heard {
    /// Empty if nothing is said.
    pub text: String,
    /// Tokens as the provider counts; 0 if it does not.
    pub input_tokens: u32,
    /// Tokens written, as the provider counts; 0 if it does not.
    pub output_tokens: u32,
    /// How long the recording is, if the provider says so.
    pub seconds: Option<f64>,
}
