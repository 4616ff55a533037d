use leptos::prelude::*;

use cavuer_protocol::Secret;
use cavuer_protocol::console::SaveHeader;

use crate::components::button::{Button, IconButton, Weight};
use crate::components::field::FieldNotes;
use crate::components::icon::Icon;
use crate::components::unique_id;
use crate::form::Form;
use crate::text::t;

/// One header in the form.
#[derive(Clone, Copy)]
pub struct HeaderRow {
    key: usize,
    name: RwSignal<String>,
    value: RwSignal<String>,
    /// Whether the server has a value, which stays unless another one is typed.
    stored: bool,
}

/// The headers in the form.
#[derive(Clone, Copy)]
pub struct HeaderRows {
    rows: RwSignal<Vec<HeaderRow>>,
    next: StoredValue<usize>,
}

impl HeaderRows {
    pub fn new(names: &[String]) -> Self {
        let rows = Self { rows: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
        for name in names {
            rows.add(name.clone(), true);
        }
        rows
    }

    /// As they are saved; rows without a name and a value are left out.
    pub fn read(self) -> Vec<SaveHeader> {
        self.rows.with_untracked(|rows| {
            rows.iter()
                .filter_map(|row| {
                    let name = row.name.get_untracked().trim().to_owned();
                    let value = Some(row.value.get_untracked()).filter(|value| !value.is_empty());
                    let is_empty = name.is_empty() && value.is_none();
                    (!is_empty).then(|| SaveHeader { name, value: value.map(Secret::from) })
                })
                .collect()
        })
    }

    fn add(self, name: String, stored: bool) {
        let key = self.next.get_value();
        self.next.set_value(key + 1);
        let (name, value) = (RwSignal::new(name), RwSignal::new(String::new()));
        self.rows.update(|rows| rows.push(HeaderRow { key, name, value, stored }));
    }
}

/// Names and values of headers. What is stored is never shown.
#[component]
pub fn HeaderFields(headers: HeaderRows, form: Form) -> impl IntoView {
    let words = &t().functions;
    let id = unique_id("headers");
    let error = Signal::derive(move || {
        form.error.with(|error| {
            let wrong = error.as_ref()?.fields().find(|(field, _)| field.starts_with("headers"));
            wrong.map(|(_, message)| message)
        })
    });
    view! {
        <fieldset class="header-fields">
            <legend>{words.headers}</legend>
            <For each=move || headers.rows.get() key=|row| row.key let(row)>
                <div class="header-row">
                    <input
                        class="input"
                        type="text"
                        autocomplete="off"
                        aria-label=words.header_name
                        placeholder="Authorization"
                        bind:value=row.name
                    />
                    <input
                        class="input"
                        type="password"
                        autocomplete="new-password"
                        aria-label=words.header_value
                        placeholder=if row.stored { words.header_kept } else { "" }
                        bind:value=row.value
                    />
                    <IconButton
                        label=words.remove_header
                        icon=Icon::Trash
                        on_press=move || {
                            headers.rows.update(|rows| rows.retain(|other| other.key != row.key));
                        }
                    />
                </div>
            </For>
            <FieldNotes id=id hint=words.headers_hint error=error/>
            <div>
                <Button
                    label=words.add_header
                    weight=Weight::Quiet
                    icon=Icon::Plus
                    on_press=move || headers.add(String::new(), false)
                />
            </div>
        </fieldset>
    }
}
