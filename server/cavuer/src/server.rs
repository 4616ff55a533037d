//! A running server: what `cavuer serve` starts, and what tests start in their own process.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use axum::serve::{ListenerExt as _, TapIo};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use cavuer_base::clock::{self, SharedClock, SystemClock};
use cavuer_base::random::Random;
use cavuer_engine::channel_kinds::ChannelKinds;
use cavuer_engine::extraction::Extractor;
use cavuer_engine::vault::Vault;
use cavuer_engine::{Engine, EngineParts, articles, embeddings, outbox, retention, turns};
use cavuer_http::limits::{Limits, Rates};
use cavuer_http::signing::SigningKey;
use cavuer_http::{App, Parts, routes};
use cavuer_models::outbound::{CONNECT_TIMEOUT, Outbound};
use cavuer_models::{Models, Protocol, Timeouts, protocols};
use cavuer_store::{Store, StoreOptions};

use crate::config::Config;

/// How long a shutdown waits for connections after everything else has ended.
const CONNECTION_GRACE: Duration = Duration::from_secs(2);

/// What differs between a real run and a test.
pub struct Surroundings {
    /// The time that everything goes by, waiting included.
    pub clock: SharedClock,
    /// Where ids, tokens and keys come from.
    pub random: Random,
    /// How often somebody may do something.
    pub rates: Rates,
    /// How long providers may take.
    pub timeouts: Timeouts,
    /// What workspaces can set up a provider of.
    pub protocols: Vec<&'static dyn Protocol>,
    /// Where the database is, and how it is opened.
    pub store: StoreOptions,
    /// The program that reads uploaded documents, and its bounds.
    pub extractor: Extractor,
    /// Kinds of channels beside the widget.
    pub channel_kinds: ChannelKinds,
}

/// A server that takes requests.
pub struct Running {
    /// Where it listens; the port is real even if the configuration said 0.
    pub address: SocketAddr,
    /// What the endpoints share, for tests and the demo that look behind them.
    pub app: App,
    listener: JoinHandle<()>,
    limits: JoinHandle<()>,
    turns: JoinHandle<()>,
    outbox: JoinHandle<()>,
    retention: JoinHandle<()>,
    articles: JoinHandle<()>,
    embeddings: JoinHandle<()>,
}

impl Surroundings {
    /// The real world, for the given configuration.
    pub fn real(config: &Config) -> Self {
        Self {
            clock: std::sync::Arc::new(SystemClock),
            random: Random::from_os(),
            rates: Rates::default(),
            timeouts: Timeouts::default(),
            protocols: protocols::ALL.to_vec(),
            store: StoreOptions::in_folder(&config.data_dir),
            extractor: Extractor::default(),
            channel_kinds: ChannelKinds::default(),
        }
    }
}

/// Opens the data folder, listens, and starts the agents.
///
/// # Errors
/// A sentence for the person who started it: which part failed and what to do.
pub async fn start(mut config: Config, environment: Surroundings) -> Result<Running, String> {
    let folder = config.data_dir.clone();
    private_folder(&folder).map_err(|error| {
        format!("CAVUER_DATA_DIR: the folder {} cannot be used: {error}.", folder.display())
    })?;
    let Surroundings { clock, random, rates, timeouts, protocols, store, extractor, channel_kinds } =
        environment;
    let signing = SigningKey::in_folder(&folder, &random)
        .map_err(|error| format!("The server's key in {}: {error}.", folder.display()))?;
    let vault = Vault::open(config.sealing_key.as_ref(), &folder, &random)
        .map_err(|error| format!("The key for sealing in {}: {error}.", folder.display()))?;
    let store = Store::open(&store)
        .map_err(|error| format!("The database in {}: {error}.", folder.display()))?;
    let listener = TcpListener::bind(config.listen).await.map_err(|error| {
        format!(
            "CAVUER_LISTEN: cannot listen on {}: {error}. Stop the other program or choose \
             another port.",
            config.listen
        )
    })?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    config.listen = address;

    let models = Models::with_protocols(config.llm.clone(), timeouts, protocols)
        .map_err(|error| error.to_string())?;
    let outbound = Outbound::new(&config.function_hosts, CONNECT_TIMEOUT)
        .map_err(|error| error.to_string())?;
    let engine = Engine::new(EngineParts {
        store,
        clock: clock.clone(),
        random,
        models,
        vault,
        outbound,
        channel_kinds,
        extractor,
    });
    let app = App::new(Parts {
        engine,
        settings: config.settings(),
        limits: Limits::new(rates, clock),
        refusals: Default::default(),
        signing,
    });
    let engine = &app.engine;
    Ok(Running {
        address,
        listener: tokio::spawn(serve(app.clone(), listener)),
        limits: tokio::spawn(app.clone().sweep_limits()),
        turns: tokio::spawn(turns::work(engine.turns.clone())),
        outbox: tokio::spawn(outbox::work(engine.outbox.clone())),
        retention: tokio::spawn(retention::work(engine.retention.clone())),
        articles: tokio::spawn(articles::work(engine.articles.clone())),
        embeddings: tokio::spawn(embeddings::work(engine.embeddings.clone())),
        app,
    })
}

impl Running {
    /// Stops taking requests, lets answers finish or parks them, and ends.
    pub async fn stop(self) {
        self.app.engine.stopping.cancel();
        for task in [
            self.turns,
            self.outbox,
            self.retention,
            self.articles,
            self.embeddings,
            self.limits,
            self.listener,
        ] {
            if let Err(error) = task.await {
                tracing::error!(%error, "a part of the server did not end in order");
            }
        }
        if let Err(error) = self.app.engine.store.settle().await {
            tracing::warn!(%error, "the database keeps its write-ahead log");
        }
    }
}

/// Makes the folder if need be, and closes it to other users: it holds keys and conversations.
fn private_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// A listener whose connections send each piece of a stream at once. Otherwise small pieces wait
/// for the client's acknowledgement (Nagle's algorithm), some 40 ms each.
fn without_delay(
    listener: TcpListener,
) -> TapIo<TcpListener, impl FnMut(&mut TcpStream) + Send + 'static> {
    listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
    })
}

async fn serve(app: App, listener: TcpListener) {
    let listener = without_delay(listener);
    let service = routes::router(&app).into_make_service_with_connect_info::<SocketAddr>();
    let stopping = app.engine.stopping.clone();
    let serving =
        axum::serve(listener, service).with_graceful_shutdown(stopping.clone().cancelled_owned());
    let overdue = async {
        stopping.cancelled().await;
        clock::wait_until(clock::instant() + CONNECTION_GRACE).await;
    };
    tokio::select! {
        result = serving.into_future() => {
            if let Err(error) = result {
                tracing::error!(%error, "the listener failed");
            }
        }
        () = overdue => tracing::debug!("connections that stay open are closed"),
    }
}

#[cfg(test)]
mod tests {
    use axum::serve::Listener as _;

    use super::*;

    #[tokio::test]
    async fn connections_send_small_pieces_at_once() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut listener = without_delay(listener);
        let (_client, accepted) = tokio::join!(TcpStream::connect(address), listener.accept());
        let (stream, _) = accepted;
        assert!(stream.nodelay().unwrap());
    }
}
