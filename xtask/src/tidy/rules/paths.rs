//! The paths and imports in a piece of Rust.

use crate::tidy::source::{Kind, Source};

/// A path as it is written, without what stands in `<…>`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Path {
    pub segments: Vec<String>,
    pub line: usize,
}

/// One name that a `use` brings in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Import {
    /// The name here, or none for `*`.
    pub name: Option<String>,
    pub path: Path,
}

/// The imports of the `use` at `place`, and where it ends.
pub(super) fn imports(source: &Source, place: usize) -> (Vec<Import>, usize) {
    let mut imports = Vec::new();
    let end = tree(source, place + 1, &[], &mut imports);
    (imports, end)
}

/// The path that begins at `place`, if one does, and where it ends. Single names are no paths.
pub(super) fn path(source: &Source, place: usize) -> Option<(Path, usize)> {
    let first = source.word(place)?;
    let continues = place >= 2 && source.has(place - 2, &[":", ":"]);
    if continues || place >= 1 && source.has(place - 1, &["."]) {
        return None;
    }
    let mut segments = vec![first.to_owned()];
    let mut end = place + 1;
    while source.has(end, &[":", ":"]) {
        let Some(next) = source.word(end + 2) else { break };
        segments.push(next.to_owned());
        end += 3;
    }
    (segments.len() > 1).then(|| (Path { segments, line: source.tokens()[place].line }, end))
}

/// The name of a type at `place`, if it stands alone.
pub(super) fn lone_type(source: &Source, place: usize) -> Option<Path> {
    let name = source.word(place)?;
    name.starts_with(char::is_uppercase)
        .then(|| Path { segments: vec![name.to_owned()], line: source.tokens()[place].line })
}

/// The path that the text at `place` holds, as in `#[serde(with = "crate::hex")]`.
pub(super) fn quoted_path(source: &Source, place: usize) -> Option<Path> {
    let text = source.quoted(place)?;
    let segments: Vec<_> = text.split("::").map(str::to_owned).collect();
    let is_name = |segment: &String| {
        !segment.is_empty() && segment.chars().all(|one| one == '_' || one.is_alphanumeric())
    };
    let is_ours = matches!(segments[0].as_str(), "crate" | "self" | "super");
    (segments.len() > 1 && is_ours && segments.iter().all(is_name))
        .then(|| Path { segments, line: source.tokens()[place].line })
}

/// One branch of a tree of imports; returns the place after it.
fn tree(source: &Source, mut place: usize, before: &[String], imports: &mut Vec<Import>) -> usize {
    let mut segments = before.to_vec();
    let Some(line) = source.tokens().get(place).map(|token| token.line) else { return place };
    if source.has(place, &[":", ":"]) {
        place += 2;
    }
    loop {
        if source.has(place, &["*"]) {
            imports.push(Import { name: None, path: Path { segments, line } });
            return place + 1;
        }
        if source.has(place, &["{"]) {
            let end = source.end_of_group(place);
            let mut inner = place + 1;
            while inner < end {
                let next = tree(source, inner, &segments, imports);
                inner = if source.has(next, &[","]) { next + 1 } else { next.max(inner + 1) };
            }
            return end + 1;
        }
        let Some(word) = source.word(place) else { return place };
        // `{self}` stands for what is before it.
        if word != "self" || segments.is_empty() {
            segments.push(word.to_owned());
        }
        place += 1;
        if !source.has(place, &[":", ":"]) {
            break;
        }
        place += 2;
    }
    let mut name = segments.last().cloned();
    if source.word(place) == Some("as") {
        let renamed = source.tokens().get(place + 1).filter(|token| token.kind == Kind::Word);
        name = renamed.map(|token| source.text(token).to_owned());
        place += 2;
    }
    if name.is_some() {
        imports.push(Import { name, path: Path { segments, line } });
    }
    place
}
