//! The schema's versions, as numbered files that run once each, in order.

use rusqlite::Connection;

use crate::StoreError;

/// Every migration; the place in the list (from 1) is the schema's version.
const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001_initial.sql"),
    include_str!("migrations/0002_documents.sql"),
    include_str!("migrations/0003_agent_settings.sql"),
    include_str!("migrations/0004_providers.sql"),
    include_str!("migrations/0005_hand_over.sql"),
    include_str!("migrations/0006_functions.sql"),
    include_str!("migrations/0007_search.sql"),
    include_str!("migrations/0008_usage_and_limits.sql"),
    include_str!("migrations/0009_article_notes.sql"),
    include_str!("migrations/0010_attachments.sql"),
    include_str!("migrations/0012_message_sources.sql"),
    include_str!("migrations/0013_voice.sql"),
    include_str!("migrations/0014_meaning.sql"),
    include_str!("migrations/0015_spendings_and_marks.sql"),
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
    for (version, sql) in (1..=target).zip(MIGRATIONS) {
        if version <= found {
            continue;
        }
        let transaction = connection.transaction()?;
        transaction.execute_batch(sql)?;
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

fn version(connection: &Connection) -> Result<u32, StoreError> {
    Ok(connection.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_earlier_version_reaches_the_latest() {
        for start in 0..=LATEST_SCHEMA {
            let mut connection = Connection::open_in_memory().unwrap();
            to_version(&mut connection, start).unwrap();
            to_latest(&mut connection).unwrap();
            assert_eq!(version(&connection).unwrap(), LATEST_SCHEMA);
            assert_eq!(schema(&connection), schema(&fresh()), "from version {start}");
        }
    }

    #[test]
    fn agents_that_are_there_keep_conversations_and_delays_as_they_were() {
        let mut connection = Connection::open_in_memory().unwrap();
        to_version(&mut connection, 2).unwrap();
        connection
            .execute_batch(
                "INSERT INTO workspace (id, name, created_at) VALUES (x'01', 'Shop', 0);
                 INSERT INTO agent (id, workspace_id, name, model, response_delay, created_at)
                 VALUES (x'02', x'01', 'Ada', 'built-in', 10, 0)",
            )
            .unwrap();
        to_latest(&mut connection).unwrap();
        let sql = "SELECT retention_days, longest_delay FROM agent";
        let kept = connection.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        assert_eq!(kept, (0, 40));
    }

    #[test]
    fn articles_of_the_first_version_stay_findable() {
        let mut connection = Connection::open_in_memory().unwrap();
        to_version(&mut connection, 1).unwrap();
        connection
            .execute_batch(
                "INSERT INTO workspace (id, name, created_at) VALUES (x'01', 'Shop', 0);
                 INSERT INTO article (id, workspace_id, title, chars, created_at, updated_at, content)
                 VALUES (x'02', x'01', 'Delivery', 10, 1, 2, 'By bicycle');
                 INSERT INTO passage (article_id, position, title, text, title_terms, text_terms)
                 VALUES (x'02', 0, 'Delivery', 'By bicycle', 'delivery', 'by bicycle');",
            )
            .unwrap();
        to_latest(&mut connection).unwrap();
        let sql = "SELECT count(*) FROM passage JOIN article_state USING (article_id)
                   WHERE live_revision = passage.revision AND article_state.revision >= live_revision
                     AND state = 'ready' AND passages = 1 AND page IS NULL";
        assert_eq!(connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    }

    #[test]
    fn migrating_twice_changes_nothing() {
        let mut connection = fresh();
        let before = schema(&connection);
        to_latest(&mut connection).unwrap();
        assert_eq!(schema(&connection), before);
    }

    #[test]
    fn a_newer_schema_is_refused_and_left_alone() {
        let mut connection = fresh();
        connection.pragma_update(None, "user_version", LATEST_SCHEMA + 1).unwrap();
        let error = to_latest(&mut connection).unwrap_err();
        assert!(error.to_string().contains("newer version"), "{error}");
        assert_eq!(version(&connection).unwrap(), LATEST_SCHEMA + 1);
    }

    fn fresh() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        to_latest(&mut connection).unwrap();
        connection
    }

    fn schema(connection: &Connection) -> Vec<String> {
        let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
        let mut statement = connection.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }
}
