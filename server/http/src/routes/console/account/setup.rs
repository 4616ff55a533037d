use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::Setup;

use crate::App;
use crate::SignUpPolicy;
use crate::answers::ApiResult;
use crate::routes::console::refusals;

/// What the sign-in page needs to know.
///
/// Anybody may call.
#[utoipa::path(
    get, path = "/setup", tag = "account",
    responses((status = 200, body = Setup), refusals::ForAnybody),
)]
pub(crate) async fn get_setup(State(app): State<App>) -> ApiResult<Json<Setup>> {
    let first_run = app.engine.store.count_users().await? == 0;
    let sign_up_open = match app.settings.sign_up {
        SignUpPolicy::Open => true,
        SignUpPolicy::FirstOnly => first_run,
        SignUpPolicy::Closed => false,
    };
    Ok(Json(Setup { sign_up_open, first_run }))
}
