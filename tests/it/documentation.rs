//! The documentation's samples and tables are true.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use cavuer::demo::DemoArgs;
use cavuer_http::guard::identity;
use clap::{Args as _, Command as Arguments};

#[allow(dead_code, unreachable_pub, reason = "a whole program, of which a test calls a part")]
#[path = "../samples/user_hash.rs"]
mod sample;

const IDENTITY: &str = include_str!("../../docs/src/identity.md");
const CONFIGURATION: &str = include_str!("../../docs/src/configuration.md");
const RUST_SAMPLE: &str = include_str!("../samples/user_hash.rs");

const SECRET_KEY: &str = "sk_0123456789abcdefghijABCDEFGHIJ0123456789";
const USER_IDS: [&str; 6] = [
    "john@example.com",
    "JOHN@Example.COM",
    "7",
    "Жанна Д’Арк 🦊",
    "two\nlines\r\n",
    " a \"quoted\" $id with `signs` ",
];

#[test]
fn the_node_sample_makes_our_hashes() {
    assert_runs("node", "user_hash.js", &sample("node"));
}

#[test]
fn the_python_sample_makes_our_hashes() {
    assert_runs("python3", "user_hash.py", &sample("python"));
}

/// PHP is not everywhere. `CAVUER_TEST_PHP=1` says that it has to be here.
#[test]
fn the_php_sample_makes_our_hashes() {
    let php_sample = sample("php");
    let is_required = std::env::var_os("CAVUER_TEST_PHP").is_some_and(|value| value == "1");
    if is_required || Command::new("php").arg("--version").output().is_ok() {
        assert_runs("php", "user_hash.php", &php_sample);
    }
}

#[test]
fn the_rust_sample_makes_our_hashes() {
    assert_eq!(sample("rust"), RUST_SAMPLE, "tests/samples/user_hash.rs is another program");
    for id in USER_IDS {
        assert_eq!(sample::user_hash(SECRET_KEY, id), identity::hash(SECRET_KEY, id), "{id:?}");
    }
}

/// A setting without a row, a row without a setting, and a row with another default are errors.
#[test]
fn the_configuration_table_has_every_setting() {
    // The demo takes what the server takes, and one setting of its own.
    let settings = DemoArgs::augment_args(Arguments::new("cavuer"));
    let settings: BTreeMap<_, _> = settings
        .get_arguments()
        .filter_map(|argument| {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let default = help.split_once("[default: ").map(|(_, rest)| rest.replace(']', ""));
            let variable = argument.get_env()?.to_str()?.to_owned();
            Some((variable, default.unwrap_or_default()))
        })
        .collect();
    let rows: BTreeMap<_, _> = CONFIGURATION
        .lines()
        .filter_map(|line| line.strip_prefix("| `CAVUER_"))
        .map(|row| {
            let (variable, cells) = row.split_once("` |").expect("a variable is closed");
            let default = cells.trim_end_matches('|').rsplit('|').next().unwrap_or_default();
            (format!("CAVUER_{variable}"), default.trim().replace('`', ""))
        })
        .collect();
    assert_eq!(rows, settings);
}

/// The code block after the comment that names it.
fn sample(name: &str) -> String {
    let (_, rest) = IDENTITY
        .split_once(&format!("<!-- sample: {name} -->\n```"))
        .unwrap_or_else(|| panic!("the page on identity has no sample {name:?}"));
    let (_, rest) = rest.split_once('\n').expect("a block has lines");
    let (code, _) = rest.split_once("\n```").expect("a block is closed");
    format!("{code}\n")
}

/// Runs the program once for each id and compares what it prints with the server's own hash.
fn assert_runs(interpreter: &str, file: &str, code: &str) {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join(file);
    std::fs::write(&path, code).expect("a file can be written");
    for id in USER_IDS {
        assert_eq!(output(interpreter, &path, id), identity::hash(SECRET_KEY, id), "{id:?}");
    }
}

fn output(interpreter: &str, path: &Path, id: &str) -> String {
    let output = Command::new(interpreter)
        .arg(path)
        .arg(id)
        .env("CAVUER_SECRET_KEY", SECRET_KEY)
        // Without it, Python takes arguments for ASCII where no locale is set.
        .env("PYTHONUTF8", "1")
        .output()
        .unwrap_or_else(|error| panic!("{interpreter} has to be installed: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_owned()
}
