//! The scripted provider on its own, for benchmarks and browser tests.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::net::SocketAddr;
use std::time::Duration;

use cavuer_tests::provider::{Script, ScriptedProvider};
use clap::Parser;

/// Answers like OpenAI and Anthropic, from a script.
///
/// A message with a marker such as [[status 429 7]], [[cut 2]] or [[say Some words]] decides its
/// own answer; every other one gets the same number of tokens. A model named nonsense, silent,
/// slow-200 or status-503 makes vectors accordingly.
#[derive(Parser)]
struct Flags {
    /// Address to listen on; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Pieces of an answer.
    #[arg(long, default_value_t = 64)]
    tokens: usize,
    /// Milliseconds between two pieces.
    #[arg(long, default_value_t = 0)]
    gap_ms: u64,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let flags = Flags::parse();
    let provider = ScriptedProvider::start_on(flags.listen).await?;
    provider.set_standing(Script::tokens(flags.tokens, Duration::from_millis(flags.gap_ms)));
    println!("{}", provider.url());
    provider.run().await;
    Ok(())
}
