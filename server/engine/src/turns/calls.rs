//! Calls of functions: a row before each is made, and again after.

use std::collections::HashMap;

use cavuer_protocol::CallId;
use cavuer_protocol::console::{CallState, ConsoleEvent};
use futures::future::join_all;
use serde_json::{Map, Value};

use super::Turns;
use super::failure::Failure;
use super::tools::{Planned, accept, answered, call_id};
use crate::functions::{self, Callable};
use crate::shown;
use cavuer_models::{AnsweredCall, ToolCall};
use cavuer_store::{CallRecord, ClaimedTurn, StoreError, StoredCall};

/// What a model is told of a call that may or may not have taken effect.
// tidy allows sentences: the model that called reads them
const UNKNOWN: &str = "The server was interrupted while it waited for this call. Whether the call \
                       took effect is not known. Do not call it again; tell the visitor that the \
                       outcome is uncertain.";

/// What a model said before a round of calls.
pub(super) struct Before<'a> {
    pub text: &'a str,
    /// Fingerprints of the passages that it is from.
    pub cited: Vec<String>,
}

/// Stores a round of calls, makes them, all at once, and stores what came of each.
/// `None`: the turn is not this attempt's any more, and nothing was called.
pub(super) async fn make(
    turns: &Turns,
    turn: &ClaimedTurn,
    round: u32,
    said: Before<'_>,
    planned: Vec<Planned>,
) -> Result<Option<Vec<AnsweredCall>>, Failure> {
    let ids = planned.iter().map(|_| call_id(turns)).collect::<Vec<_>>();
    let rows = planned.iter().zip(&ids).enumerate().map(|(place, (plan, id))| StoredCall {
        id: *id,
        said: if place == 0 { said.text.to_owned() } else { String::new() },
        cited: if place == 0 { said.cited.clone() } else { Vec::new() },
        name: plan.wish.name.clone(),
        arguments: plan.wish.arguments.clone(),
        provider_id: plan.wish.id.clone(),
        seal: plan.wish.seal.as_ref().map(Value::to_string),
        repeatable: plan.repeatable,
        state: plan.state,
        result: plan.told.clone(),
    });
    let rows = rows.collect();
    let now = turns.clock.now();
    let begun = turns.store.begin_calls(turn.id, turn.attempt, round, rows, now).await?;
    let Some(begun) = begun else { return Ok(None) };
    for call in begun {
        announce(turns, turn, call);
    }
    let made = planned.into_iter().zip(ids).map(async |(plan, id)| match plan.work {
        Some((callable, arguments)) => {
            let (state, told) = perform(turns, turn, id, &callable, &arguments).await?;
            Ok(answered(plan.wish, state, &told))
        }
        None => Ok(answered(plan.wish, plan.state, &plan.told)),
    });
    let made = join_all(made).await.into_iter().collect::<Result<Vec<_>, StoreError>>();
    Ok(Some(made?))
}

/// What came of a call of an earlier attempt. One whose outcome is not known is made again only if
/// that does no harm.
pub(super) async fn resume(
    turns: &Turns,
    turn: &ClaimedTurn,
    functions: &HashMap<String, Callable>,
    stored: &StoredCall,
) -> Result<AnsweredCall, Failure> {
    let wish = ToolCall {
        id: stored.provider_id.clone(),
        name: stored.name.clone(),
        arguments: stored.arguments.clone(),
        seal: stored.seal.as_deref().and_then(|seal| serde_json::from_str(seal).ok()),
    };
    let is_open = matches!(stored.state, CallState::Begun | CallState::Unknown);
    if !is_open {
        return Ok(answered(wish, stored.state, &stored.result));
    }
    if stored.repeatable
        && let Ok((callable, arguments)) = accept(functions, &wish)
    {
        let (state, told) = perform(turns, turn, stored.id, &callable, &arguments).await?;
        return Ok(answered(wish, state, &told));
    }
    if stored.state == CallState::Begun {
        end(turns, turn, stored.id, CallState::Unknown, UNKNOWN).await?;
    }
    Ok(answered(wish, CallState::Unknown, UNKNOWN))
}

async fn perform(
    turns: &Turns,
    turn: &ClaimedTurn,
    id: CallId,
    callable: &Callable,
    arguments: &Map<String, Value>,
) -> Result<(CallState, String), StoreError> {
    let answer = functions::call(&turns.answering.functions, callable, arguments).await;
    let state = if answer.ok { CallState::Done } else { CallState::Failed };
    turns.metrics.function_calls.inc();
    end(turns, turn, id, state, &answer.text).await?;
    Ok((state, answer.text))
}

async fn end(
    turns: &Turns,
    turn: &ClaimedTurn,
    id: CallId,
    state: CallState,
    result: &str,
) -> Result<(), StoreError> {
    let now = turns.clock.now();
    if let Some(call) = turns.store.end_call(id, state, result.to_owned(), now).await? {
        announce(turns, turn, call);
    }
    Ok(())
}

/// Tells the consoles, and nobody else.
fn announce(turns: &Turns, turn: &ClaimedTurn, call: CallRecord) {
    let call = shown::function_call(call);
    let event = ConsoleEvent::FunctionCalled { conversation: turn.place.conversation, call };
    turns.live.publish_to_consoles(turn.place.workspace, &event, turns.clock.now());
}
