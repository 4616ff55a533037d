//! The program `cavuer`; everything it does is in the library.

#[tokio::main]
async fn main() -> std::process::ExitCode {
    cavuer_server::cli::run().await
}
