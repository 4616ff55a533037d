//! Words that say nothing about what a question is about.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::words::{TermKind, fold, terms};

/// The words that carry no question, in every language of `stop_words.txt`.
pub struct Fillers {
    /// Which languages use a word as a filler: one bit a language.
    languages_of: HashMap<String, u32>,
    weak: HashSet<String>,
    /// Longest first, so that a phrase goes before its parts.
    chinese: Vec<String>,
    japanese: Vec<String>,
    thai: Vec<String>,
    korean: HashSet<String>,
    tags: Vec<&'static str>,
}

/// The languages that a text may be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Languages(u32);

/// The particles that Korean joins to its nouns.
const KOREAN_PARTICLES: [char; 12] =
    ['은', '는', '이', '가', '을', '를', '에', '의', '도', '로', '와', '과'];

static FILLERS: LazyLock<Fillers> =
    LazyLock::new(|| Fillers::parse(include_str!("stop_words.txt")));

impl Fillers {
    /// The built-in list.
    pub fn get() -> &'static Self {
        &FILLERS
    }

    fn parse(source: &'static str) -> Self {
        let mut fillers = Self {
            languages_of: HashMap::new(),
            weak: HashSet::new(),
            chinese: Vec::new(),
            japanese: Vec::new(),
            thai: Vec::new(),
            korean: HashSet::new(),
            tags: Vec::new(),
        };
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            let (tag, words) = line.split_once(' ').unwrap_or((line, ""));
            let words = words.split_whitespace().map(fold);
            match tag {
                "weak" => fillers.weak.extend(words),
                "zh" => fillers.chinese.extend(words),
                "ja" => fillers.japanese.extend(words),
                "th" => fillers.thai.extend(words),
                "ko" => fillers.korean.extend(words),
                _ => {
                    let bit = 1 << fillers.tags.len();
                    fillers.tags.push(tag);
                    for word in words {
                        *fillers.languages_of.entry(word).or_default() |= bit;
                    }
                }
            }
        }
        fillers.chinese.sort_by_key(|word| std::cmp::Reverse(word.len()));
        fillers.japanese.sort_by_key(|word| std::cmp::Reverse(word.len()));
        fillers.thai.sort_by_key(|word| std::cmp::Reverse(word.len()));
        fillers
    }

    /// The languages of which a folded text has the most fillers. What is a filler in one is a
    /// plain word in another ("hat" in German and in English), so only these are left out.
    pub fn languages_of(&self, folded: &str) -> Languages {
        let (counts, _) = self.count(folded);
        let most = counts.iter().copied().max().unwrap_or_default();
        let likely = |index: usize| u32::from(most > 0 && counts[index] == most) << index;
        Languages((0..counts.len()).map(likely).fold(0, |all, bit| all | bit))
    }

    /// The tag of the language that a folded text is most probably in; `None` if it has too few
    /// fillers to tell, or as many of several languages.
    pub fn likely_language(&self, folded: &str) -> Option<&'static str> {
        let (counts, words) = self.count(folded);
        let most = counts.iter().copied().max().unwrap_or_default();
        let mut likely = counts.iter().zip(&self.tags).filter(|(count, _)| **count == most);
        let (_, tag) = likely.next()?;
        let is_clear = most > 0 && (most >= 2 || most == words) && likely.next().is_none();
        is_clear.then_some(*tag)
    }

    /// How many fillers of each language a folded text has, and how many words.
    fn count(&self, folded: &str) -> (Vec<usize>, usize) {
        let mut counts = vec![0; self.tags.len()];
        let mut words = 0;
        for term in terms(folded).filter(|term| term.kind == TermKind::Word) {
            let languages = self.languages_of.get(term.text).copied().unwrap_or_default();
            for (index, count) in counts.iter_mut().enumerate() {
                *count += usize::from(languages >> index & 1 == 1);
            }
            words += 1;
        }
        (counts, words)
    }

    /// Whether a folded word is a filler in one of the languages.
    pub fn is_filler(&self, word: &str, languages: Languages) -> bool {
        self.languages_of.get(word).is_some_and(|bits| bits & languages.0 != 0)
    }

    /// Whether a folded word says only a little in any language, such as "sell" or "need".
    pub fn is_weak(&self, word: &str) -> bool {
        self.weak.contains(word)
    }

    /// A folded question without the fillers of the languages that are searched by pairs of
    /// characters; each leaves a space, so that no pair reaches across it.
    pub fn without_joined<'a>(&self, folded: &'a str) -> Cow<'a, str> {
        let (mut kana, mut han, mut hangul, mut thai) = (false, false, false, false);
        for c in folded.chars() {
            kana |= is_kana(c);
            han |= is_han(c);
            hangul |= matches!(c, '\u{ac00}'..='\u{d7a3}');
            thai |= matches!(c, '\u{0e00}'..='\u{0e7f}');
        }
        if kana {
            Cow::Owned(blanked(folded, &self.japanese))
        } else if han {
            Cow::Owned(blanked(folded, &self.chinese))
        } else if thai {
            Cow::Owned(blanked(folded, &self.thai))
        } else if hangul {
            let words = folded.split_whitespace().map(|word| self.korean_core(word));
            Cow::Owned(words.collect::<Vec<_>>().join(" "))
        } else {
            Cow::Borrowed(folded)
        }
    }

    fn korean_core<'a>(&self, word: &'a str) -> &'a str {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric());
        if self.korean.contains(word) {
            return "";
        }
        match word.strip_suffix(KOREAN_PARTICLES) {
            Some(core) if core.chars().count() >= 2 => core,
            _ => word,
        }
    }
}

/// Hiragana or katakana: the text is Japanese.
pub fn is_kana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}')
}

/// A character of the Japanese syllabary in which grammar is written.
pub fn is_hiragana(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{309f}')
}

/// A Chinese character, in whatever language.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn blanked(text: &str, words: &[String]) -> String {
    words.iter().fold(text.to_owned(), |text, word| text.replace(word.as_str(), " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filler_of_one_language_is_a_word_in_another() {
        let fillers = Fillers::get();
        assert_eq!(fillers.likely_language("where is my hat"), Some("en"));
        let english = fillers.languages_of("where is my hat");
        assert!(!fillers.is_filler("hat", english));
        assert_eq!(fillers.likely_language("wann hat der laden auf"), Some("de"));
        let german = fillers.languages_of("wann hat der laden auf");
        assert!(fillers.is_filler("hat", german));
        assert_eq!(fillers.languages_of("xyzzy"), Languages(0));
        assert_eq!(fillers.likely_language("xyzzy"), None);
        assert_eq!(fillers.likely_language("hola"), Some("es"));
    }

    #[test]
    fn joined_fillers_leave_gaps() {
        let fillers = Fillers::get();
        assert_eq!(fillers.without_joined("请问营业时间是几点"), " 营业时间  点");
        assert_eq!(fillers.without_joined("영업시간은 어떻게 되나요?"), "영업시간  ");
        assert_eq!(fillers.without_joined("ส่งของได้ไหม"), "ส่งของ ");
        assert_eq!(fillers.without_joined("在庫はどこですか"), "在庫は  ");
    }
}
