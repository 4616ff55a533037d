//! The schema's versions, as numbered files that run once each, in order.

use rusqlite::Connection;

use crate::StoreError;

struct Migration {
    /// Of the file; it begins with the schema's version.
    name: &'static str,
    sql: &'static str,
}

macro_rules! migrations {
    ($($name:literal),* $(,)?) => {
        /// Every migration; the place in the list (from 1) is the schema's version.
        const MIGRATIONS: &[Migration] = &[$(Migration {
            name: $name,
            sql: include_str!(concat!("migrations/", $name, ".sql")),
        }),*];
    };
}

migrations![
    "0001_initial",
    "0002_documents",
    "0003_agent_settings",
    "0004_providers",
    "0005_hand_over",
    "0006_functions",
    "0007_search",
    "0008_usage_and_limits",
    "0009_article_notes",
    "0010_attachments",
    "0011_message_sources",
    "0012_voice",
    "0013_meaning",
    "0014_spendings_and_marks",
    "0015_workers",
    "0016_provider_kinds",
    "0017_channel_kinds",
    "0018_outbox",
    "0019_article_workers",
];

/// The schema that this version of the program works with.
pub const LATEST_SCHEMA: u32 = MIGRATIONS.len() as u32;

/// Brings the database to [`LATEST_SCHEMA`], each step in a transaction of its own.
///
/// # Errors
/// When the file is of a newer schema: an older program must not touch it.
pub(crate) fn to_latest(connection: &mut Connection) -> Result<(), StoreError> {
    to_version(connection, LATEST_SCHEMA)
}

fn to_version(connection: &mut Connection, target: u32) -> Result<(), StoreError> {
    let found = version(connection)?;
    if found > target {
        return Err(StoreError::fault(format!(
            "the database has schema {found}, this version of cavuer knows up to {target}. \
             Start the newer version, or restore a backup made before the upgrade"
        )));
    }
    // Tables are made anew under their old names, and nothing may go with the old ones.
    let keys: bool = connection.query_row("PRAGMA foreign_keys", [], |row| row.get(0))?;
    connection.pragma_update(None, "foreign_keys", false)?;
    let migrated = run(connection, found, target);
    connection.pragma_update(None, "foreign_keys", keys)?;
    migrated
}

/// Runs the migrations after one version, up to another.
fn run(connection: &mut Connection, found: u32, target: u32) -> Result<(), StoreError> {
    for (version, Migration { name, sql }) in (1..=target).zip(MIGRATIONS) {
        if version <= found {
            continue;
        }
        let transaction = connection.transaction()?;
        transaction
            .execute_batch(sql)
            .inspect_err(|error| tracing::error!(%error, name, "a migration failed"))?;
        if transaction.prepare("PRAGMA foreign_key_check")?.exists([])? {
            return Err(StoreError::fault(format!("after {name}, a row leads to none")));
        }
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

fn version(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

#[cfg(test)]
mod tests;
