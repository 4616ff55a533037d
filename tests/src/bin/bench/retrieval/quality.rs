//! How often the right passage is found.

use std::collections::HashMap;
use std::error::Error;

use cavuer_engine::retrieval::retrieve;
use cavuer_protocol::{AgentId, ArticleId};

use super::collection::Collection;
use super::embeddings::Model;
use super::fixture::{Fixture, Question};

/// Passages that are asked for.
const LIMIT: u32 = 10;
/// Shortest word that gets a typing error, in characters.
const LONG_WORD: usize = 6;

/// What happened to the questions of one language.
#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    answerable: f64,
    first: f64,
    in_five: f64,
    reciprocal: f64,
    lost: f64,
    mistyped: f64,
    mistyped_in_five: f64,
    unanswerable: f64,
    wrongly_answered: f64,
}

/// Prints a table for search by words, and one with a model's help if there is a model.
pub(super) async fn measure(
    fixture: &Fixture,
    model: Option<&Model>,
    misses: bool,
) -> Result<(), Box<dyn Error>> {
    let collection = Collection::new().await?;
    let mut passages = 0;
    let mut agents = Vec::new();
    for language in fixture.languages() {
        let mut articles = HashMap::new();
        for article in fixture.articles.iter().filter(|article| article.language == language) {
            let (id, count) = collection.add(&article.title, &article.text).await?;
            articles.insert(id, article.id.as_str());
            passages += count;
        }
        let agent = collection.agent(articles.keys().copied().collect()).await?;
        agents.push((language, Asked { collection: &collection, agent, articles, model: None }));
    }
    println!("\nThe right passage: {} questions, {passages} passages", fixture.questions.len());
    table("words", fixture, &agents, misses).await?;
    if let Some(model) = model {
        model.prepare(&collection).await?;
        agents.iter_mut().for_each(|(_, asked)| asked.model = Some(model));
        table("hybrid", fixture, &agents, misses).await?;
    }
    println!(
        "(\"lost\" found nothing; \"wrongly answered\" found something where nothing answers.)"
    );
    Ok(())
}

/// One line a language.
async fn table(
    name: &str,
    fixture: &Fixture,
    agents: &[(&str, Asked<'_>)],
    misses: bool,
) -> Result<(), Box<dyn Error>> {
    println!(
        "{name:>8} {:>9} {:>8} {:>8} {:>8} {:>8} {:>16} {:>16}",
        "questions",
        "recall@1",
        "recall@5",
        "MRR@10",
        "lost",
        "mistyped, rec.@5",
        "wrongly answered"
    );
    let mut all = Tally::default();
    for (language, asked) in agents {
        let mut tally = Tally::default();
        for question in fixture.questions.iter().filter(|other| other.language == *language) {
            let missed = tally.ask(asked, question).await?;
            if let Some(instead) = missed.filter(|_| misses) {
                println!("{language} {:?} {} → {instead}", question.article, question.text);
            }
        }
        tally.print(language);
        all = all.plus(&tally);
    }
    all.print("all");
    Ok(())
}

/// An agent with the articles of one language.
struct Asked<'a> {
    collection: &'a Collection,
    agent: AgentId,
    articles: HashMap<ArticleId, &'a str>,
    model: Option<&'a Model>,
}

impl Asked<'_> {
    /// The articles of the passages found, each once, best first.
    async fn find(&self, question: &str) -> Result<Vec<String>, Box<dyn Error>> {
        let store = &self.collection.store;
        let meaning = match self.model {
            None => None,
            Some(model) => {
                model.meaning(&self.collection.choose_meaning().await?, question).await?
            }
        };
        let mut found: Vec<String> = Vec::new();
        for passage in retrieve(store, self.agent, question, None, meaning, LIMIT).await? {
            let article =
                self.articles.get(&passage.article_id).ok_or("an article of another agent")?;
            if !found.iter().any(|known| known == article) {
                found.push((*article).to_owned());
            }
        }
        Ok(found)
    }
}

impl Tally {
    /// Asks one question; gives what came first if that was not the right article.
    async fn ask(
        &mut self,
        asked: &Asked<'_>,
        question: &Question,
    ) -> Result<Option<String>, Box<dyn Error>> {
        let Some(wanted) = &question.article else {
            let found = asked.find(&question.text).await?;
            self.unanswerable += 1.0;
            self.wrongly_answered += f64::from(u8::from(!found.is_empty()));
            return Ok(found.into_iter().next());
        };
        let found = asked.find(&question.text).await?;
        let place = found.iter().position(|article| article == wanted);
        self.answerable += 1.0;
        self.first += f64::from(u8::from(place == Some(0)));
        self.in_five += f64::from(u8::from(place.is_some_and(|place| place < 5)));
        self.reciprocal += place.map_or(0.0, |place| 1.0 / (place + 1) as f64);
        self.lost += f64::from(u8::from(found.is_empty()));
        if let Some(mistyped) = mistyped(&question.text) {
            let found = asked.find(&mistyped).await?;
            self.mistyped += 1.0;
            let is_found = found.iter().take(5).any(|article| article == wanted);
            self.mistyped_in_five += f64::from(u8::from(is_found));
        }
        let first = found.into_iter().next().unwrap_or_else(|| "nothing".to_owned());
        Ok((place != Some(0)).then(|| format!("{first} ({place:?})")))
    }

    fn plus(self, other: &Self) -> Self {
        Self {
            answerable: self.answerable + other.answerable,
            first: self.first + other.first,
            in_five: self.in_five + other.in_five,
            reciprocal: self.reciprocal + other.reciprocal,
            lost: self.lost + other.lost,
            mistyped: self.mistyped + other.mistyped,
            mistyped_in_five: self.mistyped_in_five + other.mistyped_in_five,
            unanswerable: self.unanswerable + other.unanswerable,
            wrongly_answered: self.wrongly_answered + other.wrongly_answered,
        }
    }

    fn print(&self, name: &str) {
        println!(
            "{name:>8} {:>9} {:>8.3} {:>8.3} {:>8.3} {:>8.3} {:>16.3} {:>16.3}",
            self.answerable + self.unanswerable,
            self.first / self.answerable,
            self.in_five / self.answerable,
            self.reciprocal / self.answerable,
            self.lost / self.answerable,
            self.mistyped_in_five / self.mistyped,
            self.wrongly_answered / self.unanswerable,
        );
    }
}

/// The question with two letters of its longest word in the wrong order; `None` if it has no word
/// long enough, as in languages without spaces.
fn mistyped(question: &str) -> Option<String> {
    let words = question.split(|c: char| !c.is_alphabetic());
    let longest = words.max_by_key(|word| word.chars().count())?;
    let letters: Vec<char> = longest.chars().collect();
    let is_spaced = letters.iter().all(|c| *c < '\u{0900}');
    if letters.len() < LONG_WORD || !is_spaced {
        return None;
    }
    let middle = letters.len() / 2;
    let at = (middle..letters.len() - 1).find(|at| letters[*at] != letters[at + 1])?;
    let mut wrong = letters;
    wrong.swap(at, at + 1);
    Some(question.replacen(longest, &String::from_iter(wrong), 1))
}
