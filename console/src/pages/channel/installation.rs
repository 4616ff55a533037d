use leptos::prelude::*;

use crate::components::copy_button::CopyButton;
use crate::components::section::Section;
use crate::components::tabs::Tabs;
use crate::components::unique_id;
use crate::text::t;

use super::samples::SAMPLES;

/// The script to paste, and how signed-in visitors are identified.
#[component]
pub fn Installation(snippet: String) -> impl IntoView {
    let words = &t().channel;
    let identified = with_identity(&snippet);
    let language = RwSignal::new(0);
    view! {
        <Section title=words.installation about=words.installation_about>
            <CodeBox name=words.script code=snippet/>
            <details class="more">
                <summary>{words.identified}</summary>
                <div class="more-body">
                    <p class="muted">{words.identified_about}</p>
                    <CodeBox name=words.identified_script code=identified/>
                    <p class="code-name">{words.sample}</p>
                    <Tabs
                        label=words.sample_tabs
                        names=SAMPLES.iter().map(|sample| sample.language).collect()
                        selected=language
                        panel=|index| {
                            let sample = &SAMPLES[index];
                            view! { <CodeBox name=sample.language code=sample.code.to_owned()/> }
                                .into_any()
                        }
                    />
                </div>
            </details>
        </Section>
    }
}

/// Text to copy, in a box that scrolls.
#[component]
fn CodeBox(name: &'static str, code: String) -> impl IntoView {
    let id = unique_id("code");
    view! {
        <div class="code-box">
            <div class="code-head">
                <span class="code-name" id=id.clone()>{name}</span>
                <CopyButton text=code.clone()/>
            </div>
            <pre class="code" dir="ltr" tabindex="0" role="group" aria-labelledby=id><code>{code}</code></pre>
        </div>
    }
}

/// The tag with the two attributes that name a visitor.
fn with_identity(snippet: &str) -> String {
    let words = &t().channel;
    let (id, hash) = (words.sample_id, words.sample_hash);
    match snippet.rsplit_once("></script>") {
        Some((tag, rest)) => {
            format!("{tag}\n  data-user-id=\"{id}\"\n  data-user-hash=\"{hash}\"></script>{rest}")
        }
        None => snippet.to_owned(),
    }
}
