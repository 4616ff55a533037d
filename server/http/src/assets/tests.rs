use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use axum::response::Response;
use tower::ServiceExt as _;

use super::*;

async fn ask(method: Method, path: &str, headers: &[(HeaderName, &str)]) -> Response {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let request = request.body(Body::empty()).unwrap();
    routes::<()>().with_state(()).oneshot(request).await.unwrap()
}

async fn get(path: &str, headers: &[(HeaderName, &str)]) -> Response {
    ask(Method::GET, path, headers).await
}

async fn text(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), 1_000).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn value<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn the_loader_may_be_loaded_by_any_page_and_is_kept_for_minutes() {
    let response = get("/embed.js", &[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(value(&response, "content-type"), "text/javascript; charset=utf-8");
    assert_eq!(value(&response, "cache-control"), "public, max-age=300");
    assert_eq!(value(&response, "access-control-allow-origin"), "*");
    assert_eq!(value(&response, "cross-origin-resource-policy"), "cross-origin");
    assert_eq!(value(&response, "x-content-type-options"), "nosniff");
    assert_eq!(value(&response, "vary"), "accept-encoding");
    assert_eq!(value(&response, "content-encoding"), "");
    assert_eq!(text(response).await, "embed();\n");
}

#[tokio::test]
async fn each_form_has_its_own_content_and_tag() {
    let plain = get("/embed.js", &[]).await;
    let gzip = get("/embed.js", &[(header::ACCEPT_ENCODING, "gzip")]).await;
    let brotli = get("/embed.js", &[(header::ACCEPT_ENCODING, "gzip, br")]).await;
    assert_eq!(value(&gzip, "content-encoding"), "gzip");
    assert_eq!(value(&brotli, "content-encoding"), "br");
    assert_eq!(value(&brotli, "content-type"), "text/javascript; charset=utf-8");
    let tags = [&plain, &gzip, &brotli].map(|response| value(response, "etag").to_owned());
    assert!(tags[0] != tags[1] && tags[1] != tags[2] && tags[0] != tags[2]);
    assert_eq!(text(brotli).await, "embed, as brotli");
}

#[tokio::test]
async fn a_form_that_was_not_made_is_passed_over() {
    let response = get("/assets/widget-2c3d.js", &[(header::ACCEPT_ENCODING, "br, gzip")]).await;
    assert_eq!(value(&response, "content-encoding"), "");
    assert_eq!(text(response).await, "widget();\n");
}

#[tokio::test]
async fn a_known_tag_gets_no_content() {
    let first = get("/embed.js", &[]).await;
    let tag = value(&first, "etag").to_owned();
    for tags in [tag.clone(), format!("\"other\", W/{tag}"), "*".to_owned()] {
        let second = get("/embed.js", &[(header::IF_NONE_MATCH, &tags)]).await;
        assert_eq!(second.status(), StatusCode::NOT_MODIFIED);
        assert_eq!(value(&second, "etag"), tag);
        assert_eq!(value(&second, "cache-control"), "public, max-age=300");
        assert_eq!(value(&second, "access-control-allow-origin"), "*");
        assert_eq!(text(second).await, "");
    }
    let changed = get("/embed.js", &[(header::IF_NONE_MATCH, "\"other\"")]).await;
    assert_eq!(changed.status(), StatusCode::OK);
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever() {
    let response = get("/assets/widget-0a1b.wasm", &[(header::ACCEPT_ENCODING, "br")]).await;
    assert_eq!(value(&response, "content-type"), "application/wasm");
    assert_eq!(value(&response, "content-encoding"), "br");
    assert_eq!(value(&response, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(value(&response, "access-control-allow-origin"), "*");
}

#[tokio::test]
async fn a_missing_file_is_missing() {
    for path in [
        "/assets/widget-gone.wasm",
        "/assets/",
        "/assets/../manifest.json",
        "/assets/%2e%2e/manifest.json",
        "/assets/..%2fmanifest.json",
        "/assets/..%5cmanifest.json",
        "/manifest.json",
    ] {
        let response = get(path, &[]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(value(&response, "cache-control"), "", "{path}");
    }
}

#[tokio::test]
async fn every_address_of_the_console_is_its_page() {
    for path in ["/console/", "/console/agents/1", "/console/index.html"] {
        let response = get(path, &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(value(&response, "content-type"), "text/html; charset=utf-8");
        assert_eq!(value(&response, "cache-control"), "no-cache");
        assert!(value(&response, "content-security-policy").starts_with("default-src 'none';"));
        assert_eq!(value(&response, "access-control-allow-origin"), "");
        assert!(text(response).await.contains("<title>Console</title>"));
    }
    for path in ["/", "/console"] {
        let response = get(path, &[]).await;
        assert_eq!(response.status(), StatusCode::PERMANENT_REDIRECT);
        assert_eq!(value(&response, "location"), "/console/");
    }
}

#[tokio::test]
async fn pages_of_the_book_show_text_and_run_nothing() {
    for (path, title) in
        [("/docs/", "Guide"), ("/docs/install", "Install"), ("/docs/decisions/index", "Decisions")]
    {
        let response = get(path, &[]).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert_eq!(value(&response, "content-type"), "text/html; charset=utf-8");
        assert_eq!(value(&response, "cache-control"), "no-cache");
        let policy = value(&response, "content-security-policy");
        assert!(
            policy.starts_with("default-src 'none';") && !policy.contains("script"),
            "{policy}"
        );
        assert!(text(response).await.contains(title), "{path}");
    }
    assert_eq!(value(&get("/docs", &[]).await, "location"), "/docs/");
    for path in ["/docs/other", "/docs/decisions/", "/docs/..%2fconsole%2findex", "/docs/%2e"] {
        let response = get(path, &[]).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(value(&response, "content-security-policy").starts_with("default-src 'none';"));
        assert!(text(response).await.contains("No such page"), "{path}");
        let known = get(path, &[(header::IF_NONE_MATCH, "*")]).await;
        assert!(text(known).await.contains("No such page"), "{path}");
    }
}

#[tokio::test]
async fn head_tells_the_same_without_content() {
    let response = ask(Method::HEAD, "/embed.js", &[]).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(value(&response, "content-length"), "9");
    assert_eq!(text(response).await, "");
}

#[test]
fn the_manifest_names_the_files() {
    let manifest = manifest().unwrap();
    assert_eq!(manifest.widget_script, "/assets/widget-2c3d.js");
    assert_eq!(manifest.widget_wasm, "/assets/widget-0a1b.wasm");
}
