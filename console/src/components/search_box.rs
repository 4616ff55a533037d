use std::time::Duration;

use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use super::icon::Icon;

/// Rest after the last key before the search runs.
const PAUSE: Duration = Duration::from_millis(200);

/// A search field whose value lies elsewhere, usually in the address.
#[component]
pub fn SearchBox(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_search: Callback<String>,
) -> impl IntoView {
    let typed = RwSignal::new(value.get_untracked());
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(handle) = waiting.try_get_value().flatten() {
            handle.clear();
        }
    };
    let search = move |text: String| {
        typed.set(text.clone());
        stop();
        waiting.set_value(
            set_timeout_with_handle(move || on_search.run(text.trim().to_owned()), PAUSE).ok(),
        );
    };
    on_cleanup(stop);
    // "Back" changes the address, and the field follows.
    Effect::new(move |_| {
        let value = value.get();
        if typed.with_untracked(|typed| typed.trim() != value) {
            typed.set(value);
        }
    });
    view! {
        <div class="search-box">
            {Icon::Search.view()}
            <input
                class="input"
                type="search"
                aria-label=label.clone()
                placeholder=label
                prop:value=typed
                on:input=move |event| search(event_target_value(&event))
            />
        </div>
    }
}
