use crate::StoreError;
use crate::sql::Sql;
use crate::sqlite::Pool;

/// Where use cases are carried out: each in one transaction.
#[derive(Clone)]
pub(crate) struct Database(Pool);

impl Database {
    pub(crate) fn new(pool: Pool) -> Self {
        Self(pool)
    }

    /// Does `work` in a transaction and waits until it is on disk. An error undoes it.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&dyn Sql) -> Result<T, StoreError> + Send + 'static,
    {
        self.0.write(move |tx| work(tx)).await
    }

    /// Does `work` on one consistent state.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&dyn Sql) -> Result<T, StoreError> + Send + 'static,
    {
        self.0.read(move |tx| work(tx)).await
    }

    /// Moves what is in a log of its own into the database file, where an engine has one.
    pub(crate) async fn settle(&self) -> Result<(), StoreError> {
        self.0.settle().await
    }
}
