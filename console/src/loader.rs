//! Fetching what a page shows.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use crate::api::{ApiError, use_api};
use crate::components::failure::Failure;

/// What a page waits for.
#[derive(Clone, Debug)]
pub enum Load<T> {
    Waiting,
    Ready(T),
    Failed(ApiError),
}

/// A fetch that runs again when what it depends on changes, and is dropped with its page.
pub struct Loader<T: Send + Sync + 'static> {
    pub state: RwSignal<Load<T>>,
    runs: RwSignal<u32>,
    /// Whether the last fetch failed.
    failed: StoredValue<bool>,
}

impl<T: Send + Sync> Clone for Loader<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync> Copy for Loader<T> {}

impl<T: Send + Sync> Loader<T> {
    /// Fetches again; what is on screen stays until the answer is there.
    pub fn again(self) {
        self.runs.update(|runs| *runs += 1);
    }

    fn settle(self, answer: Result<T, ApiError>) {
        self.failed.set_value(answer.is_err());
        match answer {
            Ok(value) => self.state.set(Load::Ready(value)),
            // What is there stays readable; the banner says that the server is gone.
            Err(ApiError::Unreachable)
                if self.state.with_untracked(|state| matches!(state, Load::Ready(_))) => {}
            Err(error) => self.state.set(Load::Failed(error)),
        }
    }

    /// Changes what was fetched, without asking the server.
    pub fn change(self, change: impl FnOnce(&mut T)) {
        self.state.update(|state| {
            if let Load::Ready(value) = state {
                change(value);
            }
        });
    }
}

/// Fetches at once, again when a signal that `fetch` reads changes, and after a failed attempt
/// when the reader asks to retry.
pub fn use_loader<T, F>(fetch: impl Fn() -> F + 'static) -> Loader<T>
where
    T: Send + Sync + 'static,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    let loader = Loader {
        state: RwSignal::new(Load::Waiting),
        runs: RwSignal::new(0),
        failed: StoredValue::new(false),
    };
    Effect::new(move |_| {
        loader.runs.track();
        let answer = fetch();
        spawn_local_scoped_with_cancellation(async move {
            loader.settle(answer.await);
        });
    });
    let retries = use_api().retries;
    Effect::new(move |before: Option<u32>| {
        let retries = retries.get();
        if before.is_some_and(|before| before != retries) && loader.failed.get_value() {
            loader.again();
        }
        retries
    });
    loader
}

/// Shows a skeleton, the failure with a way to retry, or what was fetched.
pub fn loaded<T, V, S>(
    loader: Loader<T>,
    skeleton: impl Fn() -> S + Send + 'static,
    ready: impl Fn(T) -> V + Send + 'static,
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
    S: IntoView + 'static,
{
    move || match loader.state.get() {
        Load::Waiting => skeleton().into_any(),
        Load::Failed(error) => {
            view! { <Failure error=error on_retry=move || loader.again()/> }.into_any()
        }
        Load::Ready(value) => ready(value).into_any(),
    }
}
