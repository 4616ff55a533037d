use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use cavuer_protocol::AgentId;
use cavuer_protocol::console::{Function, FunctionMethod, SaveFunction};
use cavuer_protocol::limits::FUNCTION_TIMEOUT_SECONDS;

use crate::api::use_workspace;
use crate::components::button::{Button, Weight};
use crate::components::confirm::ConfirmDialog;
use crate::components::dialog::{Dialog, open_for};
use crate::components::field::{NumberField, TextArea, TextField, check_number, number};
use crate::components::select::{Choice, Select};
use crate::components::switch::Switch;
use crate::components::toast::use_toasts;
use crate::form::Form;
use crate::text::{fill, t};

use super::headers::{HeaderFields, HeaderRows};
use super::method_name;

const FIELDS: &[&str] =
    &["name", "description", "method", "address", "parameters", "headers", "timeout_seconds"];
const METHODS: [FunctionMethod; 5] = [
    FunctionMethod::Get,
    FunctionMethod::Post,
    FunctionMethod::Put,
    FunctionMethod::Patch,
    FunctionMethod::Delete,
];
/// Seconds that a new function has to answer in.
const USUAL_TIMEOUT: u32 = 10;

/// What the form is about.
#[derive(Clone, Debug)]
pub enum Edited {
    New,
    Old(Function),
}

/// The form of a function, in a dialog.
#[component]
pub fn FunctionDialog(
    agent: AgentId,
    edited: RwSignal<Option<Edited>>,
    #[prop(into)] on_change: Callback<()>,
) -> impl IntoView {
    let words = &t().functions;
    let open = open_for(edited);
    let title = move || match edited.get() {
        Some(Edited::Old(_)) => words.edit,
        _ => words.add,
    };
    view! {
        <Dialog open=open title=Signal::derive(move || title().to_owned()) wide=true>
            {move || {
                edited
                    .get()
                    .map(|edited| {
                        let function = match edited {
                            Edited::New => None,
                            Edited::Old(function) => Some(function),
                        };
                        view! {
                            <FunctionForm agent=agent function=function open=open on_change=on_change/>
                        }
                    })
            }}
        </Dialog>
    }
}

#[component]
fn FunctionForm(
    agent: AgentId,
    function: Option<Function>,
    open: RwSignal<bool>,
    on_change: Callback<()>,
) -> impl IntoView {
    let words = &t().functions;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let form = Form::new();
    let old = function.as_ref();
    let id = old.map(|old| old.id);
    let text = |of: fn(&Function) -> &String, otherwise: &str| {
        RwSignal::new(old.map_or_else(|| otherwise.to_owned(), |old| of(old).clone()))
    };
    let name = text(|old| &old.name, "");
    let description = text(|old| &old.description, "");
    let address = text(|old| &old.address, "");
    let parameters = text(|old| &old.parameters, words.example_parameters);
    let method = old.map_or(FunctionMethod::Get, |old| old.method);
    let method = RwSignal::new(method_name(method).to_owned());
    let timeout = old.map_or(USUAL_TIMEOUT, |old| old.timeout_seconds);
    let timeout = RwSignal::new(timeout.to_string());
    let enabled = RwSignal::new(old.is_none_or(|old| old.enabled));
    let headers = HeaderRows::new(old.map_or(&[], |old| &old.headers));
    let choices = METHODS.map(|method| Choice {
        value: method_name(method).to_owned(),
        label: method_name(method).to_owned(),
        disabled: false,
    });
    let choices = Signal::stored(choices.to_vec());
    let (least, most) = (*FUNCTION_TIMEOUT_SECONDS.start(), *FUNCTION_TIMEOUT_SECONDS.end());
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        let seconds = number(&timeout.get_untracked(), least, most);
        if !form.check([("timeout_seconds", check_number(&timeout.get_untracked(), least, most))]) {
            return;
        }
        let chosen = method.get_untracked();
        let function = SaveFunction {
            name: name.get_untracked(),
            description: description.get_untracked(),
            parameters: parameters.get_untracked(),
            method: METHODS
                .into_iter()
                .find(|method| method_name(*method) == chosen)
                .unwrap_or_default(),
            address: address.get_untracked(),
            headers: headers.read(),
            timeout_seconds: seconds.unwrap_or(USUAL_TIMEOUT),
            enabled: enabled.get_untracked(),
        };
        let request = async move { workspace.save_function(agent, id, &function).await };
        form.send(request, move |_| {
            toasts.say(if id.is_some() { t().common.saved } else { words.added });
            open.set(false);
            on_change.run(());
        });
    };
    view! {
        <form class="dialog-form" on:submit=save>
            <TextField
                label=words.name
                value=name
                hint=words.name_hint
                error=form.field("name")
                autofocus=true
            />
            <TextArea
                label=words.description
                value=description
                hint=words.description_hint
                error=form.field("description")
                rows=2
            />
            <Select label=words.method value=method choices=choices error=form.field("method")/>
            <TextField
                label=words.address
                value=address
                hint=words.address_hint
                error=form.field("address")
                placeholder="https://api.example.com/orders/{number}"
            />
            <TextArea
                label=words.parameters
                value=parameters
                hint=words.parameters_hint
                error=form.field("parameters")
                rows=8
                class="input is-code"
            />
            <HeaderFields headers=headers form=form/>
            <NumberField
                label=words.timeout
                value=timeout
                hint=words.timeout_hint
                error=form.field("timeout_seconds")
                min=least
                max=most
                unit=words.seconds
            />
            <Switch label=words.enabled value=enabled/>
            <p class="form-error" role="alert">{form.general(FIELDS)}</p>
            <div class="dialog-foot">
                {function.map(|function| view! {
                    <DeleteFunction agent=agent function=function open=open on_change=on_change/>
                })}
                <Button label=t().common.cancel on_press=move || open.set(false)/>
                <Button label=t().common.save weight=Weight::Primary submit=true busy=form.busy/>
            </div>
        </form>
    }
}

#[component]
fn DeleteFunction(
    agent: AgentId,
    function: Function,
    open: RwSignal<bool>,
    on_change: Callback<()>,
) -> impl IntoView {
    let words = &t().functions;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let asked = RwSignal::new(false);
    let form = Form::new();
    let id = function.id;
    let title = fill(words.delete_title, &[("name", &function.name)]);
    let delete = move || {
        form.send(async move { workspace.delete_function(agent, id).await }, move |()| {
            asked.set(false);
            open.set(false);
            toasts.say(words.deleted);
            on_change.run(());
        });
    };
    view! {
        <span class="dialog-aside">
            <Button label=words.delete weight=Weight::Danger on_press=move || asked.set(true)/>
        </span>
        <ConfirmDialog
            open=asked
            title=Signal::stored(title)
            confirm=t().common.delete
            busy=form.busy
            error=form.general(&[])
            on_confirm=delete
        >
            <p>{words.delete_body}</p>
        </ConfirmDialog>
    }
}
