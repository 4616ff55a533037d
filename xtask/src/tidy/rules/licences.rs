//! Every package is under a licence that we take.

use anyhow::Result;

use crate::tidy::deny;
use crate::tidy::fault::Fault;
use crate::tidy::tree::Tree;

/// Licences that the settings do not allow, and those they allow that nobody has.
pub(crate) fn check(tree: &Tree) -> Result<Vec<Fault>> {
    let remedy = "take another package, or allow the licence in xtask/tidy/deny.toml if we may";
    deny::check(tree, &["licenses"], remedy)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT: (&str, &str) = ("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"a\"]\n");

    fn faults(licence: &str, allowed: &str) -> Option<Vec<String>> {
        let settings =
            format!("[licenses]\nallow = [{allowed}]\nunused-allowed-license = \"deny\"\n");
        let package =
            format!("[package]\nname = \"a\"\nversion = \"1.0.0\"\nlicense = \"{licence}\"\n");
        let files = [ROOT, ("a/Cargo.toml", package.as_str()), ("a/src/lib.rs", "")];
        let (_folder, tree) = deny::workspace(&settings, &files)?;
        Some(check(&tree).unwrap().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn allowed_licences_are_fine() {
        let Some(found) = faults("GPL-3.0-only OR MIT", "\"MIT\"") else { return };
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn other_licences_are_told_and_allowances_without_use() {
        let Some(found) = faults("GPL-3.0-only", "\"GPL-3.0-only\"") else { return };
        assert_eq!(found, [""; 0]);
        let found = faults("GPL-3.0-only", "\n\"MIT\"").unwrap();
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[0].starts_with(
                "Cargo.lock:6: failed to satisfy license requirements: a 1.0.0 (GPL-3.0-only)"
            ),
            "{found:?}"
        );
        assert!(found[1].starts_with("xtask/tidy/deny.toml:3: "), "{found:?}");
    }
}
