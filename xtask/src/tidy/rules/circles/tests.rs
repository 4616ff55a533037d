use super::*;

fn faults<const N: usize>(files: [(&str, &str); N]) -> Vec<String> {
    let manifest = ("a/Cargo.toml", "[package]\nname = \"a\"");
    let mut all = vec![manifest];
    all.extend(files);
    check(&Tree::from_pairs(&all)).unwrap().iter().map(ToString::to_string).collect()
}

fn has_circle<const N: usize>(files: [(&str, &str); N]) -> bool {
    !faults(files).is_empty()
}

#[test]
fn a_circle_of_rooms_is_told_with_its_places() {
    let found = faults([
        ("a/src/lib.rs", "mod b; mod c; mod d;"),
        ("a/src/b.rs", "\nuse crate::c::C;"),
        ("a/src/c.rs", "use crate::d;"),
        ("a/src/d.rs", "fn d() { view! { <p>{crate::b::f()}</p> } }"),
    ]);
    let expected = "a/src/b.rs:2: a circle of modules: b uses c (a/src/b.rs:2), \
        c uses d (a/src/c.rs:1), d uses b (a/src/d.rs:1); \
        move what they share into a module below them, or pass it in";
    assert_eq!(found, [expected]);
}

#[test]
fn one_direction_is_no_circle() {
    assert!(!has_circle([
        ("a/src/lib.rs", "mod b; mod c; pub use b::B; fn f() { c::f() }"),
        ("a/src/b.rs", "pub struct B;"),
        ("a/src/c.rs", "use crate::{b, B}; use super::f; use other::b::c;"),
    ]));
}

#[test]
fn names_are_followed_through_re_exports() {
    let lib = "mod b; mod c; pub use b::B;";
    let c = ("a/src/c.rs", "pub fn c(b: crate::B) {}");
    assert!(has_circle([("a/src/lib.rs", lib), ("a/src/b.rs", "use super::c as d;"), c]));
    assert!(!has_circle([("a/src/lib.rs", lib), ("a/src/b.rs", "use other::c;"), c]));
    // Through a re-export of everything, and through one that a glob brings in.
    let lib = "mod b; mod c; pub use b::*;";
    let b = ("a/src/b.rs", "pub struct B; use crate::c::c;");
    assert!(has_circle([("a/src/lib.rs", lib), b, c]));
    let c = ("a/src/c.rs", "use super::*; pub fn c() { b::B }");
    assert!(has_circle([("a/src/lib.rs", lib), b, c]));
    let c = ("a/src/c.rs", "use crate::*; pub fn c(b: &B) {}");
    assert!(has_circle([("a/src/lib.rs", lib), b, c]), "a name that a glob alone brings in");
}

#[test]
fn modules_of_one_folder_form_no_circle_either() {
    let lib = ("a/src/lib.rs", "mod b; mod e;");
    let b = ("a/src/b/mod.rs", "mod c; mod d; pub use d::D; pub struct B;");
    let c = ("a/src/b/c.rs", "use super::{B, D}; pub struct C;");
    let one_way = ("a/src/b/d.rs", "use super::B; pub struct D;");
    let back = ("a/src/b/d.rs", "use super::c::C; pub struct D;");
    assert!(!has_circle([lib, b, c, one_way]), "what is defined above is no circle");
    let found = faults([lib, b, c, back]);
    assert!(found[0].contains("b::c uses b::d (a/src/b/c.rs:1), b::d uses b::c"), "{found:?}");
    // In one file.
    assert!(has_circle([("a/src/lib.rs", "mod b { use super::c::C; } mod c { use super::b; }")]));
    // A room's modules count for the room.
    let e = ("a/src/e.rs", "use crate::b;");
    let c = ("a/src/b/c.rs", "use crate::e::E;");
    assert!(has_circle([lib, b, c, one_way, e]));
}

#[test]
fn tests_and_comments_do_not_count_and_texts_of_attributes_do() {
    let lib = ("a/src/lib.rs", "mod b; mod c;");
    let c = ("a/src/c.rs", "use crate::b;");
    let tests = "// crate::c\n/// [`crate::c`]\n#[cfg(test)] mod tests { use crate::c; }";
    assert!(!has_circle([lib, c, ("a/src/b.rs", tests)]));
    assert!(has_circle([lib, c, ("a/src/b.rs", "#[serde(with = \"crate::c\")] struct B;")]));
}

#[test]
fn crates_form_no_circle_by_way_of_their_tests() {
    let one = "[package]\nname = \"b\"\n[dependencies]\na.workspace = true";
    let other = "[package]\nname = \"c\"\n[dev-dependencies]\nb.workspace = true";
    assert!(!has_circle([("b/Cargo.toml", one), ("c/Cargo.toml", other)]));
    let other = "[package]\nname = \"a\"\n[dev-dependencies]\nb.workspace = true";
    assert!(has_circle([("b/Cargo.toml", one), ("a/Cargo.toml", other)]));
}

#[test]
fn many_imports_of_everything_come_to_an_end() {
    let globs = "use d::e::*; use f::g::*; use super::*; use self::*; use crate::h::*;";
    let lib = format!("mod b; mod c; use c::*; {globs}");
    let b = format!("{globs} fn b() {{ i::j() }}");
    assert!(!has_circle([("a/src/lib.rs", &lib), ("a/src/b.rs", &b), ("a/src/c.rs", &b)]));
}
