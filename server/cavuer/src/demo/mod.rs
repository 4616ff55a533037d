//! `cavuer demo`: the server with an agent that is ready to answer, and a small shop that uses it.
//!
//! The shop listens on a port of its own, so that it is another origin, as every customer's site
//! is. It reaches the server through nothing but the tag that owners paste.

mod address;
mod agent;
mod channels;
mod page;
mod record;
mod refusals;
mod seed;
mod site;
#[cfg(test)]
mod tests;

use crate::config::{Config, RawConfig};
use crate::server::{self, Surroundings};
use crate::signals::asked_to_stop;
use address::ShopListener;
use record::ADMIN_EMAIL;
use seed::Seeded;

/// What `cavuer demo` takes from the command line and the environment.
#[derive(clap::Args, Clone, Debug)]
pub struct DemoArgs {
    #[command(flatten)]
    pub(crate) server: RawConfig,
    /// Address and port of the demo shop [default: 127.0.0.1:3000]
    #[arg(long, env = "CAVUER_DEMO_LISTEN", value_name = "ADDRESS:PORT")]
    pub demo_listen: Option<String>,
}

/// Runs server and shop until the program is asked to stop.
///
/// # Errors
/// A sentence for the person who started it: what is in the way and what to do.
pub async fn run(args: DemoArgs, config: Config) -> Result<(), String> {
    let shop = ShopListener::bind(args.demo_listen.as_deref()).await?;
    let environment = Surroundings::real(&config);
    let folder = config.data_dir.clone();
    let running = server::start(config, environment).await?;
    let seeded = match seed::seed(&running.app, &folder, shop.domains()).await {
        Ok(seeded) => seeded,
        Err(problem) => {
            running.stop().await;
            return Err(problem);
        }
    };
    let origin = shop.origin();
    let site = site::open(running.app.clone(), &seeded, shop)?;
    print(&running.app.settings.public_url(), &origin, &seeded);

    asked_to_stop().await;
    println!("Stopping: answers in the making are finished or kept for the next start.");
    site.close().await;
    running.stop().await;
    Ok(())
}

/// Shows where everything is. `cargo xtask run` and tests read these lines, too.
fn print(server: &str, shop: &str, seeded: &Seeded) {
    let password = seeded.password.as_deref().unwrap_or("(the password that you have set)");
    println!();
    println!("Console     {server}/console/");
    println!("Sign in     {ADMIN_EMAIL}  {password}");
    println!("Demo site   {shop}/");
    println!("Snippet     {}", cavuer_engine::channels::snippet(server, &seeded.token));
    println!();
    println!("The account is for trying out: its password also stands in the data folder.");
    println!("Stop with Ctrl-C.");
}
