//! The rounds of an answer: the model asks for functions, is told what came of them, and goes on.

use std::collections::HashMap;

use cavuer_models::{HAND_OVER_TOOL, LlmError, LlmErrorKind, Prompt, ToolCall, ToolRound};
use cavuer_protocol::console::CallState;
use cavuer_store::{CallForPerson, ClaimedTurn, StoredCall, Toolbox};
use cavuer_text::retrieval::Found;
use futures::future::join_all;

use super::Turns;
use super::ask::ask;
use super::asking::Asking;
use super::calls::{self, Before};
use super::draft::Draft;
use super::failure::Failure;
use super::hand_over::{self, Decision};
use super::outcome::Outcome;
use super::tools::{Planned, close_if_due, heeded, open, plan_call, tools};
use crate::functions::Callable;
use crate::usage::Spending;

/// What became of a model's wishes of one round.
enum Wishes {
    /// The calls are to be stored and made.
    Calls(Vec<Planned>),
    HandOver(CallForPerson),
    Cancelled,
}

/// Lets the model answer, in as many rounds as it takes and at most
/// [`super::tools::ROUNDS`] with functions.
///
/// Rounds of an earlier attempt, or of a turn that was cancelled over the same question, are not gone through again: the model is told what came of their
/// calls, and only those that do no harm twice are made again if they were interrupted.
pub(super) async fn converse(
    turns: &Turns,
    turn: &ClaimedTurn,
    mut prompt: Prompt,
    found: &[Found],
    spending: &Spending,
) -> Result<Outcome, Failure> {
    let channel = turn.place.visitor.channel;
    let conversation = turn.place.conversation;
    let toolbox = turns.store.toolbox(turn.id, conversation, turn.agent_id, channel).await?;
    let functions = open(&turns.answering.functions, &toolbox);
    prompt.tools = tools(&toolbox, &functions);
    let mut draft = Draft::begin(&turns.answering.ledger, &turn.agent, spending.clone());
    let mut broken = 0;
    for round in &toolbox.rounds {
        if let Some(first) = round.first() {
            draft.say(&first.said, found, &first.cited);
        }
        broken += count_broken(round);
        let calls = round.iter().map(|call| calls::resume(turns, turn, &functions, call));
        let calls = join_all(calls).await.into_iter().collect::<Result<Vec<_>, _>>()?;
        let said = round.first().map(|call| call.said.clone()).unwrap_or_default();
        prompt.rounds.push(ToolRound { text: said, calls });
    }
    loop {
        close_if_due(&mut prompt, broken);
        let (said_before, before) = (draft.text.len(), draft.place());
        let wishes = ask(Asking::of(&turns.answering, turn), prompt.clone(), &mut draft).await?;
        let wishes = heeded(&prompt, wishes);
        if wishes.is_empty() {
            if draft.text.trim().is_empty() {
                return Err(LlmError::new(LlmErrorKind::Empty, None).into());
            }
            let measured = draft.measure.read(&turns.answering.ledger);
            let said = draft.said(found, &prompt.question);
            return Ok(Outcome::Answer { said, measured });
        }
        let said = draft.text[said_before..].trim().to_owned();
        let planned = match plan(turns, turn, &toolbox, &functions, wishes).await? {
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
        let Some(calls) = calls::make(turns, turn, number, spoken, planned).await? else {
            return Ok(Outcome::Cancelled);
        };
        prompt.rounds.push(ToolRound { text: said, calls });
    }
}

/// Checks what the model wants called. Nothing is called yet.
async fn plan(
    turns: &Turns,
    turn: &ClaimedTurn,
    toolbox: &Toolbox,
    functions: &HashMap<String, Callable>,
    wishes: Vec<ToolCall>,
) -> Result<Wishes, Failure> {
    let mut planned = Vec::new();
    for (place, wish) in wishes.into_iter().enumerate() {
        if wish.name == HAND_OVER_TOOL && toolbox.hand_over.enabled {
            let now = turns.clock.now();
            match hand_over::decide(now, &turn.language, &toolbox.hand_over, &wish) {
                Decision::Now(call) => return Ok(Wishes::HandOver(call)),
                Decision::Later(call, told) => {
                    if !turns.store.want_person_later(turn.id, turn.attempt, call, now).await? {
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

fn count_broken(round: &[StoredCall]) -> usize {
    round.iter().filter(|call| call.state == CallState::Refused).count()
}
