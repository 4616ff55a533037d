use std::future::Future;

use leptos::prelude::*;

use crate::api::ApiError;
use crate::form::Form;
use crate::route::use_go;
use crate::text::t;
use crate::unsaved::Unsaved;

use super::button::{Button, Weight};
use super::confirm::ConfirmDialog;
use super::icon::Icon;
use super::toast::use_toasts;

/// A button that deletes something for good. It asks first; the children say exactly what goes.
#[component]
pub fn DeleteAction<F>(
    #[prop(into)] label: Signal<String>,
    /// The question.
    #[prop(into)]
    title: Signal<String>,
    /// What is said when it is gone.
    done: &'static str,
    /// The page that the reader finds themselves on then.
    #[prop(into)]
    leads_to: Signal<String>,
    request: impl Fn() -> F + Copy + Send + Sync + 'static,
    children: ChildrenFn,
) -> impl IntoView
where
    F: Future<Output = Result<(), ApiError>> + 'static,
{
    let toasts = use_toasts();
    let go = use_go();
    let unsaved: Unsaved = expect_context();
    let open = RwSignal::new(false);
    let form = Form::new();
    let delete = move || {
        // Read now: what names the page may be gone with the thing.
        let next = leads_to.get_untracked();
        form.send(request(), move |()| {
            unsaved.forget();
            open.set(false);
            toasts.say(done);
            go.replace(&next);
        });
    };
    let children = StoredValue::new(children);
    view! {
        <div>
            <Button
                label=label
                weight=Weight::Danger
                icon=Icon::Trash
                on_press=move || open.set(true)
            />
        </div>
        <ConfirmDialog
            open=open
            title=title
            confirm=t().common.delete
            busy=form.busy
            error=form.general(&[])
            on_confirm=delete
        >
            {children.with_value(|children| children())}
        </ConfirmDialog>
    }
}
