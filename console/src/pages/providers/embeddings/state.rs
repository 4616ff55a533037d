use js_sys::{Array, Reflect};
use leptos::prelude::*;

use cavuer_protocol::console::{MeaningSearch, MeaningState, MeaningTried};

use crate::components::badge::{Note, Tone};
use crate::components::icon::Icon;
use crate::text::{fill, group_digits, language_tag, t, told};

/// How search by meaning stands. Nothing while it is off.
#[component]
pub fn StateLine(search: MeaningSearch) -> impl IntoView {
    let words = &t().embeddings;
    let count = group_digits(search.passages.into());
    let languages = known(&search.languages);
    // The form may name another one by now.
    let model = search.model.as_deref().and_then(|id| id.split_once('/'));
    let model = model.map(|(_, name)| name.to_owned()).unwrap_or_default();
    let ready = if search.passages == 1 { words.ready_one } else { words.ready };
    match search.state {
        MeaningState::Off => ().into_any(),
        MeaningState::Preparing => {
            let prepared = group_digits(search.prepared.into());
            let text = fill(words.preparing, &[("prepared", &prepared), ("count", &count)]);
            let (done, all) = (search.prepared.to_string(), search.passages.max(1).to_string());
            view! {
                <div class="status-line progress">
                    <progress max=all value=done aria-label=text.clone()></progress>
                    <span class="muted">{text}</span>
                </div>
            }
            .into_any()
        }
        MeaningState::Ready => view! {
            <Note tone=Tone::Success icon=Icon::Check>
                <p>{fill(ready, &[("model", &model), ("count", &count)])}</p>
                <p>{languages} " " {words.other_languages}</p>
            </Note>
        }
        .into_any(),
        MeaningState::Useless => {
            view! { <Note tone=Tone::Warning icon=Icon::Warning><p>{words.useless}</p></Note> }
                .into_any()
        }
        MeaningState::Failing { reason, notice, .. } => view! {
            <Note tone=Tone::Warning icon=Icon::Warning>
                <p><strong>{words.failing}</strong> ". " {told(&reason, notice.as_ref())}</p>
            </Note>
        }
        .into_any(),
    }
}

/// What came of a test.
#[component]
pub fn TrialLine(tried: MeaningTried) -> impl IntoView {
    let words = &t().embeddings;
    let (title, tone, icon) = match tried.works {
        true => (words.works, Tone::Success, Icon::Check),
        false => (words.fails, Tone::Danger, Icon::Warning),
    };
    let message = if tried.works {
        known(&tried.languages)
    } else {
        told(&tried.message, tried.notice.as_ref())
    };
    view! {
        <Note tone=tone icon=icon>
            <p><strong>{title}</strong> ". " {message}</p>
        </Note>
    }
}

fn known(languages: &[String]) -> String {
    let names: Vec<String> = languages.iter().map(|tag| name_of(tag)).collect();
    fill(t().embeddings.knows, &[("languages", &names.join(", "))])
}

/// A language by its name in the console's own.
fn name_of(tag: &str) -> String {
    let kind = js_sys::Object::new();
    let _ = Reflect::set(&kind, &"type".into(), &"language".into());
    let names = js_sys::Intl::DisplayNames::new(&Array::of1(&language_tag().into()), &kind);
    names.of(tag).map_or_else(|| tag.to_owned(), String::from)
}
