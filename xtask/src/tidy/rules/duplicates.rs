//! Two versions of one package have a reason, and packages come from where we know.

use anyhow::{Context, Result};
use toml::{Table, Value};

use crate::tidy::deny::{self, SETTINGS};
use crate::tidy::fault::Fault;
use crate::tidy::tree::Tree;

/// New second versions, those listed that are gone, and those listed without a reason.
pub(crate) fn check(tree: &Tree) -> Result<Vec<Fault>> {
    let remedy = "have one of them go, or add the older one to xtask/tidy/deny.toml with a reason";
    let mut faults = deny::check(tree, &["bans", "sources"], remedy)?;
    let settings = tree.file(SETTINGS).with_context(|| format!("{SETTINGS} is missing"))?;
    let table: Table =
        settings.text.parse().with_context(|| format!("cannot understand {SETTINGS}"))?;
    let skipped = table.get("bans").and_then(|bans| bans.get("skip")).and_then(Value::as_array);
    for entry in skipped.into_iter().flatten() {
        let name = entry.get("crate").and_then(Value::as_str).unwrap_or_default();
        let reason = entry.get("reason").and_then(Value::as_str).unwrap_or_default();
        if reason.trim().is_empty() {
            let place = settings.text.lines().position(|line| line.contains(name));
            let what = format!("the second version {name} is listed without a reason");
            let line = place.map_or(1, |place| place + 1);
            faults.push(Fault::new(SETTINGS, line, what, "say who needs it: `reason = \"…\"`"));
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SETTING: &str = "[bans]\nmultiple-versions = \"deny\"\nskip = [\n";
    const UNUSED: &str = "[bans.workspace-dependencies]\nunused = \"deny\"\n\
    include-path-dependencies = true\n";

    fn faults(workspace: &str, skipped: &str) -> Option<Vec<String>> {
        let settings = format!("{SETTING}{skipped}]\n{UNUSED}");
        let root = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [\"c\", \"d\"]\n\
             exclude = [\"a\", \"b\"]\n{workspace}"
        );
        let package = |version: &str, rest: &str| {
            format!("[package]\nname = \"a\"\nversion = \"{version}\"\n{rest}")
        };
        let user = "[package]\nname = \"c\"\n[dependencies]\n\
            a = { path = \"../a\" }\na2 = { package = \"a\", path = \"../b\" }\n";
        let (one, two) = (package("1.0.0", ""), package("2.0.0", ""));
        let files = [
            ("Cargo.toml", root.as_str()),
            ("a/Cargo.toml", one.as_str()),
            ("b/Cargo.toml", two.as_str()),
            ("c/Cargo.toml", user),
            ("d/Cargo.toml", "[package]\nname = \"d\"\n"),
            ("d/src/lib.rs", ""),
            ("a/src/lib.rs", ""),
            ("b/src/lib.rs", ""),
            ("c/src/lib.rs", ""),
        ];
        let (_folder, tree) = deny::workspace(&settings, &files)?;
        Some(check(&tree).unwrap().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn second_versions_with_a_reason_are_fine() {
        let skipped = "{ crate = \"a:1\", reason = \"c needs both\" },\n";
        let Some(found) = faults("", skipped) else { return };
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn second_versions_without_a_reason_are_told() {
        let Some(found) = faults("", "") else { return };
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with("Cargo.lock:"), "{found:?}");
        assert!(found[0].contains("a 1.0.0, a 2.0.0; have one of them go"), "{found:?}");
        let found = faults("", "{ crate = \"a:1\" },\n").unwrap();
        let expected = "xtask/tidy/deny.toml:4: the second version a:1 is listed without a reason; \
            say who needs it: `reason = \"…\"`";
        assert_eq!(found, [expected]);
    }

    #[test]
    fn entries_without_use_are_told() {
        let skipped = "{ crate = \"a:1\", reason = \"c needs both\" },\n\
            { crate = \"a:0.9\", reason = \"it was needed\" },\n";
        let unused = "[workspace.dependencies]\nserde = \"1\"\n";
        let Some(found) = faults(unused, skipped) else { return };
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[0].starts_with("Cargo.toml:6: workspace dependency is declared"),
            "{found:?}"
        );
        assert!(found[1].starts_with("xtask/tidy/deny.toml:5: "), "{found:?}");
    }
}
