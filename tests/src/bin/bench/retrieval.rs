//! How often the right passage is found for questions in eleven languages that are worded unlike
//! the passages, how often something is found where nothing answers, and how long a search takes.

mod collection;
mod fixture;
mod quality;
mod speed;

use std::error::Error;

/// What is measured.
#[derive(clap::Args, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Leave out how long a search takes, which needs a minute of indexing first
    #[arg(long)]
    no_speed: bool,
    /// Also print each question whose passage is not in the first place
    #[arg(long)]
    misses: bool,
}

/// Prints the tables.
pub async fn measure(options: Options) -> Result<(), Box<dyn Error>> {
    let fixture = fixture::load()?;
    quality::measure(&fixture, options.misses).await?;
    if !options.no_speed {
        speed::measure(&fixture).await?;
    }
    Ok(())
}
