//! The state of a form between "Save" and the server's answer.

use std::future::Future;

use leptos::prelude::*;
use leptos::task::spawn_local;

use cavuer_protocol::limits::NAME_CHARS;

use crate::api::ApiError;
use crate::browser::focus_invalid_later;
use crate::text::{fill, t};

/// A field's name, and what is wrong with it if anything is.
pub type Finding = (&'static str, Option<String>);

/// Whether a form is being sent, and what was wrong with it the last time.
#[derive(Clone, Copy)]
pub struct Form {
    pub busy: RwSignal<bool>,
    pub error: RwSignal<Option<ApiError>>,
    /// What this page found wrong before anything was sent.
    own: RwSignal<Vec<(&'static str, String)>>,
}

impl Form {
    pub fn new() -> Self {
        Self {
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            own: RwSignal::new(Vec::new()),
        }
    }

    /// Forgets what was wrong.
    pub fn clear(self) {
        self.error.set(None);
        self.own.set(Vec::new());
    }

    /// Notes what this page itself finds wrong. True if there is nothing and the form may go.
    pub fn check(self, found: impl IntoIterator<Item = Finding>) -> bool {
        let wrong: Vec<_> = found
            .into_iter()
            .filter_map(|(field, message)| message.map(|message| (field, message)))
            .collect();
        let fine = wrong.is_empty();
        self.error.set(None);
        self.own.set(wrong);
        if !fine {
            focus_invalid_later();
        }
        fine
    }

    /// What is wrong with one field, found here or by the server.
    pub fn field(self, name: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            let found = self.own.with(|wrong| {
                wrong.iter().find(|(field, _)| *field == name).map(|(_, message)| message.clone())
            });
            found.or_else(|| self.error.with(|error| error.as_ref()?.field(name)))
        })
    }

    /// What is wrong with the form as a whole: everything that no field of it can show.
    pub fn general(self, fields: &'static [&'static str]) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.error.with(|error| {
                let error = error.as_ref()?;
                let mut at_fields = error.fields().peekable();
                let all_shown = at_fields.peek().is_some()
                    && at_fields.all(|(field, _)| {
                        let name = field.split(['[', '.']).next().unwrap_or(field);
                        fields.contains(&field) || fields.contains(&name)
                    });
                Some(if all_shown { t().common.mend_fields.to_owned() } else { error.message() })
            })
        })
    }

    /// Notes what the server said; the focus goes to the field at fault.
    pub fn fail(self, error: ApiError) {
        let at_field = error.fields().next().is_some();
        self.error.set(Some(error));
        if at_field {
            focus_invalid_later();
        }
    }

    /// Sends the form and calls `done` with the answer. What was typed stays if it fails.
    pub fn send<T: 'static>(
        self,
        request: impl Future<Output = Result<T, ApiError>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            let answer = request.await;
            // The page may be gone by now; then its form is, too.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(value) => {
                    self.clear();
                    done(value);
                }
                Err(error) => self.fail(error),
            }
        });
    }
}

/// What is wrong with a name.
pub fn check_name(name: &str) -> Option<String> {
    if name.trim().is_empty() {
        return Some(t().common.name_missing.to_owned());
    }
    check_length(name, NAME_CHARS)
}

/// What is wrong with the length of a text.
pub fn check_length(text: &str, most: usize) -> Option<String> {
    let too_long = text.trim().chars().count() > most;
    too_long.then(|| fill(t().common.too_long, &[("count", &most.to_string())]))
}
