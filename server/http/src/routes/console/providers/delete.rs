use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::ProviderId;

use crate::App;
use crate::answers::ApiResult;
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::provider_setup;

/// Deletes a provider with its key, unless an agent uses it.
///
/// Members of the workspace may call.
#[utoipa::path(
    delete, path = "/workspaces/{workspace}/providers/{provider}", tag = "providers",
    params(("workspace" = String, Path), ("provider" = String, Path)),
    responses(
        (status = 204, description = "Deleted."),
        (status = 409, description = "Agents use it; the answer names them."),
        refusals::ForMembers,
    ),
)]
pub(crate) async fn delete_provider(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(provider): Id<ProviderId>,
) -> ApiResult<StatusCode> {
    provider_setup::delete(&app.engine.provider_setup, workspace.id, provider).await?;
    Ok(StatusCode::NO_CONTENT)
}
