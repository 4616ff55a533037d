//! How often the right passage is found for questions in eleven languages that are worded unlike
//! the passages, how often something is found where nothing answers, and how long a search takes.

mod collection;
mod embeddings;
mod fixture;
mod quality;
mod speed;

use std::error::Error;
use std::path::PathBuf;

use embeddings::Model;

/// What is measured.
#[derive(clap::Args, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    /// Other articles and questions, in files like those of `tests/fixtures/retrieval`
    #[arg(long)]
    folder: Option<PathBuf>,
    /// Leave out how long a search takes, which needs a minute of indexing first
    #[arg(long)]
    no_speed: bool,
    /// Also print each question whose passage is not in the first place
    #[arg(long)]
    misses: bool,
    /// Address of an OpenAI-compatible server, with its /v1, that makes vectors of texts; without
    /// it only search by words is measured
    #[arg(long)]
    embeddings_url: Option<String>,
    /// Name of the model there
    #[arg(long, default_value = "multilingual-e5-small")]
    embeddings_model: String,
    /// Environment variable that holds the key for it
    #[arg(long, default_value = "EMBEDDINGS_KEY")]
    embeddings_key: String,
}

/// Prints the tables.
pub(crate) async fn measure(options: Options) -> Result<(), Box<dyn Error>> {
    let fixture = fixture::load(options.folder.as_deref())?;
    let model = match &options.embeddings_url {
        None => None,
        Some(url) => {
            let key = std::env::var(&options.embeddings_key).unwrap_or_default();
            let model = Model::at(url, &options.embeddings_model, &key).await?;
            println!("{} knows: {}", options.embeddings_model, model.trust.languages().join(", "));
            Some(model)
        }
    };
    quality::measure(&fixture, model.as_ref(), options.misses).await?;
    if !options.no_speed {
        speed::measure(&fixture).await?;
    }
    Ok(())
}
