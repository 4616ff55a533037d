//! Time as a parameter, so that a test can wait an hour in no time; and the time that the outside
//! world takes, which no test can move.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cavuer_protocol::Timestamp;
use futures::future::BoxFuture;
use tokio::sync::watch;
use tokio::time::Instant;
pub use tokio::time::error::Elapsed;

/// Where the server takes the time from.
pub trait Clock: Send + Sync + 'static {
    /// The present moment.
    fn now(&self) -> Timestamp;

    /// Completes at `at`, at once if that has passed.
    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'static, ()>;
}

/// A clock that can be handed around.
pub type SharedClock = Arc<dyn Clock>;

/// The present instant of real time: for what the outside world does, such as a provider that is
/// to answer or a connection that is to close.
#[expect(clippy::disallowed_methods, reason = "the one place that reads real time")]
pub fn instant() -> Instant {
    Instant::now()
}

/// Waits for the outside world until an instant of real time.
#[expect(clippy::disallowed_methods, reason = "the one place that waits in real time")]
pub async fn wait_until(instant: Instant) {
    tokio::time::sleep_until(instant).await;
}

/// Waits for the outside world, and no longer than `limit` of real time.
///
/// # Errors
/// If that time is over; the work is dropped then.
#[expect(clippy::disallowed_methods, reason = "the one place that waits in real time")]
pub async fn timeout<F: Future>(limit: Duration, work: F) -> Result<F::Output, Elapsed> {
    tokio::time::timeout(limit, work).await
}

/// The same until an instant of real time.
///
/// # Errors
/// If that instant comes first; the work is dropped then.
#[expect(clippy::disallowed_methods, reason = "the one place that waits in real time")]
pub async fn timeout_at<F: Future>(deadline: Instant, work: F) -> Result<F::Output, Elapsed> {
    tokio::time::timeout_at(deadline, work).await
}

/// The machine's clock.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks for the time")]
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(since_epoch.as_millis().try_into().unwrap_or(i64::MAX))
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that waits for a time")]
    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        let millis = at.millis_since(self.now()).max(0);
        Box::pin(tokio::time::sleep(Duration::from_millis(millis.unsigned_abs())))
    }
}

/// A clock that stands still until a test moves it.
#[derive(Clone, Debug)]
pub struct ManualClock {
    now: Arc<watch::Sender<Timestamp>>,
}

impl ManualClock {
    /// A clock that stands at `start`.
    pub fn at(start: Timestamp) -> Self {
        Self { now: Arc::new(watch::Sender::new(start)) }
    }

    /// Moves the clock on; whoever slept until then wakes.
    pub fn advance(&self, by: Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.now.send_modify(|now| *now = now.plus_millis(millis));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    fn sleep_until(&self, at: Timestamp) -> BoxFuture<'static, ()> {
        let mut now = self.now.subscribe();
        Box::pin(async move {
            if now.wait_for(|now| *now >= at).await.is_err() {
                // The clock is gone, and with it the test: nothing will ever be due.
                std::future::pending::<()>().await;
            }
        })
    }
}
