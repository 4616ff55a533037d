//! The migrations have no gap, and the program runs all of them in order.

use anyhow::Result;

use crate::tidy::fault::Fault;
use crate::tidy::source::{Kind, Source};
use crate::tidy::tree::Tree;

const FOLDER: &str = "server/store/src/sqlite/migrations";
/// The file that lists them.
const LIST: &str = "server/store/src/sqlite/migrate.rs";

pub(crate) fn check(tree: &Tree) -> Result<Vec<Fault>> {
    let prefix = format!("{FOLDER}/");
    let names: Vec<_> = tree.files().filter_map(|file| file.path.strip_prefix(&prefix)).collect();
    let Some(list) = tree.file(LIST).filter(|_| !names.is_empty()) else {
        let what = format!("there are no migrations in {FOLDER}, or no list of them");
        return Ok(vec![Fault::new(LIST, 1, what, "mend the paths in this rule if they moved")]);
    };
    let mut faults = Vec::new();
    // The files are in the order of their names.
    for (number, name) in (1..).zip(&names) {
        if number_of(name) != Some(number) {
            let what = format!("the migration should have the number {number:04}");
            let remedy = "name migrations NNNN_name.sql, from 0001 on without a gap";
            faults.push(Fault::new(format!("{FOLDER}/{name}"), 1, what, remedy));
        }
    }
    let listed = listed(list.source());
    for (place, (line, name)) in listed.iter().enumerate() {
        if names.get(place) != Some(&name.as_str()) {
            let expected = names.get(place).copied().unwrap_or("the end");
            let what = format!("the migration {name} is listed where {expected} should be");
            faults.push(Fault::new(
                LIST,
                *line,
                what,
                "list all files in the order of their numbers",
            ));
            return Ok(faults);
        }
    }
    for name in names.iter().skip(listed.len()) {
        let what = format!("the migration {name} is not listed, so that it never runs");
        faults.push(Fault::new(LIST, 1, what, "list all files in the order of their numbers"));
    }
    Ok(faults)
}

/// The number of `NNNN_name.sql`.
fn number_of(name: &str) -> Option<usize> {
    let (number, rest) = name.split_once('_')?;
    let title = rest.strip_suffix(".sql")?;
    let is_plain = |one: char| one == '_' || one.is_ascii_lowercase() || one.is_ascii_digit();
    let is_well_named = number.len() == 4 && !title.is_empty() && title.chars().all(is_plain);
    number.parse().ok().filter(|_| is_well_named)
}

/// Line and name of each migration that the list includes.
fn listed(source: &Source) -> Vec<(usize, String)> {
    let texts = source
        .tokens()
        .iter()
        .enumerate()
        .filter(|(place, token)| token.kind == Kind::Text && !source.is_for_tests(*place));
    texts
        .filter_map(|(place, token)| {
            let name = source.quoted(place)?;
            let is_file = name.starts_with(|one: char| one.is_ascii_digit());
            is_file.then(|| (token.line, format!("{name}.sql")))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(names: &[&str], listed: &[&str]) -> Vec<String> {
        let line = |name: &&str| format!("{:?},\n", name.trim_end_matches(".sql"));
        let list = format!("migrations![\n{}];", listed.iter().map(line).collect::<String>());
        let paths: Vec<_> = names.iter().map(|name| format!("{FOLDER}/{name}")).collect();
        let mut files = vec![(LIST, list.as_str())];
        files.extend(paths.iter().map(|path| (path.as_str(), "")));
        check(&Tree::from_pairs(&files)).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn all_in_order_is_fine() {
        let names = ["0001_first.sql", "0002_second_one.sql"];
        assert_eq!(faults(&names, &names), [""; 0]);
    }

    #[test]
    fn gaps_and_names_are_told() {
        let names = ["0001_first.sql", "0003_third.sql", "4_Fourth.sql"];
        let found = faults(&names, &names);
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with(
            "server/store/src/sqlite/migrations/0003_third.sql:1: the migration should have the number 0002"
        ));
    }

    #[test]
    fn the_list_is_complete_and_in_order() {
        let names = ["0001_first.sql", "0002_second.sql"];
        let found = faults(&names, &["0002_second.sql", "0001_first.sql"]);
        assert!(found[0].starts_with(
            "server/store/src/sqlite/migrate.rs:2: the migration 0002_second.sql is listed where 0001_first.sql should be"
        ));
        assert!(faults(&names, &["0001_first.sql"])[0].contains("0002_second.sql is not listed"));
        let more = ["0001_first.sql", "0002_second.sql", "0003_third.sql"];
        assert!(faults(&names, &more)[0].contains("is listed where the end should be"));
        assert_eq!(faults(&[], &[]).len(), 1);
    }
}
