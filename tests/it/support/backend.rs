use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, StatusCode};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::in_time;

/// A shop's own server, which agents' functions call. It answers what a test says, and
/// `{"status": "shipped"}` otherwise. Under `/hold` it never answers.
pub(crate) struct Backend {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

/// A request that it got.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub method: String,
    /// Path and query.
    pub target: String,
    /// By lower-case name.
    pub headers: BTreeMap<String, String>,
    pub body: String,
}

struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
}

struct Shared {
    answers: Mutex<VecDeque<Answer>>,
    received: watch::Sender<Vec<Received>>,
}

impl Backend {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            answers: Mutex::default(),
            received: watch::Sender::new(Vec::new()),
        });
        let router = Router::new().fallback(answer).with_state(Arc::clone(&shared));
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("axum's server does not end");
        });
        Self { address, shared, server }
    }

    /// Host and port, as `CAVUER_FUNCTION_HOSTS` names them.
    pub(crate) fn host(&self) -> String {
        self.address.to_string()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Sets what the next request is answered.
    pub(crate) fn push(&self, status: u16, headers: Vec<(&'static str, String)>, body: &str) {
        let mut answers = self.shared.answers.lock().expect("no panic");
        answers.push_back(Answer { status, headers, body: body.to_owned() });
    }

    /// Every request so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        self.shared.received.borrow().clone()
    }

    /// Waits until there have been as many requests.
    pub(crate) async fn wait_for(&self, count: usize) {
        let mut received = self.shared.received.subscribe();
        let come = received.wait_for(|received| received.len() >= count);
        in_time("a request", come).await.expect("the server lives");
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
    let headers = parts.headers.iter().map(|(name, value)| (name.to_string(), text(value)));
    let received = Received {
        method: parts.method.to_string(),
        target: parts.uri.to_string(),
        headers: headers.collect(),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let holds = received.target.starts_with("/hold");
    shared.received.send_modify(|all| all.push(received));
    if holds {
        std::future::pending::<()>().await;
    }
    let next = shared.answers.lock().expect("no panic").pop_front();
    let usual =
        || Answer { status: 200, headers: Vec::new(), body: r#"{"status": "shipped"}"#.to_owned() };
    let Answer { status, headers, body } = next.unwrap_or_else(usual);
    let mut response = (StatusCode::from_u16(status).expect("a status"), body).into_response();
    for (name, value) in headers {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), value.parse().expect("a value"));
    }
    response
}
