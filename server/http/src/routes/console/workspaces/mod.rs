//! Workspaces: the tenants that own everything else.

pub mod create;
pub mod rename;

use cavuer_protocol::console::NewWorkspace;
use cavuer_protocol::limits::NAME_CHARS;

use crate::answers::{ApiError, ApiResult};
use cavuer_engine::checks::Checks;

fn accept(NewWorkspace { name }: &NewWorkspace) -> ApiResult<String> {
    let mut checks = Checks::default();
    let name = checks.line("name", name, NAME_CHARS);
    checks.finish().map_err(ApiError::Invalid)?;
    Ok(name)
}
