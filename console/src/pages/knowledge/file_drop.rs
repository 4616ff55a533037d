use leptos::ev::DragEvent;
use leptos::html;
use leptos::prelude::*;

use cavuer_protocol::limits::ARTICLE_BYTES;

use crate::components::field::{FieldNotes, described_by};
use crate::components::icon::Icon;
use crate::components::unique_id;
use crate::text::{fill, t};

/// The file that was chosen.
pub type ChosenFile = RwSignal<Option<web_sys::File>, LocalStorage>;

/// What is wrong with a file, before any of it is sent.
pub fn check_file(file: &web_sys::File) -> Option<String> {
    let words = &t().knowledge;
    let name = file.name();
    if !name.to_lowercase().ends_with(".txt") {
        return Some(fill(words.file_kind, &[("name", &name)]));
    }
    if file.size() > ARTICLE_BYTES as f64 {
        let size = format!("{:.1}", file.size() / (1024.0 * 1024.0));
        return Some(fill(words.file_large, &[("name", &name), ("size", &size)]));
    }
    (file.size() == 0.0).then(|| fill(words.file_empty, &[("name", &name)]))
}

/// Takes a file by choosing or by dropping.
#[component]
pub fn FileDrop(
    file: ChosenFile,
    error: Signal<Option<String>>,
    #[prop(into)] on_choose: Callback<()>,
) -> impl IntoView {
    let words = &t().knowledge;
    let id = unique_id("field");
    let input = NodeRef::<html::Input>::new();
    let over = RwSignal::new(false);
    let take = move |files: Option<web_sys::FileList>| {
        if let Some(first) = files.and_then(|files| files.item(0)) {
            file.set(Some(first));
            on_choose.run(());
        }
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
    let name = move || file.with(|file| file.as_ref().map(web_sys::File::name));
    let chosen = move || file.with(Option::is_some);
    view! {
        <div class="field">
            <div
                class="drop"
                class:is-over=move || over.get()
                on:dragover=on_drag
                on:dragleave=move |_| over.set(false)
                on:drop=on_drop
            >
                <input
                    class="visually-hidden"
                    id=id.clone()
                    type="file"
                    accept=".txt,text/plain"
                    aria-describedby=described_by(&id)
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    node_ref=input
                    on:change=move |_| take(input.get_untracked().and_then(|input| input.files()))
                />
                <p class="drop-name">
                    {move || name().map(|name| view! { {Icon::File.view()} <span>{name}</span> })}
                </p>
                <label class="button" for=id.clone()>
                    {move || if chosen() { words.other_file } else { words.choose_file }}
                </label>
                <Show when=move || !chosen()>
                    <p class="muted">{words.drop}</p>
                </Show>
            </div>
            <FieldNotes id=id.clone() hint=words.file_hint error=error/>
        </div>
    }
}
