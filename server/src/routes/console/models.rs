use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::ModelInfo;

use super::refusals;
use crate::app::App;
use crate::guard::console_session::SignedIn;

/// The language models that agents can be given.
///
/// Whoever is signed in may call.
#[utoipa::path(
    get, path = "/models", tag = "agents",
    responses((status = 200, body = Vec<ModelInfo>), refusals::ForSignedIn),
)]
pub async fn list_models(State(app): State<App>, _: SignedIn) -> Json<Vec<ModelInfo>> {
    Json(app.models.list())
}
