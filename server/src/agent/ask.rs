use std::time::Duration;

use super::answer::{Draft, announce_start, stream};
use super::failure::Failure;
use crate::app::App;
use crate::llm::{LlmError, LlmErrorKind, Prompt, ToolCall};
use crate::providers;
use crate::store::ClaimedTurn;

/// The attempt from which on the fallback is asked for whatever reason the model fails.
const FALLBACK_FROM_ATTEMPT: u32 = 2;
/// Longest pause that a visitor waits for the agent's own model although there is a fallback.
const PATIENCE: Duration = Duration::from_secs(5);

/// Asks the agent's model, and its fallback where waiting for the model is of no use. What is said
/// comes to stand at the end of `draft`, and what is to be called is returned.
pub(super) async fn ask(
    app: &App,
    turn: &ClaimedTurn,
    prompt: Prompt,
    draft: &mut Draft,
) -> Result<Vec<ToolCall>, Failure> {
    let before = draft.place();
    let fallback = turn.agent.fallback_model.as_ref().filter(|model| **model != turn.agent.model);
    let Some(fallback) = fallback else {
        return ask_model(app, turn, &turn.agent.model, prompt, draft).await;
    };
    let failed = match ask_model(app, turn, &turn.agent.model, prompt.clone(), draft).await {
        Err(Failure::Llm(error)) if !is_worth_waiting(&error, turn.attempt) => error,
        other => return other,
    };
    tracing::warn!(turn = %turn.id, attempt = turn.attempt, %failed, "the fallback is asked");
    app.metrics.fallbacks.inc();
    announce_start(app, turn);
    draft.rewind(before);
    match ask_model(app, turn, fallback, prompt, draft).await {
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
    app: &App,
    turn: &ClaimedTurn,
    model: &str,
    mut prompt: Prompt,
    draft: &mut Draft,
) -> Result<Vec<ToolCall>, Failure> {
    draft.meter.asks(model);
    let before = draft.place();
    let answered = loop {
        let llm = match providers::model(app, turn.place.workspace, model).await? {
            Ok(llm) => llm,
            Err(error) => break Err(error.into()),
        };
        match stream(app, turn, llm.as_ref(), prompt.clone(), draft).await {
            Err(Failure::Llm(error))
                if error.kind == LlmErrorKind::ContextTooLong && prompt.shorten() =>
            {
                tracing::warn!(turn = %turn.id, %error, "asked again with less");
                if draft.is_past(before) {
                    announce_start(app, turn);
                    draft.rewind(before);
                }
            }
            answered => break answered,
        }
    };
    match &answered {
        Ok(_) => app.provider_failures.clear(model),
        Err(Failure::Llm(error)) => {
            app.provider_failures.note(model, app.clock.now(), error.reason());
        }
        Err(_) => {}
    }
    answered
}
