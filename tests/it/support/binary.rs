use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use reqwest::Client;
use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

use super::{client, in_time};

/// The real program as a process of its own, serving.
pub(crate) struct Binary {
    process: Child,
    /// Read as long as the process lives, or its writes would fail.
    output: Lines<BufReader<ChildStdout>>,
    log: PathBuf,
    pub url: String,
    pub http: Client,
}

/// The program with no environment but `variables`.
///
/// # Panics
/// If it has not been built.
pub(crate) fn cavuer(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(path());
    command.args(arguments).env_clear().envs(variables.iter().copied()).kill_on_drop(true);
    command
}

impl Binary {
    /// Starts `cavuer serve` on a data folder and waits until it listens.
    pub(crate) async fn serve(folder: &Path, variables: &[(&str, &str)]) -> Self {
        let log = folder.join("test.log");
        let file = File::options().create(true).append(true).open(&log).expect("a log file");
        let folder = folder.to_str().expect("a path of UTF-8");
        let mut process = cavuer(&["serve"], variables)
            .env("CAVUER_LISTEN", "127.0.0.1:0")
            .env("CAVUER_DATA_DIR", folder)
            .env("CAVUER_SIGN_UP", "open")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(file)
            .spawn()
            .expect("the program starts");
        let output = process.stdout.take().expect("its output is piped");
        let mut output = BufReader::new(output).lines();
        let url = loop {
            let line = in_time("the server's address", output.next_line()).await;
            let Ok(Some(line)) = line else {
                panic!("it ended: {}", std::fs::read_to_string(&log).unwrap_or_default());
            };
            if let Some((_, url)) =
                line.split_once("Listening").filter(|(before, _)| before.is_empty())
            {
                break url.trim().trim_end_matches('/').to_owned();
            }
        };
        Self { process, output, log, url, http: client() }
    }

    /// Kills it as `kill -9` does: it cannot save anything.
    pub(crate) async fn kill(mut self) {
        in_time("its end", self.process.kill()).await.expect("it can be killed");
    }

    /// Asks it to end, as a service manager does, and returns everything that it has written.
    pub(crate) async fn stop(mut self) -> String {
        let id = self.process.id().expect("it runs").to_string();
        let asked = Command::new("kill").args(["-TERM", &id]).status().await;
        assert!(asked.expect("kill runs").success());
        let mut written = String::new();
        while let Some(line) = in_time("its output", self.output.next_line()).await.expect("text") {
            written.push_str(&line);
            written.push('\n');
        }
        let status = in_time("its end", self.process.wait()).await.expect("it ends");
        assert!(status.success(), "{status}");
        written + &std::fs::read_to_string(&self.log).expect("there is a log")
    }
}

/// `CAVUER_BIN`, or the program beside which this test was built.
pub(crate) fn path() -> PathBuf {
    if let Some(path) = std::env::var_os("CAVUER_BIN") {
        return path.into();
    }
    let test = std::env::current_exe().expect("a test has a file");
    let folder = test.parent().and_then(Path::parent).expect("target/debug/deps");
    let path = folder.join(format!("cavuer{}", std::env::consts::EXE_SUFFIX));
    assert!(path.exists(), "{} is missing: run cargo build -p cavuer", path.display());
    path
}
