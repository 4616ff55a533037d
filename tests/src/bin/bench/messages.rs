//! How many messages a second are accepted, each on disk before the answer, against the same
//! rows written by bare SQLite in batches of the same size.

use std::error::Error;
use std::time::Instant;

use futures::future::try_join_all;
use reqwest::Client;

use crate::client::Visitor;
use crate::quantile;
use crate::server::Server;

const MESSAGES: usize = 8_192;

/// Prints the table.
pub(crate) async fn measure() -> Result<(), Box<dyn Error>> {
    println!("\nAccepted messages, each on disk before the answer");
    println!(
        "{:>9} {:>16} {:>24} {:>8} {:>20} {:>7}",
        "at once", "messages/s", "time p50/p99 ms", "CPU ms", "bare SQLite rows/s", "ratio"
    );
    for at_once in [1, 32, 256] {
        let server = Server::start(None).await?;
        let client = Client::builder().tcp_nodelay(true).build()?;
        let arrivals = (0..at_once).map(|_| Visitor::arrive(&client, &server.url, &server.token));
        let visitors = try_join_all(arrivals).await?;
        let messages = if at_once == 1 { MESSAGES / 8 } else { MESSAGES };
        let cpu_before = server.cpu_seconds()?;
        let started = Instant::now();
        let senders = visitors.iter().map(|visitor| async {
            let mut times = Vec::new();
            for _ in 0..messages / at_once {
                let sent = Instant::now();
                visitor.say("Is this on disk?").await?.bytes().await?;
                times.push(sent.elapsed().as_secs_f64() * 1_000.0);
            }
            Ok::<_, Box<dyn Error>>(times)
        });
        let mut times = try_join_all(senders).await?.concat();
        let per_second = times.len() as f64 / started.elapsed().as_secs_f64();
        let cpu = (server.cpu_seconds()? - cpu_before) * 1_000.0 / times.len() as f64;
        let bare = bare_sqlite(at_once, messages)?;
        println!(
            "{:>9} {:>16.0} {:>15.2} / {:>6.2} {:>8.2} {:>20.0} {:>7.3}",
            at_once,
            per_second,
            quantile(&mut times, 0.5),
            quantile(&mut times, 0.99),
            cpu,
            bare,
            per_second / bare
        );
    }
    println!("(The server also answers each message: CPU and time include the agents' work.)");
    Ok(())
}

/// Rows a second with the same durability, `batch` rows to a commit.
fn bare_sqlite(batch: usize, rows: usize) -> Result<f64, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let connection = rusqlite::Connection::open(folder.path().join("bare.db"))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(
        "CREATE TABLE message (conversation_id BLOB, seq INTEGER, id BLOB, author TEXT, text TEXT,
             created_at INTEGER, PRIMARY KEY (conversation_id, seq)) STRICT, WITHOUT ROWID;
         CREATE UNIQUE INDEX message_by_id ON message (conversation_id, id);",
    )?;
    let started = Instant::now();
    for first in (0..rows).step_by(batch) {
        connection.execute_batch("BEGIN IMMEDIATE")?;
        for row in first..(first + batch).min(rows) {
            let id = (row as u128).to_be_bytes();
            let conversation = ((row % batch) as u128).to_be_bytes();
            connection
                .prepare_cached("INSERT INTO message VALUES (?, ?, ?, 'visitor', ?, 0)")?
                .execute(rusqlite::params![conversation, row as i64, id, "Is this on disk?"])?;
        }
        connection.execute_batch("COMMIT")?;
    }
    Ok(rows as f64 / started.elapsed().as_secs_f64())
}
