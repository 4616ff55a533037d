//! Sentences for whoever started the demo, about what went wrong.

use cavuer_engine::accounts::AccountRefused;
use cavuer_engine::refused::Refused;
use cavuer_protocol::FieldProblem;

/// The sentence for a step that went wrong.
pub(super) fn failed(cause: impl std::fmt::Display) -> String {
    format!("The demo could not be set up: {cause}.")
}

/// The sentence for something that the engine did not take.
pub(super) fn refused(refused: Refused) -> String {
    match refused {
        Refused::Store(error) => failed(error),
        Refused::NotFound(_) => failed("somebody has just deleted a part of it"),
        Refused::Malformed(why) | Refused::Conflict(why) => {
            failed(why.english().trim_end_matches('.'))
        }
        Refused::Invalid(fields) => failed(wrong(&fields)),
    }
}

/// What is wrong with fields, without a stop.
fn wrong(fields: &[FieldProblem]) -> String {
    let lines = fields.iter().map(|field| format!("{}: {}", field.field, field.message));
    lines.collect::<Vec<_>>().join(" ").trim_end_matches('.').to_owned()
}

/// The sentence for an account that could not be made.
pub(super) fn no_account(refused: AccountRefused) -> String {
    match refused {
        AccountRefused::Hashing(error) => failed(error),
        AccountRefused::Store(error) => failed(error),
        AccountRefused::EmailTaken | AccountRefused::NotFirst => {
            failed("somebody has just made an account")
        }
        AccountRefused::Invalid(fields) => failed(wrong(&fields)),
    }
}
