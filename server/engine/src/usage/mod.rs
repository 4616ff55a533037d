//! What answers take: time, tokens and money.

mod measuring;
pub(crate) mod prices;
mod spending;

pub(crate) use measuring::AnswerMeasure;
pub(crate) use spending::Spending;

use std::sync::Arc;

use cavuer_base::clock::SharedClock;
use cavuer_store::Store;

use crate::basics::Basics;
use crate::metrics::Metrics;

/// Where it is noted what answers take.
pub(crate) struct Ledger {
    store: Store,
    clock: SharedClock,
    metrics: Arc<Metrics>,
}

impl Ledger {
    pub(crate) fn new(basics: &Basics, metrics: Arc<Metrics>) -> Self {
        let Basics { store, clock, .. } = basics.clone();
        Self { store, clock, metrics }
    }
}
