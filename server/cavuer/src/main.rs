//! The program `cavuer`; everything it does is in the library.

fn main() -> std::process::ExitCode {
    cavuer::cli::run()
}
