use std::fmt;

/// Why the database did not do what was asked. Nothing was changed.
#[derive(Debug)]
pub struct StoreError {
    kind: Kind,
    detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// It may work later: locked, full, read-only, input/output failure, shutting down.
    Unavailable,
    /// It will not work: a fault in this program or in the file.
    Fault,
}

impl StoreError {
    /// Whether the same call may succeed later without a change to the program.
    pub fn is_unavailable(&self) -> bool {
        self.kind == Kind::Unavailable
    }

    /// Work around the store broke, for example because a task panicked.
    pub fn broken(detail: impl Into<String>) -> Self {
        Self::fault(detail)
    }

    pub(crate) fn unavailable(detail: impl Into<String>) -> Self {
        Self { kind: Kind::Unavailable, detail: detail.into() }
    }

    pub(crate) fn fault(detail: impl Into<String>) -> Self {
        Self { kind: Kind::Fault, detail: detail.into() }
    }

    /// The same error for another job of the same batch.
    pub(crate) fn repeat(&self) -> Self {
        Self { kind: self.kind, detail: self.detail.clone() }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl std::error::Error for StoreError {}
