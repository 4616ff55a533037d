use std::future::Future;

use leptos::prelude::*;

use crate::api::ApiError;
use crate::form::{Finding, Form};
use crate::text::t;
use crate::unsaved::Unsaved;

use super::save_bar::SaveBar;
use super::toast::use_toasts;

/// The way of a settings page's changes to the server: asks before they are lost, checks them,
/// sends them, and takes over what the server made of them.
#[component]
pub fn Saving<T, C, K, F>(
    form: Form,
    /// Names of the fields that can show what is wrong with them.
    fields: &'static [&'static str],
    /// The state on the server.
    saved: RwSignal<T>,
    /// What the fields hold that differs from it.
    changes: Memo<C>,
    /// Names of what differs, as the page names them.
    changed: Memo<Vec<&'static str>>,
    /// What is wrong with the fields.
    check: impl Fn() -> K + Copy + Send + Sync + 'static,
    request: impl Fn(C) -> F + Copy + Send + Sync + 'static,
    /// Puts a state into the fields.
    load: impl Fn(&T) + Copy + Send + Sync + 'static,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    C: Clone + PartialEq + Send + Sync + 'static,
    K: IntoIterator<Item = Finding>,
    F: Future<Output = Result<T, ApiError>> + 'static,
{
    let toasts = use_toasts();
    expect_context::<Unsaved>().follow(move || changed.with(|changed| !changed.is_empty()));
    let save = move || {
        if !form.check(check()) {
            return;
        }
        let sent = changes.get_untracked();
        form.send(request(sent.clone()), move |answer| {
            // What was typed while the request was under way stays, as a new change.
            if changes.get_untracked() == sent {
                load(&answer);
            }
            saved.set(answer);
            toasts.say(t().common.saved);
        });
    };
    let discard = move || {
        form.clear();
        saved.with_untracked(load);
    };
    view! {
        <SaveBar
            changed=changed
            saving=form.busy
            error=form.general(fields)
            on_save=save
            on_discard=discard
        />
    }
}
