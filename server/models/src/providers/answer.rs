//! One answer of a provider, from the request to its last word.

use std::collections::VecDeque;
use std::time::Duration;

use cavuer_base::clock::{self, timeout_at};
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use reqwest::Response;
use reqwest::header::CONTENT_TYPE;
use tokio::time::Instant;

use super::exchange::in_full;
use super::provider::{MAX_ANSWER_CHARS, ProviderModel};
use crate::answers::marks::Marks;
use crate::answers::{Llm, Piece, Usage, overlap};
use crate::error::{LlmError, LlmErrorKind};
use crate::prompt::{Composed, Prompt, PromptPassage, compose};
use crate::protocols::{Frames, Reader, Step, Takes, Tokens, Unreadable};

/// Most parts of a request that a model can refuse one after the other.
const MAX_REFUSALS: usize = 6;

/// How long the rest of the stream is awaited after the finish mark: the cost may come last, and a
/// connection that was read to its end can be used again.
const DRAIN: Duration = Duration::from_secs(1);

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

/// An answer under way.
struct Answer {
    model: ProviderModel,
    prompt: Composed,
    phase: Phase,
    /// What has been read and not given out.
    ready: VecDeque<Piece>,
    /// Characters given out so far; nothing is given out before the first visible one.
    chars: usize,
    called: bool,
    tokens: Option<Tokens>,
    citing: Citing,
}

/// Which passages the answer is from.
struct Citing {
    passages: Vec<PromptPassage>,
    question: String,
    marks: Marks,
    /// What was said so far.
    said: String,
}

enum Phase {
    Unasked,
    Reading(Box<Reading>),
    Over,
}

struct Reading {
    response: Response,
    frames: Box<dyn Frames>,
    /// Events that have been read and not looked at.
    events: VecDeque<String>,
    reader: Box<dyn Reader>,
    /// Until when the model must show that it goes on.
    next_by: Instant,
    whole_by: Instant,
    /// The finish mark has come; what follows can add the cost, but cannot fail the answer.
    finished: bool,
}

impl Answer {
    pub(crate) fn new(model: ProviderModel, prompt: &Prompt) -> Self {
        Self {
            model,
            prompt: compose(prompt),
            phase: Phase::Unasked,
            ready: VecDeque::new(),
            chars: 0,
            called: false,
            tokens: None,
            citing: Citing {
                passages: prompt.passages.clone(),
                question: prompt.question.clone(),
                marks: Marks::new(prompt.passages.len()),
                said: String::new(),
            },
        }
    }

    /// The next piece; `None` at the end and after an error.
    pub(crate) async fn next(&mut self) -> Option<Result<Piece, LlmError>> {
        let piece = self.advance().await.transpose();
        if !matches!(piece, Some(Ok(_))) {
            self.phase = Phase::Over;
        }
        piece
    }

    async fn advance(&mut self) -> Result<Option<Piece>, LlmError> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Ok(Some(piece));
            }
            let finished = match &mut self.phase {
                Phase::Over => return Ok(None),
                Phase::Unasked => {
                    let reading = self.ask().await?;
                    self.phase = Phase::Reading(Box::new(reading));
                    continue;
                }
                Phase::Reading(reading) => reading.finished,
            };
            match self.read_on().await {
                Ok(()) => {}
                Err(_) if finished => self.end(),
                Err(error) => return Err(error),
            }
        }
    }

    /// Takes the next event of the stream, or waits for more of it.
    async fn read_on(&mut self) -> Result<(), LlmError> {
        let Phase::Reading(reading) = &mut self.phase else { return Ok(()) };
        let Some(data) = reading.events.pop_front() else {
            return self.read_chunk().await;
        };
        match reading.reader.read(&data) {
            Ok(step) => self.take(step),
            Err(unreadable) => Err(self.unreadable(unreadable, &data)),
        }
    }

    /// Sends the request, and again without what the model turns out to refuse.
    async fn ask(&self) -> Result<Reading, LlmError> {
        let provider = &self.model.provider;
        let begun = clock::instant();
        let next_by = begun + provider.timeouts.first_token;
        let whole_by = begun + provider.timeouts.whole;
        let deadline = next_by.min(whole_by);

        let mut takes = provider.takes(&self.model.name);
        let mut refusals = 0;
        // Whether images were left out for the sake of this request alone.
        let mut spared = false;
        let response = loop {
            let response = self.send(takes, deadline).await?;
            if response.status().is_success() {
                break response;
            }
            let (failure, error) = provider.failed(response, deadline).await;
            let may_be_refusal = matches!(
                error.kind,
                LlmErrorKind::Rejected(400 | 404 | 422) | LlmErrorKind::ModelUnknown
            );
            let told = failure.message.as_str();
            let left = takes.without_refused(told).or_else(|| {
                let left = takes.without_refused_image(told).filter(|_| self.has_images());
                spared |= left.is_some();
                left
            });
            // Some servers call it a fault of their own that a model cannot see.
            let is_blind = left.is_some_and(|left| left.images != takes.images);
            match left {
                Some(left) if (may_be_refusal || is_blind) && refusals < MAX_REFUSALS => {
                    tracing::warn!(model = self.model.id(), %error, "a part of the request is left out");
                    refusals += 1;
                    takes = left;
                }
                _ => return Err(error),
            }
        };
        if refusals > 0 {
            let images = takes.images || spared;
            provider.remember(&self.model.name, Takes { images, ..takes });
        }
        self.require_event_stream(&response)?;
        Ok(Reading {
            response,
            frames: provider.protocol().frames(),
            events: VecDeque::new(),
            reader: provider.protocol().reader(),
            next_by,
            whole_by,
            finished: false,
        })
    }

    fn has_images(&self) -> bool {
        self.prompt.messages.iter().any(|message| !message.images.is_empty())
    }

    async fn send(&self, takes: Takes, deadline: Instant) -> Result<Response, LlmError> {
        let provider = &self.model.provider;
        let request = provider
            .request(&self.model.name, &self.prompt, takes)
            .map_err(|refused| provider.refused(&refused))?;
        provider.send(request, deadline).await
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
        if clock::instant() >= deadline {
            // A stream that always has something ready would never let a timeout run out.
            return Err(self
                .model
                .provider
                .error(LlmErrorKind::TimedOut, "the answer takes too long"));
        }
        let chunk = timeout_at(deadline, reading.response.chunk()).await;
        let (kind, detail) = match chunk {
            Ok(Ok(Some(bytes))) => match reading.frames.push(&bytes) {
                Ok(events) => {
                    reading.events.extend(events);
                    return Ok(());
                }
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

    /// Keeps what a step adds, and ends the answer at its end or at the length limit.
    fn take(&mut self, step: Step) -> Result<(), LlmError> {
        let goes_on = step.working || !step.text.is_empty() || !step.calls.is_empty();
        let mut text = self.citing.marks.push(&step.text);
        if step.finished || step.over {
            text.push_str(&self.citing.marks.finish());
        }
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
        self.called |= !step.calls.is_empty();
        self.tokens = step.tokens.or(self.tokens);
        if !text.is_empty() {
            self.citing.said.push_str(&text);
            self.ready.push_back(Piece::Text(text));
        }
        self.ready.extend(self.citing.marks.news().into_iter().map(Piece::Cited));
        self.ready.extend(step.calls.into_iter().map(Piece::ToolCall));
        if (step.finished || full) && self.chars == 0 && !self.called {
            return Err(self.model.provider.error(LlmErrorKind::Empty, ""));
        }
        let Phase::Reading(reading) = &mut self.phase else { return Ok(()) };
        if step.finished && !reading.finished {
            reading.finished = true;
            reading.next_by = clock::instant() + DRAIN;
        } else if goes_on && !reading.finished {
            reading.next_by = clock::instant() + self.model.provider.timeouts.gap;
        }
        if step.over || full || (reading.finished && self.tokens.is_some()) {
            self.end();
        }
        Ok(())
    }

    /// Ends a whole answer with what it has cost, if that was told.
    fn end(&mut self) {
        self.ready.extend(self.citing.recognised().into_iter().map(Piece::Cited));
        if let Some(Tokens { input, output }) = self.tokens.take() {
            let model = self.model.id();
            let usage = Usage { model, input_tokens: input, output_tokens: output };
            self.ready.push_back(Piece::Usage(usage));
        }
        let phase = std::mem::replace(&mut self.phase, Phase::Over);
        if let Phase::Reading(reading) = phase
            && reading.finished
        {
            tokio::spawn(drain(reading.response));
        }
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

impl Citing {
    /// The passages that the words of a whole answer show, if the model has named none.
    fn recognised(&self) -> Vec<usize> {
        if self.marks.has_named() {
            return Vec::new();
        }
        overlap::used(&self.passages, &self.question, &self.said)
    }
}

/// Reads to the end of a finished answer, so that its connection can serve the next one. A
/// stream that goes on is dropped together with its connection.
async fn drain(mut response: Response) {
    let rest = async { while let Ok(Some(_)) = response.chunk().await {} };
    let _ = clock::timeout(DRAIN, rest).await;
}
