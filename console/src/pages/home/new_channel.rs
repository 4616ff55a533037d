use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use cavuer_protocol::console::Agent;

use crate::api::use_workspace;
use crate::components::button::{Button, Weight};
use crate::components::dialog::Dialog;
use crate::components::field::TextField;
use crate::components::toast::use_toasts;
use crate::form::{Form, check_name};
use crate::route::{self, use_go};
use crate::text::{fill, t};

/// Asks for the name of a new Widget channel of an agent, and goes to its page. Open while there
/// is an agent.
#[component]
pub fn NewChannelDialog(agent: RwSignal<Option<Agent>>) -> impl IntoView {
    let words = &t().agents;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let go = use_go();
    let open = RwSignal::new(false);
    let name = RwSignal::new(String::new());
    let form = Form::new();
    Effect::new(move |_| {
        if agent.with(Option::is_some) {
            form.clear();
            name.set(words.channel_default.to_owned());
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() {
            agent.set(None);
        }
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let text = name.get_untracked().trim().to_owned();
        let Some(id) = agent.with_untracked(|agent| agent.as_ref().map(|agent| agent.id)) else {
            return;
        };
        if !form.check([("name", check_name(&text))]) {
            return;
        }
        let request = async move { workspace.add_channel(id, text).await };
        form.send(request, move |channel| {
            open.set(false);
            toasts.say(words.channel_added);
            go.to(&route::channel(channel.id));
        });
    };
    let title = move || {
        let name = agent.with(|agent| agent.as_ref().map(|agent| agent.settings.name.clone()));
        fill(words.add_channel_to, &[("name", &name.unwrap_or_default())])
    };
    view! {
        <Dialog open=open title=title>
            <form class="dialog-form" novalidate=true on:submit=submit>
                <p class="muted">{words.add_channel_about}</p>
                <TextField
                    label=t().common.name
                    value=name
                    autofocus=true
                    error=form.field("name")
                />
                <p class="form-error" role="alert">{form.general(&["name"])}</p>
                <div class="dialog-foot">
                    <Button label=t().common.cancel on_press=move || open.set(false)/>
                    <Button
                        label=t().common.add
                        weight=Weight::Primary
                        submit=true
                        busy=form.busy
                    />
                </div>
            </form>
        </Dialog>
    }
}
