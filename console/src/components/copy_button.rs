use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::browser;
use crate::text::t;

use super::button::{Button, Weight};
use super::icon::Icon;

/// How long the button says that it worked.
const SAID_FOR: Duration = Duration::from_secs(2);

/// Copies a text and says so.
#[component]
pub fn CopyButton(
    #[prop(into)] text: Signal<String>,
    #[prop(optional)] weight: Weight,
) -> impl IntoView {
    let copied = Copied::new();
    let on_press = move || copied.copy(text.get_untracked());
    view! { <CopiedButton copied=copied weight=weight on_press=on_press/> }
}

/// Whether the last copy worked, for a short while.
#[derive(Clone, Copy)]
pub struct Copied(RwSignal<Option<bool>>);

impl Copied {
    pub fn new() -> Self {
        Self(RwSignal::new(None))
    }

    pub fn copy(self, text: String) {
        spawn_local(async move {
            let worked = browser::copy(&text).await;
            self.0.set(Some(worked));
            set_timeout(move || self.0.set(None), SAID_FOR);
        });
    }
}

/// A copy button whose text comes from elsewhere, for example from the server.
#[component]
pub fn CopiedButton(
    copied: Copied,
    #[prop(optional)] weight: Weight,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    let label = move || {
        let words = &t().common;
        match copied.0.get() {
            None => words.copy,
            Some(true) => words.copied,
            Some(false) => words.copy_failed,
        }
        .to_owned()
    };
    view! {
        <span class="copy-button">
            <Button label=label weight=weight icon=Icon::Copy on_press=on_press/>
            <span class="visually-hidden" role="status">
                {move || copied.0.get().map(|_| label())}
            </span>
        </span>
    }
}
