//! Connections: one thread that writes, and several connections that read.
//!
//! Writers queue up. The thread takes everything that waits, runs each job in a savepoint of its own
//! and commits them together, so that one `fsync` pays for many messages while each caller still
//! waits for the disk.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::connection::Tx;
use super::migrate;
use crate::sql::{DatabaseEngine, Job, Sql, Taking};
use crate::{StoreError, StoreOptions};

/// Connections for reading. SQLite readers never wait for the writer in WAL mode.
const READERS: usize = 4;
/// Most jobs in one commit; bounds the time that the first one waits.
const BATCH: usize = 256;
/// Size that the write-ahead log is cut back to, in bytes.
const LOG_BYTES: i64 = 16 * 1024 * 1024;
/// Memory that the writing connection may keep pages in, in KiB; it is taken as needed.
const WRITER_CACHE_KIB: i64 = 64 * 1024;
/// Jobs that may queue up before callers have to wait for a place.
const QUEUE: usize = 4_096;

pub(crate) struct Pool {
    writer: mpsc::Sender<Task>,
    readers: Arc<Readers>,
}

struct Readers {
    idle: Mutex<Vec<Connection>>,
    /// One for each connection, whether it is idle or taken.
    places: Arc<Semaphore>,
}

/// A reading connection in use. It goes back when this is dropped: also when a job panics.
struct Taken {
    readers: Arc<Readers>,
    connection: Option<Connection>,
    _place: OwnedSemaphorePermit,
}

impl Pool {
    /// Opens the file, brings it to the latest schema and lets `prepare` do what has to be done
    /// before anybody asks anything.
    pub(crate) fn open(
        options: &StoreOptions,
        prepare: impl FnOnce(&dyn Sql) -> Result<(), StoreError>,
    ) -> Result<Self, StoreError> {
        let mut writing = connect(options, OpenFlags::default())?;
        // WAL lets readers go on while the writer works; FULL makes a commit survive a power cut.
        writing.pragma_update(None, "journal_mode", "WAL")?;
        writing.pragma_update(None, "synchronous", "FULL")?;
        // Postings of an article's words lie all over the index: 64 MiB hold what one upload touches.
        writing.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
        // What is deleted is overwritten, and not only forgotten.
        writing.pragma_update(None, "secure_delete", true)?;
        // After a large upload the log shrinks again.
        writing.pragma_update(None, "journal_size_limit", LOG_BYTES)?;
        if let Some(pages) = options.max_pages {
            writing.pragma_update(None, "max_page_count", pages)?;
        }
        migrate::to_latest(&mut writing)?;
        begin(&mut writing, prepare)?;

        let read_only = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let idle = (0..READERS)
            .map(|_| connect(options, read_only))
            .collect::<Result<Vec<_>, StoreError>>()?;

        let (writer, queue) = mpsc::channel(QUEUE);
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || write_loop(writing, queue))
            .map_err(|error| StoreError::unavailable(error.to_string()))?;
        Ok(Self {
            writer,
            readers: Arc::new(Readers {
                idle: Mutex::new(idle),
                places: Arc::new(Semaphore::new(READERS)),
            }),
        })
    }
}

impl DatabaseEngine for Pool {
    fn write(&self, job: Box<dyn Job>) -> Taking<'_> {
        Box::pin(async move { self.writer.send(Task::Write(job)).await.map_err(|_| closed()) })
    }

    fn read(&self, mut job: Box<dyn Job>) -> Taking<'_> {
        Box::pin(async move {
            let mut taken = Taken::of(&self.readers).await?;
            // Held by the thread and not by the caller, who may go away while it still reads.
            let done = tokio::task::spawn_blocking(move || {
                let outcome = read_once(&mut taken, &mut *job);
                drop(taken);
                job.finish(outcome.as_ref().copied());
            });
            let broken = |error| StoreError::fault(format!("a read did not finish: {error}"));
            done.await.map_err(broken)
        })
    }

    /// Empties the write-ahead log. Outside any transaction, so it travels as work of its own.
    fn settle(&self) -> Taking<'_> {
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            self.writer.send(Task::Settle(reply)).await.map_err(|_| closed())?;
            answer.await.map_err(|_| closed())?
        })
    }
}

fn closed() -> StoreError {
    StoreError::unavailable("the database is shutting down")
}

/// Whoever worked with this file before has ended, and what is to be prepared is.
fn begin(
    writing: &mut Connection,
    prepare: impl FnOnce(&dyn Sql) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let transaction = writing.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute("DELETE FROM worker", [])?;
    prepare(&Tx::of(&transaction))?;
    Ok(transaction.commit()?)
}

impl Readers {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Waits until a connection is idle.
    async fn of(readers: &Arc<Readers>) -> Result<Self, StoreError> {
        let readers = Arc::clone(readers);
        let place = Arc::clone(&readers.places).acquire_owned().await;
        let place = place.map_err(|_| StoreError::unavailable("the database is closed"))?;
        let connection = readers.lock().pop();
        Ok(Self { readers, connection, _place: place })
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.readers.lock().extend(self.connection.take());
    }
}

fn read_once(taken: &mut Taken, job: &mut dyn Job) -> Result<(), StoreError> {
    let connection = taken.connection.as_mut();
    let connection =
        connection.ok_or_else(|| StoreError::fault("no reading connection is left"))?;
    let transaction = connection.transaction()?;
    job.run(&Tx::of(&transaction))
}

/// Opens the file and sets what each connection needs.
pub(crate) fn connect(options: &StoreOptions, flags: OpenFlags) -> Result<Connection, StoreError> {
    let connection = open_file(&options.path, flags)?;
    connection.busy_timeout(options.busy_timeout)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // Hostile SQL cannot get in, but a hostile file could be restored: trust no schema functions.
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.set_prepared_statement_cache_capacity(128);
    Ok(connection)
}

fn open_file(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    Connection::open_with_flags(path, flags).map_err(|error| {
        StoreError::unavailable(format!("cannot open {}: {error}", path.display()))
    })
}

/// Work for the thread that writes.
enum Task {
    /// Part of a batch.
    Write(Box<dyn Job>),
    /// Moves the log into the database file.
    Settle(SettleReply),
}

type SettleReply = oneshot::Sender<Result<(), StoreError>>;

fn write_loop(mut connection: Connection, mut queue: mpsc::Receiver<Task>) {
    while let Some(task) = queue.blocking_recv() {
        let (batch, settle) = collect(task, &mut queue);
        if !batch.is_empty() {
            write_batch(&mut connection, batch);
        }
        if let Some(reply) = settle {
            let settled = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
            let _ = reply.send(settled.map_err(StoreError::from));
        }
    }
}

/// Takes what waits, up to a full batch or to a task that is no write.
fn collect(
    first: Task,
    queue: &mut mpsc::Receiver<Task>,
) -> (Vec<Box<dyn Job>>, Option<SettleReply>) {
    let mut batch = Vec::new();
    let mut next = Some(first);
    while let Some(task) = next {
        match task {
            Task::Write(job) => batch.push(job),
            Task::Settle(reply) => return (batch, Some(reply)),
        }
        next = if batch.len() < BATCH { queue.try_recv().ok() } else { None };
    }
    (batch, None)
}

fn write_batch(connection: &mut Connection, mut batch: Vec<Box<dyn Job>>) {
    match commit_together(connection, &mut batch) {
        Ok(outcomes) => {
            for (job, outcome) in batch.into_iter().zip(outcomes) {
                job.finish(outcome.as_ref().copied());
            }
        }
        Err(error) => {
            tracing::error!(%error, writes = batch.len(), "nothing of this batch was stored");
            for job in batch {
                job.finish(Err(&error));
            }
        }
    }
}

/// What became of each job; all of them are on disk, but for those that failed by themselves.
fn commit_together(
    connection: &mut Connection,
    batch: &mut [Box<dyn Job>],
) -> Result<Vec<Result<(), StoreError>>, StoreError> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    let mut outcomes = Vec::with_capacity(batch.len());
    for job in batch {
        outcomes.push(write_once(connection, &mut **job));
        if connection.is_autocommit() {
            // SQLite gave the whole transaction up, as it may when the disk is full.
            return Err(StoreError::unavailable("the disk (or the database's size limit) is full"));
        }
    }
    match connection.execute_batch("COMMIT") {
        Ok(()) => Ok(outcomes),
        Err(error) => {
            let _ = connection.execute_batch("ROLLBACK");
            Err(error.into())
        }
    }
}

/// An error has been undone when the next job runs.
fn write_once(connection: &mut Connection, job: &mut dyn Job) -> Result<(), StoreError> {
    let savepoint = connection.savepoint()?;
    job.run(&Tx::of(&savepoint))?;
    Ok(savepoint.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;
    use crate::sql::params;

    const NOTE: &str = "INSERT INTO setting (name, value) VALUES (?1, 'x')";
    const NOTES: &str = "SELECT count(*) FROM setting WHERE value = 'x'";

    #[tokio::test]
    async fn a_job_that_fails_is_undone_and_those_beside_it_stand() {
        let fixture = Fixture::new().await;
        let database = &fixture.store.database;
        // Awaited together, so that they are committed together.
        let (first, failed, panicked, last) = tokio::join!(
            database.write(|sql| sql.execute(NOTE, params!["first"])),
            database.write(|sql| {
                sql.execute(NOTE, params!["failed"])?;
                Err::<(), _>(StoreError::fault("on purpose"))
            }),
            database.write(|sql| -> Result<(), StoreError> {
                sql.execute(NOTE, params!["panicked"])?;
                panic!("on purpose");
            }),
            database.write(|sql| sql.execute(NOTE, params!["last"])),
        );
        assert_eq!((first.unwrap(), last.unwrap()), (1, 1));
        assert_eq!(failed.unwrap_err().to_string(), "on purpose");
        assert!(!panicked.unwrap_err().is_unavailable());
        assert_eq!(fixture.count(NOTES).await, 2);
    }

    #[tokio::test]
    async fn connections_come_back_from_reads_that_fail() {
        let fixture = Fixture::new().await;
        for _ in 0..2 * READERS {
            let failed = fixture.store.database.read(|_| -> Result<(), StoreError> {
                panic!("on purpose");
            });
            assert!(failed.await.is_err());
        }
        assert_eq!(fixture.count(NOTES).await, 0);
    }

    #[tokio::test]
    async fn a_read_can_change_nothing() {
        let fixture = Fixture::new().await;
        let changed = fixture.store.database.read(|sql| sql.execute(NOTE, params!["read"]));
        assert!(changed.await.unwrap_err().is_unavailable());
    }

    #[tokio::test]
    async fn whoever_opens_the_file_forgets_the_workers_before() {
        let fixture = Fixture::new().await;
        fixture.run("INSERT INTO worker (id, seen_at) VALUES ('gone', 1)").await;
        fixture.open_again();
        assert_eq!(fixture.count("SELECT count(*) FROM worker").await, 0);
    }
}
