//! Randomness as a parameter: ids, tokens and keys.

use std::sync::Mutex;

use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};

use cavuer_protocol::Timestamp;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A cryptographically strong source of randomness.
pub struct Random(Mutex<StdRng>);

impl Random {
    /// Seeded by the operating system.
    pub fn from_os() -> Self {
        Self(Mutex::new(rand::make_rng()))
    }

    /// Repeats itself for the same seed; for tests.
    pub fn from_seed(seed: u64) -> Self {
        Self(Mutex::new(StdRng::seed_from_u64(seed)))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.with(|rng| rng.fill_bytes(&mut bytes));
        bytes
    }

    /// `prefix` followed by `length` characters of 0–9, A–Z, a–z: 5.95 bits each.
    pub fn token(&self, prefix: &str, length: usize) -> String {
        let mut token = String::with_capacity(prefix.len() + length);
        token.push_str(prefix);
        self.with(|rng| {
            token.extend((0..length).map(|_| char::from(BASE62[rng.random_range(0..62)])));
        });
        token
    }

    /// An id of any of the protocol's kinds, made for the moment `now`.
    pub fn id<T>(&self, now: Timestamp, from_parts: impl FnOnce(u64, &[u8; 10]) -> T) -> T {
        from_parts(now.0.max(0).unsigned_abs(), &self.bytes())
    }

    fn with<T>(&self, work: impl FnOnce(&mut StdRng) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}
