//! Recognises messages that ask nothing: greetings, thanks, farewells, and wishes for a person.

use std::collections::HashSet;
use std::sync::LazyLock;

use cavuer_text::language::words::fold;

/// Longest message that is taken for small talk, in words.
const MAX_WORDS: usize = 12;

/// What a message that asks nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SmallTalk {
    Hello,
    Thanks,
    Bye,
    /// The visitor asks for a person.
    Person,
    /// The visitor asks who is answering.
    About,
}

struct Kind {
    talk: SmallTalk,
    /// One of them must be in the message.
    heads: HashSet<String>,
    /// These may be.
    company: HashSet<String>,
}

static KINDS: LazyLock<Vec<Kind>> = LazyLock::new(|| {
    let source = include_str!("small_talk.txt");
    let words = |name: &str| -> HashSet<String> {
        let line = source.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap_or_default().split_whitespace().map(fold).collect()
    };
    // "Goodbye and thanks" is a farewell, so farewells are tried before thanks.
    [
        ("hello", SmallTalk::Hello),
        ("bye", SmallTalk::Bye),
        ("thanks", SmallTalk::Thanks),
        ("person", SmallTalk::Person),
        ("about", SmallTalk::About),
    ]
    .into_iter()
    .map(|(name, talk)| Kind { talk, heads: words(name), company: words(&format!("{name}+")) })
    .collect()
});

/// What kind of small talk a whole message is; `None` if it may be a question.
pub(super) fn small_talk(message: &str, agent_name: &str) -> Option<SmallTalk> {
    let folded = fold(message);
    let name = fold(agent_name);
    let name: HashSet<&str> = words(&name).collect();
    let words: Vec<&str> = words(&folded).filter(|word| !name.contains(word)).collect();
    if words.is_empty() {
        return by_emoji(message);
    }
    if words.len() > MAX_WORDS {
        return None;
    }
    let fits = |kind: &&Kind| {
        let heads = words.iter().filter(|word| kind.heads.contains(**word)).count();
        let company = words
            .iter()
            .filter(|word| !kind.heads.contains(**word) && kind.company.contains(**word))
            .count();
        heads > 0 && heads + company == words.len()
    };
    KINDS.iter().find(fits).map(|kind| kind.talk)
}

fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|c: char| c.is_whitespace() || c.is_ascii_punctuation() || !is_word(c))
        .filter(|word| !word.is_empty())
}

/// Marks of letters, as in Hindi, belong to words; punctuation and pictures do not.
fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '\u{0900}'..='\u{0963}' | '\u{0e00}'..='\u{0e4e}')
}

fn by_emoji(message: &str) -> Option<SmallTalk> {
    if message.contains(['👍', '🙏', '❤', '👌', '😊', '🙂', '😀', '🎉']) {
        Some(SmallTalk::Thanks)
    } else if message.contains('👋') {
        Some(SmallTalk::Hello)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_talk_is_recognised_in_many_languages() {
        for (message, talk) in [
            ("hi", SmallTalk::Hello),
            ("Hello there!", SmallTalk::Hello),
            ("Good morning", SmallTalk::Hello),
            ("Hi Mia 👋", SmallTalk::Hello),
            ("Guten Tag", SmallTalk::Hello),
            ("¡Buenos días!", SmallTalk::Hello),
            ("Добрый день", SmallTalk::Hello),
            ("你好！", SmallTalk::Hello),
            ("नमस्ते", SmallTalk::Hello),
            ("thanks!", SmallTalk::Thanks),
            ("Thank you very much for your help.", SmallTalk::Thanks),
            ("ok great", SmallTalk::Thanks),
            ("👍", SmallTalk::Thanks),
            ("Спасибо большое", SmallTalk::Thanks),
            ("bye", SmallTalk::Bye),
            ("Thanks, goodbye!", SmallTalk::Bye),
            ("Auf Wiedersehen", SmallTalk::Bye),
            ("I want to talk to a human", SmallTalk::Person),
            ("operator please", SmallTalk::Person),
            ("Позовите оператора", SmallTalk::Person),
            ("Are you a bot?", SmallTalk::About),
            ("Who are you?", SmallTalk::About),
        ] {
            assert_eq!(small_talk(message, "Mia"), Some(talk), "{message}");
        }
    }

    #[test]
    fn questions_are_no_small_talk() {
        for message in [
            "Hi, when are you open?",
            "opening hours?",
            "Do you sell human hair wigs?",
            "thanks, and what about returns?",
            "What does delivery cost",
            "good tea?",
            "agent fees?",
            "???",
            "",
        ] {
            assert_eq!(small_talk(message, "Mia"), None, "{message}");
        }
    }
}
