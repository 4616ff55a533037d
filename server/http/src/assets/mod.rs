//! The files that browsers download, made by `cargo xtask build`: a release binary carries them,
//! a development build reads them from `target/dist`.

mod encoding;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::answers::PageForPeople;
use cavuer_base::hex;
use encoding::Encoding;

/// `embed.js` keeps its name, so browsers ask again after five minutes whether it changed.
const FEW_MINUTES: &str = "public, max-age=300";
/// Files below `/assets/` change their names with their content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_EACH_TIME: &str = "no-cache";

/// The console's page may run its own files and WebAssembly, talk to its own server, and nothing
/// else. Trusted Types cannot be required: Leptos makes the fixed parts of a view from strings.
const CONSOLE_POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; \
    style-src 'self'; img-src 'self' data:; media-src 'self'; connect-src 'self'; \
    font-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

/// The book's pages show text and pictures, and run nothing.
const BOOK_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName =
    HeaderName::from_static("cross-origin-resource-policy");

#[derive(RustEmbed)]
#[cfg_attr(not(test), folder = "$CARGO_MANIFEST_DIR/../../target/dist")]
#[cfg_attr(test, folder = "$CARGO_MANIFEST_DIR/src/assets/fixture")]
struct Files;

/// Where the panel's code lies, as paths below the server's address.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct Manifest {
    pub widget_script: String,
    pub widget_wasm: String,
}

/// Names of this build's files.
///
/// # Errors
///
/// Says what to run when the files were never built, which happens in development only.
pub(crate) fn manifest() -> Result<Manifest, String> {
    const NOT_BUILT: &str = "widget and console are not built: run `cargo xtask build`";

    let file = Files::get("manifest.json").ok_or(NOT_BUILT)?;
    serde_json::from_slice(&file.data)
        .map_err(|error| format!("target/dist/manifest.json is broken ({error}): {NOT_BUILT}"))
}

/// Everything that is a file, and the way from `/` to the console.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/", get(|| async { Redirect::permanent("/console/") }))
        .route("/embed.js", get(get_loader))
        .route("/assets/{name}", get(get_asset))
        .route("/console", get(|| async { Redirect::permanent("/console/") }))
        .route("/console/", get(get_console_page))
        .route("/console/{*path}", get(get_console_page))
        .route("/docs", get(|| async { Redirect::permanent("/docs/") }))
        .route("/docs/", get(|headers| get_book_page(Path("index".to_owned()), headers)))
        .route("/docs/{*path}", get(get_book_page))
}

async fn get_loader(headers: HeaderMap) -> Response {
    let response = file("embed.js", FEW_MINUTES, &headers);
    for_every_origin(response)
}

async fn get_asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    // The folder is flat: whatever leads elsewhere, in whatever disguise, is no name.
    if name.contains(['/', '\\']) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let response = file(&format!("assets/{name}"), FOR_EVER, &headers);
    for_every_origin(response)
}

/// The console finds its way by itself, so each of its addresses is the same page.
async fn get_console_page(headers: HeaderMap) -> Response {
    let mut response = file("console/index.html", ASK_EACH_TIME, &headers);
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CONSOLE_POLICY));
    response
}

/// A page of the documentation.
async fn get_book_page(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let leads_elsewhere = path.split(['/', '\\']).any(|step| matches!(step, "" | "." | ".."));
    let found = (!leads_elsewhere).then(|| book_page(&path, &headers));
    match found.filter(|page| page.status() != StatusCode::NOT_FOUND) {
        Some(page) => page,
        None => missing_book_page(headers),
    }
}

/// Whoever asks for a page that is not there is a person, so the answer is a page, too.
fn missing_book_page(mut headers: HeaderMap) -> Response {
    // "As you know it" is no answer at an address that may have had a page.
    headers.remove(header::IF_NONE_MATCH);
    let mut page = book_page("404", &headers);
    *page.status_mut() = StatusCode::NOT_FOUND;
    page.extensions_mut().insert(PageForPeople);
    page
}

fn book_page(name: &str, headers: &HeaderMap) -> Response {
    let mut page = file(&format!("docs/{name}.html"), ASK_EACH_TIME, headers);
    page.headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(BOOK_POLICY));
    page
}

/// A file in the smallest form that the browser takes.
fn file(path: &str, cache: &'static str, request: &HeaderMap) -> Response {
    let Some((encoding, file)) = smallest(path, request) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let tag = entity_tag(&file.metadata.sha256_hash());
    let known = request.get(header::IF_NONE_MATCH).is_some_and(|tags| lists_tag(tags, &tag));

    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        Response::new(Body::from(file.data.into_owned()))
    };
    let headers = response.headers_mut();
    if !known {
        headers.insert(header::CONTENT_TYPE, content_type(path));
        if let Some(encoding) = encoding.header() {
            headers.insert(header::CONTENT_ENCODING, encoding);
        }
    }
    headers.insert(header::ETAG, tag);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn smallest(path: &str, request: &HeaderMap) -> Option<(Encoding, rust_embed::EmbeddedFile)> {
    encoding::accepted(request)
        .into_iter()
        .find_map(|encoding| Some((encoding, Files::get(&format!("{path}{}", encoding.suffix()))?)))
}

/// Any page may load the widget; which pages it then works on is decided where it asks for data.
fn for_every_origin(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    response
}

/// Each compressed form has its own content and therefore its own tag.
fn entity_tag(hash: &[u8; 32]) -> HeaderValue {
    // Hex digits can stand in a header; a page without a tag would be asked for each time.
    HeaderValue::from_str(&format!("\"{}\"", hex::encode(&hash[..16])))
        .unwrap_or(HeaderValue::from_static("\"\""))
}

fn lists_tag(tags: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(tags), Ok(tag)) = (tags.to_str(), tag.to_str()) else {
        return false;
    };
    tags.split(',')
        .map(|one| one.trim().trim_start_matches("W/"))
        .any(|one| one == tag || one == "*")
}

fn content_type(path: &str) -> HeaderValue {
    let extension = path.rsplit('.').next().unwrap_or_default();
    HeaderValue::from_static(match extension {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "wasm" => "application/wasm",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    })
}
