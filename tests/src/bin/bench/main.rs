//! The benchmarks: `cargo xtask bench`. They print figures, and ratios where two things are
//! compared in the same run; they never pass or fail on a clock.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on fails"
)]
#![allow(clippy::disallowed_methods, reason = "a benchmark measures real time")]

mod client;
mod messages;
mod page;
mod relay;
mod retrieval;
mod server;
mod streams;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(about = "Measures the server; without a name, everything")]
struct Cli {
    #[command(subcommand)]
    only: Option<Benchmark>,
}

#[derive(Subcommand, Clone, PartialEq, Eq)]
enum Benchmark {
    /// Time to the first and the last token, against the provider called directly
    Relay,
    /// Accepted messages per second, against bare SQLite
    Messages,
    /// Memory per idle event stream
    Streams,
    /// How often the right passage is found, in eleven languages, and how long a search takes
    Retrieval(retrieval::Options),
    /// Script to bubble and click to panel, in Chromium with a slowed CPU
    Page,
    /// The server under measurement, in a process of its own
    #[command(hide = true)]
    Serve,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A second installation is refused and harmless.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let only = Cli::parse().only;
    if only == Some(Benchmark::Serve) {
        return server::serve().await;
    }
    let wanted = |benchmark| only.as_ref().is_none_or(|only| *only == benchmark);
    if wanted(Benchmark::Relay) {
        relay::measure().await?;
    }
    if wanted(Benchmark::Messages) {
        messages::measure().await?;
    }
    if wanted(Benchmark::Streams) {
        streams::measure().await?;
    }
    if let None | Some(Benchmark::Retrieval(_)) = &only {
        let options = match &only {
            Some(Benchmark::Retrieval(options)) => options.clone(),
            _ => retrieval::Options::default(),
        };
        retrieval::measure(options).await?;
    }
    if wanted(Benchmark::Page) {
        page::measure()?;
    }
    Ok(())
}

/// The value that `share` (0 to 1) of the values do not exceed.
fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let at = ((values.len() as f64 * share) as usize).min(values.len().saturating_sub(1));
    values.get(at).copied().unwrap_or(f64::NAN)
}
