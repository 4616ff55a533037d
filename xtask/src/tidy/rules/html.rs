//! Text never becomes HTML by string.

use anyhow::Result;

use crate::tidy::allowance::Allowances;
use crate::tidy::fault::Fault;
use crate::tidy::source::{Kind, Language, Source};
use crate::tidy::tree::{File, Tree};

/// The rule's name in allowances.
const RULE: &str = "html";
/// Where it holds.
const FOLDERS: &[&str] = &["assets", "console", "server", "widget"];
const REMEDY: &str = "build nodes, or give the reason in a comment: `// tidy allows html: …`";

/// Functions and properties that make nodes out of text, in Rust's and in the browser's spelling.
const MAKERS: &[&str] = &[
    "DOMParser",
    "createContextualFragment",
    "create_contextual_fragment",
    "document_write",
    "innerHTML",
    "inner_html",
    "insertAdjacentHTML",
    "insert_adjacent_html",
    "outerHTML",
    "outer_html",
    "parseHTMLUnsafe",
    "setHTMLUnsafe",
    "set_inner_html",
    "set_outer_html",
    "set_srcdoc",
    "srcdoc",
];

/// Elements with which a text of HTML would begin. Not every word in angle brackets: what models
/// read is marked by such words too.
const ELEMENTS: &[&str] = &[
    "!doctype",
    "a",
    "article",
    "aside",
    "audio",
    "b",
    "base",
    "blockquote",
    "body",
    "br",
    "button",
    "canvas",
    "code",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "input",
    "label",
    "li",
    "link",
    "main",
    "meta",
    "nav",
    "noscript",
    "object",
    "ol",
    "option",
    "p",
    "path",
    "picture",
    "pre",
    "script",
    "section",
    "select",
    "small",
    "source",
    "span",
    "strong",
    "style",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "u",
    "ul",
    "video",
];

pub(crate) fn check(tree: &Tree) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    let files = tree.files().filter(|file| FOLDERS.iter().any(|folder| file.is_in(folder)));
    for file in files.filter(|file| !file.is_test()) {
        if matches!(file.language(), Some(Language::Rust | Language::Script)) {
            check_file(file, &mut faults);
        }
    }
    Ok(faults)
}

fn check_file(file: &File, faults: &mut Vec<Fault>) {
    let source = file.source();
    let allowances = Allowances::of(file, RULE);
    for (place, token) in source.tokens().iter().enumerate() {
        let what = what_is_wrong(source, place).filter(|_| !source.is_for_tests(place));
        if let Some(what) = what.filter(|_| !allowances.cover(token.line)) {
            faults.push(Fault::new(&file.path, token.line, what, REMEDY));
        }
    }
    faults.extend(allowances.faults());
}

fn what_is_wrong(source: &Source, place: usize) -> Option<String> {
    let token = &source.tokens()[place];
    match token.kind {
        Kind::Word => {
            let word = source.word(place)?;
            let writes = word == "document"
                && source.has(place + 1, &["."])
                && matches!(source.word(place + 2), Some("write" | "writeln"));
            (writes || MAKERS.contains(&word)).then(|| {
                let name = if writes { "document.write" } else { word };
                format!("`{name}` makes HTML out of text")
            })
        }
        Kind::Text => {
            let text = source.quoted(place)?;
            // A property may be named by a text.
            if MAKERS.contains(&text) {
                return Some(format!("`{text}` makes HTML out of text"));
            }
            let element = first_element(text)?;
            Some(format!("a text of HTML, beginning with `<{element}`"))
        }
        Kind::Other | Kind::Mark | Kind::Comment => None,
    }
}

/// The element with whose tag a text begins, as it is written in the source.
fn first_element(text: &str) -> Option<&str> {
    let mut text = text.trim_start();
    while let Some(rest) = text.strip_prefix("\\n").or_else(|| text.strip_prefix('\\')) {
        text = rest.trim_start();
    }
    let tag = text.strip_prefix('<')?;
    let name = tag.strip_prefix('/').unwrap_or(tag);
    let end = name.find(|one: char| !one.is_ascii_alphanumeric() && one != '!')?;
    let (name, rest) = name.split_at(end);
    let is_tag = rest.starts_with(['>', '/', ' ', '\n', '\\', '{', '$']);
    (is_tag && ELEMENTS.contains(&name.to_ascii_lowercase().as_str())).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of([(path, text)])).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn nodes_and_other_marks_are_fine() {
        let rust = "view! { <p>{a}</p> } format!(\"<passage number=\\\"{n}\\\">\"); \"a < b\"; \
                    \"<p\"; // inner_html\n#[cfg(test)] mod tests { const A: &str = \"<p>x</p>\"; }";
        assert_eq!(faults("widget/src/a.rs", rust), [""; 0]);
        assert_eq!(faults("assets/embed.js", "document.createElement('p'); a < b"), [""; 0]);
        assert_eq!(faults("widget/tests/a.rs", "a.inner_html()"), [""; 0]);
        assert_eq!(faults("xtask/src/a.rs", "\"<p>\""), [""; 0]);
        let allowed =
            "// tidy allows html: it is the tag that the owner copies\nformat!(\"<script src>\")";
        assert_eq!(faults("server/engine/src/a.rs", allowed), [""; 0]);
    }

    #[test]
    fn html_by_string_is_refused() {
        let found = faults("console/src/a.rs", "view! {\n<p inner_html=a/> }; \"innerHTML\"");
        let expected = [
            format!("console/src/a.rs:2: `inner_html` makes HTML out of text; {REMEDY}"),
            format!("console/src/a.rs:2: `innerHTML` makes HTML out of text; {REMEDY}"),
        ];
        assert_eq!(found, expected);
        let server = "format!(\"<b>{a}</b>\"); r#\"\n <!DOCTYPE html>\"#; concat!(\"</div>\")";
        assert_eq!(faults("server/http/src/a.rs", server).len(), 3);
        let script = "document.write(a); b.insertAdjacentHTML(c); d = `<div ${e}>`; f = '<p>' + g";
        assert_eq!(faults("assets/embed.js", script).len(), 4);
        assert_eq!(faults("widget/src/a.rs", "// tidy allows html: so it is here\na").len(), 1);
        assert_eq!(faults("widget/src/a.rs", "// tidy allows html:\n\"<p>\"").len(), 1);
    }
}
