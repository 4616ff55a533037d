//! Only the crate of routes and the binary know the web server.

use anyhow::Result;

use super::foreign::Fence;
use crate::tidy::crates::{BINARY, HTTP};
use crate::tidy::fault::Fault;
use crate::tidy::tree::Tree;

/// Axum, and what comes with it. The client that goes outside is another matter.
const FENCE: Fence = Fence {
    crates: &[
        "axum",
        "axum-core",
        "axum-extra",
        "axum-macros",
        "hyper",
        "hyper-util",
        "tower-http",
        "utoipa-axum",
    ],
    folders: &[HTTP.folder, BINARY.folder],
    named_in: None,
    remedy: "move what speaks HTTP to server/http, and hand over plain values",
};

pub(crate) fn check(tree: &Tree) -> Result<Vec<Fault>> {
    FENCE.check(tree)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults<const N: usize>(files: [(&str, &str); N]) -> Vec<String> {
        check(&Tree::of(files)).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn routes_binary_and_tests_may_name_it() {
        let manifest = "[package]\nname = \"a\"\n[dependencies]\naxum.workspace = true";
        let found = faults([
            ("server/http/Cargo.toml", manifest),
            ("server/http/src/lib.rs", "use axum::Router;"),
            ("server/cavuer/src/main.rs", "axum::serve(a, b);"),
            ("tests/Cargo.toml", manifest),
            ("tests/src/lib.rs", "use axum::Router;"),
            ("server/engine/src/lib.rs", "use crate::axum::A; fn axum() { self.axum(); }"),
        ]);
        assert_eq!(found, [""; 0]);
    }

    #[test]
    fn nobody_else_may() {
        let manifest =
            "[package]\nname = \"cavuer-engine\"\n[dev-dependencies.tower-http]\nversion = \"1\"";
        let found = faults([
            ("server/engine/Cargo.toml", manifest),
            ("server/engine/src/lib.rs", "\nuse {\n axum_extra::extract};"),
            ("server/models/src/lib.rs", "fn a() -> ::hyper::Body {}"),
        ]);
        let remedy = FENCE.remedy;
        let expected = [
            format!("server/engine/Cargo.toml:3: cavuer-engine depends on tower-http; {remedy}"),
            format!("server/engine/src/lib.rs:3: the crate axum_extra is named; {remedy}"),
            format!("server/models/src/lib.rs:1: the crate hyper is named; {remedy}"),
        ];
        assert_eq!(found, expected);
    }
}
