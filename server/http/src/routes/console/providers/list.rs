use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::ProviderList;

use super::describe;
use crate::App;
use crate::answers::ApiResult;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;

/// The workspace's own model providers, oldest first, those of the server, and all kinds.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/providers", tag = "providers",
    params(("workspace" = String, Path)),
    responses((status = 200, body = ProviderList), refusals::ForMembers),
)]
pub async fn list_providers(
    State(app): State<App>,
    Member { workspace, .. }: Member,
) -> ApiResult<Json<ProviderList>> {
    let stored = app.engine.store.providers(workspace.id).await?;
    let providers =
        stored.into_iter().map(|(provider, used_by)| describe(&app, provider, used_by)).collect();
    let mut environment = app.engine.models.environment();
    for (prefix, provider) in &mut environment {
        provider.last_failure = app.engine.provider_failures.of(prefix);
    }
    let environment = environment.into_iter().map(|(_, provider)| provider).collect();
    let kinds = app.engine.models.kinds();
    Ok(Json(ProviderList { providers, environment, kinds }))
}
