use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use cavuer::config::{Config, RawConfig};
use cavuer::server::{self, Running, Surroundings};
use cavuer_base::clock::{self, ManualClock};
use cavuer_base::random::Random;
use cavuer_engine::channel_kinds::ChannelKinds;
use cavuer_engine::extraction::Extractor;
use cavuer_engine::{Engine, turns};
use cavuer_http::limits::Rates;
use cavuer_models::{BUILT_IN_MODEL, Protocol, Timeouts, protocols};
use cavuer_store::StoreOptions;
use cavuer_tests::provider::ScriptedProvider;
use reqwest::{Client, Method, RequestBuilder};
use tempfile::TempDir;

use super::{Database, Owner, Reply, START, Shop, WAIT, binary, client};

/// How a server is started, where a test wants it to differ.
#[derive(Clone)]
pub(crate) struct Setup {
    pub raw: RawConfig,
    pub rates: Rates,
    pub timeouts: Timeouts,
    pub protocols: Vec<&'static dyn Protocol>,
    /// How long a write waits for another process that holds the database.
    pub busy_timeout: Duration,
    /// Most pages of 4 KiB that the database may have.
    pub max_pages: Option<u32>,
    pub clock: ManualClock,
    pub extractor: Extractor,
    pub channel_kinds: ChannelKinds,
}

/// A server in this process, with a data folder of its own and a clock that the test moves.
///
/// A test ends with [`TestServer::stop`], which looks whether anything is left over.
pub(crate) struct TestServer {
    running: Option<Running>,
    pub clock: ManualClock,
    pub http: Client,
    setup: Setup,
    folder: Arc<TempDir>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            raw: RawConfig {
                listen: Some("127.0.0.1:0".to_owned()),
                sign_up: Some("open".to_owned()),
                ..RawConfig::default()
            },
            rates: Rates::unlimited(),
            timeouts: Timeouts::default(),
            protocols: protocols::ALL.to_vec(),
            busy_timeout: Duration::from_secs(5),
            max_pages: None,
            clock: ManualClock::at(START),
            extractor: Extractor { program: binary::path(), ..Extractor::default() },
            channel_kinds: ChannelKinds::default(),
        }
    }
}

impl Setup {
    /// Lets agents ask this provider, in both of its protocols.
    #[must_use]
    pub(crate) fn with_provider(self, provider: &ScriptedProvider) -> Self {
        self.with_provider_at(&provider.url())
    }

    /// The same for whatever is, or is not, at this address.
    #[must_use]
    pub(crate) fn with_provider_at(mut self, url: &str) -> Self {
        self.raw.openai_base_url = Some(url.to_owned());
        self.raw.openai_api_key = Some("key-for-openai".into());
        self.raw.anthropic_base_url = Some(url.to_owned());
        self.raw.anthropic_api_key = Some("key-for-anthropic".into());
        self
    }

    /// Starts on an empty folder.
    pub(crate) async fn start(self) -> TestServer {
        let folder = tempfile::tempdir().expect("a folder can be made");
        self.start_in(Arc::new(folder)).await
    }

    async fn start_in(self, folder: Arc<TempDir>) -> TestServer {
        let raw = RawConfig { data_dir: Some(folder.path().to_owned()), ..self.raw.clone() };
        let config = Config::check(raw).expect("a configuration without problems");
        let environment = Surroundings {
            clock: Arc::new(self.clock.clone()),
            random: Random::from_os(),
            rates: self.rates,
            timeouts: self.timeouts,
            protocols: self.protocols.clone(),
            store: StoreOptions {
                busy_timeout: self.busy_timeout,
                max_pages: self.max_pages,
                ..StoreOptions::in_folder(folder.path())
            },
            extractor: self.extractor.clone(),
            channel_kinds: self.channel_kinds.clone(),
        };
        let running = server::start(config, environment).await.expect("the server starts");
        TestServer {
            running: Some(running),
            clock: self.clock.clone(),
            http: client(),
            setup: self,
            folder,
        }
    }
}

impl TestServer {
    /// A server without limits and providers.
    pub(crate) async fn start() -> Self {
        Setup::default().start().await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.running.as_ref().expect("the server runs").address)
    }

    /// What the server runs on, for what has no address yet.
    pub(crate) fn engine(&self) -> &Engine {
        &self.running.as_ref().expect("the server runs").app.engine
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn database(&self) -> Database {
        Database::in_folder(self.folder())
    }

    /// A request without any header of ours.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url()))
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        Reply::to(self.request(Method::GET, path)).await
    }

    pub(crate) async fn owner(&self, name: &str) -> Owner {
        Owner::sign_up(&self.http, &self.url(), name).await
    }

    /// A shop whose agent is the built-in answerer.
    pub(crate) async fn shop(&self) -> Shop {
        self.shop_with(BUILT_IN_MODEL).await
    }

    /// A shop whose agent has this model.
    pub(crate) async fn shop_with(&self, model: &str) -> Shop {
        Shop::open(&self.http, &self.url(), "anna", model).await
    }

    /// Stops this server and starts another one on the same data.
    pub(crate) async fn restart(self) -> Self {
        self.restart_after(|_| {}).await
    }

    /// The same with other settings.
    pub(crate) async fn restart_with(mut self, change: impl FnOnce(&mut Setup)) -> Self {
        change(&mut self.setup);
        self.restart().await
    }

    /// The same, and something is done to the data in between.
    pub(crate) async fn restart_after(self, meanwhile: impl FnOnce(&Path)) -> Self {
        let (setup, folder) = (self.setup.clone(), Arc::clone(&self.folder));
        self.stop().await;
        meanwhile(folder.path());
        setup.start_in(folder).await
    }

    /// Stops the server. Nothing of it may be left over.
    pub(crate) async fn stop(mut self) {
        let running = self.running.take().expect("the server runs");
        let app = running.app.clone();
        let stopped = clock::timeout(2 * WAIT, running.stop()).await;
        stopped.expect("the server stops");
        assert_eq!(turns::count_running(&app.engine.turns), 0, "answers in work");
        let running = "SELECT count(*) FROM turn WHERE state = 'running'";
        assert_eq!(self.database().number(running), 0, "turns without anybody who works on them");
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        let forgotten = self.running.is_some() && !std::thread::panicking();
        assert!(!forgotten, "a test ends with `server.stop().await`");
    }
}
