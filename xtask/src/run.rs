//! `cargo xtask run`: from a fresh clone to a chat.

use std::ffi::OsString;
use std::process::Command;
use std::thread;

use anyhow::Result;

use crate::build::{self, ServerProfile};
use crate::process;
use crate::setup;
use crate::step::step;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Build the server for speed instead of for a quick start
    #[arg(long)]
    release: bool,
    /// Passed on to `cavuer demo`
    #[arg(last = true)]
    demo: Vec<OsString>,
}

/// Builds everything and serves the demo in the foreground.
pub(crate) fn run(options: Options) -> Result<()> {
    let toolchain = setup::for_build()?;
    let profile = step("Building Cavuer", || {
        if options.release {
            // The release binary embeds the web parts, so they come first.
            build::web(toolchain)?;
            build::server(ServerProfile::Release)?;
            return Ok(ServerProfile::Release);
        }
        thread::scope(|scope| {
            let server =
                scope.spawn(|| step("Compiling the server", || build::server(ServerProfile::Dev)));
            let web = build::web(toolchain);
            let server = server.join().expect("building does not panic");
            web.and(server).map(|()| ServerProfile::Dev)
        })
    })?;
    println!("▸ Starting: cavuer demo\n");
    serve(Command::new(profile.binary()).arg("demo").args(options.demo))
}

/// Becomes the server, so that signals reach it and not a parent that waits for it.
#[cfg(unix)]
fn serve(command: &mut Command) -> Result<()> {
    use std::os::unix::process::CommandExt;

    let error = command.exec();
    anyhow::bail!("cannot start {}: {error}", process::shown(command))
}

#[cfg(not(unix))]
fn serve(command: &mut Command) -> Result<()> {
    process::run(command)
}
