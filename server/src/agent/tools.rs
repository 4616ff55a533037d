//! The rounds of an answer: the model asks for functions, is told what came of them, and goes on.

use crate::app::App;
use crate::llm::{
    AnsweredCall, HAND_OVER_TOOL, LlmError, LlmErrorKind, Prompt, ToolCall, ToolChoice, ToolRound,
};
use crate::store::{CallForPerson, ClaimedTurn};

use super::answer::Draft;
use super::ask::ask;
use super::failure::Failure;
use super::hand_over::{self, Decision};

/// Most rounds of one answer; after them the model has to do with what it was told.
const ROUNDS: usize = 5;

/// How an attempt at an answer ended.
pub(super) enum Outcome {
    Answer(String),
    /// A person is to take over; what was said before may be empty.
    HandOver {
        said: String,
        call: CallForPerson,
    },
    /// The turn is not this attempt's any more.
    Cancelled,
}

/// Lets the model answer, in as many rounds as it takes and at most [`ROUNDS`] with functions.
pub(super) async fn converse(
    app: &App,
    turn: &ClaimedTurn,
    mut prompt: Prompt,
) -> Result<Outcome, Failure> {
    let settings = app.store.hand_over(turn.place.workspace, turn.agent_id).await?;
    let settings = settings.unwrap_or_default();
    if settings.enabled {
        prompt.tools.push(hand_over::tool());
    }
    let mut draft = Draft::default();
    loop {
        if prompt.rounds.len() >= ROUNDS {
            prompt.tool_choice = ToolChoice::Closed;
        }
        let said_before = draft.text.len();
        let mut calls = ask(app, turn, prompt.clone(), &mut draft).await?;
        if prompt.tools.is_empty() || prompt.tool_choice == ToolChoice::Closed {
            // It was not to ask for any, so this is a slip of the model.
            calls.clear();
        }
        if calls.is_empty() {
            if draft.text.is_empty() {
                return Err(LlmError::new(LlmErrorKind::Empty, None).into());
            }
            return Ok(Outcome::Answer(draft.text));
        }
        let mut round =
            ToolRound { text: draft.text[said_before..].trim().to_owned(), calls: Vec::new() };
        for call in calls {
            let (result, failed) = match call.name.as_str() {
                HAND_OVER_TOOL if settings.enabled => {
                    match hand_over::decide(app, turn, &settings, &call) {
                        Decision::Now(call) => {
                            return Ok(Outcome::HandOver { said: draft.text, call });
                        }
                        Decision::Later(wish, told) => {
                            let now = app.clock.now();
                            let (turn, attempt) = (turn.id, turn.attempt);
                            if !app.store.want_person_later(turn, attempt, wish, now).await? {
                                return Ok(Outcome::Cancelled);
                            }
                            (told, false)
                        }
                    }
                }
                _ => (unknown(&call), true),
            };
            round.calls.push(AnsweredCall { call, result, failed });
        }
        prompt.rounds.push(round);
    }
}

fn unknown(call: &ToolCall) -> String {
    format!("There is no function {:?}. Answer with what you know.", call.name)
}
