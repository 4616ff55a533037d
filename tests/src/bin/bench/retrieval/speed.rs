//! How long a search takes among many passages.

use std::error::Error;
use std::time::Instant;

use cavuer_engine::retrieval::retrieve;
use cavuer_protocol::ArticleId;

use super::collection::Collection;
use super::embeddings;
use super::fixture::Fixture;
use crate::quantile;

/// Passages of an article, about as many as a brochure of 20 pages has.
const PASSAGES: usize = 40;
/// Sentences of a passage.
const SENTENCES: usize = 6;
const LIMIT: u32 = 5;

/// Prints the table. The passages are sentences of the fixture's articles in another order.
pub(super) async fn measure(fixture: &Fixture) -> Result<(), Box<dyn Error>> {
    let sentences: Vec<&str> = fixture
        .articles
        .iter()
        .flat_map(|article| article.text.split("\n\n"))
        .filter(|sentence| sentence.chars().count() > 20)
        .collect();
    let questions: Vec<&str> = fixture.questions.iter().map(|asked| asked.text.as_str()).collect();
    let collection = Collection::new().await?;
    let mut articles: Vec<ArticleId> = Vec::new();
    let (mut passages, mut next) = (0, 0);
    println!("\nTime of a search, {} questions", questions.len());
    println!(
        "{:>9} {:>14} {:>14} {:>14} {:>18} {:>14} {:>20}",
        "passages",
        "words, median",
        "p90 ms",
        "p99 ms",
        "hybrid, median ms",
        "p99 ms",
        "ms to index each"
    );
    for wanted in [1_000, 10_000, 100_000] {
        let started = Instant::now();
        let before = passages;
        while passages < wanted {
            let mut paragraphs = Vec::new();
            for _ in 0..PASSAGES {
                // A step without a common divisor visits all sentences before one comes again.
                let chosen =
                    (0..SENTENCES).map(|n| sentences[(next + n * 7_919) % sentences.len()]);
                let mut paragraph = format!("Code {next}x. ");
                paragraph.extend(chosen.flat_map(|sentence| [sentence, " "]));
                paragraphs.push(paragraph);
                next += 1;
            }
            let title = sentences[next * 31 % sentences.len()].chars().take(60).collect::<String>();
            let (article, count) = collection.add(&title, &paragraphs.join("\n\n")).await?;
            articles.push(article);
            passages += count;
        }
        let indexing = started.elapsed().as_secs_f64() * 1_000.0 / (passages - before) as f64;
        let agent = collection.agent(articles.clone()).await?;
        retrieve(&collection.store, agent, questions[0], None, None, LIMIT).await?;
        let mut times = Vec::new();
        for question in &questions {
            let started = Instant::now();
            retrieve(&collection.store, agent, question, None, None, LIMIT).await?;
            times.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
        embeddings::make_up(&collection, 1).await?;
        let chosen = collection.choose_meaning().await?;
        let mut hybrid = Vec::new();
        for (seed, question) in (0..).zip(&questions) {
            let meaning = embeddings::made_up(&chosen, seed);
            // The first reads all vectors.
            if seed == 0 {
                let meaning = Some(meaning.clone());
                retrieve(&collection.store, agent, question, None, meaning, LIMIT).await?;
            }
            let started = Instant::now();
            retrieve(&collection.store, agent, question, None, Some(meaning), LIMIT).await?;
            hybrid.push(started.elapsed().as_secs_f64() * 1_000.0);
        }
        println!(
            "{passages:>9} {:>14.2} {:>14.2} {:>14.2} {:>18.2} {:>14.2} {indexing:>20.2}",
            quantile(&mut times, 0.5),
            quantile(&mut times, 0.9),
            quantile(&mut times, 0.99),
            quantile(&mut hybrid, 0.5),
            quantile(&mut hybrid, 0.99),
        );
    }
    Ok(())
}
