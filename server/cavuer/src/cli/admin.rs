//! `cavuer admin`: accounts for the console, made by whoever runs the server.

use std::sync::Arc;

use cavuer_protocol::console::SignUp;
use cavuer_protocol::{FieldProblem, Secret};
use clap::{Args, Subcommand};

use super::input::{self, DataFolder};
use cavuer_base::clock::SystemClock;
use cavuer_base::random::Random;
use cavuer_engine::accounts::{self, AccountRefused, Accounts};
use cavuer_engine::checks::Checks;
use cavuer_engine::password;
use cavuer_store::{Store, StoreOptions};

/// Characters of a generated password; 5.95 bits each.
const GENERATED_CHARS: usize = 20;

/// Manage accounts for the console. Works while the server runs, too.
#[derive(Args, Debug)]
pub(super) struct AdminArgs {
    #[command(flatten)]
    data: DataFolder,
    #[command(subcommand)]
    command: AdminCommand,
}

#[derive(Debug, Subcommand)]
enum AdminCommand {
    /// Make an account with a workspace of its own
    Create(CreateArgs),
    /// Give an account another password and sign it out everywhere
    ResetPassword(ResetPasswordArgs),
}

#[derive(Args, Debug)]
struct CreateArgs {
    /// The e-mail address to sign in with
    #[arg(long)]
    email: String,
    /// The person's name, which visitors see when the person writes to them
    #[arg(long)]
    name: String,
    /// Name of the first workspace
    #[arg(long, default_value = "My workspace")]
    workspace: String,
    /// Read the password from standard input instead of making one up
    #[arg(long)]
    password_stdin: bool,
}

#[derive(Args, Debug)]
struct ResetPasswordArgs {
    /// The e-mail address of the account
    #[arg(long)]
    email: String,
    /// Read the new password from standard input instead of making one up
    #[arg(long)]
    password_stdin: bool,
}

/// Runs the command on the database, which is made if need be.
///
/// # Errors
/// What to tell the user.
pub(super) async fn run(args: AdminArgs) -> Result<(), String> {
    let folder = args.data.path;
    std::fs::create_dir_all(&folder)
        .map_err(|error| format!("the folder {} cannot be made: {error}", folder.display()))?;
    let store =
        Store::open(&StoreOptions::in_folder(&folder)).map_err(|error| error.to_string())?;
    match args.command {
        AdminCommand::Create(args) => create(store, args).await,
        AdminCommand::ResetPassword(args) => reset_password(&store, args).await,
    }
}

async fn create(store: Store, args: CreateArgs) -> Result<(), String> {
    let random = Random::from_os();
    let password = Password::choose(&random, args.password_stdin)?;
    let wanted = SignUp {
        name: args.name,
        email: args.email,
        password: password.value.clone(),
        workspace: args.workspace,
    };
    let accounts = Accounts::new(store, Arc::new(SystemClock), Arc::new(random));
    let user = accounts::create(&accounts, &wanted, false).await.map_err(explain)?;
    println!("{} can sign in now.", user.email);
    password.show();
    Ok(())
}

async fn reset_password(store: &Store, args: ResetPasswordArgs) -> Result<(), String> {
    let random = Random::from_os();
    let password = Password::choose(&random, args.password_stdin)?;
    let mut checks = Checks::default();
    checks.password("password", &password.value);
    checks.finish().map_err(lines)?;

    let email = args.email.trim().to_lowercase();
    let hash = password::hash(&random, &password.value).await.map_err(|error| error.to_string())?;
    let known = store.reset_password(email.clone(), hash).await;
    if !known.map_err(|error| error.to_string())? {
        return Err(format!("there is no account with the e-mail address {email}"));
    }
    println!("{email} has a new password and is signed out everywhere.");
    password.show();
    Ok(())
}

struct Password {
    value: Secret,
    is_generated: bool,
}

impl Password {
    fn choose(random: &Random, from_stdin: bool) -> Result<Self, String> {
        let value = if from_stdin {
            Secret::new(input::secret_line("the password")?)
        } else {
            Secret::new(random.token("", GENERATED_CHARS))
        };
        Ok(Self { value, is_generated: !from_stdin })
    }

    /// A generated password is shown here and never again; one that was typed is known.
    fn show(&self) {
        if self.is_generated {
            println!("Password, shown only now: {}", self.value.expose());
        }
    }
}

fn explain(refused: AccountRefused) -> String {
    match refused {
        AccountRefused::Invalid(fields) => lines(fields),
        AccountRefused::EmailTaken => "there is an account with this e-mail address already. \
             `cavuer admin reset-password` gives it another password"
            .to_owned(),
        AccountRefused::NotFirst => "there is an account already".to_owned(),
        AccountRefused::Hashing(error) => error.to_string(),
        AccountRefused::Store(error) => error.to_string(),
    }
}

fn lines(fields: Vec<FieldProblem>) -> String {
    let line = |problem: FieldProblem| format!("{}: {}", problem.field, problem.message);
    fields.into_iter().map(line).collect::<Vec<_>>().join("\n")
}
