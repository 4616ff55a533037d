//! Agents: model, instruction and knowledge behind one or more channels.

pub mod create;
pub mod delete;
pub mod get;
pub mod list;
pub mod update;

use crate::checks::Checks;
use crate::llm::Models;

/// A model of the list, or another one of a listed provider. Whether there is a key for it now
/// does not matter: the agent can be set up before.
fn accept_model(checks: &mut Checks, field: &str, typed: &str) -> String {
    let model = typed.trim();
    if !Models::is_well_formed(model) {
        let message = "There is no such model. Choose one from the list, or write the provider \
                       and its name for the model, for example openai/gpt-4.1-mini.";
        checks.problem(field, message);
    }
    model.to_owned()
}
