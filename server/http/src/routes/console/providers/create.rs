use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::console::{NewProvider, Provider};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::provider_setup;

/// Sets a model provider up. Its key is sealed and never told again.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/providers", tag = "providers",
    request_body = NewProvider,
    params(("workspace" = String, Path)),
    responses((status = 201, body = Provider), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn create_provider(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Body(wanted): Body<NewProvider>,
) -> ApiResult<(StatusCode, Json<Provider>)> {
    let provider = provider_setup::create(&app.engine.provider_setup, workspace.id, wanted).await?;
    Ok((StatusCode::CREATED, Json(provider)))
}
