//! Running Cargo with a progress that stays readable when two of them run at once.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::paths;
use crate::process::shown;

/// The packages that only a browser runs.
pub(crate) const WEB_PACKAGES: [&str; 2] = ["cavuer-widget", "cavuer-console"];

/// How often a build that goes on says so.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Cargo's own words for work that goes as planned.
const ROUTINE: &[&str] = &[
    "Adding",
    "Blocking",
    "Checking",
    "Compiling",
    "Downloaded",
    "Downloading",
    "Dirty",
    "Finished",
    "Fresh",
    "Locking",
    "Updating",
];

/// The Cargo that runs xtask, in the repository.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(paths::root());
    command
}

/// Runs a build, and tells every now and then how far it is. Warnings and errors are shown.
pub(crate) fn build(name: &str, command: &mut Command) -> Result<()> {
    let mut child = command
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    let stderr = BufReader::new(child.stderr.take().expect("stderr is piped"));
    let (sender, lines) = mpsc::channel();
    let reader = thread::spawn(move || {
        for line in stderr.lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });

    let mut compiled = 0;
    let mut now = String::from("starting");
    loop {
        match lines.recv_timeout(HEARTBEAT) {
            Ok(line) => {
                let mut words = line.split_whitespace();
                match words.next() {
                    Some("Compiling" | "Checking") => {
                        compiled += 1;
                        now = words.next().unwrap_or_default().to_owned();
                        if compiled % 50 == 0 {
                            println!("  {name}: {compiled} packages, now {now}");
                        }
                    }
                    Some(word) if ROUTINE.contains(&word) => {}
                    _ => eprintln!("{line}"),
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                println!("  {name}: {compiled} packages, now {now}");
            }
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    reader.join().expect("the reader does not panic");
    let status = child.wait()?;
    if !status.success() {
        bail!("`{}` failed: {status}", shown(command));
    }
    Ok(())
}
