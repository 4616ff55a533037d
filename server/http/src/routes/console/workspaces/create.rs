use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::WorkspaceId;
use cavuer_protocol::console::{NewWorkspace, Workspace};

use super::accept;
use crate::App;
use crate::answers::{ApiResult, Body};
use crate::guard::console_session::SignedIn;
use crate::routes::console::refusals;

/// Makes a workspace, with the caller as its first member.
///
/// Whoever is signed in may call.
#[utoipa::path(
    post, path = "/workspaces", tag = "workspaces", request_body = NewWorkspace,
    responses((status = 201, body = Workspace), refusals::ForSignedIn, refusals::OfContent),
)]
pub async fn create_workspace(
    State(app): State<App>,
    SignedIn { user, .. }: SignedIn,
    Body(wanted): Body<NewWorkspace>,
) -> ApiResult<(StatusCode, Json<Workspace>)> {
    let name = accept(&wanted)?;
    let now = app.engine.clock.now();
    let workspace = Workspace { id: app.engine.random.id(now, WorkspaceId::from_parts), name };
    app.engine.store.create_workspace(user.id, workspace.clone(), now).await?;
    Ok((StatusCode::CREATED, Json(workspace)))
}
