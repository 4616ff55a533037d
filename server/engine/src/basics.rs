//! What nearly every room of the engine stands on.

use std::sync::Arc;

use cavuer_base::clock::SharedClock;
use cavuer_base::random::Random;
use cavuer_store::Store;
use tokio_util::sync::CancellationToken;

/// What nearly every room stands on. A room takes from it what it uses, and keeps no more.
#[derive(Clone)]
pub(crate) struct Basics {
    pub store: Store,
    pub clock: SharedClock,
    pub random: Arc<Random>,
    /// Cancelled when the server shuts down: streams end, turns are parked.
    pub stopping: CancellationToken,
}
