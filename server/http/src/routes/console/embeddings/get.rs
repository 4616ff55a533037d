use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::MeaningSearch;

use crate::App;
use crate::answers::ApiResult;
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::embeddings;

/// How search by meaning stands.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/meaning", tag = "articles",
    params(("workspace" = String, Path)),
    responses((status = 200, body = MeaningSearch), refusals::ForMembers),
)]
pub(crate) async fn get_meaning(
    State(app): State<App>,
    Member { workspace, .. }: Member,
) -> ApiResult<Json<MeaningSearch>> {
    Ok(Json(embeddings::status(&app.engine.embeddings, workspace.id).await?))
}
