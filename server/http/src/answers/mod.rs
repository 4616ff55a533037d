//! What every endpoint answers when it cannot do what was asked, and the one place that picks the
//! status and writes the problem out.

mod error;
mod problem;

pub(crate) use error::{ApiError, ApiResult, Body};
pub(crate) use problem::{PageForPeople, finish};
