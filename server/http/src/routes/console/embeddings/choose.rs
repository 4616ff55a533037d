use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::{ChooseMeaning, MeaningSearch};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::embeddings;

/// Chooses the model for search by meaning, or none. Another model has everything prepared anew;
/// the same one again is asked at once if it was left alone after a failure.
///
/// Members of the workspace may call.
#[utoipa::path(
    put, path = "/workspaces/{workspace}/meaning", tag = "articles",
    request_body = ChooseMeaning,
    params(("workspace" = String, Path)),
    responses((status = 200, body = MeaningSearch), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn choose_meaning(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Body(wanted): Body<ChooseMeaning>,
) -> ApiResult<Json<MeaningSearch>> {
    Ok(Json(embeddings::choose(&app.engine.embeddings, workspace.id, wanted).await?))
}
