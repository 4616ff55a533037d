//! Against forged requests: what changes something must come from the console's own pages.
//!
//! The session cookie travels with requests that other sites make a browser send. Browsers say
//! truthfully where such a request comes from, in `Origin` and `Sec-Fetch-Site`.

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use url::{Origin, Url};

use crate::App;
use crate::answers::{ApiError, ApiResult};

/// A layer that refuses requests of other sites, apart from those that only read.
pub(crate) async fn require_own(
    State(app): State<App>,
    request: Request,
    next: Next,
) -> ApiResult<Response> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let public_url = app.settings.public_url.as_ref();
    if reads || is_own(request.headers(), request.uri().authority(), public_url) {
        Ok(next.run(request).await)
    } else {
        Err(ApiError::OriginRefused)
    }
}

/// Whether a request comes from a page of this server.
///
/// Without a configured address, ours is whatever the browser called: the `Host` header, which a
/// page of another site cannot choose.
fn is_own(headers: &HeaderMap, authority: Option<&Authority>, public_url: Option<&Url>) -> bool {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let Some(origin) = text(header::ORIGIN) else {
        return text(header::HeaderName::from_static("sec-fetch-site")) == Some("same-origin");
    };
    let Ok(page) = Url::parse(origin) else { return false };
    match public_url {
        Some(own) => is_same(&page.origin(), &own.origin()),
        None => text(header::HOST)
            .or(authority.map(Authority::as_str))
            .and_then(|host| Url::parse(&format!("{}://{host}", page.scheme())).ok())
            .is_some_and(|own| is_same(&page.origin(), &own.origin())),
    }
}

/// Opaque origins, such as that of `null`, are the same as none.
fn is_same(page: &Origin, own: &Origin) -> bool {
    page.is_tuple() && page == own
}

#[cfg(test)]
mod tests {
    use super::*;

    fn accepted(sent: &[(&'static str, &str)], public_url: Option<&str>) -> bool {
        let headers = sent
            .iter()
            .map(|(name, value)| (header::HeaderName::from_static(name), value.parse().unwrap()))
            .collect();
        is_own(&headers, None, public_url.map(|url| Url::parse(url).unwrap()).as_ref())
    }

    #[test]
    fn the_configured_address_is_the_only_one() {
        let own = Some("https://chat.example.com");
        assert!(accepted(&[("origin", "https://chat.example.com")], own));
        for other in [
            "http://chat.example.com",
            "https://chat.example.com:8443",
            "https://example.com",
            "https://chat.example.com.evil.org",
            "null",
            "",
        ] {
            // The host does not help, since it is the configuration that counts.
            let host = other.trim_start_matches("https://");
            assert!(!accepted(&[("origin", other), ("host", host)], own), "{other}");
        }
    }

    #[test]
    fn without_a_configured_address_it_is_the_one_that_was_called() {
        let from = |origin, host| accepted(&[("origin", origin), ("host", host)], None);
        assert!(from("http://localhost:8080", "localhost:8080"));
        assert!(from("https://chat.example.com", "chat.example.com"));
        assert!(from("http://127.0.0.1", "127.0.0.1:80"));
        assert!(!from("http://localhost:3000", "localhost:8080"));
        assert!(!from("http://evil.org", "localhost:8080"));
        assert!(!from("null", "localhost:8080"));
        assert!(!accepted(&[("origin", "http://localhost:8080")], None));
    }

    #[test]
    fn without_an_origin_the_browser_must_say_that_it_is_the_same() {
        assert!(accepted(&[("sec-fetch-site", "same-origin")], None));
        for other in ["same-site", "cross-site", "none"] {
            assert!(!accepted(&[("sec-fetch-site", other)], None), "{other}");
        }
        assert!(!accepted(&[("host", "localhost:8080")], None));
        let forged = [("origin", "http://evil.org"), ("sec-fetch-site", "same-origin")];
        assert!(!accepted(&forged, None));
    }
}
