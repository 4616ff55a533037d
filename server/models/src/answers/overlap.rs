//! Which passages an answer is from, as far as its words show it.

use std::collections::HashSet;

use cavuer_text::language::TextLanguage;
use cavuer_text::query::{TermSet, telling_terms};

use crate::prompt::PromptPassage;

/// Fewest words that an answer must have in common with a passage.
const LEAST_WORDS: usize = 2;
/// Part of an answer's words that the passages together must have.
const LEAST_SHARE: f64 = 0.45;
/// Part of an answer's words that each further passage must add.
const ADDED_SHARE: f64 = 0.2;

/// The passages, by their places, from which an answer takes what it says; none for one that says
/// nothing, or too little of it in words of a passage.
///
/// Only what the question does not say itself counts: a refusal repeats the question's words, and
/// so do passages that were found with them.
pub(crate) fn used(passages: &[PromptPassage], question: &str, answer: &str) -> Vec<usize> {
    let asked = TermSet::of(question, TextLanguage::of(&format!("{question}\n{answer}")));
    let mut open = telling_terms(answer);
    open.retain(|term| !term.is_weak && !asked.has(term));
    let all = open.len();
    let has = |passage: &PromptPassage| {
        let text = format!("{}\n{}", passage.title, passage.text);
        let terms = TermSet::of(&text, TextLanguage::of(&text));
        let places = open.iter().enumerate().filter(|(_, term)| terms.has(term));
        places.map(|(place, _)| place).collect::<HashSet<_>>()
    };
    let has: Vec<HashSet<usize>> = passages.iter().map(has).collect();
    let (mut used, mut covered) = (Vec::new(), HashSet::new());
    loop {
        let added = |place: &usize| has[*place].difference(&covered).count();
        // Of two that add as much the better found one, which comes first.
        let best = (0..has.len()).rev().max_by_key(added);
        let Some(best) = best.filter(|best| {
            let added = added(best);
            added >= LEAST_WORDS && (used.is_empty() || added as f64 >= ADDED_SHARE * all as f64)
        }) else {
            break;
        };
        used.push(best);
        covered.extend(&has[best]);
    }
    if (covered.len() as f64) < LEAST_SHARE * all as f64 {
        used.clear();
    }
    used
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passages() -> Vec<PromptPassage> {
        [
            (
                "Delivery",
                "Standard delivery costs €4.90 and takes 2–3 working days. Orders over \
                          €50 are delivered free of charge.",
            ),
            (
                "Returns",
                "You can return any unopened item within 30 days. Write to us first and \
                         we send you a label.",
            ),
            ("Tea", "Our green tea from Japan is picked by hand in May."),
        ]
        .map(|(title, text)| PromptPassage { title: title.to_owned(), text: text.to_owned() })
        .to_vec()
    }

    fn used_for(question: &str, answer: &str) -> Vec<usize> {
        used(&passages(), question, answer)
    }

    #[test]
    fn an_answer_in_a_passage_s_words_is_from_it() {
        let answer = "It costs €4.90 and takes two or three working days. Above €50 it is free.";
        assert_eq!(used_for("How much is delivery?", answer), [0]);
        let answer = "Delivery takes 2–3 working days. You can return unopened items within 30 \
                      days; we send you a label.";
        assert_eq!(used_for("How does ordering work?", answer), [1, 0]);
    }

    #[test]
    fn refusals_and_small_talk_are_from_nowhere() {
        for (question, answer) in [
            (
                "Do you deliver to Norway?",
                "I'm sorry, I don't know whether we deliver to Norway. \
                                           A person from the team can tell you in this chat.",
            ),
            (
                "Can I return opened items?",
                "I could not find anything about returning opened \
                                            items. Would you like to ask a person?",
            ),
            ("Hello", "Hello, I'm Ada. What would you like to know?"),
            ("Thanks", "You're welcome. Have a good day."),
            ("Which laser?", "No."),
        ] {
            assert!(used_for(question, answer).is_empty(), "{answer}");
        }
        assert!(used(&[], "How much is it?", "It costs €4.90.").is_empty());
    }
}
