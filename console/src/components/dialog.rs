use leptos::html;
use leptos::prelude::*;
use leptos::task::{spawn_local, tick};

use crate::text::t;

use super::button::IconButton;
use super::icon::Icon;
use super::unique_id;

/// A modal dialog. The browser keeps the focus inside and gives it back afterwards; the content
/// exists only while it is open.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    /// Broader, for forms with long text.
    #[prop(optional)]
    wide: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    let title_id = unique_id("dialog");
    let labelled_by = title_id.clone();
    let children = StoredValue::new(children);
    Effect::new(move |_| {
        let wanted = open.get();
        let Some(dialog) = node.get() else { return };
        // The content is drawn first, so that its autofocus is honoured.
        spawn_local(async move {
            tick().await;
            if !wanted {
                dialog.close();
            } else if !dialog.open() && dialog.is_connected() {
                let _ = dialog.show_modal();
            }
        });
    });
    view! {
        <dialog
            class="dialog"
            class:is-wide=wide
            node_ref=node
            aria-labelledby=labelled_by
            on:close=move |_| open.set(false)
        >
            <Show when=move || open.get()>
                <div class="dialog-head">
                    <h2 id=title_id.clone()>{title}</h2>
                    <IconButton
                        label=t().common.close
                        icon=Icon::Close
                        on_press=move || open.set(false)
                    />
                </div>
                {children.with_value(|children| children())}
            </Show>
        </dialog>
    }
}

/// The `open` of a dialog that is about something: true as soon as there is such a thing, which is
/// forgotten when the dialog closes.
pub fn open_for<T: Send + Sync + 'static>(subject: RwSignal<Option<T>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    // Each sets only what differs: the two effects would wake each other for ever.
    Effect::new(move |_| {
        let wanted = subject.with(Option::is_some);
        if open.get_untracked() != wanted {
            open.set(wanted);
        }
    });
    Effect::new(move |_| {
        if !open.get() && subject.with_untracked(Option::is_some) {
            subject.set(None);
        }
    });
    open
}
