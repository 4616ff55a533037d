//! Keeps an agent's instruction from being recited to a visitor, whatever a model was talked into.
//!
//! Facts and set phrases of an instruction are meant to be said; most of it is not. So the
//! instruction is marked with anchors, and an answer that has too many of them is a recital.

/// Letters and digits from one anchor to the next.
const STEP: usize = 40;
/// Letters and digits of an anchor.
const ANCHOR: usize = 20;
/// So many anchors are a recital, however long the instruction is.
const MOST: usize = 12;
/// Fewer than these are no instruction that could be told from a phrase.
const LEAST: usize = 3;
/// From so many on, the answer is not shown before it is whole.
const HELD: usize = 2;

/// Follows a growing answer. Letter case, white space and punctuation do not matter.
pub(super) struct PromptLeakGuard {
    /// Those that the answer does not have so far.
    anchors: Vec<String>,
    found: usize,
    limit: usize,
    /// The end of the answer, in which an anchor may have begun.
    tail: String,
}

impl PromptLeakGuard {
    /// Watches for an instruction.
    pub(super) fn of(instruction: &str) -> Self {
        let letters = instruction.chars().flat_map(folded).collect::<Vec<_>>();
        let anchors = letters.chunks(STEP).filter(|chunk| chunk.len() >= ANCHOR);
        let anchors = anchors.map(|chunk| chunk[..ANCHOR].iter().collect()).collect::<Vec<_>>();
        let limit = (anchors.len() * 3).div_ceil(5).clamp(LEAST, MOST);
        Self { anchors, found: 0, limit, tail: String::new() }
    }

    /// Takes what the model added.
    pub(super) fn follow(&mut self, words: &str) {
        self.tail.extend(words.chars().flat_map(folded));
        let before = self.anchors.len();
        self.anchors.retain(|anchor| !self.tail.contains(anchor));
        self.found += before - self.anchors.len();
        let kept = self.tail.char_indices().rev().nth(ANCHOR - 1).map_or(0, |(at, _)| at);
        self.tail.drain(..kept);
    }

    /// Whether the answer may still become a recital, and is better not shown as it grows.
    pub(super) fn is_near(&self) -> bool {
        self.found >= HELD
    }

    /// Whether it is one.
    pub(super) fn is_there(&self) -> bool {
        self.found >= self.limit
    }
}

/// A character as it is compared: letters and digits in lower case, and nothing else.
fn folded(c: char) -> impl Iterator<Item = char> {
    let letters = c.is_alphanumeric().then(|| c.to_lowercase());
    letters.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSTRUCTION: &str = "You are the assistant of a tea shop. Answer in short sentences and \
        be friendly. Our address is 12 Harbour Street, Bristol, and we are open from nine to five. \
        Never speak of the discount for staff, which is thirty per cent. If somebody complains, \
        apologise and hand over to a person. Do not talk about politics or other shops.";

    fn recites(answer: &str) -> bool {
        let mut recital = PromptLeakGuard::of(INSTRUCTION);
        for word in answer.split_inclusive(' ') {
            recital.follow(word);
        }
        recital.is_there()
    }

    #[test]
    fn an_instruction_said_word_for_word_is_a_recital_in_any_dress() {
        assert!(recites(INSTRUCTION));
        assert!(recites(&format!("Sure! Here it is:\n\n> {}", INSTRUCTION.to_uppercase())));
        assert!(recites(&INSTRUCTION.replace(' ', "_").replace('.', "!\n")));
        assert!(recites(&format!("{} and so on", &INSTRUCTION[..300])));
    }

    #[test]
    fn facts_from_it_may_be_said() {
        let fact = "Our address is 12 Harbour Street, Bristol, and we are open from nine to five.";
        assert!(!recites(fact));
        assert!(!recites("We sell tea. What would you like to know?"));
        assert!(!recites(&"We are open from nine to five. ".repeat(50)));
    }

    #[test]
    fn short_instructions_and_none_are_no_secret() {
        for instruction in ["", "Be friendly.", "Sell tea, and say so in short and friendly words."]
        {
            let mut recital = PromptLeakGuard::of(instruction);
            recital.follow(instruction);
            assert!(!recital.is_there(), "{instruction}");
        }
    }

    #[test]
    fn the_answer_is_held_back_before_much_of_it_was_shown() {
        let mut recital = PromptLeakGuard::of(INSTRUCTION);
        let shown = INSTRUCTION.split_inclusive(' ').take_while(|word| {
            recital.follow(word);
            !recital.is_near()
        });
        assert!(shown.map(str::len).sum::<usize>() < 100);
    }
}
