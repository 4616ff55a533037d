//! `cavuer hash`: the `data-user-hash` of a user, to compare one's own code with.

use cavuer_protocol::limits::USER_ID_BYTES;
use clap::Args;

use super::input;
use cavuer_http::guard::identity;

/// The variable that holds a channel's secret key.
const SECRET_KEY: &str = "CAVUER_SECRET_KEY";

/// Print the data-user-hash for a user id. The channel's secret key comes from the variable
/// `CAVUER_SECRET_KEY` or from standard input, never from an argument.
#[derive(Args, Debug)]
pub(super) struct HashArgs {
    /// The user id, exactly as in data-user-id
    #[arg(long)]
    id: String,
    /// Read the secret key from standard input
    #[arg(long)]
    secret_key_stdin: bool,
}

/// Prints the hash and nothing else.
///
/// # Errors
/// What to tell the user.
pub(super) async fn run(args: HashArgs) -> Result<(), String> {
    let secret_key = if args.secret_key_stdin {
        input::secret_line("the secret key")?
    } else {
        std::env::var(SECRET_KEY).unwrap_or_default().trim().to_owned()
    };
    if secret_key.is_empty() {
        return Err(format!(
            "set {SECRET_KEY} to the channel's secret key (sk_…), or pipe it in with \
             --secret-key-stdin"
        ));
    }
    if args.id.is_empty() || args.id.len() > USER_ID_BYTES {
        return Err(format!("--id must have 1 to {USER_ID_BYTES} bytes"));
    }
    println!("{}", identity::hash(&secret_key, &args.id));
    Ok(())
}
