use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::ProviderId;

use crate::App;
use crate::answers::{ApiError, ApiResult};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::embeddings;
use cavuer_store::ProviderDeletion;

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
pub async fn delete_provider(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(provider): Id<ProviderId>,
) -> ApiResult<StatusCode> {
    match app.engine.store.delete_provider(workspace.id, provider).await? {
        ProviderDeletion::Deleted => {}
        ProviderDeletion::NotFound => return Err(ApiError::NotFound("provider")),
        ProviderDeletion::InUse(agents) => {
            let names: Vec<_> = agents.into_iter().map(|agent| agent.name).collect();
            let detail = format!(
                "Agents answer with it: {}. Choose another model for them first.",
                names.join(", ")
            );
            return Err(ApiError::Conflict(detail));
        }
    }
    app.engine.models.forget(provider);
    embeddings::tell(&app.engine, workspace.id).await;
    Ok(StatusCode::NO_CONTENT)
}
