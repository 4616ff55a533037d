use leptos::prelude::*;

use cavuer_protocol::console::{ModelInfo, NewAgent};

use crate::api::use_workspace;
use crate::components::name_dialog::NameDialog;
use crate::components::toast::use_toasts;
use crate::form::Form;
use crate::loader::{Load, Loader};
use crate::pages::model_select::ModelSelect;
use crate::route::{self, use_go};
use crate::text::t;

/// Asks for a name and a model, and goes to the new agent's settings.
#[component]
pub fn NewAgentDialog(open: RwSignal<bool>, models: Loader<Vec<ModelInfo>>) -> impl IntoView {
    let words = &t().agents;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let go = use_go();
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
    let check = move |()| {
        let is_missing = model.with_untracked(String::is_empty);
        vec![("model", is_missing.then(|| words.model_missing.to_owned()))]
    };
    let create = move |name: String| {
        let agent = NewAgent { name, model: model.get_untracked() };
        let request = async move { workspace.create_agent(&agent).await };
        form.send(request, move |agent| {
            open.set(false);
            toasts.say(words.created);
            go.to(&route::agent(agent.id));
        });
    };
    view! {
        <NameDialog
            open=open
            title=words.create
            send=t().common.create
            form=form
            fields=&["name", "model"]
            check=check
            on_name=create
        >
            <ModelSelect models=models value=model error=form.field("model")/>
        </NameDialog>
    }
}
