//! Source text in pieces: words, texts in quotes, marks, and comments apart from them.
//!
//! Written for the rules rather than taken from a parser, because they have to see what parsers
//! drop or leave as it is: comments, and what stands inside of macros, where the console has most
//! of its paths.

mod rust;
mod script;
mod test_code;

use std::ops::Range;

/// What a file is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    Rust,
    /// JavaScript or TypeScript.
    Script,
    Css,
}

/// The sort of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A name or a keyword.
    Word,
    /// Text in quotes of any kind, or a template.
    Text,
    /// A character, a lifetime, a number or a regular expression.
    Other,
    /// One character of punctuation.
    Mark,
    Comment,
}

/// A piece of the text.
#[derive(Clone, Debug)]
pub(super) struct Token {
    pub kind: Kind,
    pub at: Range<usize>,
    /// From 1, where it begins.
    pub line: usize,
}

/// A text in pieces.
pub(super) struct Source {
    text: String,
    /// Everything but comments.
    tokens: Vec<Token>,
    comments: Vec<Token>,
    /// For a mark that opens or closes a group, the place of the other one; else its own place.
    partners: Vec<usize>,
    /// Whether a token is only compiled for tests.
    for_tests: Vec<bool>,
}

impl Language {
    pub(super) fn of(path: &str) -> Option<Self> {
        match path.rsplit_once('.')?.1 {
            "rs" => Some(Self::Rust),
            "js" | "mjs" | "mts" | "ts" => Some(Self::Script),
            "css" => Some(Self::Css),
            _ => None,
        }
    }
}

impl Source {
    pub(super) fn new(language: Language, text: &str) -> Self {
        let pieces = match language {
            Language::Rust => rust::pieces(text),
            Language::Script => script::pieces(text),
            Language::Css => script::css_pieces(text),
        };
        let (comments, tokens) =
            pieces.into_iter().partition(|token: &Token| token.kind == Kind::Comment);
        let mut source = Self {
            text: text.to_owned(),
            tokens,
            comments,
            partners: Vec::new(),
            for_tests: Vec::new(),
        };
        source.partners = source.find_partners();
        source.for_tests = match language {
            Language::Rust => test_code::find(&source),
            Language::Script | Language::Css => vec![false; source.tokens.len()],
        };
        source
    }

    pub(super) fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    pub(super) fn comments(&self) -> &[Token] {
        &self.comments
    }

    /// The token's own text.
    pub(super) fn text(&self, token: &Token) -> &str {
        &self.text[token.at.clone()]
    }

    /// The word at this place, without the mark of raw names.
    pub(super) fn word(&self, place: usize) -> Option<&str> {
        let token = self.tokens.get(place).filter(|token| token.kind == Kind::Word)?;
        let word = self.text(token);
        Some(word.strip_prefix("r#").unwrap_or(word))
    }

    /// Whether the tokens from this place on are these marks or words.
    pub(super) fn has(&self, place: usize, expected: &[&str]) -> bool {
        expected.iter().enumerate().all(|(step, expected)| {
            let token = self.tokens.get(place + step);
            token.is_some_and(|token| {
                matches!(token.kind, Kind::Word | Kind::Mark) && self.text(token) == *expected
            })
        })
    }

    /// What stands between the quotes of the text at this place, as it is written.
    pub(super) fn quoted(&self, place: usize) -> Option<&str> {
        let token = self.tokens.get(place).filter(|token| token.kind == Kind::Text)?;
        let text = self.text(token).trim_start_matches(['b', 'c', 'r']);
        let text = text.trim_matches('#');
        text.get(1..text.len().saturating_sub(1))
    }

    /// The place where the group ends that begins at this place.
    pub(super) fn end_of_group(&self, place: usize) -> usize {
        self.partners.get(place).copied().unwrap_or(place)
    }

    /// Whether the token at this place is only compiled for tests.
    pub(super) fn is_for_tests(&self, place: usize) -> bool {
        self.for_tests.get(place).copied().unwrap_or(false)
    }

    /// The first bracket without a partner: the text was not taken apart as its compiler does.
    #[cfg(test)]
    pub(super) fn lonely_bracket(&self) -> Option<&Token> {
        let brackets = ["(", ")", "[", "]", "{", "}"];
        self.tokens.iter().enumerate().find_map(|(place, token)| {
            let is_bracket = token.kind == Kind::Mark && brackets.contains(&self.text(token));
            (is_bracket && self.partners[place] == place).then_some(token)
        })
    }

    fn find_partners(&self) -> Vec<usize> {
        let mut partners: Vec<_> = (0..self.tokens.len()).collect();
        let mut open = Vec::new();
        for (place, token) in self.tokens.iter().enumerate() {
            if token.kind != Kind::Mark {
                continue;
            }
            match self.text(token) {
                "(" | "[" | "{" => open.push(place),
                ")" | "]" | "}" => {
                    if let Some(opening) = open.pop() {
                        partners[opening] = place;
                        partners[place] = opening;
                    }
                }
                _ => {}
            }
        }
        partners
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(language: Language, text: &str) -> (Vec<String>, Vec<String>) {
        let source = Source::new(language, text);
        let texts =
            |tokens: &[Token]| tokens.iter().map(|token| source.text(token).into()).collect();
        (texts(source.tokens()), texts(source.comments()))
    }

    #[test]
    fn rust_is_taken_apart() {
        let text =
            "fn r#a<'x>() { 'y'; '\\''; b\"z\\\"\"; r#\"\"//\"#; 1.5..2; } // e\n/* /* f */ */";
        let (tokens, comments) = written(Language::Rust, text);
        let expected = "fn|r#a|<|'x|>|(|)|{|'y'|;|'\\''|;|b\"z\\\"\"|;|r#\"\"//\"#|;|1.5|.|.|2|;|}";
        assert_eq!(tokens.join("|"), expected);
        assert_eq!(comments, ["// e", "/* /* f */ */"]);
    }

    #[test]
    fn scripts_are_taken_apart() {
        let text = "a = /\"/g; // b\nc = `d ${e(`f`)} '` + 'g\\''; h / i /* j */";
        let (tokens, comments) = written(Language::Script, text);
        let expected = "a|=|/\"/g|;|c|=|`d ${e(`f`)} '`|+|'g\\''|;|h|/|i";
        assert_eq!(tokens.join("|"), expected);
        assert_eq!(comments, ["// b", "/* j */"]);
        let (_, comments) = written(Language::Css, "a { b: url(http://c); } /* d */");
        assert_eq!(comments, ["/* d */"]);
    }

    #[test]
    fn lines_and_quotes_are_told() {
        let source = Source::new(Language::Rust, "a\n\"b\nc\"\nr##\"d\"## e");
        let lines: Vec<_> = source.tokens().iter().map(|token| token.line).collect();
        assert_eq!(lines, [1, 2, 4, 4]);
        assert_eq!(source.quoted(1), Some("b\nc"));
        assert_eq!(source.quoted(2), Some("d"));
        assert_eq!(source.word(3), Some("e"));
    }
}
