use rusqlite::ErrorCode;

use crate::StoreError;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let hint = match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => "the disk (or the database's size limit) is full",
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                "another process holds the database's lock"
            }
            Some(ErrorCode::ReadOnly) => "the database is read-only",
            Some(ErrorCode::SystemIoFailure) => "the disk reported a failure",
            Some(ErrorCode::CannotOpen) => "the database file cannot be opened",
            _ => return Self::fault(error.to_string()),
        };
        Self::unavailable(format!("{hint} ({error})"))
    }
}
