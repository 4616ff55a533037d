use leptos::prelude::*;

use crate::text::{fill, t};

use super::button::{Button, Weight};

/// Appears at the foot of a page when something changed, says what, and saves or drops it.
#[component]
pub fn SaveBar(
    /// Names of what changed, as the page names them.
    #[prop(into)]
    changed: Signal<Vec<&'static str>>,
    #[prop(into)] saving: Signal<bool>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(into)] on_save: Callback<()>,
    #[prop(into)] on_discard: Callback<()>,
) -> impl IntoView {
    let shown = Memo::new(move |_| changed.with(|changed| !changed.is_empty()));
    let what = move || fill(t().common.unsaved, &[("fields", &changed.get().join(", "))]);
    view! {
        <Show when=move || shown.get()>
            <div class="save-bar" role="region" aria-label=t().common.unsaved_region>
                <div class="save-bar-words">
                    <p>{what}</p>
                    <p class="form-error" role="alert">{move || error.get()}</p>
                </div>
                <Button label=t().common.discard on_press=on_discard disabled=saving/>
                <Button
                    label=t().common.save
                    weight=Weight::Primary
                    busy=saving
                    on_press=on_save
                />
            </div>
        </Show>
    }
}
