use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::console::{NewWorkspace, Workspace};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::guard::console_session::SignedIn;
use crate::routes::console::refusals;
use cavuer_engine::workspaces;

/// Makes a workspace, with the caller as its first member.
///
/// Whoever is signed in may call.
#[utoipa::path(
    post, path = "/workspaces", tag = "workspaces", request_body = NewWorkspace,
    responses((status = 201, body = Workspace), refusals::ForSignedIn, refusals::OfContent),
)]
pub(crate) async fn create_workspace(
    State(app): State<App>,
    SignedIn { user, .. }: SignedIn,
    Body(wanted): Body<NewWorkspace>,
) -> ApiResult<(StatusCode, Json<Workspace>)> {
    let workspace = workspaces::create(&app.engine.workspaces, user.id, &wanted).await?;
    Ok((StatusCode::CREATED, Json(workspace)))
}
