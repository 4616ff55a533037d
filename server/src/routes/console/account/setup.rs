use axum::Json;
use axum::extract::State;
use cavuer_protocol::console::Setup;

use crate::app::App;
use crate::config::SignUp;
use crate::routes::console::refusals;
use crate::routes::error::ApiResult;

/// What the sign-in page needs to know.
///
/// Anybody may call.
#[utoipa::path(
    get, path = "/setup", tag = "account",
    responses((status = 200, body = Setup), refusals::ForAnybody),
)]
pub async fn get_setup(State(app): State<App>) -> ApiResult<Json<Setup>> {
    let first_run = app.store.count_users().await? == 0;
    let sign_up_open = match app.config.sign_up {
        SignUp::Open => true,
        SignUp::FirstOnly => first_run,
        SignUp::Closed => false,
    };
    Ok(Json(Setup { sign_up_open, first_run }))
}
