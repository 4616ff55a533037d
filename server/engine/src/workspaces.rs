//! Workspaces: the tenants that own everything else.

use cavuer_protocol::console::{NewWorkspace, Workspace};
use cavuer_protocol::limits::NAME_CHARS;
use cavuer_protocol::{FieldProblem, UserId, WorkspaceId, notice};

use crate::Engine;
use crate::checks::Checks;
use crate::refused::Refused;
use crate::shown;
use cavuer_store::WorkspaceRecord;

/// Makes a workspace, with its maker as its first member.
pub async fn create(
    engine: &Engine,
    maker: UserId,
    wanted: &NewWorkspace,
) -> Result<Workspace, Refused> {
    let name = accept(wanted)?;
    let now = engine.clock.now();
    let workspace = WorkspaceRecord { id: engine.random.id(now, WorkspaceId::from_parts), name };
    engine.store.create_workspace(maker, workspace.clone(), now).await?;
    Ok(shown::workspace(workspace))
}

/// Gives a workspace another name.
pub async fn rename(
    engine: &Engine,
    id: WorkspaceId,
    wanted: &NewWorkspace,
) -> Result<Workspace, Refused> {
    let name = accept(wanted)?;
    if !engine.store.rename_workspace(id, name.clone()).await? {
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
