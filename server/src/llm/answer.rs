//! One answer of a provider, from the request to its last word.

use std::time::Duration;

use reqwest::Response;
use reqwest::header::CONTENT_TYPE;
use tokio::time::{Instant, timeout_at};

use super::failure::{Failure, retry_after};
use super::provider::{MAX_ANSWER_CHARS, ProviderModel, Step, Unreadable};
use super::sse::SseDecoder;
use super::{Composed, LlmError, LlmErrorKind, Prompt, compose};

/// Most bytes of an error body that are read.
const MAX_ERROR_BODY: usize = 16 * 1024;

/// How long the rest of the stream is awaited after the finish mark, so that the connection can
/// be used again.
const DRAIN: Duration = Duration::from_secs(1);

/// An answer under way.
pub struct Answer {
    model: ProviderModel,
    prompt: Composed,
    temperature: f64,
    phase: Phase,
    /// Characters given out so far; nothing is given out before the first visible one.
    chars: usize,
}

enum Phase {
    Unasked,
    Reading(Box<Reading>),
    Over,
}

struct Reading {
    response: Response,
    decoder: SseDecoder,
    /// Until when the next piece of text must come.
    next_by: Instant,
    whole_by: Instant,
}

impl Answer {
    pub fn new(model: ProviderModel, prompt: &Prompt) -> Self {
        Self {
            model,
            prompt: compose(prompt),
            temperature: prompt.temperature,
            phase: Phase::Unasked,
            chars: 0,
        }
    }

    /// The next piece; `None` at the end and after an error.
    pub async fn next(&mut self) -> Option<Result<String, LlmError>> {
        let piece = self.advance().await.transpose();
        if !matches!(piece, Some(Ok(_))) {
            self.phase = Phase::Over;
        }
        piece
    }

    async fn advance(&mut self) -> Result<Option<String>, LlmError> {
        loop {
            match &mut self.phase {
                Phase::Over => return Ok(None),
                Phase::Unasked => {
                    let reading = self.ask().await?;
                    self.phase = Phase::Reading(Box::new(reading));
                }
                Phase::Reading(reading) => {
                    let Some(data) = reading.decoder.next_event() else {
                        self.read_chunk().await?;
                        continue;
                    };
                    let step = self.model.provider.read(&data);
                    let step = step.map_err(|unreadable| self.unreadable(unreadable, &data))?;
                    if let Some(text) = self.take(step)? {
                        return Ok(Some(text));
                    }
                }
            }
        }
    }

    /// Sends the request, a second time without settings if the model does not take them.
    async fn ask(&self) -> Result<Reading, LlmError> {
        let provider = &self.model.provider;
        let begun = Instant::now();
        let next_by = begun + provider.timeouts.first_token;
        let whole_by = begun + provider.timeouts.whole;
        let deadline = next_by.min(whole_by);

        let takes_settings = provider.takes_settings(&self.model.name);
        let temperature = takes_settings.then_some(self.temperature);
        let mut response = self.send(temperature, deadline).await?;
        if !response.status().is_success() {
            let (failure, error) = self.failed(response, deadline).await;
            if !(takes_settings
                && error.kind == LlmErrorKind::Rejected(400)
                && failure.refuses_setting())
            {
                return Err(error);
            }
            provider.remember_plain(&self.model.name);
            response = self.send(None, deadline).await?;
            if !response.status().is_success() {
                return Err(self.failed(response, deadline).await.1);
            }
        }
        self.require_event_stream(&response)?;
        Ok(Reading { response, decoder: SseDecoder::default(), next_by, whole_by })
    }

    async fn send(
        &self,
        temperature: Option<f64>,
        deadline: Instant,
    ) -> Result<Response, LlmError> {
        let provider = &self.model.provider;
        let request = provider
            .request(&self.model.name, &self.prompt, temperature)
            .map_err(|refused| provider.error(LlmErrorKind::Unreachable, &refused.to_string()))?;
        match timeout_at(deadline, request.send()).await {
            Ok(sent) => sent.map_err(|error| {
                let kind = if error.is_connect() || error.is_builder() {
                    LlmErrorKind::Unreachable
                } else {
                    LlmErrorKind::CutOff
                };
                provider.error(kind, &in_full(error))
            }),
            Err(_) => Err(provider.error(LlmErrorKind::TimedOut, "no answer to the request")),
        }
    }

    /// Reads what an unsuccessful response says.
    async fn failed(&self, mut response: Response, deadline: Instant) -> (Failure, LlmError) {
        let status = response.status().as_u16();
        let pause = retry_after(response.headers());
        let mut body = Vec::new();
        while body.len() < MAX_ERROR_BODY {
            // The status alone says most of it, so a body that cannot be read is no new error.
            match timeout_at(deadline, response.chunk()).await {
                Ok(Ok(Some(chunk))) => body.extend_from_slice(&chunk),
                _ => break,
            }
        }
        let failure = Failure::from_body(&body);
        let mut error = self.model.provider.error(failure.kind(Some(status)), &failure.message);
        error.retry_after = pause;
        (failure, error)
    }

    /// A page or a plain JSON body under a success status is a wrong address or a server that
    /// cannot stream.
    fn require_event_stream(&self, response: &Response) -> Result<(), LlmError> {
        let content_type = response.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok()).unwrap_or_default();
        if content_type.starts_with("text/html") || content_type.starts_with("application/json") {
            let detail = format!("an answer of type {content_type} instead of text/event-stream");
            return Err(self.model.provider.error(LlmErrorKind::Malformed, &detail));
        }
        Ok(())
    }

    async fn read_chunk(&mut self) -> Result<(), LlmError> {
        let Phase::Reading(reading) = &mut self.phase else { return Ok(()) };
        let deadline = reading.next_by.min(reading.whole_by);
        if Instant::now() >= deadline {
            // A stream that always has something ready would never let a timeout run out.
            return Err(self
                .model
                .provider
                .error(LlmErrorKind::TimedOut, "the answer takes too long"));
        }
        let chunk = timeout_at(deadline, reading.response.chunk()).await;
        let (kind, detail) = match chunk {
            Ok(Ok(Some(bytes))) => match reading.decoder.push(&bytes) {
                Ok(()) => return Ok(()),
                Err(_) => (LlmErrorKind::Malformed, "an event that is too long".to_owned()),
            },
            Ok(Ok(None)) => {
                (LlmErrorKind::CutOff, "the stream ended without its finish mark".to_owned())
            }
            Ok(Err(error)) => (LlmErrorKind::CutOff, in_full(error)),
            Err(_) => (LlmErrorKind::TimedOut, "the stream fell silent".to_owned()),
        };
        Err(self.model.provider.error(kind, &detail))
    }

    /// Gives out what a step adds, and ends the answer at the finish mark or the length limit.
    fn take(&mut self, step: Step) -> Result<Option<String>, LlmError> {
        let mut text = step.text;
        if self.chars == 0 {
            text.drain(..text.len() - text.trim_start().len());
        }
        let left = MAX_ANSWER_CHARS - self.chars;
        let mut full = false;
        if let Some((end, _)) = text.char_indices().nth(left) {
            text.truncate(end);
            full = true;
        }
        self.chars += text.chars().count();
        if step.finished || full {
            if self.chars == 0 {
                return Err(self.model.provider.error(LlmErrorKind::Empty, ""));
            }
            let phase = std::mem::replace(&mut self.phase, Phase::Over);
            if let (Phase::Reading(reading), false) = (phase, full) {
                tokio::spawn(drain(reading.response));
            }
        } else if !text.is_empty()
            && let Phase::Reading(reading) = &mut self.phase
        {
            reading.next_by = Instant::now() + self.model.provider.timeouts.gap;
        }
        Ok((!text.is_empty()).then_some(text))
    }

    fn unreadable(&self, unreadable: Unreadable, data: &str) -> LlmError {
        let provider = &self.model.provider;
        match unreadable {
            Unreadable::Malformed => provider.error(LlmErrorKind::Malformed, data),
            Unreadable::Failed(failure) => provider.error(failure.kind(None), &failure.message),
            Unreadable::Kind(kind) => provider.error(kind, ""),
        }
    }
}

/// Reads to the end of a finished answer, so that its connection can serve the next one. A
/// stream that goes on is dropped together with its connection.
async fn drain(mut response: Response) {
    let rest = async { while let Ok(Some(_)) = response.chunk().await {} };
    let _ = tokio::time::timeout(DRAIN, rest).await;
}

/// An HTTP client's error with its causes, but without the address, which may hold a password.
fn in_full(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}
