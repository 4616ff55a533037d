use std::sync::Arc;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};

use crate::StoreError;
use crate::sql::{Lock, Locks, Param, Row, Sql, Value, Visit};

/// A connection in a transaction.
pub(crate) struct Tx<'a> {
    connection: &'a Connection,
    locks: Locks,
}

impl<'a> Tx<'a> {
    /// Inside the transaction or savepoint that the connection has.
    pub(crate) fn of(connection: &'a Connection) -> Self {
        Self { connection, locks: Locks::default() }
    }
}

impl Tx<'_> {
    /// What a conversation has is written under the lock of its row. SQLite would not notice a
    /// missing lock, and an engine with several writers too late.
    fn check_locks(&self, text: &str) {
        const UNDER_LOCK: [&str; 5] =
            ["conversation", "function_call", "message", "person_wanted", "turn"];
        if !cfg!(debug_assertions) || self.locks.has_conversation() {
            return;
        }
        let mut words = text.split_whitespace();
        let table = match (words.next(), words.next()) {
            (Some("UPDATE"), table) => table,
            (Some("DELETE"), Some("FROM")) => words.next(),
            // A new row of a conversation that is there: its first message comes with it.
            (Some("INSERT"), Some("INTO")) => words.next().filter(|table| *table != "conversation"),
            _ => None,
        };
        debug_assert!(
            !table.is_some_and(|table| UNDER_LOCK.contains(&table)),
            "written without a lock of the conversation: {text}"
        );
    }
}

impl Sql for Tx<'_> {
    fn query(
        &self,
        text: &str,
        params: &[Param<'_>],
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError> {
        self.check_locks(text);
        let mut prepared = self.connection.prepare_cached(text)?;
        let columns: Arc<[Box<str>]> = prepared.column_names().map(Box::from).collect();
        let mut rows = prepared.query(params_from_iter(params))?;
        while let Some(row) = rows.next()? {
            let values = (0..columns.len()).map(|place| row.get_ref(place).map(owned));
            let values = values.collect::<Result<Result<Vec<_>, _>, _>>()??;
            if visit(Row::new(Arc::clone(&columns), values))?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn execute(&self, text: &str, params: &[Param<'_>]) -> Result<u64, StoreError> {
        self.check_locks(text);
        let changed = self.connection.prepare_cached(text)?.execute(params_from_iter(params))?;
        Ok(changed as u64)
    }

    /// There is one writer, so everything is locked as it is; only the order is watched.
    fn lock(&self, lock: Lock) -> Result<(), StoreError> {
        self.locks.take(lock);
        Ok(())
    }
}

fn owned(value: ValueRef<'_>) -> Result<Value, StoreError> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes);
            Value::Text(text.map_err(|error| StoreError::fault(error.to_string()))?.to_owned())
        }
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_owned()),
    })
}

impl ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Param::Null => ValueRef::Null,
            Param::Bool(it) => ValueRef::Integer(i64::from(*it)),
            Param::Integer(number) => ValueRef::Integer(*number),
            Param::Real(number) => ValueRef::Real(*number),
            Param::Text(text) => ValueRef::Text(text.as_bytes()),
            Param::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}
