//! Articles and questions: those of `tests/fixtures/retrieval`, whose README says where they are
//! from and what the files hold, or others of the same form.

use std::error::Error;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use flate2::read::GzDecoder;
use serde::Deserialize;

pub(super) struct Fixture {
    pub articles: Vec<Article>,
    pub questions: Vec<Question>,
}

#[derive(Deserialize)]
pub(super) struct Article {
    /// The same for the translations of an article.
    pub id: String,
    pub language: String,
    pub title: String,
    pub text: String,
}

pub(super) struct Question {
    pub language: String,
    /// The article that answers; `None` if none does.
    pub article: Option<String>,
    pub text: String,
}

impl Fixture {
    /// The languages, in the order of the alphabet.
    pub(super) fn languages(&self) -> Vec<&str> {
        let mut languages: Vec<&str> =
            self.articles.iter().map(|article| article.language.as_str()).collect();
        languages.sort_unstable();
        languages.dedup();
        languages
    }
}

/// The fixture in a folder, or that of this project.
pub(super) fn load(folder: Option<&Path>) -> Result<Fixture, Box<dyn Error>> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/retrieval");
    let folder = folder.unwrap_or(&ours);
    let packed = GzDecoder::new(File::open(folder.join("articles.jsonl.gz"))?);
    let articles = BufReader::new(packed)
        .lines()
        .map(|line| Ok(serde_json::from_str(&line?)?))
        .collect::<Result<Vec<Article>, Box<dyn Error>>>()?;
    let table = fs::read_to_string(folder.join("questions.tsv"))?;
    let questions = table.lines().skip(1).map(question).collect::<Result<_, _>>()?;
    Ok(Fixture { articles, questions })
}

fn question(line: &str) -> Result<Question, Box<dyn Error>> {
    let mut cells = line.split('\t');
    let (Some(language), Some(article), Some(text)) = (cells.next(), cells.next(), cells.next())
    else {
        return Err(format!("not three cells: {line}").into());
    };
    Ok(Question {
        language: language.to_owned(),
        article: (article != "-").then(|| article.to_owned()),
        text: text.to_owned(),
    })
}
