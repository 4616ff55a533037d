use std::path::Path;

use cavuer_store::DATABASE_FILE;
use rusqlite::{Connection, OpenFlags};

/// The server's database, looked at from outside.
pub(crate) struct Database(Connection);

/// How many rows there are of all that visitors bring about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Rows {
    pub visitors: i64,
    pub conversations: i64,
    pub messages: i64,
    pub turns: i64,
}

/// Whether the words stand anywhere in the files of the database in a data folder. They are found
/// for sure only while they are shorter than a page.
pub(crate) fn on_disk(folder: &Path, words: &str) -> bool {
    let files = ["", "-wal"].map(|end| folder.join(format!("{DATABASE_FILE}{end}")));
    files.iter().any(|file| {
        let bytes = std::fs::read(file).unwrap_or_default();
        bytes.windows(words.len()).any(|window| window == words.as_bytes())
    })
}

impl Database {
    /// Opens the database in a data folder for reading.
    pub(crate) fn in_folder(folder: &Path) -> Self {
        Self::at(&folder.join(DATABASE_FILE), OpenFlags::SQLITE_OPEN_READ_ONLY)
    }

    /// Opens the database in a data folder, to disturb the server.
    pub(crate) fn to_disturb(folder: &Path) -> Self {
        Self::at(&folder.join(DATABASE_FILE), OpenFlags::SQLITE_OPEN_READ_WRITE)
    }

    /// Opens a database file.
    pub(crate) fn at(file: &Path, flags: OpenFlags) -> Self {
        Self(Connection::open_with_flags(file, flags).expect("the database can be opened"))
    }

    /// Runs a statement.
    pub(crate) fn run(&self, sql: &str) {
        self.0.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// The number that a query yields.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        let number = self.0.query_row(sql, [], |row| row.get(0));
        number.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    /// The text that a query yields.
    pub(crate) fn text(&self, sql: &str) -> String {
        let text = self.0.query_row(sql, [], |row| row.get(0));
        text.unwrap_or_else(|error| panic!("{sql}: {error}"))
    }

    pub(crate) fn rows(&self) -> Rows {
        let count = |table: &str| self.number(&format!("SELECT count(*) FROM {table}"));
        Rows {
            visitors: count("visitor"),
            conversations: count("conversation"),
            messages: count("message"),
            turns: count("turn"),
        }
    }

    /// A number that is another one as soon as anybody else has written anything.
    pub(crate) fn change(&self) -> i64 {
        self.number("PRAGMA data_version")
    }
}
