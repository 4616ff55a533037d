//! The rounds of an answer: the model asks for functions, is told what came of them, and goes on.

use std::collections::HashMap;

use cavuer_protocol::CallId;
use cavuer_protocol::console::{CallState, FunctionMethod};
use futures::future::join_all;
use serde_json::{Map, Value};

use super::answer::Draft;
use super::ask::{Asking, ask};
use super::calls::{self, Before, Planned};
use super::failure::Failure;
use super::hand_over::{self, Decision};
use super::purse::Purse;
use crate::app::App;
use crate::functions::Callable;
use crate::knowledge::Found;
use crate::llm::{
    AnsweredCall, HAND_OVER_TOOL, LlmError, LlmErrorKind, Prompt, Tool, ToolCall, ToolChoice,
    ToolRound,
};
use crate::store::{CallForPerson, ClaimedTurn, Measured, Said, StoredCall, Toolbox};

/// Most rounds of one answer; after them the model has to do with what it was told.
const ROUNDS: usize = 5;
/// Most calls that are made at once; the rest of the round is refused.
const CALLS: usize = 8;
/// Calls with broken arguments, over all rounds, after which the model gets no more functions.
const BROKEN: usize = 2;

/// How an attempt at an answer ended.
pub(super) enum Outcome {
    Answer {
        said: Said,
        measured: Measured,
    },
    /// A person is to take over; what was said before may be empty.
    HandOver {
        said: Said,
        call: CallForPerson,
    },
    /// The turn is not this attempt's any more.
    Cancelled,
}

/// What became of a model's wishes of one round.
enum Wishes {
    /// The calls are to be stored and made.
    Calls(Vec<Planned>),
    HandOver(CallForPerson),
    Cancelled,
}

/// Lets the model answer, in as many rounds as it takes and at most [`ROUNDS`] with functions.
///
/// Rounds of an earlier attempt, or of a turn that was cancelled over the same question, are not gone through again: the model is told what came of their
/// calls, and only those that do no harm twice are made again if they were interrupted.
pub(super) async fn converse(
    app: &App,
    turn: &ClaimedTurn,
    mut prompt: Prompt,
    found: &[Found],
    purse: &Purse,
) -> Result<Outcome, Failure> {
    let channel = turn.place.visitor.channel;
    let conversation = turn.place.conversation;
    let toolbox = app.store.toolbox(turn.id, conversation, turn.agent_id, channel).await?;
    let functions = open(app, &toolbox);
    prompt.tools = tools(&toolbox, &functions);
    let mut draft = Draft::begin(app, &turn.agent, purse.clone());
    let mut broken = 0;
    for round in &toolbox.rounds {
        if let Some(first) = round.first() {
            draft.say(&first.said, found, &first.cited);
        }
        broken += count_broken(round);
        let calls = round.iter().map(|call| calls::resume(app, turn, &functions, call));
        let calls = join_all(calls).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        let said = round.first().map(|call| call.said.clone()).unwrap_or_default();
        prompt.rounds.push(ToolRound { text: said, calls });
    }
    loop {
        close_if_due(&mut prompt, broken);
        let (said_before, before) = (draft.text.len(), draft.place());
        let wishes = ask(Asking::of(app, turn), prompt.clone(), &mut draft).await?;
        let wishes = heeded(&prompt, wishes);
        if wishes.is_empty() {
            if draft.text.trim().is_empty() {
                return Err(LlmError::new(LlmErrorKind::Empty, None).into());
            }
            let measured = draft.meter.read(app);
            let said = draft.said(found, &prompt.question);
            return Ok(Outcome::Answer { said, measured });
        }
        let said = draft.text[said_before..].trim().to_owned();
        let planned = match plan(app, turn, &toolbox, &functions, wishes).await? {
            Wishes::Calls(planned) => planned,
            Wishes::HandOver(call) => {
                let said = draft.said(found, &prompt.question);
                return Ok(Outcome::HandOver { said, call });
            }
            Wishes::Cancelled => return Ok(Outcome::Cancelled),
        };
        broken += planned.iter().filter(|plan| plan.state == CallState::Refused).count();
        let number = u32::try_from(prompt.rounds.len()).unwrap_or(u32::MAX);
        let spoken = Before { text: &said, cited: draft.cited_since(before, found) };
        let Some(calls) = calls::make(app, turn, number, spoken, planned).await? else {
            return Ok(Outcome::Cancelled);
        };
        prompt.rounds.push(ToolRound { text: said, calls });
    }
}

/// Gives the model no more functions after too many rounds or too many broken calls.
pub(super) fn close_if_due(prompt: &mut Prompt, broken: usize) {
    if prompt.rounds.len() >= ROUNDS || broken >= BROKEN {
        prompt.tool_choice = ToolChoice::Closed;
    }
}

/// The wishes that count: of a model that was not to ask for anything, they are a slip.
pub(super) fn heeded(prompt: &Prompt, wishes: Vec<ToolCall>) -> Vec<ToolCall> {
    let is_open = !prompt.tools.is_empty() && prompt.tool_choice != ToolChoice::Closed;
    if is_open { wishes } else { Vec::new() }
}

/// The agent's functions by name, ready to be called. One that cannot be opened is left out: its
/// owner learns why on the agent's page.
pub(super) fn open(app: &App, toolbox: &Toolbox) -> HashMap<String, Callable> {
    let open =
        toolbox.functions.iter().filter_map(|function| match Callable::open(app, function) {
            Ok(callable) => Some((function.name.clone(), callable)),
            Err(error) => {
                tracing::warn!(function = %function.id, %error, "a function cannot be offered");
                None
            }
        });
    open.collect()
}

/// What the model is told that it may ask for.
pub(super) fn tools(toolbox: &Toolbox, functions: &HashMap<String, Callable>) -> Vec<Tool> {
    let own = toolbox.functions.iter().filter_map(|function| {
        let callable = functions.get(&function.name)?;
        Some(Tool {
            name: function.name.clone(),
            description: function.description.clone(),
            parameters: callable.parameters.schema.clone(),
        })
    });
    own.chain(toolbox.hand_over.enabled.then(hand_over::tool)).collect()
}

/// Checks what the model wants called. Nothing is called yet.
async fn plan(
    app: &App,
    turn: &ClaimedTurn,
    toolbox: &Toolbox,
    functions: &HashMap<String, Callable>,
    wishes: Vec<ToolCall>,
) -> Result<Wishes, Failure> {
    let mut planned = Vec::new();
    for (place, wish) in wishes.into_iter().enumerate() {
        if wish.name == HAND_OVER_TOOL && toolbox.hand_over.enabled {
            match hand_over::decide(app, &turn.language, &toolbox.hand_over, &wish) {
                Decision::Now(call) => return Ok(Wishes::HandOver(call)),
                Decision::Later(call, told) => {
                    let now = app.clock.now();
                    if !app.store.want_person_later(turn.id, turn.attempt, call, now).await? {
                        return Ok(Wishes::Cancelled);
                    }
                    planned.push(Planned::settled(wish, CallState::Done, told));
                }
            }
            continue;
        }
        planned.push(plan_call(functions, place, wish));
    }
    Ok(Wishes::Calls(planned))
}

/// Checks one call, which has this place in its round, from 0.
pub(super) fn plan_call(
    functions: &HashMap<String, Callable>,
    place: usize,
    wish: ToolCall,
) -> Planned {
    match accept(functions, &wish) {
        Ok(_) if place >= CALLS => {
            let told = format!("Not called: at most {CALLS} functions are called at once.");
            Planned::settled(wish, CallState::Refused, told)
        }
        Ok((callable, arguments)) => Planned {
            repeatable: callable.method == FunctionMethod::Get,
            wish,
            state: CallState::Begun,
            told: String::new(),
            work: Some((callable, arguments)),
        },
        Err(told) => Planned::settled(wish, CallState::Refused, told),
    }
}

/// The function that is meant, and arguments that fit it.
pub(super) fn accept(
    functions: &HashMap<String, Callable>,
    wish: &ToolCall,
) -> Result<(Callable, Map<String, Value>), String> {
    let callable = functions.get(&wish.name).ok_or_else(|| {
        format!("There is no function {:?}. Answer with what you know.", wish.name)
    })?;
    let arguments = wish.parsed().map_err(|broken| broken.to_string())?;
    callable.parameters.check(&arguments)?;
    callable.address.fill(&arguments).map_err(|bad| bad.to_string())?;
    Ok((callable.clone(), arguments))
}

fn count_broken(round: &[StoredCall]) -> usize {
    round.iter().filter(|call| call.state == CallState::Refused).count()
}

/// A fresh id for a call.
pub(super) fn call_id(app: &App) -> CallId {
    app.random.id(app.clock.now(), CallId::from_parts)
}

/// What the model is told of a call.
pub(super) fn answered(wish: ToolCall, state: CallState, told: &str) -> AnsweredCall {
    AnsweredCall { call: wish, result: told.to_owned(), failed: state != CallState::Done }
}
