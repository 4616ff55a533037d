//! Why the widget was refused lately, for the channel's page in the console.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use cavuer_protocol::ChannelId;
use cavuer_protocol::console::Refusal;

/// Refusals kept for each channel.
const KEPT: usize = 10;
/// Longest origin kept, in characters; an origin is whatever the caller sends.
const ORIGIN_CHARS: usize = 200;

/// The newest refusals of each channel; gone after a restart.
#[derive(Default)]
pub struct Refusals(Mutex<HashMap<ChannelId, VecDeque<Refusal>>>);

impl Refusals {
    /// Notes one; a repeat of the newest only moves its time.
    pub fn note(&self, channel: ChannelId, mut refusal: Refusal) {
        refusal.origin = refusal.origin.map(|origin| origin.chars().take(ORIGIN_CHARS).collect());
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_channel = all.entry(channel).or_default();
        let same =
            |known: &Refusal| known.origin == refusal.origin && known.reason == refusal.reason;
        of_channel.retain(|known| !same(known));
        of_channel.push_front(refusal);
        of_channel.truncate(KEPT);
    }

    /// Newest first.
    pub fn of(&self, channel: ChannelId) -> Vec<Refusal> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&channel).map(|of_channel| of_channel.iter().cloned().collect()).unwrap_or_default()
    }
}
