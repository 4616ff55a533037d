use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::{ModelInfo, SpeechModel};

use super::refusals;
use crate::App;
use crate::answers::ApiResult;
use crate::guard::console_session::Member;
use cavuer_engine::providers;

/// The language models that the workspace's agents can be given.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/models", tag = "agents",
    params(("workspace" = String, Path)),
    responses((status = 200, body = Vec<ModelInfo>), refusals::ForMembers),
)]
pub(crate) async fn list_models(
    State(app): State<App>,
    Member { workspace, .. }: Member,
) -> ApiResult<Json<Vec<ModelInfo>>> {
    Ok(Json(providers::language_models(&app.engine.providers, workspace.id).await?))
}

/// The models that can make voice messages of the workspace's visitors into text, in the order in
/// which they are taken.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/speech-models", tag = "agents",
    params(("workspace" = String, Path)),
    responses((status = 200, body = Vec<SpeechModel>), refusals::ForMembers),
)]
pub(crate) async fn list_speech_models(
    State(app): State<App>,
    Member { workspace, .. }: Member,
) -> ApiResult<Json<Vec<SpeechModel>>> {
    Ok(Json(providers::speech_models(&app.engine.providers, workspace.id).await?))
}
