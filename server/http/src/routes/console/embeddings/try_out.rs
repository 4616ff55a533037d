use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::{MeaningTried, TryMeaning};

use crate::App;
use crate::answers::{ApiResult, Body};
use crate::guard::console_session::Member;
use crate::routes::console::refusals;
use cavuer_engine::embeddings;

/// Tries a model for search by meaning, and says which languages it knows or what fails.
///
/// Members of the workspace may call.
#[utoipa::path(
    post, path = "/workspaces/{workspace}/meaning/try", tag = "articles",
    request_body = TryMeaning,
    params(("workspace" = String, Path)),
    responses((status = 200, body = MeaningTried), refusals::ForMembers, refusals::OfContent),
)]
pub(crate) async fn try_meaning(
    State(app): State<App>,
    Member { workspace, .. }: Member,
    Body(wanted): Body<TryMeaning>,
) -> ApiResult<Json<MeaningTried>> {
    Ok(Json(embeddings::try_out(&app.engine.embeddings, workspace.id, &wanted).await?))
}
