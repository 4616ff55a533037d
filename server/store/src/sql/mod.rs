//! The border to the database engine: a connection in a transaction, with values and rows of its
//! own.
//!
//! Use cases above it write one text for each statement, in words that SQLite and PostgreSQL both
//! know. Its placeholders are `?1`, `?2` and so on. An engine below it
//! ([`crate::sqlite`]) knows no use case.

mod database;
pub(crate) mod list;
mod lock;
mod row;
mod value;

use std::ops::ControlFlow;

use crate::StoreError;

pub(crate) use database::{Database, DatabaseEngine, Job, Taking};
pub(crate) use lock::{Lock, Locks};
pub(crate) use row::Row;
pub(crate) use value::{FromValue, Param, ToParam, Value, json, word};

/// A connection in a transaction.
pub(crate) trait Sql {
    /// Visits the rows of a statement until the visitor breaks off. Nothing else may be asked of
    /// the connection meanwhile.
    fn query(
        &self,
        statement: &str,
        params: &[Param<'_>],
        visit: &mut Visit<'_>,
    ) -> Result<(), StoreError>;

    /// Runs a statement that answers no rows, and says how many it changed.
    fn execute(&self, statement: &str, params: &[Param<'_>]) -> Result<u64, StoreError>;

    /// Keeps other writers from what the lock names until the transaction ends. Locks are taken in
    /// the order in which [`Lock`] lists them, or two writers could wait for each other for ever.
    fn lock(&self, lock: Lock) -> Result<(), StoreError>;
}

/// What is done with each row; see [`Sql::query`].
pub(crate) type Visit<'a> = dyn FnMut(Row) -> Result<ControlFlow<()>, StoreError> + 'a;

impl dyn Sql + '_ {
    /// All rows of a statement.
    pub(crate) fn rows<T>(
        &self,
        statement: &str,
        params: &[Param<'_>],
        mut read: impl FnMut(&mut Row) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut all = Vec::new();
        self.query(statement, params, &mut |mut row| {
            all.push(read(&mut row)?);
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(all)
    }

    /// The first row of a statement, if there is one.
    pub(crate) fn row<T>(
        &self,
        statement: &str,
        params: &[Param<'_>],
        read: impl FnOnce(&mut Row) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        let mut found = None;
        self.query(statement, params, &mut |row| {
            found = Some(row);
            Ok(ControlFlow::Break(()))
        })?;
        found.map(|mut row| read(&mut row)).transpose()
    }

    /// The row of a statement that always has one.
    pub(crate) fn only<T>(
        &self,
        statement: &str,
        params: &[Param<'_>],
        read: impl FnOnce(&mut Row) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let found = self.row(statement, params, read)?;
        found.ok_or_else(|| StoreError::fault(format!("no row answers {statement}")))
    }

    /// The one column of a row, if there is one.
    pub(crate) fn value<T: FromValue>(
        &self,
        statement: &str,
        params: &[Param<'_>],
    ) -> Result<Option<T>, StoreError> {
        self.row(statement, params, Row::first)
    }

    /// The one column of a row that is always there.
    pub(crate) fn only_value<T: FromValue>(
        &self,
        statement: &str,
        params: &[Param<'_>],
    ) -> Result<T, StoreError> {
        self.only(statement, params, Row::first)
    }
}

/// The values of a statement's placeholders, in order; each [`ToParam`].
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$($crate::sql::ToParam::to_param(&$value)),*]
    };
}

pub(crate) use params;
