//! The shop's web server: an origin of its own, with the headers of a careful owner.

use cavuer_base::clock;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use cavuer_protocol::{ChannelId, WorkspaceId};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::address::ShopListener;
use super::page::{self, PAGES, Page, Whose};
use super::seed::Seeded;
use cavuer_http::App;

/// How long closing waits for browsers that are in the middle of a request.
const GRACE: Duration = Duration::from_secs(1);

/// The shop while it takes requests.
pub(super) struct OpenSite {
    closing: CancellationToken,
    tasks: Vec<JoinHandle<()>>,
}

/// What each request needs.
#[derive(Clone)]
struct Site {
    app: App,
    workspace: WorkspaceId,
    shop: ChannelId,
    members: ChannelId,
    policy: HeaderValue,
}

/// Opens the shop on its ports.
///
/// # Errors
/// When the server's public address cannot stand in a header.
pub(super) fn open(app: App, seeded: &Seeded, shop: ShopListener) -> Result<OpenSite, String> {
    let router = router(app, seeded)?;
    let closing = CancellationToken::new();
    let serve = |listener| tokio::spawn(serve(listener, router.clone(), closing.clone()));
    let tasks = shop.listeners.into_iter().map(serve).collect();
    Ok(OpenSite { closing, tasks })
}

impl OpenSite {
    /// Takes no more requests, and returns when the last one is answered or overdue.
    pub(super) async fn close(self) {
        self.closing.cancel();
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "the shop did not end in order");
            }
        }
    }
}

/// The shop's pages, apart from any port.
pub(super) fn router(app: App, seeded: &Seeded) -> Result<Router, String> {
    let policy = policy(&app.settings.public_url());
    let policy = HeaderValue::from_str(&policy)
        .map_err(|error| format!("CAVUER_PUBLIC_URL cannot stand in a header: {error}."))?;
    let site = Site {
        workspace: seeded.workspace,
        shop: seeded.record.shop,
        members: seeded.record.members,
        policy,
        app,
    };
    let mut router = Router::new()
        .route("/shop.css", get(|| file("text/css; charset=utf-8", page::STYLE)))
        .route("/icon.svg", get(|| file("image/svg+xml", page::ICON)))
        .fallback(|| async { (StatusCode::NOT_FOUND, Html(page::not_found())) });
    for page in &PAGES {
        router = router.route(page.path, get(|State(site)| show(site, page)));
    }
    Ok(router.layer(from_fn_with_state(site.clone(), protect)).with_state(site))
}

/// A page for the channel as it is now: a rotated secret key counts at once.
async fn show(site: Site, page: &Page) -> Response {
    let channel = match page.whose {
        Whose::Shop => site.shop,
        Whose::Members => site.members,
    };
    match site.app.engine.store.channel(site.workspace, channel).await {
        Ok(Some(channel)) => {
            Html(page.render(&site.app.settings.public_url(), &channel)).into_response()
        }
        Ok(None) => (StatusCode::NOT_FOUND, Html(page::channel_gone())).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page of the shop");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

async fn file(kind: &'static str, content: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], content).into_response()
}

async fn protect(State(site): State<Site>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, site.policy);
    let rest = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
        // Pages name the present token and hash; after a restart others hold.
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(self)",
        ),
    ];
    for (name, value) in rest {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The Content-Security-Policy. It allows the widget what it needs and nothing else: its script
/// and its data from the server, compiling WebAssembly, and showing pictures and playing voice
/// messages that it holds.
fn policy(server: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' {server} 'wasm-unsafe-eval'; \
         connect-src 'self' {server}; style-src 'self'; img-src 'self' data: blob:; media-src blob:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         require-trusted-types-for 'script'"
    )
}

async fn serve(listener: TcpListener, router: Router, closing: CancellationToken) {
    let serving =
        axum::serve(listener, router).with_graceful_shutdown(closing.clone().cancelled_owned());
    let overdue = async {
        closing.cancelled().await;
        clock::wait_until(clock::instant() + GRACE).await;
    };
    tokio::select! {
        result = serving.into_future() => {
            if let Err(error) = result {
                tracing::error!(%error, "the shop's listener failed");
            }
        }
        () = overdue => {}
    }
}
