//! Connections: one thread that writes, and several connections that read.
//!
//! Writers queue up. The thread takes everything that waits, runs each piece of work in a
//! savepoint of its own and commits them together, so that one `fsync` pays for many messages
//! while each caller still waits for the disk.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::connection::Tx;
use super::migrate;
use crate::{StoreError, StoreOptions, search};

/// Connections for reading. SQLite readers never wait for the writer in WAL mode.
const READERS: usize = 4;
/// Most pieces of work in one commit; bounds the time that the first one waits.
const BATCH: usize = 256;
/// Size that the write-ahead log is cut back to, in bytes.
const LOG_BYTES: i64 = 16 * 1024 * 1024;
/// Memory that the writing connection may keep pages in, in KiB; it is taken as needed.
const WRITER_CACHE_KIB: i64 = 64 * 1024;
/// Work that may queue up before callers have to wait for a place.
const QUEUE: usize = 4_096;

#[derive(Clone)]
pub(crate) struct Pool {
    writer: mpsc::Sender<Task>,
    readers: Arc<Readers>,
}

struct Readers {
    idle: Mutex<Vec<Connection>>,
    /// One for each connection, whether it is idle or taken.
    places: Arc<Semaphore>,
}

/// A reading connection in use. It goes back when this is dropped: also when the work panics.
struct Taken {
    readers: Arc<Readers>,
    connection: Option<Connection>,
    _place: OwnedSemaphorePermit,
}

impl Pool {
    pub(crate) fn open(options: &StoreOptions) -> Result<Self, StoreError> {
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
        search::make_anew_if_outdated(&mut writing)?;

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

    /// Runs `work` in a transaction and waits until it is on disk. An error undoes it.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Pending { work: Some(work), outcome: None, reply };
        let closed = || StoreError::unavailable("the database is shutting down");
        self.writer.send(Task::Write(Box::new(job))).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Empties the write-ahead log. Outside any transaction, so it travels as work of its own.
    pub(crate) async fn settle(&self) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        let closed = || StoreError::unavailable("the database is shutting down");
        self.writer.send(Task::Settle(reply)).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Runs `work` on a reading connection, seeing one consistent state.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let readers = Arc::clone(&self.readers);
        let place = Arc::clone(&readers.places).acquire_owned().await;
        let place = place.map_err(|_| StoreError::unavailable("the database is closed"))?;
        let connection = readers.lock().pop();
        let mut taken = Taken { readers, connection, _place: place };
        let done = tokio::task::spawn_blocking(move || {
            // Held here and not by the caller, who may go away while the thread still reads.
            let connection = taken.connection.as_mut();
            let connection =
                connection.ok_or_else(|| StoreError::fault("no reading connection is left"))?;
            let transaction = connection.transaction()?;
            work(&Tx::of(&transaction))
        });
        done.await.map_err(|error| StoreError::fault(format!("a read did not finish: {error}")))?
    }
}

impl Readers {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Taken {
    fn drop(&mut self) {
        self.readers.lock().extend(self.connection.take());
    }
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

/// A piece of writing work whose caller waits for the commit.
trait Job: Send {
    /// Does the work; an error has been undone already when the next job runs.
    fn run(&mut self, connection: &mut Connection);
    /// Tells the caller, after the commit succeeded or failed.
    fn finish(self: Box<Self>, committed: Result<(), &StoreError>);
}

struct Pending<T, F> {
    work: Option<F>,
    outcome: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl<T, F> Job for Pending<T, F>
where
    T: Send,
    F: FnOnce(&Tx<'_>) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, connection: &mut Connection) {
        let Some(work) = self.work.take() else { return };
        self.outcome = Some((|| {
            let savepoint = connection.savepoint()?;
            // A fault in one piece of work must not take the only writer with it.
            let result = catch_unwind(AssertUnwindSafe(|| work(&Tx::of(&savepoint))))
                .unwrap_or_else(|_| Err(StoreError::fault("a write panicked")));
            if result.is_ok() {
                savepoint.commit()?;
            }
            result
        })());
    }

    fn finish(self: Box<Self>, committed: Result<(), &StoreError>) {
        let outcome = match (committed, self.outcome) {
            (Err(error), _) => Err(error.repeat()),
            (Ok(()), Some(outcome)) => outcome,
            (Ok(()), None) => Err(StoreError::fault("a write was skipped")),
        };
        // The caller may have gone away; the work stands all the same.
        let _ = self.reply.send(outcome);
    }
}

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
    let committed = commit_together(connection, &mut batch);
    if let Err(error) = &committed {
        tracing::error!(%error, writes = batch.len(), "nothing of this batch was stored");
    }
    for job in batch {
        job.finish(committed.as_ref().copied());
    }
}

fn commit_together(
    connection: &mut Connection,
    batch: &mut [Box<dyn Job>],
) -> Result<(), StoreError> {
    connection.execute_batch("BEGIN IMMEDIATE")?;
    for job in batch.iter_mut() {
        job.run(connection);
        if connection.is_autocommit() {
            // SQLite gave the whole transaction up, as it may when the disk is full.
            return Err(StoreError::unavailable("the disk (or the database's size limit) is full"));
        }
    }
    connection.execute_batch("COMMIT").map_err(|error| {
        let _ = connection.execute_batch("ROLLBACK");
        StoreError::from(error)
    })
}
