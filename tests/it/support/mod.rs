//! What the tests stand on: a server of their own for each, and the two kinds of people who call
//! it. Nothing here sleeps; whoever waits, waits for something, and at most [`WAIT`].

mod backend;
mod binary;
mod database;
mod events;
mod owner;
mod reply;
mod server;
mod shop;
mod visitor;

use cavuer_base::clock;
use std::sync::LazyLock;
use std::time::Duration;

use cavuer_base::random::Random;
use cavuer_protocol::{MessageId, Timestamp};
use reqwest::Client;

pub(crate) use backend::Backend;
pub(crate) use binary::{Binary, cavuer, path as program};
pub(crate) use database::{Database, on_disk};
pub(crate) use events::{EventStream, is_reply};
pub(crate) use owner::Owner;
pub(crate) use reply::Reply;
pub(crate) use server::{Setup, TestServer};
pub(crate) use shop::Shop;
pub(crate) use visitor::{ORIGIN, Page, Visitor};

/// Longest wait for something that has to come. It is long, because machines that test are busy;
/// a test that passes never waits as long.
pub(crate) const WAIT: Duration = Duration::from_secs(10);

/// The moment at which the clocks of tests begin.
pub(crate) const START: Timestamp = Timestamp(1_800_000_000_000);

/// A client without proxies, cookies or anything else of its own.
#[expect(clippy::disallowed_methods, reason = "tests call the server as browsers do")]
pub(crate) fn client() -> Client {
    // Any installation but the first is refused and harmless.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().no_proxy().build().expect("a client")
}

/// A message id as a client makes it.
pub(crate) fn message_id() -> MessageId {
    message_id_at(START)
}

/// A message id of a client whose clock shows this moment.
pub(crate) fn message_id_at(moment: Timestamp) -> MessageId {
    static RANDOM: LazyLock<Random> = LazyLock::new(Random::from_os);
    RANDOM.id(moment, MessageId::from_parts)
}

/// Waits for what has to come.
///
/// # Panics
/// After [`WAIT`].
pub(crate) async fn in_time<T>(what: &str, coming: impl Future<Output = T>) -> T {
    match clock::timeout(WAIT, coming).await {
        Ok(came) => came,
        Err(_) => panic!("{what} did not come within {WAIT:?}"),
    }
}
