//! The crates, in their order.

/// Each crate and its folder; a crate may use those before it and no others.
pub(super) const ORDER: [Crate; 8] = [
    Crate { name: "cavuer-protocol", folder: "protocol" },
    Crate { name: "cavuer-base", folder: "server/base" },
    Crate { name: "cavuer-text", folder: "server/text" },
    STORE,
    Crate { name: "cavuer-models", folder: "server/models" },
    Crate { name: "cavuer-engine", folder: "server/engine" },
    HTTP,
    BINARY,
];

/// The only crate with SQL.
pub(super) const STORE: Crate = Crate { name: "cavuer-store", folder: "server/store" };
/// The only crate with routes.
pub(super) const HTTP: Crate = Crate { name: "cavuer-http", folder: "server/http" };
/// What starts all of it.
pub(super) const BINARY: Crate = Crate { name: "cavuer", folder: "server/cavuer" };

/// Packages beside the order, and how many crates of it they may use, from its beginning.
pub(super) const BESIDE: [(Crate, usize); 6] = [
    (Crate { name: "cavuer-widget", folder: "widget" }, 1),
    (Crate { name: "cavuer-console", folder: "console" }, 1),
    (Crate { name: "cavuer-tests", folder: TESTS }, ORDER.len()),
    (Crate { name: "cavuer-fuzz", folder: "tests/fuzz" }, ORDER.len()),
    (Crate { name: "xtask", folder: "xtask" }, 0),
    (Crate { name: "wasm-bindgen-tools", folder: "xtask/wasm-bindgen-tools" }, 0),
];

/// The folder of the tests on the real server.
pub(super) const TESTS: &str = "tests";

/// A package of the repository.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Crate {
    pub name: &'static str,
    pub folder: &'static str,
}

/// The crates that the package of this name may use, or none if nobody has given it a place.
pub(super) fn usable_by(name: &str) -> Option<&'static [Crate]> {
    let count = ORDER
        .iter()
        .position(|one| one.name == name)
        .or_else(|| BESIDE.iter().find_map(|(one, count)| (one.name == name).then_some(*count)))?;
    Some(&ORDER[..count])
}

/// Where the package of this name has to lie.
pub(super) fn folder_of(name: &str) -> Option<&'static str> {
    let beside = BESIDE.iter().map(|(one, _)| one);
    ORDER.iter().chain(beside).find_map(|one| (one.name == name).then_some(one.folder))
}
