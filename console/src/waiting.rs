//! Conversations that wait for a person: counted in the sidebar and in the title, and rung for.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::VisibilityState;

use cavuer_protocol::ConversationId;
use cavuer_protocol::console::ConsoleEvent;

use crate::api::WorkspaceApi;
use crate::browser;
use crate::live::Live;
use crate::sound;

/// Key under which this browser remembers that it is to be silent.
const SILENT_KEY: &str = "cavuer.silent";
/// How often a hidden tab asks, since its event stream rests.
const ASK_EVERY: Duration = Duration::from_secs(15);

/// What is known of the workspace on screen.
#[derive(Clone, Copy)]
pub struct Waiting {
    /// Those for which nobody has taken over; `None` before the first answer.
    ids: RwSignal<Option<Vec<ConversationId>>>,
    /// Whether this browser rings for new ones.
    pub rings: RwSignal<bool>,
}

pub fn use_waiting() -> Waiting {
    expect_context()
}

impl Waiting {
    pub fn new() -> Self {
        let silent = browser::remembered(SILENT_KEY).is_some_and(|silent| silent == "yes");
        Self { ids: RwSignal::new(None), rings: RwSignal::new(!silent) }
    }

    /// How many wait.
    pub fn count(self) -> usize {
        self.ids.with(|ids| ids.as_ref().map_or(0, Vec::len))
    }

    /// The count as it stands before a document's title; empty if nobody waits.
    pub fn title_mark(self) -> String {
        match self.count() {
            0 => String::new(),
            count => format!("({count}) "),
        }
    }

    /// Switches the sound on or off, for this browser.
    pub fn ring(self, rings: bool) {
        browser::remember(SILENT_KEY, if rings { "no" } else { "yes" });
        self.rings.set(rings);
        if rings {
            sound::ring();
        }
    }

    /// Follows a workspace as long as the calling component lives.
    pub fn follow(self, workspace: WorkspaceApi, live: Live) {
        self.ids.set(None);
        let ask = move || {
            spawn_local(async move {
                let (answer, said) = live.during(workspace.waiting_conversations()).await;
                if let Ok(list) = answer {
                    let mut ids = list.conversations.into_iter().map(|row| row.id).collect();
                    said.iter().for_each(|event| change(&mut ids, event));
                    self.take(ids);
                }
            });
        };
        live.listen(move |event| match event {
            ConsoleEvent::Resync => ask(),
            event => {
                if let Some(mut ids) = self.ids.get_untracked() {
                    change(&mut ids, &event);
                    self.take(ids);
                }
            }
        });
        let asking = set_interval_with_handle(
            move || {
                if document().visibility_state() == VisibilityState::Hidden {
                    ask();
                }
            },
            ASK_EVERY,
        );
        on_cleanup(move || {
            if let Ok(asking) = asking {
                asking.clear();
            }
            self.ids.try_set(None);
        });
    }

    fn take(self, ids: Vec<ConversationId>) {
        let known = self.ids.try_get_untracked().flatten();
        // What waited before this page was opened is no news.
        let is_news = known.as_ref().is_some_and(|known| ids.iter().any(|id| !known.contains(id)));
        if known.as_ref() != Some(&ids) {
            self.ids.try_set(Some(ids));
        }
        if is_news && self.rings.get_untracked() {
            sound::ring();
        }
    }
}

/// Changes who waits as an event says.
fn change(ids: &mut Vec<ConversationId>, event: &ConsoleEvent) {
    match event {
        ConsoleEvent::ConversationListed { summary } => {
            ids.retain(|id| *id != summary.id);
            if summary.person_wanted.is_some() {
                ids.push(summary.id);
            }
        }
        ConsoleEvent::ConversationRemoved { conversation } => ids.retain(|id| id != conversation),
        _ => {}
    }
}
