//! Asking the agent's model, or its fallback.

use std::time::Duration;

use cavuer_models::{LlmError, LlmErrorKind, Prompt, ToolCall};

use super::asking::Asking;
use super::draft::Draft;
use super::failure::Failure;
use super::showing::announce_start;
use super::streaming::stream;
use crate::providers;

/// The attempt from which on the fallback is asked for whatever reason the model fails.
pub(super) const FALLBACK_FROM_ATTEMPT: u32 = 2;
/// Longest pause that a visitor waits for the agent's own model although there is a fallback.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks the agent's model, and its fallback where waiting for the model is of no use. What is said
/// comes to stand at the end of `draft`, and what is to be called is returned.
pub(super) async fn ask(
    asking: Asking<'_>,
    prompt: Prompt,
    draft: &mut Draft,
) -> Result<Vec<ToolCall>, Failure> {
    let before = draft.place();
    let agent = asking.agent;
    let fallback = agent.fallback_model.as_ref().filter(|model| **model != agent.model);
    let Some(fallback) = fallback else {
        return ask_model(asking, &agent.model, prompt, draft).await;
    };
    let failed = match ask_model(asking, &agent.model, prompt.clone(), draft).await {
        Err(Failure::Llm(error)) if !is_worth_waiting(&error, asking.attempt) => error,
        other => return other,
    };
    let (turn, attempt) = (asking.turn_id(), asking.attempt);
    tracing::warn!(?turn, attempt, %failed, "the fallback is asked");
    asking.answering.metrics.fallbacks.inc();
    if let Some(turn) = asking.turn {
        announce_start(asking.answering, turn);
    }
    draft.fell_back = Some(failed.reason());
    draft.rewind(before);
    match ask_model(asking, fallback, prompt, draft).await {
        Err(Failure::Llm(error)) => Err(Failure::Both { model: failed, fallback: error }),
        other => other,
    }
}

/// Whether to ask the same model again, rather than another one that is at hand.
fn is_worth_waiting(error: &LlmError, attempt: u32) -> bool {
    let soon = error.retry_after.is_none_or(|pause| pause <= PATIENCE);
    // Whoever has waited for a timeout has waited long enough.
    let quick = error.kind != LlmErrorKind::TimedOut;
    error.is_transient() && soon && quick && attempt < FALLBACK_FROM_ATTEMPT
}

/// Asks one model, with less and less of the conversation if it cannot read so much.
async fn ask_model(
    asking: Asking<'_>,
    model: &str,
    mut prompt: Prompt,
    draft: &mut Draft,
) -> Result<Vec<ToolCall>, Failure> {
    let answering = asking.answering;
    draft.measure.asks(model);
    let before = draft.place();
    let answered = loop {
        let llm = match providers::model(&answering.providers, asking.workspace, model).await? {
            Ok(llm) => llm,
            Err(error) => break Err(error.into()),
        };
        match stream(asking, llm.as_ref(), prompt.clone(), draft).await {
            Err(Failure::Llm(error))
                if error.kind == LlmErrorKind::ContextTooLong && prompt.shorten() =>
            {
                let turn = asking.turn_id();
                tracing::warn!(?turn, %error, "asked again with less");
                if draft.is_past(before) {
                    if let Some(turn) = asking.turn {
                        announce_start(answering, turn);
                    }
                    draft.rewind(before);
                }
            }
            answered => break answered,
        }
    };
    match &answered {
        Ok(_) => answering.failures.clear(model),
        Err(Failure::Llm(error)) => {
            answering.failures.note(model, answering.clock.now(), error.reason());
        }
        Err(_) => {}
    }
    draft.asked = Some(prompt);
    answered
}
