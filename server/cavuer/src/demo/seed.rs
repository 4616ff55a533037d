//! Sets the demo up: an account with its workspace, then the agent, then its channels.
//!
//! Each step makes what is missing and leaves alone what is there, so it runs at every start.

use std::path::Path;

use cavuer_protocol::console::SignUp;
use cavuer_protocol::{Secret, WorkspaceId};

use super::record::{ADMIN_EMAIL, Record, SHOP};
use super::refusals::{failed, no_account};
use super::{agent, channels};
use cavuer_engine::accounts;
use cavuer_engine::password;
use cavuer_http::App;

/// What the shop and the start's output have to know.
pub(super) struct Seeded {
    pub workspace: WorkspaceId,
    pub record: Record,
    /// The public token of the shop's channel.
    pub token: String,
    /// `None` once somebody has changed it.
    pub password: Option<String>,
}

/// Makes what is missing, and lets the channels follow the shop's address: `domains`, as rules in
/// normal form.
/// `folder` is the data folder.
///
/// # Errors
/// A sentence for the person who started the demo.
pub(super) async fn seed(app: &App, folder: &Path, domains: Vec<String>) -> Result<Seeded, String> {
    let mut record = match Record::load(folder)? {
        Some(record) => record,
        None if app.engine.store.count_users().await.map_err(failed)? > 0 => {
            return Err(format!(
                "The folder {} holds the data of a server of yours, which the demo leaves alone. \
                 Set CAVUER_DATA_DIR to another folder for the demo.",
                folder.display()
            ));
        }
        None => {
            let record = Record::new(&app.engine.random, app.engine.clock.now());
            record.save(folder)?;
            record
        }
    };
    let (workspace, password) = account(app, &record).await?;
    agent::ensure(app, workspace, &record).await?;
    let token = channels::ensure(app, workspace, &record, &domains).await?;
    if !record.complete || record.domains != domains {
        record.complete = true;
        record.domains = domains;
        record.save(folder)?;
    }
    Ok(Seeded { workspace, record, token, password })
}

/// The account's workspace, and its password if that is still the one the demo made.
async fn account(app: &App, record: &Record) -> Result<(WorkspaceId, Option<String>), String> {
    let found = app.engine.store.user_by_email(ADMIN_EMAIL.to_owned()).await.map_err(failed)?;
    let (user, is_unchanged) = match found {
        Some(user) => {
            let stored = Some(user.password_hash.clone());
            let is_unchanged = password::verify(stored, &Secret::new(record.password.clone()))
                .await
                .map_err(failed)?;
            (user, is_unchanged)
        }
        None => {
            let wanted = SignUp {
                name: "Admin".to_owned(),
                email: ADMIN_EMAIL.to_owned(),
                password: Secret::new(record.password.clone()),
                workspace: SHOP.to_owned(),
            };
            let made = accounts::create(&app.engine.accounts, &wanted, true).await;
            (made.map_err(no_account)?, true)
        }
    };
    let workspaces = app.engine.store.workspaces_of(user.id).await.map_err(failed)?;
    let workspace = workspaces.first().ok_or_else(|| failed("the account has no workspace"))?;
    Ok((workspace.id, is_unchanged.then(|| record.password.clone())))
}
