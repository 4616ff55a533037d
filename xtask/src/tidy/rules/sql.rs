//! Only the store knows SQL, and only one folder of it the database's driver.

use anyhow::Result;

use super::foreign::Fence;
use crate::tidy::crates::STORE;
use crate::tidy::fault::Fault;
use crate::tidy::source::Language;
use crate::tidy::tree::Tree;

/// The drivers, those of tomorrow among them.
const FENCE: Fence = Fence {
    crates: &[
        "deadpool-postgres",
        "libsqlite3-sys",
        "postgres",
        "postgres-types",
        "rusqlite",
        "sqlx",
        "tokio-postgres",
    ],
    folders: &[STORE.folder],
    // One folder an engine.
    named_in: Some(&["server/store/src/postgres", "server/store/src/sqlite"]),
    remedy: "make it a use case of server/store, in the domain's types and `Sql`'s",
};

/// How statements begin: the words in this order, `*` for any.
const STATEMENTS: &[&[&str]] = &[
    &["ALTER", "TABLE"],
    &["BEGIN", "EXCLUSIVE"],
    &["BEGIN", "IMMEDIATE"],
    &["CREATE", "INDEX"],
    &["CREATE", "TABLE"],
    &["CREATE", "TEMP"],
    &["CREATE", "TRIGGER"],
    &["CREATE", "UNIQUE"],
    &["CREATE", "VIEW"],
    &["CREATE", "VIRTUAL"],
    &["DELETE", "FROM"],
    &["DROP", "INDEX"],
    &["DROP", "TABLE"],
    &["INSERT", "INTO"],
    &["INSERT", "OR"],
    &["PRAGMA", "*"],
    &["REPLACE", "INTO"],
    &["SELECT", "*"],
    &["UPDATE", "*", "SET"],
    &["VACUUM", "INTO"],
    &["WITH", "*", "AS"],
    &["WITH", "RECURSIVE"],
];

/// The driver, statements, and files of statements outside of the store.
pub(crate) fn check(tree: &Tree) -> Result<Vec<Fault>> {
    let mut faults = FENCE.check(tree)?;
    for file in tree.files().filter(|file| !FENCE.lies_inside(file)) {
        if file.path.ends_with(".sql") {
            faults.push(Fault::new(&file.path, 1, "a file of SQL", FENCE.remedy));
        }
        if file.language() != Some(Language::Rust) {
            continue;
        }
        let source = file.source();
        for (place, token) in source.tokens().iter().enumerate() {
            // In a unit test it is only a text, as long as there is no driver.
            let is_test = file.is_test() || source.is_for_tests(place);
            let start = source.quoted(place).and_then(statement);
            if let Some(start) = start.filter(|_| !is_test) {
                let what = format!("a statement of SQL, `{start} …`");
                faults.push(Fault::new(&file.path, token.line, what, FENCE.remedy));
            }
        }
    }
    Ok(faults)
}

/// The first words of a text, as it is written in the source, if a statement begins so.
fn statement(text: &str) -> Option<String> {
    let text = text.replace("\\n", " ").replace('\\', " ").replace('(', " (");
    let words: Vec<_> = text.split_whitespace().take(3).collect();
    let is_statement = STATEMENTS.iter().any(|start| {
        start.len() <= words.len()
            && start.iter().zip(&words).all(|(start, word)| *start == "*" || start == word)
    });
    is_statement.then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults<const N: usize>(files: [(&str, &str); N]) -> Vec<String> {
        check(&Tree::of(files)).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn store_and_tests_may() {
        let driver = "[package]\nname = \"a\"\n[dev-dependencies]\nrusqlite = \"1\"";
        let found = faults([
            ("server/store/src/a.rs", "fn a(b: Row) { c(\"SELECT 1\") }"),
            ("server/store/src/sqlite/a.rs", "fn a(b: rusqlite::Row) { c(\"SELECT 1\") }"),
            ("server/store/src/migrations/0001_a.sql", "CREATE TABLE a (b);"),
            ("tests/it/a.rs", "fn a(b: rusqlite::Row) { c(\"SELECT 1\") }"),
            ("server/cavuer/Cargo.toml", driver),
            ("server/cavuer/src/a.rs", "#[cfg(test)] mod b { use rusqlite::C; }"),
            ("server/http/src/a.rs", "a(\"Select a file\", \"SELECT\", \"UPDATE it now\")"),
        ]);
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn nobody_else_may() {
        let driver = "[package]\nname = \"cavuer-engine\"\n[dependencies]\nrusqlite = \"1\"";
        let found = faults([
            ("server/engine/Cargo.toml", driver),
            ("server/engine/src/a.rs", "use rusqlite::{self, B};\nuse tokio_postgres as c;"),
            ("server/engine/src/b.sql", "SELECT 1"),
            ("server/store/src/a.rs", "use rusqlite::B;"),
            ("server/store/src/b.rs", "use {rusqlite as db, std::fs};"),
            ("server/store/src/c.rs", "use ::rusqlite as db; fn a(b: ::rusqlite::C) {}"),
            ("server/http/src/a.rs", "\na(\"\\n  UPDATE b\n SET c = 1\", r#\"SELECT(1)\"#)"),
        ]);
        let remedy = FENCE.remedy;
        let expected = [
            format!("server/engine/Cargo.toml:4: cavuer-engine depends on rusqlite; {remedy}"),
            format!("server/engine/src/a.rs:1: the crate rusqlite is named; {remedy}"),
            format!("server/engine/src/a.rs:2: the crate tokio_postgres is named; {remedy}"),
            format!("server/store/src/a.rs:1: the crate rusqlite is named; {remedy}"),
            format!("server/store/src/b.rs:1: the crate rusqlite is named; {remedy}"),
            format!("server/store/src/c.rs:1: the crate rusqlite is named; {remedy}"),
            format!("server/store/src/c.rs:1: the crate rusqlite is named; {remedy}"),
            format!("server/engine/src/b.sql:1: a file of SQL; {remedy}"),
            format!("server/http/src/a.rs:2: a statement of SQL, `UPDATE b SET …`; {remedy}"),
            format!("server/http/src/a.rs:3: a statement of SQL, `SELECT (1) …`; {remedy}"),
        ];
        assert_eq!(found, expected);
    }
}
