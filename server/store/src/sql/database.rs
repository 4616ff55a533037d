use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::StoreError;
use crate::sql::Sql;

/// Where use cases are carried out: each in one transaction.
#[derive(Clone)]
pub(crate) struct Database(Arc<dyn DatabaseEngine>);

/// A database engine: it carries out jobs, each in a transaction of its own.
pub(crate) trait DatabaseEngine: Send + Sync {
    /// Takes a job that may change everything. It is finished when what it wrote is on disk.
    fn write(&self, job: Box<dyn Job>) -> Taking<'_>;

    /// Takes a job that changes nothing and sees one consistent state.
    fn read(&self, job: Box<dyn Job>) -> Taking<'_>;

    /// Moves what is in a log of its own to where it belongs, if the engine has one.
    fn settle(&self) -> Taking<'_>;
}

/// An engine that takes a job: it may have to wait for a place, and the job may be finished before
/// or after. An error means that the job is dropped.
pub(crate) type Taking<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;

/// A use case on its way through an engine.
pub(crate) trait Job: Send {
    /// Does the work, once. After an error, what it has done is to be undone. It never panics.
    fn run(&mut self, sql: &dyn Sql) -> Result<(), StoreError>;

    /// Tells the caller, after the transaction has been committed, or else why nothing was: an
    /// error of [`Job::run`] or of the engine.
    fn finish(self: Box<Self>, committed: Result<(), &StoreError>);
}

impl Database {
    pub(crate) fn new(engine: impl DatabaseEngine + 'static) -> Self {
        Self(Arc::new(engine))
    }

    /// Does `work` in a transaction and waits until it is on disk. An error undoes it.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&dyn Sql) -> Result<T, StoreError> + Send + 'static,
    {
        let (job, answer) = Pending::new(work);
        self.0.write(Box::new(job)).await?;
        answer.await.map_err(|_| dropped())?
    }

    /// Does `work` on one consistent state.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&dyn Sql) -> Result<T, StoreError> + Send + 'static,
    {
        let (job, answer) = Pending::new(work);
        self.0.read(Box::new(job)).await?;
        answer.await.map_err(|_| dropped())?
    }

    /// Moves what is in a log of its own into the database file, where an engine has one.
    pub(crate) async fn settle(&self) -> Result<(), StoreError> {
        self.0.settle().await
    }
}

/// An engine drops jobs only when it ends.
fn dropped() -> StoreError {
    StoreError::unavailable("the database is shutting down")
}

type Answer<T> = Result<T, StoreError>;

struct Pending<T, F> {
    work: Option<F>,
    outcome: Option<T>,
    reply: oneshot::Sender<Answer<T>>,
}

impl<T, F> Pending<T, F> {
    fn new(work: F) -> (Self, oneshot::Receiver<Answer<T>>) {
        let (reply, answer) = oneshot::channel();
        (Self { work: Some(work), outcome: None, reply }, answer)
    }
}

impl<T, F> Job for Pending<T, F>
where
    T: Send,
    F: FnOnce(&dyn Sql) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, sql: &dyn Sql) -> Result<(), StoreError> {
        let work = self.work.take().ok_or_else(|| StoreError::fault("a job was run twice"))?;
        // A fault in one job must not take the engine's thread with it.
        let done = catch_unwind(AssertUnwindSafe(|| work(sql)));
        self.outcome = Some(done.unwrap_or_else(|_| Err(StoreError::fault("a job panicked")))?);
        Ok(())
    }

    fn finish(self: Box<Self>, committed: Result<(), &StoreError>) {
        let outcome = match committed {
            Ok(()) => self.outcome.ok_or_else(|| StoreError::fault("a job was skipped")),
            Err(error) => Err(error.repeat()),
        };
        // The caller may have gone away; the work stands all the same.
        let _ = self.reply.send(outcome);
    }
}
