//! `cavuer backup`: a copy of everything, made while the server goes on.

use std::path::PathBuf;

use clap::Args;

use super::input::DataFolder;
use cavuer_store::{DATABASE_FILE, Store, StoreOptions};

/// Copy the whole database into one new file, also while the server runs.
#[derive(Args, Debug)]
pub(super) struct BackupArgs {
    /// The file to write; it must not exist yet
    file: PathBuf,
    #[command(flatten)]
    data: DataFolder,
}

/// Writes the copy and says how to use it.
///
/// # Errors
/// What to tell the user.
pub(super) async fn run(args: BackupArgs) -> Result<(), String> {
    let BackupArgs { file, data } = args;
    let options = StoreOptions::in_folder(&data.path);
    let target = file.clone();
    let size = tokio::task::spawn_blocking(move || Store::backup(&options, &target))
        .await
        .map_err(|error| error.to_string())?
        .map_err(|error| format!("there is no backup: {error}"))?;
    println!("{} has everything as it is now ({} KB).", file.display(), size.div_ceil(1_000));
    // A journal of the database that was there before would be applied to the restored one.
    println!(
        "To go back to it, stop the server, remove {DATABASE_FILE}, {DATABASE_FILE}-wal and \
         {DATABASE_FILE}-shm from the data folder, and put it there as {DATABASE_FILE}."
    );
    Ok(())
}
