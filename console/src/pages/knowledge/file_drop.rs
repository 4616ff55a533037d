use leptos::ev::DragEvent;
use leptos::html;
use leptos::prelude::*;

use cavuer_protocol::limits::ARTICLE_BYTES;

use crate::components::field::{FieldNotes, described_by};
use crate::components::unique_id;
use crate::text::{fill, t};

/// The kinds of files that the server reads.
pub const ACCEPTED: &str = ".pdf,.docx,.html,.htm,.md,.markdown,.txt,.text";

/// What is wrong with a file, before any of it is sent.
pub fn check_file(file: &web_sys::File) -> Option<String> {
    let words = &t().knowledge;
    let name = file.name();
    let lower = name.to_lowercase();
    if !ACCEPTED.split(',').any(|ending| lower.ends_with(ending)) {
        return Some(fill(words.file_kind, &[("name", &name)]));
    }
    if file.size() > ARTICLE_BYTES as f64 {
        let size = format!("{:.1}", file.size() / (1024.0 * 1024.0));
        return Some(fill(words.file_large, &[("name", &name), ("size", &size)]));
    }
    (file.size() == 0.0).then(|| fill(words.file_empty, &[("name", &name)]))
}

/// Takes files by choosing or by dropping.
#[component]
pub fn FileDrop(
    #[prop(into)] has_files: Signal<bool>,
    error: Signal<Option<String>>,
    #[prop(into)] on_choose: Callback<Vec<web_sys::File>>,
) -> impl IntoView {
    let words = &t().knowledge;
    let id = unique_id("field");
    let input = NodeRef::<html::Input>::new();
    let over = RwSignal::new(false);
    let take = move |files: Option<web_sys::FileList>| {
        let Some(files) = files else { return };
        let chosen: Vec<_> = (0..files.length()).filter_map(|place| files.item(place)).collect();
        if !chosen.is_empty() {
            on_choose.run(chosen);
        }
    };
    let on_change = move |_| {
        let Some(input) = input.get_untracked() else { return };
        take(input.files());
        // So that the same file can be chosen again after it was removed.
        input.set_value("");
    };
    let on_drag = move |event: DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let on_drop = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        take(event.data_transfer().and_then(|data| data.files()));
    };
    view! {
        <div class="field">
            <div
                class="drop"
                class:is-over=move || over.get()
                class:is-small=has_files
                on:dragover=on_drag
                on:dragleave=move |_| over.set(false)
                on:drop=on_drop
            >
                <input
                    class="visually-hidden"
                    id=id.clone()
                    type="file"
                    multiple
                    accept=ACCEPTED
                    aria-describedby=described_by(&id)
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    node_ref=input
                    on:change=on_change
                />
                <label class="button" for=id.clone()>
                    {move || if has_files.get() { words.more_files } else { words.choose_files }}
                </label>
                <p class="muted">{words.drop}</p>
            </div>
            <FieldNotes id=id.clone() hint=words.file_hint error=error/>
        </div>
    }
}
