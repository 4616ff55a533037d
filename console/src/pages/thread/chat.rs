use std::collections::HashMap;

use leptos::prelude::*;
use leptos::task::spawn_local;

use cavuer_protocol::console::{AnswerUsage, ConsoleEvent, ConversationSummary, FunctionCall};
use cavuer_protocol::{Conversation, ConversationEvent, ConversationId, MessageId};

use crate::api::{ApiError, WorkspaceApi, use_api, use_workspace};
use crate::live::{Live, use_live};
use crate::route::{self, Go, use_go};

use super::calls;
use super::enclosing::Enclosing;
use super::kept_reply::kept_reply;

/// What the thread's place shows.
#[derive(Clone, PartialEq)]
pub enum Phase {
    Waiting,
    Failed(ApiError),
    Ready,
}

/// One conversation as it is known here, kept up to date by the event stream.
#[derive(Clone, Copy)]
pub struct Chat {
    pub id: ConversationId,
    pub workspace: WorkspaceApi,
    pub phase: RwSignal<Phase>,
    pub summary: RwSignal<Option<ConversationSummary>>,
    pub conversation: RwSignal<Conversation>,
    /// The functions that were called.
    pub calls: RwSignal<Vec<FunctionCall>>,
    /// What the agent's answers took.
    pub usage: RwSignal<HashMap<MessageId, AnswerUsage>>,
    /// What the operator is writing.
    pub reply: RwSignal<String>,
    /// What is to go along with it.
    pub enclosing: Enclosing,
    live: Live,
    runs: StoredValue<u32>,
    /// Whether the last fetch failed.
    failed: StoredValue<bool>,
    go: Go,
}

impl Chat {
    /// Fetches the conversation and follows it, as long as the calling component lives.
    pub fn open(id: ConversationId) -> Self {
        let workspace = use_workspace();
        let chat = Self {
            id,
            workspace,
            enclosing: Enclosing::new(workspace, id),
            phase: RwSignal::new(Phase::Waiting),
            summary: RwSignal::new(None),
            conversation: RwSignal::new(Conversation::default()),
            calls: RwSignal::new(Vec::new()),
            usage: RwSignal::default(),
            reply: RwSignal::new(kept_reply(id)),
            live: use_live(),
            runs: StoredValue::new(0),
            failed: StoredValue::new(true),
            go: use_go(),
        };
        chat.live.listen(move |event| match &event {
            ConsoleEvent::Resync => chat.refresh(),
            ConsoleEvent::ConversationRemoved { conversation } if *conversation == id => {
                chat.go.replace(&route::chats());
            }
            _ => chat.take(event),
        });
        let retries = use_api().retries;
        Effect::new(move |before: Option<u32>| {
            let retries = retries.get();
            if before != Some(retries) && chat.failed.get_value() {
                chat.refresh();
            }
            retries
        });
        chat
    }

    /// Fetches the conversation again; what is on screen stays until then.
    pub fn refresh(self) {
        let run = self.runs.get_value().wrapping_add(1);
        self.runs.set_value(run);
        self.fetch_calls();
        spawn_local(async move {
            let both = async {
                let detail = self.workspace.conversation(self.id).await;
                (detail, self.workspace.conversation_usage(self.id).await)
            };
            let ((answer, usage), said) = self.live.during(both).await;
            if self.runs.try_get_value() != Some(run) {
                return;
            }
            self.failed.set_value(answer.is_err());
            match answer {
                Ok(detail) => {
                    self.summary.set(Some(detail.summary));
                    self.note_usage(usage.unwrap_or_default());
                    self.apply(ConversationEvent::Snapshot { conversation: detail.conversation });
                    said.into_iter().for_each(|event| self.take(event));
                    self.set_phase(Phase::Ready);
                }
                // What is there stays readable; the banner says that the server is gone.
                Err(ApiError::Unreachable) if self.phase.get_untracked() == Phase::Ready => {}
                // It was deleted while nobody here was listening.
                Err(error)
                    if error.is_not_found() && self.phase.get_untracked() == Phase::Ready =>
                {
                    self.go.replace(&route::chats());
                }
                Err(error) => self.set_phase(Phase::Failed(error)),
            }
        });
    }

    /// Fetches what was called. Without it the conversation can be read all the same.
    fn fetch_calls(self) {
        spawn_local(async move {
            if let Ok(calls) = self.workspace.function_calls(self.id).await {
                self.calls.try_update(|known| {
                    calls.into_iter().for_each(|call| calls::note(known, call));
                });
            }
        });
    }

    /// Adds what is known of answers; measurements never change.
    fn note_usage(self, usage: Vec<AnswerUsage>) {
        self.usage.try_update(|known| {
            known.extend(usage.into_iter().map(|usage| (usage.message_id, usage)));
        });
    }

    pub fn apply(self, event: ConversationEvent) {
        self.conversation.try_update(|known| known.apply(event));
    }

    fn take(self, event: ConsoleEvent) {
        match event {
            ConsoleEvent::ConversationListed { summary } if summary.id == self.id => {
                self.summary.set(Some(summary));
            }
            ConsoleEvent::InConversation { conversation, event } if conversation == self.id => {
                self.apply(event)
            }
            ConsoleEvent::FunctionCalled { conversation, call } if conversation == self.id => {
                self.calls.try_update(|known| calls::note(known, call));
            }
            ConsoleEvent::AnswerMeasured { conversation, usage } if conversation == self.id => {
                self.note_usage(vec![usage]);
            }
            _ => {}
        }
    }

    /// A phase that stays is not set again, so that the page is not drawn anew.
    fn set_phase(self, phase: Phase) {
        if self.phase.get_untracked() != phase {
            self.phase.set(phase);
        }
    }
}
