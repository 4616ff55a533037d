//! A copy of the whole database in one file, made while the server goes on.

use std::io;
use std::path::Path;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::pool;
use crate::{Store, StoreError, StoreOptions};

impl Store {
    /// Copies the database as it is at this moment into the new file `target` and returns the
    /// file's size in bytes. The copy is checked before it gets its name. Blocks.
    ///
    /// It needs no open store and migrates nothing, so it is safe before an upgrade too.
    ///
    /// # Errors
    /// When there is no database, when `target` exists already, or when it cannot be written.
    /// Then there is no file `target`, or the one that was there before.
    pub fn backup(options: &StoreOptions, target: &Path) -> Result<u64, StoreError> {
        if !options.path.exists() {
            let path = options.path.display();
            return Err(StoreError::unavailable(format!("there is no database {path}")));
        }
        let cannot_write = |error: io::Error| {
            let why = match error.kind() {
                io::ErrorKind::AlreadyExists => "it exists already".to_owned(),
                _ => error.to_string(),
            };
            StoreError::unavailable(format!("cannot write {}: {why}", target.display()))
        };
        if target.exists() {
            return Err(cannot_write(io::ErrorKind::AlreadyExists.into()));
        }
        let folder = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        // Only its owner can read it, as it holds secrets; and it vanishes if anything fails.
        let unfinished = tempfile::Builder::new()
            .prefix(".cavuer-backup-")
            .tempfile_in(folder)
            .map_err(cannot_write)?;
        copy(options, unfinished.path())?;
        unfinished.as_file().sync_all().map_err(cannot_write)?;
        let size = unfinished.as_file().metadata().map_err(cannot_write)?.len();
        unfinished.persist_noclobber(target).map_err(|error| cannot_write(error.error))?;
        Ok(size)
    }
}

/// A write lock would not help here and a read-only connection cannot open a database that was
/// not closed in good order, so this one may write but does not.
fn copy(options: &StoreOptions, target: &Path) -> Result<(), StoreError> {
    let may_write = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut source = pool::connect(options, may_write)?;
    let mut copy = Connection::open_with_flags(target, may_write)?;
    // Inside a transaction the copy is of one moment, however much is written meanwhile.
    let moment = source.transaction()?;
    moment.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    match Backup::new(&moment, &mut copy)?.step(-1)? {
        StepResult::Done => {}
        state => return Err(StoreError::unavailable(format!("the copy stopped: {state:?}"))),
    }
    let verdict = copy.query_row("PRAGMA quick_check", [], |row| row.get::<_, String>(0))?;
    if verdict != "ok" {
        return Err(StoreError::fault(format!("the database is damaged: {verdict}")));
    }
    // One file without companions.
    copy.pragma_update(None, "journal_mode", "DELETE")?;
    copy.close().map_err(|(_, error)| error)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use cavuer_protocol::{AttachmentContent, AttachmentId};

    use super::*;
    use crate::fixture::{Fixture, NOW};
    use crate::{NewAttachment, Uploader, VisitorIdentity, VisitorKind};

    #[tokio::test]
    async fn a_copy_of_the_running_database_opens_and_has_everything() {
        let fixture = Fixture::new().await;
        fixture.article("Delivery", "By bicycle").await;
        let target = fixture.folder.path().join("copy").with_extension("db");
        let size = Store::backup(&fixture.options, &target).unwrap();
        assert_eq!(size, target.metadata().unwrap().len());

        let restored = tempfile::tempdir().unwrap();
        let options = StoreOptions::in_folder(restored.path());
        std::fs::copy(&target, &options.path).unwrap();
        let store = Store::open(&options).unwrap();
        let articles = store.articles(fixture.workspace, None, None).await.unwrap();
        assert_eq!(articles[0].title, "Delivery");
        // The copy is one file, and the attempt has left nothing else behind.
        let names = std::fs::read_dir(fixture.folder.path()).unwrap();
        let leftovers = names
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with("copy.") || name.starts_with(".cavuer"))
            .collect::<Vec<_>>();
        assert_eq!(leftovers, ["copy.db"]);
    }

    #[tokio::test]
    async fn a_copy_has_the_bytes_of_attachments() {
        let fixture = Fixture::new().await;
        let channel = fixture.channel(fixture.agent().await).await.id;
        let (kind, public_id) = (VisitorKind::Guest, "v_1".to_owned());
        let visitor = VisitorIdentity { channel, kind, public_id };
        let uploader =
            Uploader { visitor: visitor.clone(), key_hash: None, name: None, email: None };
        let new = NewAttachment {
            id: fixture.random.id(NOW, AttachmentId::from_parts),
            name: "bill.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            content: AttachmentContent::File,
            bytes: b"bill".to_vec(),
            now: NOW,
        };
        let id = fixture.store.add_visitor_attachment(uploader, new).await.unwrap().id;
        let restored = tempfile::tempdir().unwrap();
        let options = StoreOptions::in_folder(restored.path());
        Store::backup(&fixture.options, &options.path).unwrap();
        let store = Store::open(&options).unwrap();
        let found = store.visitor_attachment(visitor, id).await.unwrap();
        assert_eq!(found.unwrap().bytes, b"bill");
    }

    #[tokio::test]
    async fn nothing_is_overwritten() {
        let fixture = Fixture::new().await;
        let target = fixture.folder.path().join("copy.db");
        std::fs::write(&target, "precious").unwrap();
        let error = Store::backup(&fixture.options, &target).unwrap_err();
        assert!(error.to_string().contains("copy.db"), "{error}");
        assert_eq!(std::fs::read(&target).unwrap(), b"precious");
    }

    #[test]
    fn without_a_database_none_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let options = StoreOptions::in_folder(folder.path());
        assert!(Store::backup(&options, &folder.path().join("copy.db")).is_err());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
