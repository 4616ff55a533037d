//! What the server adds to a model's answer: time to the first and to the last token.

use std::error::Error;
use std::time::Duration;

use cavuer_tests::provider::{Script, ScriptedProvider};
use futures::StreamExt as _;
use futures::future::try_join_all;
use reqwest::Client;
use serde_json::json;
use tokio::time::Instant;

use crate::client::Visitor;
use crate::quantile;
use crate::server::Server;

const TOKENS: usize = 64;
/// Answers measured at each level, shared among the conversations.
const ANSWERS: usize = 2_048;

/// Times in milliseconds, and answers per second.
struct Figures {
    first: Vec<f64>,
    last: Vec<f64>,
    per_second: f64,
}

/// Prints the table.
pub(crate) async fn measure() -> Result<(), Box<dyn Error>> {
    let provider = ScriptedProvider::start().await;
    provider.set_standing(Script::tokens(TOKENS, Duration::ZERO));
    let server = Server::start(Some(&provider.url())).await?;
    println!("\nRelay: {TOKENS} tokens from a provider without delay");
    println!(
        "{:>13} {:>24} {:>24} {:>22} {:>8}",
        "conversations", "first token p50/p99 ms", "last token p50/p99 ms", "answers/s", "CPU ms"
    );
    for at_once in [1, 32, 256] {
        // Once without looking, so that connections and caches are warm.
        direct(&provider.url(), at_once, at_once * 2).await?;
        relayed(&server, at_once, at_once * 2).await?;

        let answers = if at_once == 1 { ANSWERS / 8 } else { ANSWERS };
        let mut bare = direct(&provider.url(), at_once, answers).await?;
        let cpu_before = server.cpu_seconds()?;
        let mut ours = relayed(&server, at_once, answers).await?;
        let cpu = (server.cpu_seconds()? - cpu_before) * 1_000.0 / answers as f64;
        bare.print(at_once, "direct", None);
        ours.print(at_once, "cavuer", Some(cpu));
        println!(
            "{:>13} first token {:+.2} ms at the median, {:.2} of the answers per second",
            "difference:",
            quantile(&mut ours.first, 0.5) - quantile(&mut bare.first, 0.5),
            ours.per_second / bare.per_second
        );
    }
    println!("Server memory after it all: {:.1} MB", server.memory()? as f64 / 1e6);
    Ok(())
}

impl Figures {
    fn print(&mut self, at_once: usize, who: &str, cpu: Option<f64>) {
        println!(
            "{:>4} {:>8} {:>15.2} / {:>6.2} {:>15.2} / {:>6.2} {:>22.0} {:>8}",
            at_once,
            who,
            quantile(&mut self.first, 0.5),
            quantile(&mut self.first, 0.99),
            quantile(&mut self.last, 0.5),
            quantile(&mut self.last, 0.99),
            self.per_second,
            cpu.map_or(String::new(), |cpu| format!("{cpu:.2}")),
        );
    }

    fn gather(times: Vec<Vec<(f64, f64)>>, started: Instant) -> Self {
        let times = times.into_iter().flatten().collect::<Vec<_>>();
        Self {
            per_second: times.len() as f64 / started.elapsed().as_secs_f64(),
            first: times.iter().map(|(first, _)| *first).collect(),
            last: times.iter().map(|(_, last)| *last).collect(),
        }
    }
}

async fn direct(url: &str, at_once: usize, answers: usize) -> Result<Figures, Box<dyn Error>> {
    let client = Client::builder().tcp_nodelay(true).build()?;
    let body = json!({
        "model": "gpt-4.1-mini", "stream": true,
        "messages": [{ "role": "user", "content": "How much is delivery?" }],
    });
    let started = Instant::now();
    let conversations = (0..at_once).map(|_| async {
        let mut times = Vec::new();
        for _ in 0..answers / at_once {
            let asked = Instant::now();
            let request = client.post(format!("{url}/v1/chat/completions")).json(&body);
            let mut stream = request.send().await?.error_for_status()?.bytes_stream();
            let mut first = None;
            while let Some(piece) = stream.next().await {
                if contains(&piece?, b"\"content\":\"") {
                    first.get_or_insert_with(|| asked.elapsed());
                }
            }
            let last = asked.elapsed();
            times.push((millis(first.unwrap_or(last)), millis(last)));
        }
        Ok::<_, Box<dyn Error>>(times)
    });
    Ok(Figures::gather(try_join_all(conversations).await?, started))
}

async fn relayed(
    server: &Server,
    at_once: usize,
    answers: usize,
) -> Result<Figures, Box<dyn Error>> {
    let client = Client::builder().tcp_nodelay(true).build()?;
    let arrivals = (0..at_once).map(|_| async {
        let visitor = Visitor::arrive(&client, &server.url, &server.token).await?;
        let events = visitor.listen().await?;
        Ok::<_, Box<dyn Error>>((visitor, events))
    });
    let mut visitors = try_join_all(arrivals).await?;
    let started = Instant::now();
    let conversations = visitors.iter_mut().map(|(visitor, events)| async {
        let mut times = Vec::new();
        for _ in 0..answers / at_once {
            let asked = Instant::now();
            let timing = visitor.ask(events).await?;
            times.push((millis(timing.first - asked), millis(timing.last - asked)));
        }
        Ok::<_, Box<dyn Error>>(times)
    });
    Ok(Figures::gather(try_join_all(conversations).await?, started))
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
