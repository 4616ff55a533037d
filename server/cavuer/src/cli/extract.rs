use cavuer_engine::extraction;
use cavuer_text::documents::Kind;

/// What the server tells the process that reads one document.
#[derive(clap::Args)]
pub(super) struct ExtractArgs {
    #[arg(value_parser = kind)]
    kind: Kind,
    /// Most memory, in bytes.
    memory: u64,
    /// Most processor time, in seconds.
    seconds: u64,
}

/// `cavuer extract`: reads one document. The server calls it; nobody else has a use for it.
pub(super) fn run(args: &ExtractArgs) -> Result<(), String> {
    extraction::serve(args.kind, args.memory, args.seconds).map_err(|error| error.to_string())
}

fn kind(word: &str) -> Result<Kind, String> {
    Kind::of_argument(word).ok_or_else(|| format!("no kind of document is called {word:?}"))
}
