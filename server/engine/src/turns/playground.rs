//! The playground: one answer under settings that are not saved, and how it came about. It is made
//! as visitors' answers are, but nothing of it is stored and nobody else sees it.

use std::collections::HashMap;
use std::sync::Arc;

use cavuer_base::clock::SharedClock;
use cavuer_base::random::Random;
use cavuer_protocol::console::{
    AgentSettings, AskPlayground, CallState, PlaygroundAnswer, PlaygroundCall, PlaygroundMessage,
    PlaygroundOutcome, PlaygroundPassage, PlaygroundPrompt, PlaygroundRole,
};
use cavuer_protocol::limits::{HISTORY_MESSAGES, MESSAGE_CHARS, PLAYGROUND_HISTORY_CHARS};
use cavuer_protocol::{AgentId, FieldProblem, MessageId, Notice, WorkspaceId, notice};
use futures::future::join_all;

use super::ask::{FALLBACK_FROM_ATTEMPT, ask};
use super::asking::{Answering, Asking};
use super::draft::Draft;
use super::failure::Failure;
use super::groundwork::{self, Groundwork};
use super::hand_over::{self, Decision};
use super::tools::{self, Planned, answered};
use crate::agents::{self, Agents};
use crate::basics::Basics;
use crate::checks::Checks;
use crate::functions::{self, Callable};
use crate::refused::Refused;
use crate::shown;
use crate::usage::Spending;
use cavuer_models::{
    AnsweredCall, BUILT_IN_MODEL, HAND_OVER_TOOL, LlmError, LlmErrorKind, PastMessage, Prompt,
    Role, ToolCall, ToolRound, compose,
};
use cavuer_store::{MeasuredAnswer, Searched, Store, StoreError, Toolbox};
use cavuer_text::retrieval::Found;

/// What a model is told of a call that was not made.
// tidy allows sentences: the model that called reads them
const WITHHELD: &str = "This is a trial by the site's owner, so the function was not called and \
                        there is no result. Say in one sentence what you would have told the \
                        visitor with it; do not make a result up.";

/// What trials of agents are made with.
pub struct Playground {
    store: Store,
    clock: SharedClock,
    random: Arc<Random>,
    agents: Arc<Agents>,
    answering: Arc<Answering>,
}

/// A question, and the settings to answer it with.
struct Question {
    workspace: WorkspaceId,
    agent: AgentId,
    settings: AgentSettings,
    /// What is looked through for it.
    searched: Searched,
    /// Language of whoever asks, a BCP 47 tag.
    language: String,
    /// Oldest first.
    history: Vec<PlaygroundMessage>,
    question: String,
    /// Whether functions are really called.
    call_functions: bool,
}

impl Playground {
    pub(crate) fn new(basics: &Basics, agents: Arc<Agents>, answering: Arc<Answering>) -> Self {
        let Basics { store, clock, random, .. } = basics.clone();
        Self { store, clock, random, agents, answering }
    }
}

/// Answers a question in the language of whoever asks, a BCP 47 tag. A model that fails is no error
/// of this function; the answer says why.
///
/// # Errors
/// If there is no such agent, what is asked has to be mended, or the store cannot be read.
pub async fn answer(
    playground: &Playground,
    workspace: WorkspaceId,
    agent: AgentId,
    language: String,
    asked: AskPlayground,
) -> Result<PlaygroundAnswer, Refused> {
    let question = accept(&asked)?;
    let articles = asked.settings.articles.clone();
    let changed = agents::changed(&playground.agents, workspace, agent, asked.settings).await?;
    let asked = Question {
        workspace,
        agent,
        settings: changed.settings,
        searched: articles.map_or(Searched::Agent(agent), |ids| Searched::Articles(agent, ids)),
        language,
        history: asked.history,
        question,
        call_functions: asked.call_functions,
    };
    Ok(answer_accepted(playground, asked).await?)
}

/// The question as it is asked.
fn accept(asked: &AskPlayground) -> Result<String, Vec<FieldProblem>> {
    let mut checks = Checks::default();
    let question = checks.text("question", &asked.question, MESSAGE_CHARS);
    if question.is_empty() {
        checks.problem("question", notice::question_missing());
    }
    let chars: usize = asked.history.iter().map(|message| message.text.chars().count()).sum();
    if asked.history.len() > HISTORY_MESSAGES as usize || chars > PLAYGROUND_HISTORY_CHARS {
        checks.problem("history", notice::playground_too_long());
    }
    checks.finish()?;
    Ok(question)
}

async fn answer_accepted(
    playground: &Playground,
    asked: Question,
) -> Result<PlaygroundAnswer, StoreError> {
    let settings = &asked.settings;
    let too_many = asked.history.len().saturating_sub(settings.history_messages as usize);
    let history = asked.history[too_many..].iter().map(past).collect();
    let groundwork = Groundwork {
        workspace: asked.workspace,
        searched: asked.searched.clone(),
        agent: settings,
        language: &asked.language,
        history,
        question: asked.question.clone(),
    };
    let (mut prompt, found) = groundwork::lay(&playground.answering.embeddings, groundwork).await?;
    let toolbox = toolbox(playground, &asked).await?;
    let functions = tools::open(&playground.answering.functions, &toolbox);
    prompt.tools = tools::tools(&toolbox, &functions);
    let mut trial = Trial {
        playground,
        asked: &asked,
        toolbox,
        functions,
        draft: Draft::begin(&playground.answering.ledger, settings, Spending::default()),
        calls: Vec::new(),
        person_wanted: None,
    };
    let failure = match trial.converse(prompt).await {
        Ok(()) => None,
        // The store is not the model's business: whoever asks is told that it cannot work.
        Err(Failure::Store(error)) => return Err(error),
        Err(failure) => Some(failure.reason()),
    };
    Ok(trial.shown(&found, failure))
}

/// An answer under way.
struct Trial<'a> {
    playground: &'a Playground,
    asked: &'a Question,
    toolbox: Toolbox,
    functions: HashMap<String, Callable>,
    draft: Draft,
    calls: Vec<PlaygroundCall>,
    person_wanted: Option<String>,
}

impl Trial<'_> {
    /// The rounds of the answer, as [`super::rounds::converse`] goes through them.
    async fn converse(&mut self, mut prompt: Prompt) -> Result<(), Failure> {
        let asking = Asking {
            answering: &self.playground.answering,
            workspace: self.asked.workspace,
            agent: &self.asked.settings,
            // There is no later attempt, so a fallback is asked in this one.
            attempt: FALLBACK_FROM_ATTEMPT,
            turn: None,
        };
        let mut broken = 0;
        loop {
            tools::close_if_due(&mut prompt, broken);
            let said_before = self.draft.text.len();
            let wishes = ask(asking, prompt.clone(), &mut self.draft).await?;
            let wishes = tools::heeded(&prompt, wishes);
            if wishes.is_empty() {
                if self.draft.text.trim().is_empty() {
                    return Err(LlmError::new(LlmErrorKind::Empty, None).into());
                }
                return Ok(());
            }
            let said = self.draft.text[said_before..].trim().to_owned();
            let Some(planned) = self.plan(wishes) else { return Ok(()) };
            let made = planned.into_iter().map(|plan| make(self.playground, self.asked, plan));
            let (calls, shown): (Vec<_>, Vec<_>) = join_all(made).await.into_iter().unzip();
            broken += shown.iter().filter(|c| c.outcome == PlaygroundOutcome::Refused).count();
            self.calls.extend(shown);
            prompt.rounds.push(ToolRound { text: said, calls });
        }
    }

    /// Checks what the model wants called. `None`: a person would take over here.
    fn plan(&mut self, wishes: Vec<ToolCall>) -> Option<Vec<Planned>> {
        let mut planned = Vec::new();
        for (place, wish) in wishes.into_iter().enumerate() {
            if wish.name != HAND_OVER_TOOL || !self.toolbox.hand_over.enabled {
                planned.push(tools::plan_call(&self.functions, place, wish));
                continue;
            }
            let language = &self.asked.language;
            match hand_over::decide(
                self.playground.clock.now(),
                language,
                &self.toolbox.hand_over,
                &wish,
            ) {
                Decision::Now(call) => {
                    self.person_wanted = Some(Notice::from_stored(&call.reason).english());
                    return None;
                }
                Decision::Later(call, told) => {
                    self.person_wanted = Some(Notice::from_stored(&call.reason).english());
                    planned.push(Planned::settled(wish, CallState::Done, told));
                }
            }
        }
        Some(planned)
    }

    fn shown(self, found: &[Found], failure: Option<Notice>) -> PlaygroundAnswer {
        let Self { playground, asked, draft, calls, person_wanted, .. } = self;
        let id = playground.random.id(playground.clock.now(), MessageId::from_parts);
        let measured = draft.measure.read(&playground.answering.ledger);
        let said = draft.said(found, &asked.question);
        let is_failed = failure.is_some();
        let prompt = draft.asked.filter(|_| measured.model != BUILT_IN_MODEL);
        let passages = found.iter().enumerate().map(|(place, found)| PlaygroundPassage {
            article: found.article_id,
            title: found.title.clone(),
            page: found.page,
            text: found.text.clone(),
            score: found.score,
            used: !is_failed && draft.cited.contains(&place),
        });
        let (failure, failure_notice) = Notice::told_if_any(failure);
        let fell_back = draft.fell_back.filter(|_| !is_failed);
        let (fallback_reason, fallback_notice) = Notice::told_if_any(fell_back);
        PlaygroundAnswer {
            text: if is_failed { String::new() } else { said.text },
            failure,
            failure_notice,
            fallback_reason,
            fallback_notice,
            person_wanted,
            sources: if is_failed { Vec::new() } else { said.sources },
            passages: passages.collect(),
            prompt: prompt.as_ref().map(sent),
            calls,
            usage: shown::answer_usage(MeasuredAnswer { answer: id, measured }),
        }
    }
}

/// What an agent's model may ask for, whatever channels may not use.
async fn toolbox(playground: &Playground, asked: &Question) -> Result<Toolbox, StoreError> {
    let functions = playground.store.functions(asked.workspace, asked.agent).await?;
    let mut functions = functions.unwrap_or_default();
    functions.retain(|function| function.enabled);
    let hand_over =
        playground.store.hand_over(asked.workspace, asked.agent).await?.unwrap_or_default();
    Ok(Toolbox { hand_over, functions, rounds: Vec::new() })
}

/// Makes a call, if that is wanted and it can be made.
async fn make(
    playground: &Playground,
    asked: &Question,
    plan: Planned,
) -> (AnsweredCall, PlaygroundCall) {
    let Planned { wish, state, told, work, .. } = plan;
    let began = playground.clock.now();
    let (outcome, result) = match work {
        None if state == CallState::Done => (PlaygroundOutcome::Done, told),
        None => (PlaygroundOutcome::Refused, told),
        Some(_) if !asked.call_functions => (PlaygroundOutcome::Withheld, WITHHELD.to_owned()),
        Some((callable, arguments)) => {
            playground.answering.metrics.function_calls.inc();
            let answer =
                functions::call(&playground.answering.functions, &callable, &arguments).await;
            let outcome =
                if answer.ok { PlaygroundOutcome::Done } else { PlaygroundOutcome::Failed };
            (outcome, answer.text)
        }
    };
    let state = match outcome {
        PlaygroundOutcome::Failed => CallState::Failed,
        PlaygroundOutcome::Refused => CallState::Refused,
        PlaygroundOutcome::Done | PlaygroundOutcome::Withheld => CallState::Done,
    };
    let shown = PlaygroundCall {
        name: wish.name.clone(),
        arguments: wish.arguments.clone(),
        outcome,
        result: result.clone(),
        millis: playground.clock.now().millis_since(began).max(0).unsigned_abs(),
    };
    (answered(wish, state, &result), shown)
}

fn past(message: &PlaygroundMessage) -> PastMessage {
    let role = match message.by {
        PlaygroundRole::Visitor => Role::Visitor,
        PlaygroundRole::Agent => Role::Agent,
    };
    PastMessage::new(role, message.text.clone())
}

/// A prompt as it was sent.
fn sent(prompt: &Prompt) -> PlaygroundPrompt {
    let composed = compose(prompt);
    let messages = composed.messages.into_iter().map(|message| PlaygroundMessage {
        by: match message.role {
            Role::Visitor => PlaygroundRole::Visitor,
            Role::Agent => PlaygroundRole::Agent,
        },
        text: message.text,
    });
    PlaygroundPrompt {
        system: composed.system,
        messages: messages.collect(),
        functions: composed.tools.into_iter().map(|tool| tool.name).collect(),
    }
}
