use cavuer_protocol::console::{Function, FunctionResult, SaveFunction, TryFunction};
use cavuer_protocol::limits::FUNCTIONS;
use cavuer_protocol::{AgentId, FunctionId, Notice, WorkspaceId, notice};
use cavuer_store::{FunctionOutcome, StoredFunction};
use serde_json::{Map, Value};

use super::accept::accept;
use super::{Callable, Functions, call};
use crate::refused::Refused;
use crate::shown;

/// Gives an agent a function.
pub async fn create(
    functions: &Functions,
    workspace: WorkspaceId,
    agent: AgentId,
    wanted: SaveFunction,
) -> Result<Function, Refused> {
    let now = functions.clock.now();
    let id = functions.random.id(now, FunctionId::from_parts);
    let (function, headers) = accept(functions, id, wanted)?;
    let outcome = functions.store.create_function(workspace, agent, function, headers, now).await?;
    Ok(shown::function(stored(outcome, notice::no_such_agent())?))
}

/// Replaces a function. Headers that come without a value keep theirs; those that do not come go.
pub async fn replace(
    functions: &Functions,
    workspace: WorkspaceId,
    agent: AgentId,
    id: FunctionId,
    wanted: SaveFunction,
) -> Result<Function, Refused> {
    let (function, headers) = accept(functions, id, wanted)?;
    let outcome = functions.store.replace_function(workspace, agent, function, headers).await?;
    Ok(shown::function(stored(outcome, notice::no_such_function())?))
}

/// Calls a function as a model would, and tells what the model would be told.
pub async fn try_out(
    functions: &Functions,
    workspace: WorkspaceId,
    agent: AgentId,
    id: FunctionId,
    wanted: &TryFunction,
) -> Result<FunctionResult, Refused> {
    let stored = functions.store.function(workspace, agent, id).await?;
    let stored = stored.ok_or_else(|| Refused::NotFound(notice::no_such_function()))?;
    let callable =
        Callable::open(functions, &stored).map_err(|why| Refused::field("headers", why))?;
    let bad = |why| Refused::field("arguments", why);
    let arguments: Map<String, Value> = serde_json::from_str(&wanted.arguments)
        .map_err(|error| bad(notice::arguments_no_object(error.to_string())))?;
    callable.parameters.check(&arguments).map_err(|misfit| bad(misfit.reason()))?;
    let began = functions.clock.now();
    let answer = call(functions, &callable, &arguments).await;
    let millis = functions.clock.now().millis_since(began).max(0).unsigned_abs();
    Ok(FunctionResult { ok: answer.ok, text: answer.text, millis })
}

/// What was stored, or why nothing was.
fn stored(outcome: FunctionOutcome, missing: Notice) -> Result<StoredFunction, Refused> {
    match outcome {
        FunctionOutcome::Stored(function) => Ok(*function),
        FunctionOutcome::NotFound => Err(Refused::NotFound(missing)),
        FunctionOutcome::NameTaken => Err(Refused::field("name", notice::function_name_taken())),
        FunctionOutcome::TooMany => {
            Err(Refused::field("name", notice::too_many_functions(FUNCTIONS)))
        }
        FunctionOutcome::ValueMissing(name) => {
            Err(Refused::field("headers", notice::header_value_missing(name)))
        }
    }
}
