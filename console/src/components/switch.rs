use leptos::prelude::*;

use super::unique_id;

/// Something that is on or off.
#[component]
pub fn Switch(
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: MaybeProp<String>,
    value: RwSignal<bool>,
) -> impl IntoView {
    let id = unique_id("switch");
    let label_id = format!("{id}-label");
    let hint_id = format!("{id}-hint");
    view! {
        <div class="switch-row">
            <button
                class="switch"
                id=id.clone()
                type="button"
                role="switch"
                aria-checked=move || value.get().to_string()
                aria-labelledby=label_id.clone()
                aria-describedby=hint_id.clone()
                on:click=move |_| value.update(|on| *on = !*on)
            >
                <span class="switch-knob"></span>
            </button>
            <div>
                <label class="switch-label" id=label_id for=id>{label}</label>
                {move || {
                    hint.get().map(|hint| view! { <p class="field-hint" id=hint_id.clone()>{hint}</p> })
                }}
            </div>
        </div>
    }
}
