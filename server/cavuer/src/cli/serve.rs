use crate::config::Config;
use crate::server::{self, Surroundings};
use crate::signals::asked_to_stop;

/// `cavuer serve`: runs until it is asked to stop.
pub(super) async fn run(config: Config) -> Result<(), String> {
    let environment = Surroundings::real(&config);
    let running = server::start(config, environment).await?;
    println!("Listening   http://{}/", running.address);
    println!("Console     {}/console/", running.app.settings.public_url());
    asked_to_stop().await;
    println!("Stopping: answers in the making are finished or kept for the next start.");
    running.stop().await;
    Ok(())
}
