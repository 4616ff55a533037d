//! Workspaces: the tenants that own everything else.

use std::sync::Arc;

use cavuer_base::clock::SharedClock;
use cavuer_base::random::Random;
use cavuer_protocol::console::{NewWorkspace, Workspace};
use cavuer_protocol::limits::NAME_CHARS;
use cavuer_protocol::{FieldProblem, UserId, WorkspaceId, notice};
use cavuer_store::Store;

use crate::basics::Basics;
use crate::checks::Checks;
use crate::refused::Refused;
use crate::shown;
use cavuer_store::WorkspaceRecord;

/// The workspaces of this server.
pub struct Workspaces {
    store: Store,
    clock: SharedClock,
    random: Arc<Random>,
}

impl Workspaces {
    pub(crate) fn new(basics: &Basics) -> Self {
        let Basics { store, clock, random, .. } = basics.clone();
        Self { store, clock, random }
    }
}

/// Makes a workspace, with its maker as its first member.
pub async fn create(
    workspaces: &Workspaces,
    maker: UserId,
    wanted: &NewWorkspace,
) -> Result<Workspace, Refused> {
    let name = accept(wanted)?;
    let now = workspaces.clock.now();
    let workspace =
        WorkspaceRecord { id: workspaces.random.id(now, WorkspaceId::from_parts), name };
    workspaces.store.create_workspace(maker, workspace.clone(), now).await?;
    Ok(shown::workspace(workspace))
}

/// Gives a workspace another name.
pub async fn rename(
    workspaces: &Workspaces,
    id: WorkspaceId,
    wanted: &NewWorkspace,
) -> Result<Workspace, Refused> {
    let name = accept(wanted)?;
    if !workspaces.store.rename_workspace(id, name.clone()).await? {
        return Err(Refused::NotFound(notice::no_such_workspace()));
    }
    Ok(Workspace { id, name })
}

fn accept(NewWorkspace { name }: &NewWorkspace) -> Result<String, Vec<FieldProblem>> {
    let mut checks = Checks::default();
    let name = checks.line("name", name, NAME_CHARS);
    checks.finish()?;
    Ok(name)
}
