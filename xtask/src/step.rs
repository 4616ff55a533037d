//! Steps that say what they do and how long it took.

use std::time::{Duration, Instant};

use anyhow::Result;

/// Announces `what`, does `work`, and prints how long it took.
pub(crate) fn step<T>(what: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    println!("▸ {what}");
    #[expect(clippy::disallowed_methods, reason = "people are told how long a step took")]
    let start = Instant::now();
    let result = work();
    let mark = if result.is_ok() { "✓" } else { "✗" };
    println!("{mark} {what}: {}", seconds(start.elapsed()));
    result
}

/// A duration as people read it: `0.4 s`, `75 s`, `12 min 5 s`.
pub(crate) fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    match whole {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        10..120 => format!("{whole} s"),
        _ => format!("{} min {} s", whole / 60, whole % 60),
    }
}
