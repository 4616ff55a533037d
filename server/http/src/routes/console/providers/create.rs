use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use cavuer_protocol::ProviderId;
use cavuer_protocol::console::{NewProvider, Provider};
use cavuer_protocol::limits::{NAME_CHARS, PROVIDERS};

use super::{accept_key, accept_kind, accept_models, accept_url, describe, require_key};
use crate::App;
use crate::answers::{ApiError, ApiResult, Body};
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::checks::Checks;
use cavuer_engine::providers;
use cavuer_store::StoredProvider;

/// Sets a model provider up. Its key is sealed and never told again.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/providers", tag = "providers",
    request_body = NewProvider,
    params(("workspace" = String, Path)),
    responses((status = 201, body = Provider), refusals::ForMembers, refusals::OfContent),
)]
pub async fn create_provider(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Body(wanted): Body<NewProvider>,
) -> ApiResult<(StatusCode, Json<Provider>)> {
    let facts = accept_kind(&app, &wanted.kind)?.facts();
    let mut checks = Checks::default();
    let name = checks.line("name", &wanted.name, NAME_CHARS);
    let base_url = accept_url(&mut checks, &facts, wanted.base_url.as_deref());
    let key = accept_key(&mut checks, &wanted.api_key.unwrap_or_default());
    require_key(&mut checks, &facts, key.is_some());
    let models = accept_models(&mut checks, &wanted.models);
    checks.finish().map_err(ApiError::Invalid)?;

    let created_at = app.engine.clock.now();
    let id = app.engine.random.id(created_at, ProviderId::from_parts);
    let sealed = key.map(|key| providers::seal(&app.engine, workspace.id, id, &key));
    let (sealed_key, key_hint) = sealed.unzip();
    let kind = wanted.kind;
    let workspace = workspace.id;
    let stored = StoredProvider {
        id,
        workspace,
        name,
        kind,
        base_url,
        sealed_key,
        key_hint,
        models,
        created_at,
    };
    if !app.engine.store.create_provider(stored.clone(), PROVIDERS).await? {
        let detail = format!("A workspace has at most {PROVIDERS} providers. Delete one first.");
        return Err(ApiError::Conflict(detail));
    }
    Ok((StatusCode::CREATED, Json(describe(&app, stored, Vec::new()))))
}
