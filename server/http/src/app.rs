//! What the endpoints share.

use std::ops::Deref;
use std::sync::Arc;

use cavuer_engine::Engine;
use url::Url;

use crate::limits::Limits;
use crate::refusals::Refusals;
use crate::signing::SigningKey;

/// How often those who have been quiet are forgotten, in milliseconds.
const SWEEP_MILLIS: i64 = 60_000;

/// What the endpoints share, cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Parts>);

/// See [`App`].
pub struct Parts {
    /// What the server does; the endpoints only call it.
    pub engine: Engine,
    /// Fixed when the program starts.
    pub settings: Settings,
    /// Counters in memory; a restart forgets them.
    pub limits: Limits,
    /// Kept in memory; a restart forgets them.
    pub refusals: Refusals,
    /// Signs visitors' sessions.
    pub signing: SigningKey,
}

/// What the operator of the server has set about its doors.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `None`: browsers use whatever address they reached us under.
    pub public_url: Option<Url>,
    /// The port on which it listens.
    pub port: u16,
    /// From `CAVUER_SIGN_UP`.
    pub sign_up: SignUpPolicy,
    /// Whether the last entry of `X-Forwarded-For` is a proxy's of ours, and can be believed.
    pub behind_proxy: bool,
}

/// Who may make an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignUpPolicy {
    /// Anybody.
    Open,
    /// The first person; after that, nobody.
    FirstOnly,
    /// Nobody: accounts are made with `cavuer admin create`.
    Closed,
}

impl Settings {
    /// The address that snippets and links name, without a slash at the end.
    pub fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.as_str().trim_end_matches('/').to_owned(),
            None => format!("http://localhost:{}", self.port),
        }
    }
}

impl App {
    /// Puts the parts together, for [`crate::routes::router`].
    pub fn new(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// Forgets limits of those who have been quiet, until the server stops.
    pub async fn sweep_limits(self) {
        let engine = &self.engine;
        while !engine.stopping.is_cancelled() {
            tokio::select! {
                () = engine.clock.sleep_until(engine.clock.now().plus_millis(SWEEP_MILLIS)) => {}
                () = engine.stopping.cancelled() => {}
            }
            self.limits.sweep();
        }
    }
}

impl Deref for App {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}
