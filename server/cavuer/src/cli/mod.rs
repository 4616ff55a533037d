//! The command line.

mod admin;
mod backup;
mod extract;
mod hash;
mod input;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, LogFormat, RawConfig};
use crate::demo;

/// AI support chat for web sites: widget, console, agents and knowledge in one program.
///
/// Start with `cavuer demo` to see it at work, or with `cavuer serve` to use it: the first person
/// who opens /console/ makes the first account.
#[derive(Parser)]
#[command(name = "cavuer", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server
    Serve(RawConfig),
    /// Run the server together with a small shop that uses it, on an address of its own
    Demo(demo::DemoArgs),
    /// Print the data-user-hash for a user id
    Hash(hash::HashArgs),
    /// Make accounts and reset passwords
    Admin(admin::AdminArgs),
    /// Copy the database to a new file while the server runs
    Backup(backup::BackupArgs),
    /// Read one document for the server
    #[command(hide = true)]
    Extract(extract::ExtractArgs),
}

/// Runs the command that the arguments name; problems go to standard error.
pub fn run() -> ExitCode {
    let outcome = match Cli::parse().command {
        // A process with narrow limits on its memory has no use for threads.
        Command::Extract(args) => extract::run(&args),
        command => match tokio::runtime::Runtime::new() {
            Ok(runtime) => runtime.block_on(run_with_threads(command)),
            Err(error) => Err(error.to_string()),
        },
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("cavuer: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run_with_threads(command: Command) -> Result<(), String> {
    match command {
        Command::Serve(raw) => with_config(raw, serve::run).await,
        Command::Demo(args) => {
            with_config(args.server.clone(), |config| demo::run(args, config)).await
        }
        Command::Hash(args) => hash::run(args).await,
        Command::Admin(args) => admin::run(args).await,
        Command::Backup(args) => backup::run(args).await,
        Command::Extract(args) => extract::run(&args),
    }
}

async fn with_config<F>(raw: RawConfig, run: impl FnOnce(Config) -> F) -> Result<(), String>
where
    F: Future<Output = Result<(), String>>,
{
    let config = Config::check(raw).map_err(|problems| {
        format!("the configuration has to be mended:\n  {}", problems.join("\n  "))
    })?;
    start_logging(&config);
    run(config).await
}

fn start_logging(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::new(&config.log);
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
}
