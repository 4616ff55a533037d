//! What the whole app knows: who is signed in, and which workspace is on screen.

use leptos::prelude::*;

use cavuer_protocol::WorkspaceId;
use cavuer_protocol::console::{Me, Workspace};

use crate::browser;

/// Key under which this browser remembers the workspace that was chosen last.
const WORKSPACE_KEY: &str = "cavuer.workspace";

/// The signed-in person.
#[derive(Clone, Copy)]
pub struct Session {
    pub me: RwSignal<Option<Me>>,
    /// The workspace on screen; one of `me`'s.
    pub workspace: RwSignal<Option<WorkspaceId>>,
}

pub fn use_session() -> Session {
    expect_context()
}

impl Session {
    pub fn new() -> Self {
        Self { me: RwSignal::new(None), workspace: RwSignal::new(None) }
    }

    /// Notes who signed in, and opens the workspace that was open last.
    pub fn enter(self, me: Me) {
        let last = browser::remembered(WORKSPACE_KEY).and_then(|id| id.parse().ok());
        let workspace = me
            .workspaces
            .iter()
            .map(|workspace| workspace.id)
            .find(|id| Some(*id) == last)
            .or_else(|| me.workspaces.first().map(|workspace| workspace.id));
        self.workspace.set(workspace);
        self.me.set(Some(me));
    }

    pub fn leave(self) {
        self.me.set(None);
        self.workspace.set(None);
    }

    /// Puts another of the person's workspaces on screen.
    pub fn open(self, workspace: WorkspaceId) {
        browser::remember(WORKSPACE_KEY, &workspace.to_string());
        self.workspace.set(Some(workspace));
    }

    /// Notes a workspace that is new or has a new name.
    pub fn note(self, workspace: Workspace) {
        self.me.update(|me| {
            let Some(me) = me else { return };
            match me.workspaces.iter_mut().find(|w| w.id == workspace.id) {
                Some(known) => *known = workspace,
                None => me.workspaces.push(workspace),
            }
        });
    }

    /// Name of the workspace on screen.
    pub fn workspace_name(self) -> String {
        let id = self.workspace.get();
        self.me.with(|me| {
            me.iter()
                .flat_map(|me| &me.workspaces)
                .find(|workspace| Some(workspace.id) == id)
                .map(|workspace| workspace.name.clone())
                .unwrap_or_default()
        })
    }
}
