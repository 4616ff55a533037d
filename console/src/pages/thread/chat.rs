use leptos::prelude::*;
use leptos::task::spawn_local;

use cavuer_protocol::console::{ConsoleEvent, ConversationSummary, FunctionCall};
use cavuer_protocol::{Conversation, ConversationEvent, ConversationId};

use crate::api::{ApiError, WorkspaceApi, use_api, use_workspace};
use crate::live::use_live;
use crate::route::{self, use_go};

use super::calls;
use super::composer::kept_reply;

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
    /// What the operator is writing.
    pub reply: RwSignal<String>,
    /// What the stream said while an answer was under way: it is newer than the answer.
    meanwhile: StoredValue<Vec<ConsoleEvent>>,
    runs: StoredValue<u32>,
    /// Whether the last fetch failed.
    failed: StoredValue<bool>,
}

impl Chat {
    /// Fetches the conversation and follows it, as long as the calling component lives.
    pub fn open(id: ConversationId) -> Self {
        let chat = Self {
            id,
            workspace: use_workspace(),
            phase: RwSignal::new(Phase::Waiting),
            summary: RwSignal::new(None),
            conversation: RwSignal::new(Conversation::default()),
            calls: RwSignal::new(Vec::new()),
            reply: RwSignal::new(kept_reply(id)),
            meanwhile: StoredValue::new(Vec::new()),
            runs: StoredValue::new(0),
            failed: StoredValue::new(true),
        };
        let go = use_go();
        use_live().listen(move |event| match &event {
            ConsoleEvent::Resync => chat.refresh(),
            ConsoleEvent::ConversationRemoved { conversation } if *conversation == id => {
                go.replace(&route::chats());
            }
            _ => {
                chat.meanwhile.update_value(|all| all.push(event.clone()));
                chat.take(event);
            }
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
        self.meanwhile.set_value(Vec::new());
        let run = self.runs.get_value().wrapping_add(1);
        self.runs.set_value(run);
        self.fetch_calls();
        spawn_local(async move {
            let answer = self.workspace.conversation(self.id).await;
            if self.runs.try_get_value() != Some(run) {
                return;
            }
            self.failed.set_value(answer.is_err());
            match answer {
                Ok(detail) => {
                    self.summary.set(Some(detail.summary));
                    self.apply(ConversationEvent::Snapshot { conversation: detail.conversation });
                    for event in self.meanwhile.get_value() {
                        self.take(event);
                    }
                    self.set_phase(Phase::Ready);
                }
                // What is there stays readable; the banner says that the server is gone.
                Err(ApiError::Unreachable) if self.phase.get_untracked() == Phase::Ready => {}
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
