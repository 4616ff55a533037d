//! For those who run the server. Who may call: anybody who can reach it; nothing here names a
//! tenant, a visitor or a secret.

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::App;
use crate::answers::{ApiError, ApiResult};

/// The process runs.
pub(super) async fn healthz() -> &'static str {
    "ok\n"
}

/// The server can take messages: its database can be read and written, and it is not stopping.
pub(super) async fn readyz(State(app): State<App>) -> ApiResult<&'static str> {
    if app.engine.stopping.is_cancelled() {
        return Err(ApiError::Stopping);
    }
    app.engine.store.check().await?;
    Ok("ready\n")
}

/// Counters and times in the OpenMetrics text format.
pub(super) async fn metrics(State(app): State<App>) -> impl IntoResponse {
    let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, content_type)], app.engine.metrics.text())
}
