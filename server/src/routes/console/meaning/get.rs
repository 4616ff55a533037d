use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::MeaningSearch;

use crate::app::App;
use crate::guard::console_session::Member;
use crate::meaning;
use crate::routes::console::refusals;
use crate::routes::error::ApiResult;

/// How search by meaning stands.
///
/// Members of the workspace may call.
#[utoipa::path(
    get, path = "/workspaces/{workspace}/meaning", tag = "articles",
    params(("workspace" = String, Path)),
    responses((status = 200, body = MeaningSearch), refusals::ForMembers),
)]
pub async fn get_meaning(
    State(app): State<App>,
    Member { workspace, .. }: Member,
) -> ApiResult<Json<MeaningSearch>> {
    Ok(Json(meaning::status(&app, workspace.id).await?))
}
