//! Sentences with a gap.

/// The sentence with `value` where it says `{…}`.
pub fn fill(sentence: &str, value: &str) -> String {
    let gap =
        sentence.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?.1)));
    match gap {
        Some((before, behind)) => [before, value, behind].concat(),
        None => sentence.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn the_gap_is_filled() {
        assert_eq!(fill("a {name} b", "{x}"), "a {x} b");
        assert_eq!(fill("{count}", "3"), "3");
        assert_eq!(fill("no gap {", "3"), "no gap {");
    }
}
