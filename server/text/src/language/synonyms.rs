//! Words that mean the same in support questions.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::words::{fold, stem};

/// The groups by the stem of each of their words.
static GROUPS: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(|| {
    let mut groups: HashMap<String, Vec<String>> = HashMap::new();
    for line in include_str!("synonyms.txt").lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<String> = line.split_whitespace().map(fold).collect();
        for word in &words {
            let group = groups.entry(stem(word).to_owned()).or_default();
            let others = words.iter().filter(|other| *other != word);
            for other in others {
                if !group.contains(other) {
                    group.push(other.clone());
                }
            }
        }
    }
    groups
});

/// Folded words with the meaning of a folded word, its own derivations such as "payment" among
/// them.
pub fn synonyms(word: &str) -> &'static [String] {
    GROUPS.get(stem(word)).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_found_by_each_of_its_forms() {
        for form in ["ship", "shipping", "shipments"] {
            assert!(synonyms(form).contains(&"delivery".to_owned()), "{form}");
            assert!(synonyms(form).contains(&"postage".to_owned()), "{form}");
        }
        assert!(synonyms("bicycle").is_empty());
    }
}
