use std::collections::BTreeMap;
use std::path::Path;

use cavuer_protocol::WorkspaceId;
use rusqlite::OpenFlags;
use uuid::Uuid;

use super::*;
use crate::sqlite::pool;
use crate::{Store, StoreOptions};

/// Something in each table, from the version on that brought the table. `$name` is an id.
const CONTENT: &[(u32, &str)] = &[
    (
        1,
        "INSERT INTO user (id, email, name, password_hash, created_at)
         VALUES ($user, 'anna@example.com', 'Anna', 'hash', 1);
         INSERT INTO console_session (token_hash, user_id, created_at, expires_at)
         VALUES (x'07', $user, 1, 2);
         INSERT INTO workspace (id, name, created_at) VALUES ($workspace, 'Shop', 1);
         INSERT INTO member (workspace_id, user_id) VALUES ($workspace, $user);
         INSERT INTO agent (id, workspace_id, name, model, created_at)
         VALUES ($agent, $workspace, 'Ada', 'built-in', 1);
         INSERT INTO channel (id, workspace_id, agent_id, name, token, title, greeting, color,
                              position, secret_key, created_at)
         VALUES ($channel, $workspace, $agent, 'Site', 'wgt_1', 'Shop', 'Hello', '#4f46e5',
                 'right', 'sk_1', 1);
         INSERT INTO article (id, workspace_id, title, chars, created_at, updated_at, content)
         VALUES ($article, $workspace, 'Delivery', 22, 1, 2, 'By bicycle. By train.');
         INSERT INTO agent_article (agent_id, article_id) VALUES ($agent, $article);
         INSERT INTO passage (id, article_id, position, title, text, title_terms, text_terms)
         VALUES (1, $article, 0, 'Delivery', 'By bicycle.', 'delivery', 'by bicycle'),
                (2, $article, 1, 'Delivery', 'By train.', 'delivery', 'by train');
         INSERT INTO visitor (id, channel_id, kind, public_id, key_hash, created_at)
         VALUES (1, $channel, 'guest', 'v_1', x'00', 1);
         INSERT INTO conversation (id, workspace_id, channel_id, visitor_id, last_seq,
                                   answered_seq, created_at, updated_at)
         VALUES ($conversation, $workspace, $channel, 1, 2, 1, 1, 2);
         INSERT INTO message (conversation_id, seq, id, author, author_name, text, created_at)
         VALUES ($conversation, 1, $question, 'visitor', '', 'How do you deliver?', 1),
                ($conversation, 2, $answer, 'agent', 'Ada', 'By bicycle.', 2);
         INSERT INTO turn (id, conversation_id, answer_id, state, language, created_at, due_at)
         VALUES ($turn, $conversation, $answer, 'done', 'en', 1, 1);",
    ),
    (
        2,
        "INSERT INTO article_file (article_id, name, bytes)
         VALUES ($article, 'delivery.txt', x'00');",
    ),
    (
        4,
        "INSERT INTO provider (id, workspace_id, name, kind, base_url, created_at)
         VALUES ($provider, $workspace, 'Mine', 'openai', 'https://api.openai.com', 1);",
    ),
    (
        5,
        "INSERT INTO hand_over (agent_id, enabled, wait_seconds) VALUES ($agent, 1, 60);
         INSERT INTO person_wanted (conversation_id, since, reason, language)
         VALUES ($conversation, 1, 'A complaint', 'en');",
    ),
    (
        6,
        "INSERT INTO function (id, agent_id, name, description, parameters, method, address,
                               timeout_seconds, enabled, created_at)
         VALUES ($function, $agent, 'order', 'An order', '{}', 'get', 'https://shop.example',
                 10, 1, 1);
         INSERT INTO function_header (function_id, name, sealed)
         VALUES ($function, 'authorization', x'00');
         INSERT INTO channel_without_function (channel_id, function_id)
         VALUES ($channel, $function);
         INSERT INTO function_call (id, conversation_id, turn_id, round, place, said, name,
                                    arguments, provider_id, repeatable, state, after_seq,
                                    began_at)
         VALUES ($call, $conversation, $turn, 0, 0, '', 'order', '{}', 'call_1', 1, 'done', 1,
                 1);",
    ),
    (
        8,
        "INSERT INTO answer_usage (agent_id, conversation_id, message_id, model,
                                   first_token_millis, total_millis, created_at)
         VALUES ($agent, $conversation, $answer, 'built-in', 1, 2, 2);
         INSERT INTO channel_day (channel_id, day, answers, tokens) VALUES ($channel, 0, 1, 0);",
    ),
    (
        10,
        "INSERT INTO attachment (number, id, visitor_id, conversation_id, message_id, name,
                                 media_type, size, created_at)
         VALUES (1, $attachment, 1, $conversation, $question, 'bill.pdf', 'application/pdf', 1,
                 1);
         INSERT INTO attachment_bytes (number, bytes) VALUES (1, x'00');",
    ),
    (
        11,
        "INSERT INTO message_source (conversation_id, message_id, place, title, excerpt,
                                     article_id)
         VALUES ($conversation, $answer, 0, 'Delivery', 'By bicycle.', $article);",
    ),
    (
        13,
        "INSERT INTO meaning_model (id, workspace_id, model, dimensions)
         VALUES (2, $workspace, 'mine/embeddings', 1);
         INSERT INTO meaning_garbage (model_id) VALUES (1);
         INSERT INTO passage_vector (passage_id, model_id, data) VALUES (1, 2, x'0000803f7f');",
    ),
    (
        14,
        "INSERT INTO spending (agent_id, model, input_tokens, output_tokens, created_at)
         VALUES ($agent, 'built-in', 1, 2, 3);",
    ),
    (
        18,
        "INSERT INTO outbox (conversation_id, message_id, due_at, created_at)
         VALUES ($conversation, $answer, 1, 1);",
    ),
];
const IDS: [&str; 13] = [
    "$user",
    "$workspace",
    "$agent",
    "$channel",
    "$article",
    "$conversation",
    "$question",
    "$answer",
    "$turn",
    "$provider",
    "$function",
    "$call",
    "$attachment",
];

#[test]
fn files_are_numbered_by_the_versions_that_they_make() {
    for (version, Migration { name, .. }) in (1..).zip(MIGRATIONS) {
        assert!(name.starts_with(&format!("{version:04}_")), "{name} makes version {version}");
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sqlite/migrations");
    let files = std::fs::read_dir(folder).unwrap();
    let files = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<String> = files.collect();
    files.sort();
    let listed = MIGRATIONS.iter().map(|migration| format!("{}.sql", migration.name));
    assert_eq!(files, listed.collect::<Vec<_>>());
}

#[tokio::test]
async fn what_any_earlier_version_stored_is_still_there() {
    for start in 1..=LATEST_SCHEMA {
        let folder = tempfile::tempdir().unwrap();
        let options = StoreOptions::in_folder(folder.path());
        let mut connection = pool::connect(&options, OpenFlags::default()).unwrap();
        for version in 1..=start {
            to_version(&mut connection, version).unwrap();
            fill(&connection, version);
        }
        let before = rows(&connection);
        assert!(before.values().all(|count| *count > 0), "a table without a row: {before:?}");

        let store = Store::open(&options).unwrap();
        let after = rows(&connection);
        for (table, count) in before {
            assert_eq!(after.get(&table), Some(&count), "{table} from version {start}");
        }
        let broken = "SELECT count(*) FROM pragma_foreign_key_check";
        assert_eq!(connection.query_row(broken, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
        let workspace = WorkspaceId(Uuid::from_u128(number("$workspace")));
        let articles = store.articles(workspace, None, None).await.unwrap();
        assert_eq!((articles.len(), articles[0].passages), (1, 2));
        // Both passages are found again.
        let batches = "SELECT sum(passages) FROM search_batch WHERE NOT is_garbage";
        assert_eq!(connection.query_row(batches, [], |row| row.get::<_, i64>(0)).unwrap(), 2);
    }
}

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
fn providers_stay_when_their_kinds_become_open() {
    let mut connection = Connection::open_in_memory().unwrap();
    connection.pragma_update(None, "foreign_keys", true).unwrap();
    to_version(&mut connection, 4).unwrap();
    connection
        .execute_batch(
            "INSERT INTO workspace (id, name, created_at) VALUES (x'01', 'Shop', 0);
             INSERT INTO provider (id, workspace_id, name, kind, base_url, sealed_key,
                 key_hint, models, created_at)
             VALUES (x'02', x'01', 'Ours', 'azure', 'https://x.example', x'0a', '…wxyz',
                 '[\"a\"]', 7)",
        )
        .unwrap();
    to_latest(&mut connection).unwrap();
    let sql = "SELECT count(*) FROM provider WHERE (id, workspace_id, name, kind, base_url,
                   sealed_key, key_hint, models, created_at)
               = (x'02', x'01', 'Ours', 'azure', 'https://x.example', x'0a', '…wxyz',
                   '[\"a\"]', 7)";
    assert_eq!(connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    connection.execute_batch("UPDATE provider SET kind = 'of next year'").unwrap();
    // It still goes with its workspace.
    connection.execute_batch("DELETE FROM workspace").unwrap();
    let sql = "SELECT count(*) FROM provider";
    assert_eq!(connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap(), 0);
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

fn fill(connection: &Connection, version: u32) {
    let contents = CONTENT.iter().filter(|(since, _)| *since == version);
    for (_, sql) in contents {
        let sql = IDS.iter().fold((*sql).to_owned(), |sql, name| {
            sql.replace(name, &format!("x'{:032x}'", number(name)))
        });
        connection.execute_batch(&sql).unwrap();
    }
}

fn number(name: &str) -> u128 {
    (1..).zip(IDS).find(|(_, id)| *id == name).unwrap().0
}

/// How many rows each table has, of those that are not made anew when the database is opened.
fn rows(connection: &Connection) -> BTreeMap<String, i64> {
    const MADE_ANEW: [&str; 5] = ["sqlite_", "passage_fts", "search_", "setting", "worker"];
    let sql = "SELECT name FROM sqlite_schema WHERE type = 'table'";
    let mut statement = connection.prepare(sql).unwrap();
    let tables = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let tables = tables.map(Result::unwrap);
    tables
        .filter(|table| !MADE_ANEW.iter().any(|other| table.starts_with(other)))
        .map(|table| {
            let sql = format!("SELECT count(*) FROM {table}");
            let count = connection.query_row(&sql, [], |row| row.get(0)).unwrap();
            (table, count)
        })
        .collect()
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
