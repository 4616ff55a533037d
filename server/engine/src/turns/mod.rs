//! Agents at work: turns are claimed when they are due, answered, and stored.
//!
//! A turn is a row before it is work. Whatever happens to this process, the row is found again,
//! and its answer has an id that was fixed beforehand: nothing is lost and nothing is doubled.
//!
//! An answer goes through the rooms in this order: [`scheduler`] claims its turn, [`in_work`] keeps
//! it while it is written, [`answer`] has voice heard ([`transcription`]), finds what it is written
//! from ([`groundwork`]), asks in rounds ([`rounds`], [`ask`], [`streaming`], [`calls`]), and has
//! what comes of it stored and shown ([`outcome`], [`hand_over`]).

mod answer;
mod ask;
mod asking;
mod calls;
mod daily_limit;
mod draft;
mod enclosed;
mod failure;
mod groundwork;
mod hand_over;
mod in_work;
mod outcome;
pub mod playground;
mod prompt_leak;
mod rounds;
mod scheduler;
mod showing;
mod sources;
mod streaming;
mod tools;
mod transcription;

pub use scheduler::work;

pub(crate) use asking::Answering;
pub(crate) use in_work::InWork;

use std::sync::Arc;

use cavuer_base::clock::SharedClock;
use cavuer_base::random::Random;
use cavuer_store::Store;
use tokio_util::sync::CancellationToken;

use crate::basics::Basics;
use crate::extraction::Extractor;
use crate::live::Live;
use crate::metrics::Metrics;
use crate::news::News;
use crate::running::RunningTurns;

/// The turns of all agents, and what they are answered with.
pub struct Turns {
    store: Store,
    clock: SharedClock,
    random: Arc<Random>,
    stopping: CancellationToken,
    live: Live,
    news: Arc<News>,
    metrics: Arc<Metrics>,
    running: Arc<RunningTurns>,
    /// Reads the files that visitors send.
    extractor: Arc<Extractor>,
    answering: Arc<Answering>,
}

impl Turns {
    pub(crate) fn new(
        basics: &Basics,
        live: Live,
        news: Arc<News>,
        metrics: Arc<Metrics>,
        running: Arc<RunningTurns>,
        extractor: Arc<Extractor>,
        answering: Arc<Answering>,
    ) -> Self {
        let Basics { store, clock, random, stopping } = basics.clone();
        Self { store, clock, random, stopping, live, news, metrics, running, extractor, answering }
    }
}

/// How many turns this process works on now.
pub fn count_running(turns: &Turns) -> usize {
    turns.running.count()
}
