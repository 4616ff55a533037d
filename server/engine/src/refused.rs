//! Why something was not done, for whoever asked for it.

use cavuer_protocol::{FieldProblem, Notice};
use cavuer_store::StoreError;

/// See the module.
#[derive(Debug)]
pub enum Refused {
    /// Fields have to be mended. Nothing was changed.
    Invalid(Vec<FieldProblem>),
    /// What was asked cannot be read as what it should be.
    Malformed(Notice),
    /// The workspace has no such thing.
    NotFound(Notice),
    /// Something else is in the way.
    Conflict(Notice),
    /// Nothing was changed.
    Store(StoreError),
}

impl Refused {
    /// One field that has to be mended.
    pub fn field(field: impl Into<String>, notice: Notice) -> Self {
        Self::Invalid(vec![FieldProblem::new(field, notice)])
    }
}

impl From<Vec<FieldProblem>> for Refused {
    fn from(problems: Vec<FieldProblem>) -> Self {
        Self::Invalid(problems)
    }
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
