//! Reading a document in a process of its own, which may be ended at any time.
//!
//! The process is this program, called as `cavuer extract`. It gets the file on its standard
//! input and no environment, takes limits upon itself before it reads a byte, and answers with
//! lines of JSON.

use cavuer_base::clock;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use cavuer_protocol::limits::ARTICLE_BYTES;
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

use cavuer_text::documents::{ExtractError, Extracted, Kind, extract};

/// Most bytes of an answer: the text with its escapes, and what little comes along.
const ANSWER_BYTES: u64 = 4 * ARTICLE_BYTES as u64;
/// What is kept of the process's complaints.
const COMPLAINT_BYTES: u64 = 4 * 1024;

/// Starts the processes that read documents.
#[derive(Clone, Debug)]
pub struct Extractor {
    /// The program; it must understand `extract`.
    pub program: PathBuf,
    /// Longest time for one document.
    pub time: Duration,
    /// Most memory (address space) for one document, in bytes.
    pub memory: u64,
}

/// Why there is no text.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is about the document; the text is for people.
    #[error(transparent)]
    Document(#[from] ExtractError),
    /// It is about this machine, and may be otherwise later.
    #[error("the process that reads documents: {0}")]
    Process(#[from] io::Error),
}

/// What the process says.
#[derive(Serialize, Deserialize)]
enum Line {
    /// How much is done, from 0 to 1.
    Progress(f32),
    Done(Extracted),
    Failed(ExtractError),
}

impl Default for Extractor {
    /// The running program, as far as that can be told.
    fn default() -> Self {
        // The file may be replaced by a newer version while the old one runs.
        let own = PathBuf::from("/proc/self/exe");
        let program = if own.exists() { own } else { std::env::current_exe().unwrap_or_default() };
        Self { program, time: Duration::from_secs(60), memory: 768 * 1024 * 1024 }
    }
}

impl Extractor {
    /// Reads a document, and tells `progress` from time to time how much is done, from 0 to 1.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub async fn read(
        &self,
        kind: Kind,
        bytes: &[u8],
        progress: impl FnMut(f32),
    ) -> Result<Extracted, ReadError> {
        let mut child = Command::new(&self.program)
            .args(["extract", kind.argument()])
            .arg(self.memory.to_string())
            .arg(self.time.as_secs().max(1).to_string())
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let answer = clock::timeout(self.time, converse(&mut child, bytes, progress)).await;
        // Also when it has answered and does not end.
        child.start_kill().ok();
        let status = child.wait().await?;
        match answer {
            Err(_) => Err(ExtractError::TooSlow(self.time.as_secs()).into()),
            Ok((Some(Line::Done(extracted)), _)) => Ok(extracted),
            Ok((Some(Line::Failed(error)), _)) => Err(error.into()),
            Ok((_, complaint)) => {
                tracing::info!(%status, complaint, "a document could not be read");
                Err(self.verdict(status, &complaint).into())
            }
        }
    }

    /// What is to be said of a document whose process ended without an answer.
    fn verdict(&self, status: ExitStatus, complaint: &str) -> ExtractError {
        if complaint.contains("memory allocation") || complaint.contains("out of memory") {
            return ExtractError::TooMuchMemory;
        }
        #[cfg(unix)]
        {
            use std::os::unix::process::ExitStatusExt as _;
            if status.signal() == Some(rustix::process::Signal::XCPU.as_raw()) {
                return ExtractError::TooSlow(self.time.as_secs());
            }
        }
        let _ = status;
        ExtractError::Unreadable
    }
}

/// Hands the file over and hears the answer: the last line, and what was complained about.
async fn converse(
    child: &mut Child,
    bytes: &[u8],
    mut progress: impl FnMut(f32),
) -> (Option<Line>, String) {
    let (input, output, errors) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let hand_over = async {
        if let Some(mut input) = input {
            // A process that ended early says why in another way.
            let _ = input.write_all(bytes).await;
        }
    };
    let listen = async {
        let mut last = None;
        let Some(output) = output else { return last };
        let mut lines = BufReader::new(output.take(ANSWER_BYTES)).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            match serde_json::from_str(&line) {
                Ok(Line::Progress(share)) => progress(share),
                Ok(line) => last = Some(line),
                Err(_) => break,
            }
        }
        last
    };
    let complain = async {
        let mut complaint = Vec::new();
        if let Some(errors) = errors {
            let _ = errors.take(COMPLAINT_BYTES).read_to_end(&mut complaint).await;
        }
        String::from_utf8_lossy(&complaint).into_owned()
    };
    let ((), last, complaint) = tokio::join!(hand_over, listen, complain);
    (last, complaint)
}

/// The other side: what `cavuer extract` does. It limits itself, reads the file from standard
/// input and answers on standard output.
///
/// # Errors
/// When the limits cannot be set or the answer cannot be written.
pub fn serve(kind: Kind, memory: u64, seconds: u64) -> io::Result<()> {
    limit(memory, seconds)?;
    let mut bytes = Vec::new();
    io::stdin().lock().take(ARTICLE_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    let mut output = io::stdout().lock();
    let mut told = 0.0;
    let mut say = |line: &Line| -> io::Result<()> {
        serde_json::to_writer(&mut output, line)?;
        output.write_all(b"\n")?;
        output.flush()
    };
    let answer = if bytes.len() > ARTICLE_BYTES {
        Err(ExtractError::TooLarge)
    } else {
        extract(kind, &bytes, &mut |share| {
            if share - told >= 0.01 {
                told = share;
                // Nobody may be listening any more; then the end is near anyway.
                let _ = say(&Line::Progress(share));
            }
        })
    };
    say(&match answer {
        Ok(extracted) => Line::Done(extracted),
        Err(error) => Line::Failed(error),
    })
}

/// Bounds what the process may use. It can never lift the bounds again.
#[cfg(unix)]
fn limit(memory: u64, seconds: u64) -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let set =
        |resource, most| setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    set(Resource::As, memory)?;
    set(Resource::Cpu, seconds)?;
    // It writes no file, dumps no memory and needs no more than its three streams.
    set(Resource::Fsize, 0)?;
    set(Resource::Core, 0)?;
    set(Resource::Nofile, 16)?;
    // Answers to visitors come first. Not being allowed to be modest is no reason to fail.
    let _ = rustix::process::nice(10);
    Ok(())
}

#[cfg(not(unix))]
fn limit(_memory: u64, _seconds: u64) -> io::Result<()> {
    Ok(())
}
