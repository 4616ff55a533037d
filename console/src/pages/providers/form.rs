use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use cavuer_protocol::console::{Provider, ProviderFacts, ProviderTried};

use crate::api::use_workspace;
use crate::components::button::{Button, Weight};
use crate::components::dialog::{Dialog, open_for};
use crate::components::field::{TextArea, TextField};
use crate::components::icon::Icon;
use crate::components::select::{Choice, Select};
use crate::components::switch::Switch;
use crate::components::toast::use_toasts;
use crate::form::{Form, check_name};
use crate::text::{fill, t, told};

use super::Editing;
use super::offered::TrialResult;
use super::values::Values;

const FIELDS: &[&str] = &["name", "base_url", "api_key", "models"];

/// Adds a provider, or changes one.
#[component]
pub fn ProviderDialog(
    editing: RwSignal<Option<Editing>>,
    /// What can be set up.
    kinds: Memo<Vec<ProviderFacts>>,
    #[prop(into)] on_saved: Callback<()>,
) -> impl IntoView {
    let words = &t().providers;
    let open = open_for(editing);
    let title = Signal::derive(move || {
        let is_saved = editing.with(|editing| matches!(editing, Some(Editing::Saved(_))));
        if is_saved { words.edit_title.to_owned() } else { words.add_title.to_owned() }
    });
    view! {
        <Dialog open=open title=title wide=true>
            {move || {
                let saved = match editing.get_untracked()? {
                    Editing::New => None,
                    Editing::Saved(provider) => Some(*provider),
                };
                let kinds = kinds.get_untracked();
                Some(view! { <ProviderForm saved=saved kinds=kinds open=open on_saved=on_saved/> })
            }}
        </Dialog>
    }
}

#[component]
fn ProviderForm(
    saved: Option<Provider>,
    kinds: Vec<ProviderFacts>,
    open: RwSignal<bool>,
    on_saved: Callback<()>,
) -> impl IntoView {
    let words = &t().providers;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let id = saved.as_ref().map(|saved| saved.id);
    let values = Values::new(saved, kinds);
    let form = Form::new();
    let trial = Form::new();
    let tried = RwSignal::new(None::<ProviderTried>);
    // What was found out holds for what was typed then.
    Effect::new(move |_| {
        values.kind.track();
        values.base_url.track();
        values.api_key.track();
        values.remove_key.track();
        tried.set(None);
    });
    let test = move || {
        form.clear();
        tried.set(None);
        let body = values.to_try();
        trial.send(async move { workspace.try_provider(&body).await }, move |result| {
            tried.set(Some(result));
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        trial.clear();
        if !form.check([("name", check_name(&values.name.get_untracked()))]) {
            return;
        }
        let request = async move {
            match id {
                None => workspace.create_provider(&values.to_create()).await,
                Some(id) => workspace.change_provider(id, &values.to_change()).await,
            }
        };
        form.send(request, move |_| {
            open.set(false);
            toasts.say(if id.is_some() { words.saved } else { words.added });
            on_saved.run(());
        });
    };
    let error = move |field| {
        let (of_form, of_trial) = (form.field(field), trial.field(field));
        Signal::derive(move || of_form.get().or_else(|| of_trial.get()))
    };
    let general = move || {
        let (of_form, of_trial) = (form.general(FIELDS), trial.general(FIELDS));
        Signal::derive(move || of_form.get().or_else(|| of_trial.get()))
    };
    let models_hint = move || {
        let has_deployments = values.facts().is_some_and(|facts| facts.has_deployments);
        if has_deployments { words.deployments_hint } else { words.models_hint }
    };
    view! {
        <form class="dialog-form" novalidate=true on:submit=submit>
            <KindField values=values/>
            <TextField
                label=words.name
                value=values.name
                hint=words.name_hint
                error=error("name")
            />
            <AddressField values=values error=error("base_url")/>
            <KeyField values=values error=error("api_key")/>
            <div>
                <Button
                    label=Signal::derive(move || {
                        if trial.busy.get() { words.testing } else { words.test }.to_owned()
                    })
                    icon=Icon::Rotate
                    busy=trial.busy
                    on_press=test
                />
            </div>
            <div class="trial" role="status">
                {move || tried.get().map(|tried| view! { <TrialResult tried=tried values=values/> })}
            </div>
            <TextArea
                label=words.models
                value=values.models
                hint=MaybeProp::derive(move || Some(models_hint().to_owned()))
                error=error("models")
                rows=4
                class="input model-lines"
            />
            <p class="form-error" role="alert">{general()}</p>
            <div class="dialog-foot">
                <Button label=t().common.cancel on_press=move || open.set(false)/>
                <Button
                    label=if id.is_some() { words.save } else { words.add }
                    weight=Weight::Primary
                    submit=true
                    busy=form.busy
                />
            </div>
        </form>
    }
}

/// The kind, which is chosen once.
#[component]
fn KindField(values: Values) -> impl IntoView {
    let words = &t().providers;
    if values.saved.with_value(Option::is_some) {
        let fixed = fill(words.kind_fixed, &[("kind", &untrack(move || values.label()))]);
        return view! { <p class="muted">{fixed}</p> }.into_any();
    }
    Effect::new(move |before: Option<()>| {
        let label = values.label();
        if before.is_some() {
            values.name_after(&label);
        }
    });
    let choices: Vec<_> = values.kinds.with_value(|kinds| {
        let choice = |facts: &ProviderFacts| Choice {
            value: facts.kind.as_str().to_owned(),
            label: facts.label.clone(),
            disabled: false,
        };
        kinds.iter().map(choice).collect()
    });
    let hint = move || {
        let facts = values.facts().filter(|facts| !facts.about.is_empty())?;
        Some(told(&facts.about, facts.about_notice.as_ref()))
    };
    view! {
        <Select
            label=words.kind
            value=values.kind
            choices=Signal::stored(choices)
            hint=MaybeProp::derive(hint)
        />
    }
    .into_any()
}

#[component]
fn AddressField(values: Values, error: Signal<Option<String>>) -> impl IntoView {
    let words = &t().providers;
    let hint = move || {
        let facts = values.facts()?;
        let example =
            facts.example_url.map(|address| fill(words.address_example, &[("address", &address)]));
        Some(match facts.usual_url {
            Some(address) => fill(words.address_usual, &[("address", &address)]),
            // Whoever needs no key is mostly a server of one's own.
            None if !facts.needs_key => {
                format!("{}. {}", example.unwrap_or_default(), words.address_hint)
            }
            None => example.unwrap_or_default(),
        })
    };
    view! {
        <TextField
            label=words.address
            value=values.base_url
            kind="url"
            hint=MaybeProp::derive(hint)
            error=error
        />
    }
}

#[component]
fn KeyField(values: Values, error: Signal<Option<String>>) -> impl IntoView {
    let words = &t().providers;
    let saved = values.saved.with_value(|saved| saved.as_ref().and_then(|s| s.key_hint.clone()));
    let has_saved = saved.is_some();
    let needs_key = move || values.facts().is_some_and(|facts| facts.needs_key);
    let hint = move || {
        Some(match &saved {
            Some(hint) => fill(words.api_key_saved, &[("hint", hint)]),
            None if needs_key() => words.api_key_hint.to_owned(),
            None => words.api_key_optional.to_owned(),
        })
    };
    let removable = has_saved && !untrack(needs_key);
    view! {
        <TextField
            label=words.api_key
            value=values.api_key
            kind="password"
            autocomplete="new-password"
            hint=MaybeProp::derive(hint)
            error=error
        />
        {removable.then(|| view! { <Switch label=words.remove_key value=values.remove_key/> })}
    }
}
