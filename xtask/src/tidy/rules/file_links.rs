//! Links of documents lead to files that exist.

use anyhow::Result;

use crate::tidy::fault::Fault;
use crate::tidy::tree::{File, Tree};

/// What comes before the address of a link, and what ends it.
const LINKS: &[(&str, &[char])] =
    &[("](", &[')', ' ']), ("]: ", &[' ']), ("src=\"", &['"']), ("href=\"", &['"'])];

pub(crate) fn check(tree: &Tree) -> Result<Vec<Fault>> {
    let documents = tree.files().filter(|file| file.path.ends_with(".md"));
    Ok(documents.flat_map(|file| dead_links(tree, file)).collect())
}

fn dead_links(tree: &Tree, file: &File) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut in_code = false;
    for (line, text) in (1..).zip(file.text.lines()) {
        if text.trim_start().starts_with("```") {
            in_code = !in_code;
        }
        if in_code {
            continue;
        }
        let text = without_code(text);
        for address in addresses(&text) {
            if !leads_somewhere(tree, file, address) {
                let what = format!("the link {address} leads to no file");
                faults.push(Fault::new(&file.path, line, what, "mend it or take it out"));
            }
        }
    }
    faults
}

/// The line with what stands between backticks taken out.
fn without_code(line: &str) -> String {
    line.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

fn addresses(line: &str) -> Vec<&str> {
    let mut addresses = Vec::new();
    for (before, after) in LINKS {
        for (start, _) in line.match_indices(before) {
            let rest = line[start + before.len()..].trim_start_matches('<');
            addresses.push(rest.split(*after).next().unwrap_or_default().trim_end_matches('>'));
        }
    }
    addresses
}

/// Whether the address is of a file of the repository, or of something else than a file.
fn leads_somewhere(tree: &Tree, file: &File, address: &str) -> bool {
    let path = address.split(['#', '?']).next().unwrap_or_default();
    let has_scheme = path.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.chars().all(|one| one.is_ascii_alphanumeric())
    });
    if path.is_empty() || has_scheme || path.starts_with("//") {
        return true;
    }
    let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let from = if path.starts_with('/') { "" } else { folder };
    let mut parts: Vec<_> = from.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return false;
                }
            }
            _ => parts.push(part),
        }
    }
    tree.has(&parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str) -> Vec<String> {
        let tree = Tree::of([("a/b.png", ""), ("LICENSE", ""), (path, text)]);
        check(&tree).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn files_folders_and_the_web_are_fine() {
        let text = "[x](a/b.png#y) ![z](./a/ \"title\") [w](https://example.com/a) [m](mailto:a@b)\n\
            [here](#x) `[no](code)` <img src=\"a/b.png\">\n```\n[no](code)\n```\n[r]: LICENSE";
        assert_eq!(faults("README.md", text), [""; 0]);
        assert_eq!(faults("c/d.md", "[x](../LICENSE) [y](/a/b.png)"), [""; 0]);
    }

    #[test]
    fn what_leads_nowhere_is_told() {
        let expected = "c/d.md:2: the link b.png leads to no file; mend it or take it out";
        assert_eq!(faults("c/d.md", "\n[x](b.png)"), [expected]);
        let text = "[x](../../LICENSE) <img src=\"gone.png\">\n[r]: gone.md";
        assert_eq!(faults("c/d.md", text).len(), 3);
    }
}
