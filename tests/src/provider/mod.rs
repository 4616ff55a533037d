//! A model provider that does what a test says.
//!
//! It speaks OpenAI's chat completions, Anthropic's messages and Google's Gemini API on a port of
//! its own, streamed or not, with their event names, finish marks and error bodies, and lists
//! models. It listens to recordings as OpenAI does, and makes vectors of texts (see [`Meanings`]).
//! What it answers is decided by the
//! first of these that there is: a script that was pushed, a marker in the last message of the
//! request (see [`Script::from_marker`]), the standing script.

mod anthropic;
mod embeddings;
mod google;
mod openai;
mod request;
mod script;
mod serve;
mod transcription;

use std::collections::{HashSet, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tokio::task::JoinHandle;

pub use self::embeddings::Meanings;
pub use self::request::{Request, SentImage, ToolResult};
pub use self::script::{Ending, Script};
pub use self::transcription::Recording;

/// A running provider; it stops when dropped.
#[derive(Debug)]
pub struct ScriptedProvider {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    queue: Mutex<VecDeque<Script>>,
    /// Scripts for recordings alone.
    listening: Mutex<VecDeque<Script>>,
    standing: Mutex<Script>,
    /// Names that the list of models holds; `None` if there is to be no list.
    models: Mutex<Option<Vec<String>>>,
    requests: watch::Sender<Vec<Request>>,
    recordings: watch::Sender<Vec<Recording>>,
    /// What is heard in every recording.
    transcript: Mutex<String>,
    /// What vectors are made like.
    meanings: Mutex<Meanings>,
    /// Every request for vectors so far.
    embedded: watch::Sender<Vec<Request>>,
    /// One permit for each hold that was released.
    releases: Semaphore,
    /// How many answers have come to their hold so far.
    held: watch::Sender<usize>,
    /// Messages whose `once` marker has been used up.
    used_markers: Mutex<HashSet<String>>,
}

impl ScriptedProvider {
    /// Starts on a free port of this machine.
    ///
    /// # Panics
    /// If there is none.
    pub async fn start() -> Self {
        let any_port = SocketAddr::from(([127, 0, 0, 1], 0));
        Self::start_on(any_port).await.expect("a free port on this machine")
    }

    /// Starts on an address.
    ///
    /// # Errors
    /// If the address cannot be listened on.
    pub async fn start_on(address: SocketAddr) -> std::io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            queue: Mutex::default(),
            listening: Mutex::default(),
            standing: Mutex::new(Script::answer("This answer comes from a script.")),
            models: Mutex::new(Some(vec!["model-one".to_owned(), "model-two".to_owned()])),
            requests: watch::Sender::new(Vec::new()),
            recordings: watch::Sender::new(Vec::new()),
            transcript: Mutex::new("What was said.".to_owned()),
            meanings: Mutex::new(Meanings::Concepts),
            embedded: watch::Sender::new(Vec::new()),
            releases: Semaphore::new(0),
            held: watch::Sender::new(0),
            used_markers: Mutex::default(),
        });
        let app = serve::router(Arc::clone(&shared));
        // Without this, Nagle's algorithm holds small pieces back for 40 ms.
        let listener = listener.tap_io(|stream| stream.set_nodelay(true).expect("a TCP socket"));
        let server = tokio::spawn(async move {
            axum::serve(listener, app).await.expect("axum's server does not end");
        });
        Ok(Self { address, shared, server })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its address as a base URL, for both protocols.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sets the script of the next request that has none yet.
    pub fn push(&self, script: Script) {
        lock(&self.shared.queue).push_back(script);
    }

    /// Sets what is answered when nothing else is said.
    pub fn set_standing(&self, script: Script) {
        *lock(&self.shared.standing) = script;
    }

    /// Sets which models it lists; with `None` it knows no list. A list is asked for without a
    /// script; one that was pushed is used all the same if it is an error.
    pub fn set_models(&self, names: Option<&[&str]>) {
        let names = names.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
        *lock(&self.shared.models) = names;
    }

    /// Sets what is heard in recordings, unless [`Self::push_recording`] says something else of
    /// the next one.
    pub fn set_transcript(&self, text: &str) {
        text.clone_into(&mut lock(&self.shared.transcript));
    }

    /// Sets what is done with the next recording that has no script yet: an error, or words that
    /// are heard in it.
    pub fn push_recording(&self, script: Script) {
        lock(&self.shared.listening).push_back(script);
    }

    /// Every recording so far, oldest first.
    pub fn recordings(&self) -> Vec<Recording> {
        self.shared.recordings.borrow().clone()
    }

    /// Sets what vectors are made like where the model's name does not say it.
    pub fn set_meanings(&self, meanings: Meanings) {
        *lock(&self.shared.meanings) = meanings;
    }

    /// Every request for vectors so far, oldest first.
    pub fn embedded(&self) -> Vec<Request> {
        self.shared.embedded.borrow().clone()
    }

    /// Waits until there have been as many requests for vectors.
    pub async fn wait_until_embedded(&self, count: usize) {
        let mut requests = self.shared.embedded.subscribe();
        requests.wait_for(|requests| requests.len() >= count).await.expect("the provider lives");
    }

    /// Every request for an answer so far, oldest first.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.borrow().clone()
    }

    /// Waits until there have been as many requests.
    pub async fn wait_for_requests(&self, count: usize) {
        let mut requests = self.shared.requests.subscribe();
        requests.wait_for(|requests| requests.len() >= count).await.expect("the provider lives");
    }

    /// Waits until as many answers, counted from the start, have come to their hold.
    pub async fn wait_until_held(&self, count: usize) {
        let mut held = self.shared.held.subscribe();
        held.wait_for(|held| *held >= count).await.expect("the provider lives");
    }

    /// Lets one held answer go on, or the next one that comes to its hold.
    pub fn release(&self) {
        self.shared.releases.add_permits(1);
    }

    /// Runs until the process ends.
    pub async fn run(mut self) {
        // The task ends only by a panic, which was printed.
        let _ = (&mut self.server).await;
    }
}

impl Drop for ScriptedProvider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Shared {
    fn meaning(&self) -> Meanings {
        *lock(&self.meanings)
    }

    fn models(&self) -> Option<Vec<String>> {
        lock(&self.models).clone()
    }

    /// The error at the head of the queue, if that is one.
    fn next_error(&self) -> Option<(u16, Option<(String, String)>)> {
        let mut queue = lock(&self.queue);
        let error = queue.front()?.as_error()?;
        queue.pop_front();
        Some(error)
    }

    fn script_for(&self, request: &Request) -> Script {
        let question = &request.question();
        let pushed = lock(&self.queue).pop_front();
        pushed
            .or_else(|| {
                Script::from_marker(question, || lock(&self.used_markers).insert(question.clone()))
            })
            .unwrap_or_else(|| lock(&self.standing).clone())
    }
}

/// Which protocol a request came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protocol {
    OpenAi,
    Anthropic,
    Google,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
