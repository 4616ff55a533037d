use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::unique_id;

/// Tabs over panels of which one is shown. Arrow keys move between the tabs.
#[component]
pub fn Tabs(
    /// Name of the row of tabs.
    #[prop(into)]
    label: String,
    names: Vec<&'static str>,
    selected: RwSignal<usize>,
    /// Draws the panel of the selected tab.
    panel: impl Fn(usize) -> AnyView + Send + 'static,
) -> impl IntoView {
    let id = unique_id("tabs");
    let count = names.len();
    let panel_id = format!("{id}-panel");
    let on_keydown = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => count - 1,
            _ => return,
        };
        event.prevent_default();
        let next = (selected.get_untracked() + step) % count;
        selected.set(next);
        let tabs = event
            .current_target()
            .and_then(|row| row.dyn_into::<web_sys::Element>().ok())
            .map(|row| row.children());
        if let Some(tab) = tabs
            .and_then(|tabs| tabs.item(next as u32))
            .and_then(|tab| tab.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = tab.focus();
        }
    };
    let tabs = names
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let is_selected = move || selected.get() == index;
            view! {
                <button
                    class="tab"
                    type="button"
                    role="tab"
                    id=format!("{id}-{index}")
                    aria-controls=panel_id.clone()
                    aria-selected=move || is_selected().to_string()
                    tabindex=move || if is_selected() { "0" } else { "-1" }
                    on:click=move |_| selected.set(index)
                >
                    {name}
                </button>
            }
        })
        .collect_view();
    view! {
        <div class="tabs" role="tablist" aria-label=label on:keydown=on_keydown>
            {tabs}
        </div>
        <div
            class="tab-panel"
            role="tabpanel"
            id=panel_id.clone()
            aria-labelledby=move || format!("{id}-{}", selected.get())
        >
            {move || panel(selected.get())}
        </div>
    }
}
