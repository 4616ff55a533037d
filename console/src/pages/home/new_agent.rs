use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use cavuer_protocol::console::{ModelInfo, NewAgent};

use crate::api::use_workspace;
use crate::components::button::{Button, Weight};
use crate::components::dialog::Dialog;
use crate::components::field::TextField;
use crate::components::toast::use_toasts;
use crate::form::{Form, check_name};
use crate::loader::{Load, Loader};
use crate::pages::agent::ModelSelect;
use crate::route::{self, use_go};
use crate::text::t;

const FIELDS: &[&str] = &["name", "model"];

/// Asks for a name and a model, and goes to the new agent's settings.
#[component]
pub fn NewAgentDialog(open: RwSignal<bool>, models: Loader<Vec<ModelInfo>>) -> impl IntoView {
    let words = &t().agents;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let go = use_go();
    let name = RwSignal::new(String::new());
    let model = RwSignal::new(String::new());
    let form = Form::new();
    // The first model that works here is a sound choice until somebody makes another.
    Effect::new(move |_| {
        let first = models.state.with(|models| match models {
            Load::Ready(models) => models.iter().find(|m| m.available).map(|m| m.id.clone()),
            _ => None,
        });
        if let Some(first) = first
            && model.with_untracked(String::is_empty)
        {
            model.set(first);
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let agent =
            NewAgent { name: name.get_untracked().trim().to_owned(), model: model.get_untracked() };
        let no_model = agent.model.is_empty().then(|| words.model_missing.to_owned());
        if !form.check([("name", check_name(&agent.name)), ("model", no_model)]) {
            return;
        }
        let request = async move { workspace.create_agent(&agent).await };
        form.send(request, move |agent| {
            open.set(false);
            toasts.say(words.created);
            go.to(&route::agent(agent.id));
        });
    };
    view! {
        <Dialog open=open title=words.create>
            <form class="dialog-form" novalidate=true on:submit=submit>
                <TextField
                    label=t().common.name
                    value=name
                    autofocus=true
                    error=form.field("name")
                />
                <ModelSelect models=models value=model error=form.field("model")/>
                <p class="form-error" role="alert">{form.general(FIELDS)}</p>
                <div class="dialog-foot">
                    <Button label=t().common.cancel on_press=move || open.set(false)/>
                    <Button
                        label=t().common.create
                        weight=Weight::Primary
                        submit=true
                        busy=form.busy
                    />
                </div>
            </form>
        </Dialog>
    }
}
