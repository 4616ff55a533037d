//! Functions as a model sees them, and what it wants called, checked.

use std::collections::HashMap;

use cavuer_models::{AnsweredCall, Prompt, Tool, ToolCall, ToolChoice};
use cavuer_protocol::CallId;
use cavuer_protocol::console::{CallState, FunctionMethod};
use cavuer_store::Toolbox;
use serde_json::{Map, Value};

use super::{Turns, hand_over};
use crate::functions::{Callable, Functions};

/// Most rounds of one answer; after them the model has to do with what it was told.
pub(super) const ROUNDS: usize = 5;
/// Most calls that are made at once; the rest of the round is refused.
const CALLS: usize = 8;
/// Calls with broken arguments, over all rounds, after which the model gets no more functions.
const BROKEN: usize = 2;

/// A call that a model wants, checked.
pub(super) struct Planned {
    pub wish: ToolCall,
    /// `Begun` if it is to be made; any other state is the end of it.
    pub state: CallState,
    /// What the model is told, if the call is not made.
    pub told: String,
    /// Whether making it twice does no harm.
    pub repeatable: bool,
    pub work: Option<(Callable, Map<String, Value>)>,
}

impl Planned {
    /// A call that is not made.
    pub(super) fn settled(wish: ToolCall, state: CallState, told: String) -> Self {
        Self { wish, state, told, repeatable: false, work: None }
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
pub(super) fn open(functions: &Functions, toolbox: &Toolbox) -> HashMap<String, Callable> {
    let open =
        toolbox.functions.iter().filter_map(|function| match Callable::open(functions, function) {
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

/// Checks one call, which has this place in its round, from 0.
// tidy allows sentences: the model that called reads them
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
// tidy allows sentences: the model that called reads them
pub(super) fn accept(
    functions: &HashMap<String, Callable>,
    wish: &ToolCall,
) -> Result<(Callable, Map<String, Value>), String> {
    let callable = functions.get(&wish.name).ok_or_else(|| {
        format!("There is no function {:?}. Answer with what you know.", wish.name)
    })?;
    let arguments = wish.parsed().map_err(|broken| broken.to_string())?;
    callable.parameters.check(&arguments).map_err(|misfit| misfit.for_model())?;
    callable.address.fill(&arguments).map_err(|bad| bad.to_string())?;
    Ok((callable.clone(), arguments))
}

/// A fresh id for a call.
pub(super) fn call_id(turns: &Turns) -> CallId {
    turns.random.id(turns.clock.now(), CallId::from_parts)
}

/// What the model is told of a call.
pub(super) fn answered(wish: ToolCall, state: CallState, told: &str) -> AnsweredCall {
    AnsweredCall { call: wish, result: told.to_owned(), failed: state != CallState::Done }
}
