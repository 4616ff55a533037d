use std::time::Duration;

use cavuer_protocol::console::{AgentSettings, ConsoleEvent};
use cavuer_protocol::{Author, ConversationEvent, Message, WorkspaceId};
use futures::StreamExt as _;
use tokio::time::{Instant, sleep_until};

use super::ask::Asking;
use super::daily_limit;
use super::enclosed::{self, Enclosure};
use super::failure::Failure;
use super::hand_over;
use super::hearing::{self, said};
use super::meter::Meter;
use super::purse::Purse;
use super::recital::Recital;
use super::sources::{fingerprint, sources};
use super::tools::{self, Outcome};
use crate::app::App;
use crate::conversations::{announce, announce_citing};
use crate::knowledge::Found;
use crate::llm::{
    Llm, LlmError, LlmErrorKind, Passage, PastMessage, Piece, Prompt, Role, ToolCall,
};
use crate::meaning;
use crate::store::{ClaimedTurn, Measured, Said, Searched, StoreError};
use crate::texts;

/// Attempts before the visitor is told that there will be no answer.
const ATTEMPTS: u32 = 4;
/// Pause before the second attempt; it doubles each time.
const FIRST_PAUSE_MILLIS: i64 = 1_000;
/// Longest pause that a provider may ask for and get.
const LONGEST_PAUSE_MILLIS: i64 = 60_000;
/// Pieces of an answer that arrive within this time travel together.
const COALESCE: Duration = Duration::from_millis(30);
/// Times that a finished answer is offered to a failing store, a second apart.
const STORE_ATTEMPTS: u32 = 10;

/// Answers one turn, or fails it in an orderly way. What is in the purse afterwards is to be
/// booked.
pub(super) async fn write(app: &App, mut turn: ClaimedTurn, purse: &Purse) {
    if let Some(limit) = turn.over_limit {
        return settle(app, &turn, daily_limit::decline(app, &turn, limit).await);
    }
    announce_start(app, &turn);
    let outcome = attempt(app, &mut turn, purse).await;
    let turn = &turn;
    if !matches!(outcome, Ok(Outcome::Answer { .. })) {
        // Before anybody learns of it and asks the next question.
        purse.book(app, turn.place.visitor.channel, turn.agent_id).await;
    }
    let stored = match outcome {
        Ok(Outcome::Answer { said, measured }) => finish(app, turn, said, measured, purse).await,
        Ok(Outcome::HandOver { said, call }) => hand_over::finish(app, turn, said, call).await,
        Ok(Outcome::Cancelled) => {
            publish(app, turn, ConversationEvent::AnswerEnded { message_id: turn.answer });
            Ok(())
        }
        Err(failure) if failure.is_transient() && turn.attempt < ATTEMPTS => {
            let due_at = app.clock.now().plus_millis(pause_millis(app, turn.attempt, &failure));
            tracing::warn!(turn = %turn.id, attempt = turn.attempt, %failure, "answer is retried");
            // What was written so far will be written anew: back to "typing".
            announce_start(app, turn);
            app.store.retry_turn(turn.id, turn.attempt, due_at).await
        }
        Err(failure) => fail(app, turn, &failure).await,
    };
    settle(app, turn, stored);
}

/// Tries to answer.
async fn attempt(app: &App, turn: &mut ClaimedTurn, purse: &Purse) -> Result<Outcome, Failure> {
    // Attempts beyond the last were interrupted, not failed: perhaps they are what brings the
    // server down.
    if turn.attempt > ATTEMPTS {
        return Err(Failure::Interrupted);
    }
    if let Some(call) = hearing::listen(app, turn, purse).await? {
        return Ok(Outcome::HandOver { said: Said::default(), call });
    }
    let (prompt, found) = compose(app, turn).await?;
    tools::converse(app, turn, prompt, &found, purse).await
}

/// Sees to a turn whose outcome could not be stored.
fn settle(app: &App, turn: &ClaimedTurn, stored: Result<(), StoreError>) {
    if let Err(error) = stored {
        // The row still says "running"; housekeeping puts it back once the store works.
        tracing::error!(turn = %turn.id, %error, "the answer's outcome could not be stored");
        publish(app, turn, ConversationEvent::AnswerEnded { message_id: turn.answer });
    }
}

/// Between what was said before a function was called and what is said after.
const GAP: &str = "\n\n";

/// The answer as it grows, over all its rounds.
pub(super) struct Draft {
    pub text: String,
    /// How much of it clients have been sent, in bytes.
    sent: usize,
    /// The passages that it is from, by their places in the prompt.
    pub cited: Vec<usize>,
    /// What it has of the agent's instruction.
    recital: Recital,
    pub meter: Meter,
    /// What a model was asked last.
    pub asked: Option<Prompt>,
    /// Why the agent's own model did not answer, if its fallback was asked.
    pub fell_back: Option<String>,
}

/// How far a draft has come.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Bytes of its text.
    said: usize,
    cited: usize,
}

impl Draft {
    /// An answer in which nothing is said yet; the time that it takes begins now.
    pub fn begin(app: &App, agent: &AgentSettings, purse: Purse) -> Self {
        Self {
            text: String::new(),
            sent: 0,
            cited: Vec::new(),
            recital: Recital::of(&agent.instruction),
            meter: Meter::start(app, purse),
            asked: None,
            fell_back: None,
        }
    }

    /// Adds what an earlier attempt said, and which of the passages that were found now it was
    /// from. One that has changed since is not known any more.
    pub fn say(&mut self, said: &str, found: &[Found], cited: &[String]) {
        let is_cited = |found: &Found| cited.contains(&fingerprint(found));
        self.cited.extend((0..found.len()).filter(|place| is_cited(&found[*place])));
        if !self.text.is_empty() && !said.is_empty() {
            self.text.push_str(GAP);
        }
        self.text.push_str(said);
        self.recital.follow(said);
    }

    /// How far it has come.
    pub fn place(&self) -> Place {
        Place { said: self.text.len(), cited: self.cited.len() }
    }

    /// The passages that were named after a place, as [`Draft::say`] knows them again.
    pub fn cited_since(&self, place: Place, found: &[Found]) -> Vec<String> {
        let cited = self.cited[place.cited..].iter().filter_map(|place| found.get(*place));
        cited.map(fingerprint).collect()
    }

    /// Whether anything came after a place.
    pub fn is_past(&self, place: Place) -> bool {
        self.text.len() > place.said || self.cited.len() > place.cited
    }

    /// Takes back what came after a place. Clients begin the draft anew.
    pub fn rewind(&mut self, place: Place) {
        self.text.truncate(place.said);
        self.cited.truncate(place.cited);
        self.sent = 0;
        if place.said == 0 {
            self.meter.forget_words();
        }
    }

    /// What is said, with its sources among the passages that were found.
    pub fn said(&self, found: &[Found], question: &str) -> Said {
        let sources = sources(found, &self.cited, question, &self.text);
        Said { text: self.text.clone(), sources }
    }
}

/// A question, and what it is answered with.
pub(super) struct Groundwork<'a> {
    pub workspace: WorkspaceId,
    pub searched: Searched,
    pub agent: &'a AgentSettings,
    /// Language of whoever asks, a BCP 47 tag.
    pub language: &'a str,
    pub history: Vec<PastMessage>,
    pub question: String,
}

/// What the model is told, and the passages that were found for it.
async fn compose(app: &App, turn: &ClaimedTurn) -> Result<(Prompt, Vec<Found>), StoreError> {
    let mut enclosures = enclosed::of_turn(app, turn).await?;
    let history = turn.history.iter().filter_map(|message| {
        let Enclosure { images, enclosed } = enclosures.remove(&message.id).unwrap_or_default();
        Some(PastMessage { images, enclosed, ..past(message)? })
    });
    let groundwork = Groundwork {
        workspace: turn.place.workspace,
        searched: turn.agent_id.into(),
        agent: &turn.agent,
        language: &turn.language,
        history: history.collect(),
        question: joined(&turn.question),
    };
    let (mut prompt, found) = lay_groundwork(app, groundwork).await?;
    for message in &turn.question {
        let enclosure = enclosures.remove(&message.id).unwrap_or_default();
        prompt.images.extend(enclosure.images);
        prompt.enclosed.extend(enclosure.enclosed);
    }
    Ok((prompt, found))
}

/// Finds passages for a question, and puts together what the model is told.
pub(super) async fn lay_groundwork(
    app: &App,
    groundwork: Groundwork<'_>,
) -> Result<(Prompt, Vec<Found>), StoreError> {
    let Groundwork { workspace, searched, agent, language, history, question } = groundwork;
    let before = history.iter().rfind(|message| message.role == Role::Visitor);
    let before = before.map(|message| message.text.as_str());
    let limit = agent.max_passages;
    let found = meaning::retrieve(app, workspace, searched, &question, before, limit).await?;
    let prompt = Prompt {
        instruction: agent.instruction.clone(),
        history,
        question,
        passages: found
            .iter()
            .map(|found| Passage { title: found.title.clone(), text: found.text.clone() })
            .collect(),
        temperature: agent.temperature,
        agent_name: agent.name.clone(),
        language: language.to_owned(),
        answer_language: agent.answer_language.clone(),
        answer_length: agent.answer_length,
        ..Prompt::default()
    };
    Ok((prompt, found))
}

/// Streams what a model says to everybody who looks, at the end of `draft`, and returns what it
/// wants called.
pub(super) async fn stream(
    asking: Asking<'_>,
    model: &dyn Llm,
    prompt: Prompt,
    draft: &mut Draft,
) -> Result<Vec<ToolCall>, Failure> {
    let app = asking.app;
    draft.meter.sends(&prompt);
    let mut pieces = model.stream(prompt);
    let mut calls = Vec::new();
    let Draft { text, sent, cited, recital, meter, .. } = draft;
    let said_before = text.len();
    // What was said before a function was called is a paragraph of its own.
    let mut gap = if text.is_empty() { "" } else { GAP };
    let mut next_send = Instant::now();
    loop {
        let waiting = *sent < text.len() && !recital.is_near();
        tokio::select! {
            piece = pieces.next() => match piece {
                Some(Ok(Piece::Text(words))) => {
                    meter.saw_words(app, &words);
                    text.push_str(std::mem::take(&mut gap));
                    text.push_str(&words);
                    recital.follow(&words);
                    if recital.is_there() {
                        return Err(Failure::Recited);
                    }
                }
                Some(Ok(Piece::Cited(passage))) => cited.push(passage),
                Some(Ok(Piece::ToolCall(call))) => calls.push(call),
                Some(Ok(Piece::Usage(usage))) => meter.add(app, usage),
                Some(Err(error)) => return Err(error.into()),
                None if calls.is_empty() && text.len() == said_before => {
                    return Err(LlmError::new(LlmErrorKind::Empty, None).into());
                }
                None => {
                    meter.ends();
                    return Ok(calls);
                }
            },
            () = sleep_until(next_send), if waiting => {}
        }
        if *sent < text.len() && !recital.is_near() && Instant::now() >= next_send {
            let offset = u32::try_from(*sent).unwrap_or(u32::MAX);
            let grown = text[*sent..].to_owned();
            if let Some(turn) = asking.turn {
                let message_id = turn.answer;
                let event = ConversationEvent::AnswerDelta { message_id, offset, text: grown };
                publish(app, turn, event);
            }
            *sent = text.len();
            next_send = Instant::now() + COALESCE;
        }
    }
}

async fn finish(
    app: &App,
    turn: &ClaimedTurn,
    said: Said,
    measured: Measured,
    purse: &Purse,
) -> Result<(), StoreError> {
    let mut tries = 1;
    let finished = loop {
        let now = app.clock.now();
        let (id, attempt) = (turn.id, turn.attempt);
        match app.store.finish_turn(id, attempt, said.clone(), measured.clone(), now).await {
            Err(error) if error.is_unavailable() && tries < STORE_ATTEMPTS => {
                tries += 1;
                app.clock.sleep_until(app.clock.now().plus_millis(1_000)).await;
            }
            other => break other?,
        }
    };
    match finished {
        Some(finished) => {
            purse.answered();
            app.metrics.answers.inc();
            let message = finished.message;
            let event = ConversationEvent::MessageAdded { message };
            announce_citing(app, &finished.place, event, finished.citations).await;
            let event = ConsoleEvent::AnswerMeasured {
                conversation: finished.place.conversation,
                usage: measured.of(turn.answer),
            };
            app.hub.publish_to_consoles(finished.place.workspace, &event, app.clock.now());
        }
        None => publish(app, turn, ConversationEvent::AnswerEnded { message_id: turn.answer }),
    }
    Ok(())
}

async fn fail(app: &App, turn: &ClaimedTurn, failure: &Failure) -> Result<(), StoreError> {
    tracing::error!(turn = %turn.id, attempt = turn.attempt, %failure, "no answer");
    let local = texts::for_language(&turn.language);
    let line = match failure {
        Failure::Unheard(_) => local.lines.voice_not_understood.clone(),
        _ => local.texts.answer_failed.clone(),
    };
    let now = app.clock.now();
    let failed = app.store.fail_turn(turn.id, turn.attempt, line, failure.reason(), now).await?;
    app.metrics.failed_answers.inc();
    match failed {
        Some(failed) => {
            let message = failed.message;
            announce(app, &failed.place, ConversationEvent::MessageAdded { message }).await;
        }
        None => publish(app, turn, ConversationEvent::AnswerEnded { message_id: turn.answer }),
    }
    Ok(())
}

/// Says that the answer begins, or begins anew.
pub(super) fn announce_start(app: &App, turn: &ClaimedTurn) {
    let author = Author::Agent { name: turn.agent.name.clone() };
    publish(app, turn, ConversationEvent::AnswerStarted { message_id: turn.answer, author });
}

fn publish(app: &App, turn: &ClaimedTurn, event: ConversationEvent) {
    app.hub.publish(&turn.place, &event, app.clock.now());
}

/// Exponential, with up to a quarter more by chance, so that many turns that failed together do
/// not come back together; or what the provider asked for.
fn pause_millis(app: &App, attempt: u32, failure: &Failure) -> i64 {
    let doubled = FIRST_PAUSE_MILLIS << attempt.saturating_sub(1).min(10);
    let asked =
        failure.retry_after().map_or(0, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
    let [chance] = app.random.bytes();
    let pause = doubled.max(asked).min(LONGEST_PAUSE_MILLIS);
    pause + pause / 4 * i64::from(chance) / 255
}

fn past(message: &Message) -> Option<PastMessage> {
    let role = match message.author {
        Author::Visitor => Role::Visitor,
        Author::Agent { .. } | Author::Operator { .. } => Role::Agent,
        Author::System => return None,
    };
    Some(PastMessage::new(role, said(message)))
}

fn joined(messages: &[Message]) -> String {
    messages.iter().map(said).collect::<Vec<_>>().join("\n")
}
