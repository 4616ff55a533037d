//! Connections: one thread that writes, and several connections that read.
//!
//! Writers queue up. The thread takes everything that waits, runs each piece of work in a
//! savepoint of its own and commits them together, so that one `fsync` pays for many messages
//! while each caller still waits for the disk.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::{Connection, OpenFlags};
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::{StoreError, StoreOptions, migrate};

/// Connections for reading. SQLite readers never wait for the writer in WAL mode.
const READERS: usize = 4;
/// Most pieces of work in one commit; bounds the time that the first one waits.
const BATCH: usize = 256;
/// Work that may queue up before callers have to wait for a place.
const QUEUE: usize = 4_096;

#[derive(Clone)]
pub(super) struct Pool {
    writer: mpsc::Sender<Box<dyn Job>>,
    readers: Arc<Readers>,
}

struct Readers {
    idle: Mutex<Vec<Connection>>,
    places: Semaphore,
}

impl Pool {
    pub(super) fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        let mut writing = connect(options, OpenFlags::default())?;
        // WAL lets readers go on while the writer works; FULL makes a commit survive a power cut.
        writing.pragma_update(None, "journal_mode", "WAL")?;
        writing.pragma_update(None, "synchronous", "FULL")?;
        if let Some(pages) = options.max_pages {
            writing.pragma_update(None, "max_page_count", pages)?;
        }
        migrate::to_latest(&mut writing)?;

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
                places: Semaphore::new(READERS),
            }),
        })
    }

    /// Runs `work` in a transaction and waits until it is on disk. An error undoes it.
    pub(super) async fn write<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Pending { work: Some(work), outcome: None, reply };
        let closed = || StoreError::unavailable("the database is shutting down");
        self.writer.send(Box::new(job)).await.map_err(|_| closed())?;
        answer.await.map_err(|_| closed())?
    }

    /// Runs `work` on a reading connection, seeing one consistent state.
    pub(super) async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let readers = Arc::clone(&self.readers);
        let place = self.readers.places.acquire().await;
        let _place = place.map_err(|_| StoreError::unavailable("the database is closed"))?;
        let done = tokio::task::spawn_blocking(move || {
            let taken = readers.lock().pop();
            let mut connection =
                taken.ok_or_else(|| StoreError::fault("no reading connection is left"))?;
            let result = (|| {
                let transaction = connection.transaction()?;
                work(&transaction)
            })();
            readers.lock().push(connection);
            result
        });
        done.await.map_err(|error| StoreError::fault(format!("a read did not finish: {error}")))?
    }
}

impl Readers {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Opens the file and sets what each connection needs.
pub(super) fn connect(
    options: &StoreOptions,
    flags: OpenFlags,
) -> Result<Connection, StoreError> {
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
    F: FnOnce(&Connection) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, connection: &mut Connection) {
        let Some(work) = self.work.take() else { return };
        self.outcome = Some((|| {
            let savepoint = connection.savepoint()?;
            // A fault in one piece of work must not take the only writer with it.
            let result = catch_unwind(AssertUnwindSafe(|| work(&savepoint)))
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

fn write_loop(mut connection: Connection, mut queue: mpsc::Receiver<Box<dyn Job>>) {
    while let Some(first) = queue.blocking_recv() {
        let mut batch = vec![first];
        while batch.len() < BATCH
            && let Ok(next) = queue.try_recv()
        {
            batch.push(next);
        }
        let committed = commit_together(&mut connection, &mut batch);
        if let Err(error) = &committed {
            tracing::error!(%error, writes = batch.len(), "nothing of this batch was stored");
        }
        for job in batch {
            job.finish(committed.as_ref().copied());
        }
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
