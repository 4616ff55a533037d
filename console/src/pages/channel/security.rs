use leptos::prelude::*;

use cavuer_protocol::console::Channel;

use crate::components::badge::{Note, Tone};
use crate::components::field::TextArea;
use crate::components::icon::Icon;
use crate::components::section::Section;
use crate::components::switch::Switch;
use crate::form::Form;
use crate::text::{fill, t};

use super::secret_key::SecretKeyField;
use super::values::ChannelValues;

/// Where the widget works and how visitors prove who they are.
#[component]
pub fn Security(
    values: ChannelValues,
    form: Form,
    saved: RwSignal<Channel>,
    /// The domains as they were sent last; the server names them by their place there.
    sent_domains: RwSignal<Vec<String>>,
) -> impl IntoView {
    let words = &t().channel;
    let whole = form.field("allowed_domains");
    let domain_errors = Signal::derive(move || {
        let mut lines: Vec<String> = whole.get().into_iter().collect();
        form.error.with(|error| {
            for (field, message) in error.iter().flat_map(|error| error.fields()) {
                if let Some(index) = list_index(field) {
                    lines.push(domain_line(values, sent_domains, index, &message));
                }
            }
        });
        (!lines.is_empty()).then(|| lines.join("\n"))
    });
    let none = Memo::new(move |_| values.domain_list().is_empty());
    view! {
        <Section title=words.security about=words.security_about>
            <TextArea
                label=words.domains
                value=values.domains
                hint=words.domains_hint
                rows=4
                class="input is-code"
                error=domain_errors
            />
            <Show when=move || none.get()>
                <Note tone=Tone::Warning icon=Icon::Warning>
                    <p>{words.no_domains}</p>
                </Note>
            </Show>
            <SecretKeyField channel=saved/>
            <Switch
                label=words.require
                hint=words.require_hint
                value=values.require_identification
            />
            <Switch label=words.merge hint=words.merge_hint value=values.merge_guests/>
        </Section>
    }
}

/// The place named by `allowed_domains[3]`.
fn list_index(field: &str) -> Option<usize> {
    field.strip_prefix("allowed_domains[")?.strip_suffix(']')?.parse().ok()
}

/// What is wrong with one domain, and in which line it stands now.
fn domain_line(
    values: ChannelValues,
    sent: RwSignal<Vec<String>>,
    index: usize,
    message: &str,
) -> String {
    let domain = sent.with(|sent| sent.get(index).cloned()).unwrap_or_default();
    let line = values.domains.with(|text| text.lines().position(|line| line.trim() == domain));
    // A line that was edited since has no number any more.
    match line {
        Some(line) => fill(
            t().channel.domain_line,
            &[("line", &(line + 1).to_string()), ("message", message)],
        ),
        None => message.to_owned(),
    }
}
