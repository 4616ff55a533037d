use axum::Json;
use axum::extract::State;
use cavuer_protocol::ProviderId;
use cavuer_protocol::console::{Provider, ProviderChanges};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::provider_setup;

/// Changes a provider: what the body names, all or nothing. A key stays with its host: another
/// host needs the key anew.
///
/// Members of the workspace may call.
#[utoipa::path(
    patch, path = "/workspaces/{workspace}/providers/{provider}", tag = "providers",
    request_body = ProviderChanges,
    params(("workspace" = String, Path), ("provider" = String, Path)),
    responses((status = 200, body = Provider), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn update_provider(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(provider): Id<ProviderId>,
    Body(wanted): Body<ProviderChanges>,
) -> ApiResult<Json<Provider>> {
    Ok(Json(
        provider_setup::change(&app.engine.provider_setup, workspace.id, provider, wanted).await?,
    ))
}
