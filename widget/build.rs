//! Makes one small style sheet of the shared tokens and the panel's own style.

use std::error::Error;
use std::path::Path;
use std::{env, fs};

const SHEETS: [&str; 2] = ["../assets/tokens.css", "src/style.css"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut css = String::new();
    for sheet in SHEETS {
        println!("cargo::rerun-if-changed={sheet}");
        let source = fs::read_to_string(sheet).map_err(|error| format!("{sheet}: {error}"))?;
        css += &minified(&source);
    }
    let css = without_unused(css);
    let folder = env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?;
    Ok(fs::write(Path::new(&folder).join("style.css"), css)?)
}

/// Without the tokens that only other parts of Cavuer name.
fn without_unused(mut css: String) -> String {
    loop {
        let declared = css.match_indices("--").find_map(|(start, _)| {
            let before = css[..start].chars().next_back()?;
            let (name, value) = css[start..].split_once(':').filter(|_| "{;".contains(before))?;
            let is_used = css.contains(&format!("var({name})"));
            let end = value.find([';', '}']).filter(|_| !is_used)?;
            let mark = usize::from(value[end..].starts_with(';'));
            Some(start..start + name.len() + 1 + end + mark)
        });
        match declared {
            Some(unused) => css.replace_range(unused, ""),
            None => return css,
        }
    }
}

/// Without comments and without the white space that only people need. The sheets have no strings
/// that contain either.
fn minified(source: &str) -> String {
    let mut css = String::new();
    let mut rest = source;
    while let Some((before, comment)) = rest.split_once("/*") {
        css += before;
        rest = comment.split_once("*/").map_or("", |(_, behind)| behind);
    }
    css += rest;
    let mut css = css.split_whitespace().collect::<Vec<_>>().join(" ");
    for mark in ["{", "}", ";", ","] {
        css = css.replace(&format!(" {mark}"), mark);
        css = css.replace(&format!("{mark} "), mark);
    }
    css.replace(": ", ":").replace(";}", "}")
}
