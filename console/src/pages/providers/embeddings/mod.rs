mod choice;
mod state;

use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use cavuer_protocol::console::{
    ChooseMeaning, ConsoleEvent, MeaningSearch, MeaningTried, ProviderList, TryMeaning,
};

use crate::api::{ApiError, use_workspace};
use crate::components::button::{Button, Weight};
use crate::components::field::TextField;
use crate::components::icon::Icon;
use crate::components::section::Section;
use crate::components::select::Select;
use crate::components::skeleton::SkeletonRows;
use crate::components::toast::use_toasts;
use crate::form::Form;
use crate::live::use_live;
use crate::loader::{Loader, loaded, use_loader};
use crate::text::t;

use choice::{Choosing, choices};
use state::{StateLine, TrialLine};

/// Which model compares questions and passages by meaning, if any.
#[component]
pub fn EmbeddingsSection(providers: Loader<ProviderList>) -> impl IntoView {
    let words = &t().embeddings;
    let workspace = use_workspace();
    let live = use_live();
    let search = use_loader(move || async move { newest(live.during(workspace.meaning()).await) });
    let current = RwSignal::new(None::<MeaningSearch>);
    live.listen(move |event| match event {
        ConsoleEvent::Resync => search.again(),
        ConsoleEvent::MeaningSearchChanged { search } => current.set(Some(search)),
        _ => {}
    });
    view! {
        <Section title=words.title about=words.about>
            {loaded(
                search,
                || view! { <SkeletonRows count=2/> },
                move |search| {
                    current.set(Some(search.clone()));
                    view! { <EmbeddingsForm saved=search current=current providers=providers/> }
                },
            )}
        </Section>
    }
}

/// An answer of the server's, or what the stream said of it meanwhile.
fn newest(
    (answer, said): (Result<MeaningSearch, ApiError>, Vec<ConsoleEvent>),
) -> Result<MeaningSearch, ApiError> {
    let answer = answer?;
    let last = said.into_iter().rev().find_map(|event| match event {
        ConsoleEvent::MeaningSearchChanged { search } => Some(search),
        _ => None,
    });
    Ok(last.unwrap_or(answer))
}

#[component]
fn EmbeddingsForm(
    saved: MeaningSearch,
    /// How it stands now.
    current: RwSignal<Option<MeaningSearch>>,
    providers: Loader<ProviderList>,
) -> impl IntoView {
    let words = &t().embeddings;
    let workspace = use_workspace();
    let live = use_live();
    let toasts = use_toasts();
    let chosen = Choosing::new(saved.model.as_deref());
    let form = Form::new();
    let trial = Form::new();
    let tried = RwSignal::new(None::<MeaningTried>);
    // What was found out holds for what was typed then.
    Effect::new(move |_| {
        chosen.prefix.track();
        chosen.name.track();
        tried.set(None);
    });
    Effect::new(move |before: Option<()>| {
        let prefix = chosen.prefix.get();
        if before.is_some() {
            providers.state.with_untracked(|list| chosen.name_after(&prefix, list));
        }
    });
    let is_on = Memo::new(move |_| !chosen.prefix.with(String::is_empty));
    let is_named = move || form.check([("model", chosen.missing(words.model_missing))]);
    let test = move || {
        trial.clear();
        tried.set(None);
        let Some(model) = chosen.model().filter(|_| is_named()) else { return };
        let body = TryMeaning { model };
        trial.send(async move { workspace.try_meaning(&body).await }, move |result| {
            tried.set(Some(result));
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        trial.clear();
        if !is_named() {
            return;
        }
        let body = ChooseMeaning { model: chosen.model() };
        let request = async move { newest(live.during(workspace.choose_meaning(&body)).await) };
        form.send(request, move |search| {
            current.set(Some(search));
            tried.set(None);
            toasts.say(words.saved);
        });
    };
    let model_error = {
        let (of_form, of_trial) = (form.field("model"), trial.field("model"));
        Signal::derive(move || of_form.get().or_else(|| of_trial.get()))
    };
    let general = {
        let (of_form, of_trial) = (form.general(&["model"]), trial.general(&["model"]));
        Signal::derive(move || of_form.get().or_else(|| of_trial.get()))
    };
    let options = Signal::derive(move || providers.state.with(|list| choices(list, chosen.prefix)));
    let hint = move || {
        let hint =
            if options.with(|all| all.len() > 1) { words.provider_hint } else { words.no_provider };
        Some(hint.to_owned())
    };
    view! {
        <form class="meaning" novalidate=true on:submit=submit>
            <Select
                label=words.provider
                value=chosen.prefix
                choices=options
                hint=MaybeProp::derive(hint)
            />
            <Show when=move || is_on.get()>
                <TextField
                    label=words.model
                    value=chosen.name
                    hint=words.model_hint
                    error=model_error
                />
            </Show>
            <div class="meaning-state" role="status">
                {move || tried.get().map(|tried| view! { <TrialLine tried=tried/> })}
                {move || current.get().map(|search| view! { <StateLine search=search/> })}
            </div>
            <p class="form-error" role="alert">{general}</p>
            <div class="meaning-foot">
                <Show when=move || is_on.get()>
                    <Button
                        label=Signal::derive(move || {
                            if trial.busy.get() { words.testing } else { words.test }.to_owned()
                        })
                        icon=Icon::Rotate
                        busy=trial.busy
                        on_press=test
                    />
                </Show>
                <Button label=words.save weight=Weight::Primary submit=true busy=form.busy/>
            </div>
        </form>
    }
}
