use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::{NewWorkspace, Workspace};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::workspaces;

/// Gives a workspace another name.
///
/// Members of the workspace may call.
#[utoipa::path(
    patch, path = "/workspaces/{workspace}", tag = "workspaces", request_body = NewWorkspace,
    params(("workspace" = String, Path)),
    responses((status = 200, body = Workspace), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn rename_workspace(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Body(wanted): Body<NewWorkspace>,
) -> ApiResult<Json<Workspace>> {
    Ok(Json(workspaces::rename(&app.engine.workspaces, workspace.id, &wanted).await?))
}
