//! `GET /api/openapi.json`: both APIs, described by the endpoints themselves.

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderValue, header};
use axum::routing::get;
use cavuer_models::protocols;
use cavuer_protocol::{ConversationEvent, Problem};
use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

use crate::App;

/// What no single endpoint says.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Cavuer",
        description = "The visitor API (`/api/widget/v1`) serves the chat on other people's \
            pages: every request needs an `Origin` that the channel allows. The console API \
            (`/api/console/v1`) serves signed-in people: it needs the cookie `cavuer_session`, \
            and whatever changes something must come from the console's own origin. Every \
            refusal is an `application/problem+json` with a `code`.",
    ),
    components(schemas(Problem, ConversationEvent))
)]
struct Introduction;

/// Serves the description of the endpoints, which `collected` has, with an introduction.
pub(super) fn routes(collected: utoipa::openapi::OpenApi) -> Router<App> {
    let mut document = Introduction::openapi();
    document.merge(collected);
    name_kinds(&mut document);
    let session = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    document.components.get_or_insert_default().add_security_scheme("visitor", session);
    // It cannot change while the program runs, so it is written out once.
    let json = Bytes::from(document.to_json().unwrap_or_default());
    let content_type = HeaderValue::from_static("application/json");
    let serve = move || async move { ([(header::CONTENT_TYPE, content_type)], json) };
    Router::new().route("/api/openapi.json", get(serve))
}

/// Writes the kinds of providers into the description: its type is any word, because only the
/// table of the protocols knows which there are.
fn name_kinds(document: &mut utoipa::openapi::OpenApi) {
    let schemas = &mut document.components.get_or_insert_default().schemas;
    if let Some(RefOr::T(Schema::Object(kind))) = schemas.get_mut("ProviderKind") {
        let kinds = protocols::ALL.iter().map(|protocol| protocol.facts().kind.into());
        kind.enum_values = Some(kinds.collect());
    }
}
