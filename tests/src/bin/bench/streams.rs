//! Memory of the server for each event stream that is open and quiet.

use std::error::Error;

use futures::StreamExt as _;
use reqwest::Client;

use crate::client::{Events, Visitor};
use crate::server::Server;

/// Connections opened at the same time.
const AT_ONCE: usize = 64;

/// Prints the table.
pub(crate) async fn measure() -> Result<(), Box<dyn Error>> {
    println!("\nIdle event streams");
    println!("{:>9} {:>16} {:>16}", "streams", "server MB", "KB per stream");
    let server = Server::start(None).await?;
    let client = Client::builder().tcp_nodelay(true).build()?;
    // One of everything first, so that what the first request costs is not counted.
    let mut open = streams(&client, &server, 1).await?;
    let before = server.memory()?;
    for target in [100, 1_000, 5_000] {
        open.extend(streams(&client, &server, target - open.len()).await?);
        let now = server.memory()?;
        let each = (now.saturating_sub(before)) as f64 / open.len() as f64 / 1_024.0;
        println!("{:>9} {:>16.1} {:>16.1}", open.len(), now as f64 / 1e6, each);
    }
    Ok(())
}

async fn streams(
    client: &Client,
    server: &Server,
    count: usize,
) -> Result<Vec<Events>, Box<dyn Error>> {
    let opening = (0..count).map(|_| async {
        let visitor = Visitor::arrive(client, &server.url, &server.token).await?;
        visitor.listen().await
    });
    let opened = futures::stream::iter(opening).buffer_unordered(AT_ONCE).collect::<Vec<_>>();
    opened.await.into_iter().collect()
}
