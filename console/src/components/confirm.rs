use leptos::prelude::*;

use crate::text::t;

use super::button::{Button, Weight};
use super::dialog::Dialog;

/// Asks before something is lost. The children say exactly what goes.
#[component]
pub fn ConfirmDialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(into)] confirm: Signal<String>,
    #[prop(default = t().common.cancel.into(), into)] cancel: Signal<String>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] error: Signal<Option<String>>,
    #[prop(into)] on_confirm: Callback<()>,
    children: ChildrenFn,
) -> impl IntoView {
    let children = StoredValue::new(children);
    view! {
        <Dialog open=open title=title>
            <div class="dialog-body">{children.with_value(|children| children())}</div>
            <p class="form-error" role="alert">{move || error.get()}</p>
            <div class="dialog-foot">
                <Button label=cancel on_press=move || open.set(false)/>
                <Button label=confirm weight=Weight::Danger busy=busy on_press=on_confirm/>
            </div>
        </Dialog>
    }
}
