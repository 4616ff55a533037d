//! The store names neither what clients ask nor what they are answered.
//!
//! It keeps records of its own. Of the protocol it may name what records are made of: ids, values,
//! messages. What is put together for one call, for an event or for a client is none of its affair.

use anyhow::Result;

use super::paths;
use crate::tidy::crates::STORE;
use crate::tidy::fault::Fault;
use crate::tidy::source::{Language, Source};
use crate::tidy::tree::Tree;

/// The crate that has both.
const PROTOCOL: &str = "cavuer_protocol";

/// What is no value, by the names under which the protocol has it: modules, and types of these
/// that stand at its root as well.
const NO_VALUES: &[&str] = &[
    "Conversation",
    "ConversationEvent",
    "Draft",
    "FieldProblem",
    "Problem",
    "ProblemCode",
    "console",
    "conversation",
    "event",
    "problem",
    "sse",
    "widget",
];

const REMEDY: &str =
    "make it a record of the store's own, and show that in server/engine/src/shown";

/// Paths to what is no value, in tests too, and imports that would hide some.
pub(crate) fn check(tree: &Tree) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    for file in tree.written_in(Language::Rust).filter(|file| file.is_in(STORE.folder)) {
        for (name, line) in names(file.source()) {
            let what = match name {
                None => format!("{PROTOCOL} is imported as a whole"),
                Some(name) if NO_VALUES.contains(&name.as_str()) => {
                    format!("{PROTOCOL}::{name} is named")
                }
                Some(_) => continue,
            };
            faults.push(Fault::new(&file.path, line, what, REMEDY));
        }
    }
    Ok(faults)
}

/// What is named of the protocol, and where; an import of all of it has no name.
fn names(source: &Source) -> Vec<(Option<String>, usize)> {
    let mut names = Vec::new();
    let mut place = 0;
    while let Some(token) = source.tokens().get(place) {
        if source.has(place, &["use"]) && !source.has(place + 1, &["<"]) {
            let (imports, end) = paths::imports(source, place);
            let paths = imports.into_iter().map(|import| import.path);
            let ours =
                paths.filter(|path| path.segments.first().is_some_and(|first| first == PROTOCOL));
            names.extend(ours.map(|path| (path.segments.get(1).cloned(), path.line)));
            place = end.max(place + 1);
            continue;
        }
        if source.word(place) == Some(PROTOCOL) && source.has(place + 1, &[":", ":"]) {
            names.extend(source.word(place + 3).map(|name| (Some(name.to_owned()), token.line)));
        }
        place += 1;
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of([(path, text)])).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn values_are_the_stores_too_and_answers_are_everybody_elses() {
        let values = "//! See [`cavuer_protocol::console`].
            use cavuer_protocol::values::{AgentSettings, HandOver};
            use cavuer_protocol::{AgentId, Message, limits};
            use crate::widget::Position;
            fn a(console: cavuer_protocol::Notice) { crate::console::b() }";
        assert_eq!(faults("server/store/src/a.rs", values), [""; 0]);
        let answers = "use cavuer_protocol::console::Agent;";
        assert_eq!(faults("server/engine/src/a.rs", answers), [""; 0]);
    }

    #[test]
    fn the_store_names_no_answer_and_no_request() {
        let found = faults(
            "server/store/src/a.rs",
            "use cavuer_protocol::console::Agent;
            use cavuer_protocol::{AgentId, widget as visitors, Problem};
            fn a() -> Result<::cavuer_protocol::console::Agent, cavuer_protocol::FieldProblem> {}
            #[cfg(test)]
            mod tests { use cavuer_protocol::console::AgentChanges; }",
        );
        let expected = [
            (1, "console"),
            (2, "widget"),
            (2, "Problem"),
            (3, "console"),
            (3, "FieldProblem"),
            (5, "console"),
        ];
        let expected = expected.map(|(line, name)| {
            format!("server/store/src/a.rs:{line}: cavuer_protocol::{name} is named; {REMEDY}")
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn no_import_hides_them() {
        for hidden in ["*", "{self, Message}", "{Message, *}"] {
            let found = faults("server/store/src/a.rs", &format!("use cavuer_protocol::{hidden};"));
            let whole = "cavuer_protocol is imported as a whole";
            assert_eq!(found, [format!("server/store/src/a.rs:1: {whole}; {REMEDY}")]);
        }
        assert_eq!(faults("server/store/src/a.rs", "use cavuer_protocol as all;").len(), 1);
    }
}
