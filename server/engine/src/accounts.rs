//! Making accounts, for whoever makes them: the sign-up page, the command line, the demo.

use cavuer_protocol::console::SignUp;
use cavuer_protocol::{FieldProblem, UserId, WorkspaceId, limits};
use std::sync::Arc;

use crate::checks::Checks;
use crate::password::{self, HashingFailed};
use cavuer_base::clock::SharedClock;
use cavuer_base::random::Random;
use cavuer_store::{AccountOutcome, NewAccount, Store, StoreError, UserRecord, WorkspaceRecord};

/// The accounts of this server.
pub struct Accounts {
    store: Store,
    clock: SharedClock,
    random: Arc<Random>,
}

/// Why there is no new account.
#[derive(Debug)]
pub enum AccountRefused {
    /// Fields of [`SignUp`] have to be mended.
    Invalid(Vec<FieldProblem>),
    /// Somebody has an account with this e-mail address.
    EmailTaken,
    /// It was to be the first one, and is not.
    NotFirst,
    /// The machine could not hash the password; nothing was stored.
    Hashing(HashingFailed),
    /// Nothing was stored.
    Store(StoreError),
}

impl Accounts {
    /// Also for whoever has a store and no engine, such as the command line.
    pub fn new(store: Store, clock: SharedClock, random: Arc<Random>) -> Self {
        Self { store, clock, random }
    }
}

impl From<HashingFailed> for AccountRefused {
    fn from(error: HashingFailed) -> Self {
        Self::Hashing(error)
    }
}

impl From<StoreError> for AccountRefused {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Makes an account with its first workspace; with `only_as_first`, only if there is none yet.
pub async fn create(
    accounts: &Accounts,
    wanted: &SignUp,
    only_as_first: bool,
) -> Result<UserRecord, AccountRefused> {
    let mut checks = Checks::default();
    let name = checks.line("name", &wanted.name, limits::NAME_CHARS);
    let email = checks.email("email", &wanted.email);
    checks.password("password", &wanted.password);
    let workspace = checks.line("workspace", &wanted.workspace, limits::NAME_CHARS);
    checks.finish().map_err(AccountRefused::Invalid)?;

    let Accounts { store, clock, random } = accounts;
    let now = clock.now();
    let password_hash = password::hash(random, &wanted.password).await?;
    let user = UserRecord { id: random.id(now, UserId::from_parts), name, email, password_hash };
    let workspace =
        WorkspaceRecord { id: random.id(now, WorkspaceId::from_parts), name: workspace };
    let account = NewAccount { user: user.clone(), workspace, created_at: now, only_as_first };
    match store.create_account(account).await? {
        AccountOutcome::Created => Ok(user),
        AccountOutcome::EmailTaken => Err(AccountRefused::EmailTaken),
        AccountOutcome::NotFirst => Err(AccountRefused::NotFirst),
    }
}
