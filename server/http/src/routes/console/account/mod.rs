//! Signing up, in and out.

pub(crate) mod me;
pub(crate) mod setup;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod sign_up;

use cavuer_protocol::console::Me;

use crate::App;
use crate::answers::ApiResult;
use cavuer_engine::shown;
use cavuer_store::UserRecord;

/// What the console is told about the person who uses it.
async fn describe(app: &App, user: UserRecord) -> ApiResult<Me> {
    let workspaces = app.engine.store.workspaces_of(user.id).await?;
    let workspaces = workspaces.into_iter().map(shown::workspace).collect();
    Ok(Me { id: user.id, name: user.name, email: user.email, workspaces })
}
