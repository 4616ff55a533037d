//! Every address of the server on one page, and what wraps them all.

mod attachment;
mod console;
mod openapi;
mod ops;
mod widget;

use std::any::Any;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use cavuer_protocol::notice;
use tower_http::catch_panic::CatchPanicLayer;
use tracing::Instrument as _;
use utoipa_axum::router::OpenApiRouter;

use crate::App;
use crate::answers::{self, ApiError};
use crate::assets;
use cavuer_engine::metrics::RequestLabels;

/// Random characters of a request's id.
const REQUEST_ID_CHARS: usize = 16;
const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The whole server.
pub fn router(app: &App) -> Router {
    let (api, document) = api(app).split_for_parts();
    Router::new()
        .merge(api)
        .merge(openapi::routes(document))
        .route("/healthz", get(ops::healthz))
        .route("/readyz", get(ops::readyz))
        .route("/metrics", get(ops::metrics))
        .merge(assets::routes())
        .fallback(|| async { ApiError::NotFound(notice::no_such_page()) })
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), around_every_request))
        .with_state(app.clone())
}

/// Both APIs with their descriptions.
fn api(app: &App) -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(widget::routes(app.clone())).merge(console::routes(app.clone()))
}

/// The request's id, for whoever needs it further in.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

async fn around_every_request(
    State(app): State<App>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = app.engine.random.token("", REQUEST_ID_CHARS);
    let method = method_label(request.method());
    let route =
        request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_owned();
    // The path alone: queries carry tokens.
    let span = tracing::info_span!("request", %id, %method, path = request.uri().path());
    request.extensions_mut().insert(RequestId(id.clone()));

    let started = app.engine.clock.now();
    let response = next.run(request).instrument(span.clone()).await;
    let millis = app.engine.clock.now().millis_since(started);

    let mut response = answers::finish(response, &id).await;
    let status = response.status().as_u16();
    span.in_scope(|| tracing::debug!(status, millis, "answered"));
    app.engine.metrics.request_seconds.observe(millis as f64 / 1_000.0);
    app.engine.metrics.requests.get_or_create(&RequestLabels { route, method, status }).inc();

    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(&id) {
        headers.insert(REQUEST_ID, id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers
        .entry(header::REFERRER_POLICY)
        .or_insert(HeaderValue::from_static("strict-origin-when-cross-origin"));
    // Answers of the API are data: should one ever be opened as a page, it can do nothing.
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    response
}

/// A method of HTTP. Others are whatever a caller makes up, and each label is kept for ever.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let cause = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    ApiError::Internal(format!("a handler panicked: {cause}")).into_response()
}
