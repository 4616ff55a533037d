use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::{ProviderTrial, ProviderTried};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::provider_setup;

/// Tries a connection, saved or not, and says in words what works or what fails. Providers that
/// list their models are asked for the list, which costs nothing; others for one word.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/providers/try", tag = "providers",
    request_body = ProviderTrial,
    params(("workspace" = String, Path)),
    responses((status = 200, body = ProviderTried), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn try_provider(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Body(wanted): Body<ProviderTrial>,
) -> ApiResult<Json<ProviderTried>> {
    Ok(Json(provider_setup::try_out(&app.engine.provider_setup, workspace.id, &wanted).await?))
}
