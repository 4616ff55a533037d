use axum::Json;
use axum::extract::State;
use cavuer_protocol::ProviderId;
use cavuer_protocol::console::{Provider, ProviderChanges};
use cavuer_protocol::limits::NAME_CHARS;

use super::{
    accept_key, accept_kind, accept_models, accept_url, describe, is_same_host, require_key,
};
use crate::App;
use crate::answers::{ApiError, ApiResult, Body};
use crate::extract::Id;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::checks::Checks;
use cavuer_engine::providers;

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
pub async fn update_provider(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Id(provider): Id<ProviderId>,
    Body(wanted): Body<ProviderChanges>,
) -> ApiResult<Json<Provider>> {
    let stored = app.engine.store.provider(workspace.id, provider).await?;
    let mut stored = stored.ok_or(ApiError::NotFound("provider"))?;

    let facts = accept_kind(&app, &stored.kind)?.facts();
    let mut checks = Checks::default();
    if let Some(name) = &wanted.name {
        stored.name = checks.line("name", name, NAME_CHARS);
    }
    if let Some(typed) = &wanted.base_url {
        let base_url = accept_url(&mut checks, &facts, Some(typed));
        let key_stays = wanted.api_key.is_none() && stored.sealed_key.is_some();
        if key_stays && !is_same_host(&stored.base_url, &base_url) {
            checks.problem("api_key", "Enter the key again: it was given to another host.");
        }
        stored.base_url = base_url;
    }
    if let Some(typed) = &wanted.api_key {
        let key = accept_key(&mut checks, typed);
        require_key(&mut checks, &facts, key.is_some());
        let sealed = key.map(|key| providers::seal(&app.engine, workspace.id, provider, &key));
        (stored.sealed_key, stored.key_hint) = sealed.unzip();
    }
    if let Some(typed) = &wanted.models {
        stored.models = accept_models(&mut checks, typed);
    }
    checks.finish().map_err(ApiError::Invalid)?;

    let used_by = app.engine.store.replace_provider(stored.clone()).await?;
    let used_by = used_by.ok_or(ApiError::NotFound("provider"))?;
    // What failed before may be mended now.
    app.engine.provider_failures.clear(&provider.to_string());
    Ok(Json(describe(&app, stored, used_by)))
}
