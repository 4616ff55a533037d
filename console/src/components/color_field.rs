use leptos::prelude::*;

use crate::text::{decimal, fill, t};
use cavuer_protocol::color::Color;

use super::field::{Field, described_by};
use super::unique_id;

/// A colour as `#rrggbb`, by the browser's picker or typed, with a note on how well it reads.
#[component]
pub fn ColorField(
    #[prop(into)] label: Signal<String>,
    value: RwSignal<String>,
    #[prop(optional, into)] error: Signal<Option<String>>,
) -> impl IntoView {
    let id = unique_id("field");
    let note = move || {
        let words = &t().channel;
        let Some(color) = value.with(|value| Color::parse(value)) else {
            return words.color_unreadable.to_owned();
        };
        let on_white = color.contrast(Color::WHITE);
        if on_white < 3.0 {
            return fill(words.color_faint, &[("ratio", &decimal(on_white, 1))]);
        }
        let (text, ratio) = color.text_on_it();
        let name = if text == Color::WHITE { words.white } else { words.black };
        fill(words.color_note, &[("color", name), ("ratio", &decimal(ratio, 1))])
    };
    // While a colour is being typed, the picker shows the last readable one.
    let readable = Memo::new(move |last: Option<&Color>| {
        let typed = value.with(|value| Color::parse(value));
        typed.or(last.copied()).unwrap_or(Color::BLACK)
    });
    view! {
        <Field id=id.clone() label=label hint=Signal::derive(note) error=error>
            <span class="color-field">
                <input
                    class="color-picker"
                    type="color"
                    aria-label=t().channel.color_picker
                    prop:value=move || readable.get().hex()
                    on:input=move |event| value.set(event_target_value(&event))
                />
                <input
                    class="input"
                    id=id.clone()
                    type="text"
                    spellcheck="false"
                    autocomplete="off"
                    aria-describedby=described_by(&id)
                    aria-invalid=move || {
                        (error.with(Option::is_some) || value.with(|value| Color::parse(value).is_none()))
                            .then_some("true")
                    }
                    bind:value=value
                />
            </span>
        </Field>
    }
}
