//! The visitor side: `/api/widget/v1`. Who may call: pages that the channel allows.

mod create_attachment;
mod create_message;
mod create_session;
mod get_attachment;
mod get_config;
mod list_messages;
mod stream_events;

use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use tower_http::compression::CompressionLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::App;
use crate::guard::visitor_access::{AdmittedOrigin, is_known_origin};

/// Largest body of a visitor's request, in bytes: the longest message in the widest encoding,
/// and some room.
const BODY_BYTES: usize = 64 * 1024;
/// How long browsers may remember a preflight, in seconds; two hours is the most that they do.
const PREFLIGHT_SECONDS: &str = "7200";

/// The visitor API.
pub(crate) fn routes(app: App) -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_config::get_config))
        // The configuration is most of what a page downloads before the bubble shows. It holds no
        // secret that its compressed length could tell.
        .layer(CompressionLayer::new().gzip(true))
        .routes(routes!(create_session::create_session))
        .routes(routes!(create_message::create_message, list_messages::list_messages))
        .routes(routes!(create_attachment::create_attachment))
        .routes(routes!(get_attachment::get_attachment))
        .routes(routes!(stream_events::stream_events))
        .layer(DefaultBodyLimit::max(BODY_BYTES))
        .layer(from_fn_with_state(app, cross_origin))
}

/// Cross-origin headers: an answer may be read by the page that was let in, and by no other.
async fn cross_origin(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    if request.method() == Method::OPTIONS {
        return preflight(&app, origin).await;
    }
    let slot = AdmittedOrigin::default();
    request.extensions_mut().insert(slot.clone());
    let mut response = next.run(request).await;
    let readable_by = match (slot.0.get().cloned(), origin) {
        (Some(admitted), _) => Some(admitted),
        // The widget must learn that its session is of no use any more, to open a new one.
        (None, Some(origin)) if response.status() == StatusCode::UNAUTHORIZED => {
            is_known_origin(&app, &origin).await.then_some(origin)
        }
        _ => None,
    };
    allow(response.headers_mut(), readable_by);
    response
}

async fn preflight(app: &App, origin: Option<HeaderValue>) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let readable_by = match origin {
        Some(origin) if is_known_origin(app, &origin).await => Some(origin),
        _ => None,
    };
    let headers = response.headers_mut();
    if readable_by.is_some() {
        let fixed = HeaderValue::from_static;
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, fixed("GET, POST"));
        headers.insert(
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            fixed("authorization, content-type, last-event-id"),
        );
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, fixed(PREFLIGHT_SECONDS));
    }
    allow(headers, readable_by);
    response
}

fn allow(headers: &mut HeaderMap, origin: Option<HeaderValue>) {
    headers.append(header::VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static("retry-after, x-request-id"),
        );
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
