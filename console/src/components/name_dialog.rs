use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::form::{Finding, Form, check_name};
use crate::text::t;

use super::button::{Button, Weight};
use super::dialog::Dialog;
use super::field::TextField;

/// Asks for the name of something that is new, or for a new name. Children are further fields.
#[component]
pub fn NameDialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] about: MaybeProp<String>,
    /// The name to begin with, each time that the dialog opens. Without it, what was typed before
    /// is still there.
    #[prop(optional, into)]
    begin_with: Option<Callback<(), String>>,
    /// What the button says that sends the form.
    #[prop(into)]
    send: Signal<String>,
    form: Form,
    /// Names of all fields.
    #[prop(default = &["name"])]
    fields: &'static [&'static str],
    /// What is wrong with the further fields.
    #[prop(optional, into)]
    check: Option<Callback<(), Vec<Finding>>>,
    /// Gets the name once nothing is wrong, and sends the form.
    #[prop(into)]
    on_name: Callback<String>,
    #[prop(optional)] children: Option<ChildrenFn>,
) -> impl IntoView {
    let name = RwSignal::new(String::new());
    if let Some(begin_with) = begin_with {
        Effect::new(move |_| {
            if open.get() {
                form.clear();
                name.set(untrack(|| begin_with.run(())));
            }
        });
    }
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let text = name.get_untracked().trim().to_owned();
        let further = check.map(|check| check.run(())).unwrap_or_default();
        if form.check([("name", check_name(&text))].into_iter().chain(further)) {
            on_name.run(text);
        }
    };
    let children = StoredValue::new(children);
    view! {
        <Dialog open=open title=title>
            <form class="dialog-form" novalidate=true on:submit=submit>
                {move || about.get().map(|about| view! { <p class="muted">{about}</p> })}
                <TextField
                    label=t().common.name
                    value=name
                    autofocus=true
                    error=form.field("name")
                />
                {children.with_value(|children| children.as_ref().map(|children| children()))}
                <p class="form-error" role="alert">{form.general(fields)}</p>
                <div class="dialog-foot">
                    <Button label=t().common.cancel on_press=move || open.set(false)/>
                    <Button label=send weight=Weight::Primary submit=true busy=form.busy/>
                </div>
            </form>
        </Dialog>
    }
}
