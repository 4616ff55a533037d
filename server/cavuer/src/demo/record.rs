//! What the demo remembers from one start to the next: `demo.json` in the data folder.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use cavuer_protocol::{AgentId, ChannelId, Timestamp};
use serde::{Deserialize, Serialize};

use cavuer_base::random::Random;

/// The shop's name, wherever it is shown.
pub(super) const SHOP: &str = "Corner Shop";
/// The demo's account for the console.
pub(super) const ADMIN_EMAIL: &str = "admin@example.com";

const FILE: &str = "demo.json";
/// Characters of the account's password; 5.95 bits each.
const PASSWORD_CHARS: usize = 16;

/// The demo's own things in the database.
///
/// The ids are chosen and written down before anything is stored under them, so that a start that
/// was cut short is completed by the next one.
#[derive(Serialize, Deserialize)]
pub(super) struct Record {
    pub password: String,
    pub agent: AgentId,
    pub shop: ChannelId,
    pub members: ChannelId,
    /// What the shop's address was when the channels were last told.
    pub domains: Vec<String>,
    /// Whether everything has been set up once; from then on it is the owner's to change.
    pub complete: bool,
}

impl Record {
    /// A record of things that do not exist yet.
    pub(super) fn new(random: &Random, now: Timestamp) -> Self {
        Self {
            password: random.token("", PASSWORD_CHARS),
            agent: random.id(now, AgentId::from_parts),
            shop: random.id(now, ChannelId::from_parts),
            members: random.id(now, ChannelId::from_parts),
            domains: Vec::new(),
            complete: false,
        }
    }

    /// The record in a data folder, if there is one.
    ///
    /// # Errors
    /// When the file cannot be read or is no record; a sentence for people.
    pub(super) fn load(folder: &Path) -> Result<Option<Self>, String> {
        let path = folder.join(FILE);
        let problem = |error: &dyn std::fmt::Display| {
            format!("{} cannot be read: {error}. Use another CAVUER_DATA_DIR.", path.display())
        };
        match fs::read(&path) {
            Ok(json) => serde_json::from_slice(&json).map(Some).map_err(|error| problem(&error)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(problem(&error)),
        }
    }

    /// Writes the record so that only this user may read it. The old one stays whole until the
    /// new one is.
    ///
    /// # Errors
    /// When the folder cannot be written to; a sentence for people.
    pub(super) fn save(&self, folder: &Path) -> Result<(), String> {
        let write = || {
            // On Unix such a file has mode 0600 from the start.
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(&serde_json::to_vec_pretty(self)?)?;
            file.as_file().sync_all()?;
            file.persist(folder.join(FILE))?;
            io::Result::Ok(())
        };
        write()
            .map_err(|error| format!("{} cannot be written: {error}.", folder.join(FILE).display()))
    }
}
