//! What several commands read.

use std::io::BufRead as _;
use std::path::PathBuf;

use clap::Args;

/// Where the server keeps its data.
#[derive(Args, Debug)]
pub(super) struct DataFolder {
    /// Folder that holds the database
    #[arg(
        long = "data-dir",
        env = "CAVUER_DATA_DIR",
        value_name = "FOLDER",
        default_value = "data",
        global = true
    )]
    pub path: PathBuf,
}

/// The first line of standard input, without its end: unlike an argument, no other user of the
/// machine sees it. `what` names it in messages.
///
/// # Errors
/// What to tell the user, when there is no such line.
pub(super) fn secret_line(what: &str) -> Result<String, String> {
    let mut line = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut line)
        .map_err(|error| format!("reading {what} from standard input failed: {error}"))?;
    let secret = line.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        return Err(format!("write {what} to standard input, on one line"));
    }
    Ok(secret.to_owned())
}
