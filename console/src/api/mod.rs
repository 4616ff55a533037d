//! The one client of the console API. Every request goes through [`Api`], so that "nobody is
//! signed in" and "the server cannot be reached" are each handled in one place.

mod account;
mod agents;
mod channels;
mod conversations;
mod embeddings;
mod error;
mod functions;
mod knowledge;
mod providers;
mod upload;

use gloo_net::http::{Method, RequestBuilder};
use leptos::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use cavuer_protocol::{ProblemCode, WorkspaceId};

pub use error::ApiError;
pub use upload::{Upload, UploadCancelled};

/// Path of the console API on this server.
const BASE: &str = "/api/console/v1";

/// The client, and what its answers say about the connection.
#[derive(Clone, Copy)]
pub struct Api {
    /// True from the first answer that says nobody is signed in until the sign-in page opens.
    pub signed_out: RwSignal<bool>,
    /// True from the first request without an answer until the next one with an answer.
    pub unreachable: RwSignal<bool>,
    /// Rises when what could not be fetched is to be tried again.
    pub retries: RwSignal<u32>,
}

/// The client for everything that belongs to one workspace.
#[derive(Clone, Copy)]
pub struct WorkspaceApi {
    api: Api,
    pub id: WorkspaceId,
}

/// The client that the app provides.
pub fn use_api() -> Api {
    expect_context()
}

/// The client for the workspace that is on screen.
pub fn use_workspace() -> WorkspaceApi {
    expect_context()
}

impl Api {
    pub fn new() -> Self {
        Self {
            signed_out: RwSignal::new(false),
            unreachable: RwSignal::new(false),
            retries: RwSignal::new(0),
        }
    }

    pub fn workspace(self, id: WorkspaceId) -> WorkspaceApi {
        WorkspaceApi { api: self, id }
    }

    async fn get<T: DeserializeOwned>(self, path: &str) -> Result<T, ApiError> {
        let request = RequestBuilder::new(&url(path)).build();
        self.answer(request).await
    }

    async fn send<T: DeserializeOwned>(
        self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T, ApiError> {
        let request = RequestBuilder::new(&url(path)).method(method).json(body);
        self.answer(request).await
    }

    /// A request that changes something but needs no content.
    async fn command<T: DeserializeOwned>(self, method: Method, path: &str) -> Result<T, ApiError> {
        let request = RequestBuilder::new(&url(path)).method(method).build();
        self.answer(request).await
    }

    async fn answer<T: DeserializeOwned>(
        self,
        request: Result<gloo_net::http::Request, gloo_net::Error>,
    ) -> Result<T, ApiError> {
        let request = request.map_err(|_| ApiError::Garbled)?;
        let Ok(response) = request.send().await else {
            return self.settle(Err(ApiError::Unreachable));
        };
        let status = response.status();
        let retry_after =
            response.headers().get("retry-after").and_then(|seconds| seconds.parse().ok());
        let Ok(text) = response.text().await else {
            return self.settle(Err(ApiError::Unreachable));
        };
        self.settle(error::read(status, retry_after, &text))
    }

    /// Notes what an answer says about the connection and about who is signed in.
    fn settle<T>(self, result: Result<T, ApiError>) -> Result<T, ApiError> {
        let unreachable = matches!(result, Err(ApiError::Unreachable));
        if self.unreachable.get_untracked() != unreachable {
            self.unreachable.set(unreachable);
            // The server is back: what could not be fetched meanwhile is fetched now.
            if !unreachable {
                self.retries.update(|retries| *retries += 1);
            }
        }
        if let Err(error) = &result
            && error.code() == Some(ProblemCode::SignInRequired)
            && !self.signed_out.get_untracked()
        {
            self.signed_out.set(true);
        }
        result
    }
}

impl WorkspaceApi {
    fn path(self, rest: &str) -> String {
        format!("workspaces/{}/{rest}", self.id)
    }

    /// The client for what belongs to the person and not to a workspace.
    pub fn account(self) -> Api {
        self.api
    }

    /// Address of the workspace's event stream.
    pub fn events_url(self) -> String {
        url(&self.path("events"))
    }

    async fn get<T: DeserializeOwned>(self, rest: &str) -> Result<T, ApiError> {
        self.api.get(&self.path(rest)).await
    }

    async fn send<T: DeserializeOwned>(
        self,
        method: Method,
        rest: &str,
        body: &impl Serialize,
    ) -> Result<T, ApiError> {
        self.api.send(method, &self.path(rest), body).await
    }

    async fn command<T: DeserializeOwned>(self, method: Method, rest: &str) -> Result<T, ApiError> {
        self.api.command(method, &self.path(rest)).await
    }
}

fn url(path: &str) -> String {
    format!("{BASE}/{path}")
}

/// A query string of the parameters that have a value, with its question mark.
fn query(parameters: &[(&str, Option<String>)]) -> String {
    let pairs: Vec<String> = parameters
        .iter()
        .filter_map(|(name, value)| value.as_ref().map(|value| (name, value)))
        .map(|(name, value)| format!("{name}={}", crate::browser::encode(value)))
        .collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}
