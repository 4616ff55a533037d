//! What a model of embeddings is worth in each language.
//!
//! A model that was taught English finds nothing in Thai, and its vectors do not say so: they are
//! as near to each other as others are. So every model that is chosen takes a small exam first
//! ([`exam`]): which of a language's sentences answers which question. Only in languages in which
//! it does well are questions searched by meaning.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::language::fillers::{Fillers, is_han, is_kana};
use crate::language::words::fold;

/// Least mark with which a model is used for a language: 0 is what chance gets, 1 is without error.
const LEAST: f32 = 0.35;
/// The languages of the exam that are written in Latin letters.
const LATIN: [&str; 5] = ["en", "de", "fr", "es", "tr"];

/// A language's part of the exam: questions, each with its answer at the same place.
#[derive(Debug, Default)]
pub struct Part {
    /// What visitors might ask, one sentence each.
    pub questions: Vec<String>,
    /// One sentence each, which is wrong for every question but its own.
    pub answers: Vec<String>,
}

static EXAM: LazyLock<BTreeMap<&'static str, Part>> = LazyLock::new(|| {
    let mut exam: BTreeMap<&'static str, Part> = BTreeMap::new();
    for line in include_str!("exam.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut cells = line.split('|');
        if let (Some(tag), Some(question), Some(answer)) =
            (cells.next(), cells.next(), cells.next())
        {
            let part = exam.entry(tag).or_default();
            part.questions.push(question.to_owned());
            part.answers.push(answer.to_owned());
        }
    }
    exam
});

/// The exam, by the languages' tags (BCP 47).
pub fn exam() -> &'static BTreeMap<&'static str, Part> {
    &EXAM
}

/// What came of the exam in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    /// BCP 47.
    pub language: String,
    /// 0 to 1.
    pub mark: f32,
    /// How near right answers are to their questions on average, and how near wrong ones.
    pub right: f32,
    /// How near an answer is that belongs to another question; −1 to 1, like `right`.
    pub wrong: f32,
}

/// A model's marks in all languages of the exam.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trust(pub Vec<Mark>);

impl Trust {
    /// The languages in which the model is used.
    pub fn languages(&self) -> Vec<String> {
        let good = self.0.iter().filter(|mark| mark.is_good());
        good.map(|mark| mark.language.clone()).collect()
    }

    /// The model's mark for a question; `None` if it is not to be used.
    pub fn in_question(&self, question: &str) -> Option<&Mark> {
        let lowest = |tags: &[&str]| {
            let marks = self.0.iter();
            marks
                .filter(|mark| tags.is_empty() || tags.contains(&mark.language.as_str()))
                .min_by(|a, b| a.mark.total_cmp(&b.mark))
        };
        let mark = match script_of(question) {
            Script::Latin => {
                let likely = Fillers::get().likely_language(&fold(question));
                let known = likely.filter(|tag| LATIN.contains(tag));
                known.map_or_else(|| lowest(&LATIN), |tag| lowest(&[tag]))
            }
            Script::Of(tag) => lowest(&[tag]),
            // No exam tells, so the model must be good at all that there is.
            Script::Other => lowest(&[]),
        };
        mark.filter(|mark| mark.is_good())
    }
}

impl Mark {
    /// By the vectors (of length one) that a model made of a [`Part`].
    pub fn of(language: &str, questions: &[Vec<f32>], answers: &[Vec<f32>]) -> Self {
        let (mut right, mut wrong) = (Vec::new(), Vec::new());
        for (place, question) in questions.iter().enumerate() {
            for (other, answer) in answers.iter().enumerate() {
                let found = if place == other { &mut right } else { &mut wrong };
                found.push(nearness(question, answer));
            }
        }
        let mean = |all: Vec<f32>| all.iter().sum::<f32>() / all.len().max(1) as f32;
        Self {
            language: language.to_owned(),
            mark: mark(questions, answers),
            right: mean(right),
            wrong: mean(wrong),
        }
    }

    fn is_good(&self) -> bool {
        self.mark >= LEAST && self.right > self.wrong
    }
}

enum Script {
    Latin,
    /// One that belongs to a language of the exam.
    Of(&'static str),
    Other,
}

fn script_of(question: &str) -> Script {
    if question.chars().any(is_kana) {
        return Script::Of("ja");
    }
    let letters = question.chars().filter(|c| c.is_alphabetic());
    let mut latin = false;
    for c in letters {
        return match c {
            c if is_han(c) => Script::Of("zh"),
            '\u{0e00}'..='\u{0e7f}' => Script::Of("th"),
            '\u{0600}'..='\u{06ff}' => Script::Of("ar"),
            '\u{0900}'..='\u{097f}' => Script::Of("hi"),
            '\u{0400}'..='\u{04ff}' => Script::Of("ru"),
            // A name in Latin letters may stand in any question.
            c if c.is_ascii() || ('\u{c0}'..='\u{24f}').contains(&c) => {
                latin = true;
                continue;
            }
            _ => Script::Other,
        };
    }
    if latin { Script::Latin } else { Script::Other }
}

/// The mean reciprocal rank of the right answers, on a scale on which chance gets 0.
fn mark(questions: &[Vec<f32>], answers: &[Vec<f32>]) -> f32 {
    let count = questions.len().min(answers.len());
    let reciprocal = |(place, question): (usize, &Vec<f32>)| {
        let right = nearness(question, &answers[place]);
        // Ties count as lost: a model for which all texts are the same knows nothing.
        let before = answers.iter().filter(|answer| nearness(question, answer) >= right).count();
        1.0 / before.max(1) as f32
    };
    let mean =
        questions.iter().take(count).enumerate().map(reciprocal).sum::<f32>() / count.max(1) as f32;
    let chance = (1..=count).map(|rank| 1.0 / rank as f32).sum::<f32>() / count.max(1) as f32;
    ((mean - chance) / (1.0 - chance)).clamp(0.0, 1.0)
}

fn nearness(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_question_of_the_exam_has_its_answer() {
        assert_eq!(EXAM.len(), 11);
        for (tag, part) in &*EXAM {
            assert_eq!(part.questions.len(), 11, "{tag}");
            assert_eq!(part.answers.len(), 11, "{tag}");
        }
    }

    #[test]
    fn who_knows_gets_one_and_who_guesses_nothing() {
        let axes: Vec<Vec<f32>> = (0..11)
            .map(|place| (0..11).map(|axis| f32::from(u8::from(axis == place))).collect())
            .collect();
        assert_eq!(mark(&axes, &axes), 1.0);
        let whole = Mark::of("en", &axes, &axes);
        assert_eq!((whole.right, whole.wrong, whole.is_good()), (1.0, 0.0, true));
        let same = vec![vec![1.0_f32; 11]; 11];
        assert_eq!(mark(&same, &same), 0.0);
        let mut other = axes.clone();
        other.rotate_left(1);
        assert!(mark(&axes, &other) < LEAST);
    }

    #[test]
    fn a_model_is_used_in_the_languages_that_it_knows() {
        let trust = Trust(
            [("en", 0.9), ("de", 0.1), ("fr", 0.5), ("es", 0.5), ("tr", 0.4), ("th", 0.2)]
                .map(|(tag, mark)| Mark { language: tag.to_owned(), mark, right: 0.8, wrong: 0.2 })
                .to_vec(),
        );
        assert_eq!(trust.languages(), ["en", "fr", "es", "tr"]);
        let english = trust.in_question("When are you open on Sunday?");
        assert_eq!(english.map(|mark| mark.language.as_str()), Some("en"));
        assert_eq!(trust.in_question("Wann haben Sie am Sonntag geöffnet?"), None);
        assert_eq!(trust.in_question("ร้าน Cavuer เปิดกี่โมง"), None);
        // A language without an exam: nobody can tell.
        assert_eq!(trust.in_question("Πότε ανοίγετε;"), None);
        assert_eq!(Trust::default().in_question("When?"), None);
    }
}
