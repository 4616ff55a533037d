//! Servers that speak OpenAI's protocol, each in its own way, and mostly one's own.

use cavuer_protocol::notice::{self, Notice};
use reqwest::multipart::Form;
use serde_json::Value;
use url::Url;

use super::call::Call;
use super::embeddings::{EmbeddingsFormat, TextRole};
use super::openai::{self, OpenAi};
use super::protocol::{Facts, Protocol};
use super::reading::Reader;
use super::takes::Takes;
use super::transcription::{Heard, Recording, Transcription};
use crate::prompt::Composed;

/// Anything else that speaks OpenAI's protocol: Ollama, llama.cpp, vLLM, LiteLLM, OpenRouter.
pub struct Compatible;

impl Protocol for Compatible {
    fn facts(&self) -> Facts {
        Facts {
            example_url: Some("http://localhost:11434/v1"),
            needs_key: false,
            ..Facts::of("compatible", "OpenAI-compatible")
        }
    }

    fn about(&self) -> Option<Notice> {
        Some(notice::compatible_servers())
    }

    fn key_header(&self, key: &str) -> (&'static str, String) {
        OpenAi.key_header(key)
    }

    fn takes(&self, model: &str) -> Takes {
        OpenAi.takes(model)
    }

    fn ask(&self, base: &Url, model: &str, prompt: &Composed, takes: Takes) -> Call {
        OpenAi.ask(base, model, prompt, takes)
    }

    fn reader(&self) -> Box<dyn Reader> {
        OpenAi.reader()
    }

    fn list(&self, base: &Url) -> Option<Url> {
        OpenAi.list(base)
    }

    /// Names of one's own servers are anybody's guess.
    fn can_chat(&self, _: &str) -> bool {
        true
    }

    fn embeddings(&self) -> Option<&dyn EmbeddingsFormat> {
        Some(self)
    }

    fn transcription(&self) -> Option<&dyn Transcription> {
        Some(self)
    }
}

impl EmbeddingsFormat for Compatible {
    fn usual_model(&self) -> Option<&'static str> {
        None
    }

    fn embed(&self, base: &Url, model: &str, texts: &[String], role: TextRole) -> Call {
        OpenAi.embed(base, model, texts, role)
    }

    fn vectors(&self, answer: &Value) -> Option<Vec<Vec<f32>>> {
        OpenAi.vectors(answer)
    }
}

impl Transcription for Compatible {
    fn usual_model(&self, _: &str) -> Option<&'static str> {
        Some(openai::USUAL_HEARING)
    }

    fn address(&self, base: &Url, model: &str) -> Url {
        OpenAi.address(base, model)
    }

    fn form(&self, model: &str, recording: Recording) -> Option<Form> {
        OpenAi.form(model, recording)
    }

    fn heard(&self, answer: &Value) -> Option<Heard> {
        OpenAi.heard(answer)
    }
}
