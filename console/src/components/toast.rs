use std::time::Duration;

use leptos::prelude::*;

use super::icon::Icon;

/// How long a toast stays.
const SHOWN_FOR: Duration = Duration::from_secs(4);

/// Short words about something that worked. Errors stand where they arose instead.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<(u32, String)>>,
    next: StoredValue<u32>,
}

pub fn use_toasts() -> Toasts {
    expect_context()
}

impl Toasts {
    pub fn new() -> Self {
        Self { shown: RwSignal::new(Vec::new()), next: StoredValue::new(0) }
    }

    pub fn say(self, text: impl Into<String>) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.shown.update(|shown| shown.push((id, text.into())));
        set_timeout(
            move || self.shown.update(|shown| shown.retain(|(other, _)| *other != id)),
            SHOWN_FOR,
        );
    }
}

/// Where toasts appear; a screen reader reads them out when it has nothing else to say.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.shown.get() key=|(id, _)| *id let((_id, text))>
                <div class="toast">{Icon::Done.view()} <span>{text}</span></div>
            </For>
        </div>
    }
}
