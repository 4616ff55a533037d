use cavuer_protocol::console::Workspace;
use cavuer_store::WorkspaceRecord;

/// A workspace.
pub fn workspace(WorkspaceRecord { id, name }: WorkspaceRecord) -> Workspace {
    Workspace { id, name }
}
