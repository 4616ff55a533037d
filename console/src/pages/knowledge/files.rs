use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use crate::components::button::{Button, IconButton, Weight};
use crate::components::icon::Icon;
use crate::components::unique_id;
use crate::text::{fill, plural, t};

use super::batch::{Batch, Chosen};
use super::file_drop::FileDrop;

/// Uploads files, each with a title of its own and its own progress.
#[component]
pub fn FilesForm(
    batch: Batch,
    #[prop(into)] on_close: Callback<()>,
    #[prop(into)] on_added: Callback<u32>,
) -> impl IntoView {
    let words = &t().knowledge;
    let missing = RwSignal::new(None::<String>);
    let send = move || {
        batch.send(move |added| {
            if added > 0 {
                on_added.run(added);
            }
            if batch.files.with_untracked(Vec::is_empty) {
                on_close.run(());
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if batch.files.with_untracked(Vec::is_empty) {
            missing.set(Some(words.file_missing.to_owned()));
        } else {
            send();
        }
    };
    let choose = move |files| {
        missing.set(None);
        batch.add(files);
    };
    let cancel = move || {
        if !batch.cancel() {
            on_close.run(());
        }
    };
    let has_files = Signal::derive(move || batch.files.with(|files| !files.is_empty()));
    let label = move || match batch
        .files
        .with(|files| files.iter().filter(|file| file.is_readable()).count())
    {
        0 => words.upload.to_owned(),
        count => plural(count as u64, words.upload_one, words.upload_several),
    };
    view! {
        <form class="upload-form" novalidate=true on:submit=submit>
            <FileDrop has_files=has_files error=missing.into() on_choose=choose/>
            <Show when=move || has_files.get()>
                <ul class="file-list" aria-label=words.files_chosen>
                    <For each=move || batch.files.get() key=|file| file.key let(file)>
                        <FileRow file=file batch=batch on_retry=send/>
                    </For>
                </ul>
                <p class="field-hint">{words.title_hint}</p>
            </Show>
            <div class="dialog-foot">
                <Button label=t().common.cancel on_press=cancel/>
                <Button
                    label=Signal::derive(label)
                    weight=Weight::Primary
                    submit=true
                    busy=batch.sending
                />
            </div>
        </form>
    }
}

#[component]
fn FileRow(file: Chosen, batch: Batch, #[prop(into)] on_retry: Callback<()>) -> impl IntoView {
    let words = &t().knowledge;
    // Another try does not mend what the file is.
    let is_readable = file.is_readable();
    let Chosen { key, name, title, share, problem, .. } = file;
    let error_id = unique_id("file");
    let title_label = fill(words.title_of, &[("name", &name)]);
    let state = move || {
        share.get().map(|share| {
            let percent = (share * 100.0).floor().to_string();
            let text = if share >= 1.0 {
                words.sent.to_owned()
            } else {
                fill(words.uploading, &[("percent", &percent)])
            };
            view! {
                <div class="progress">
                    <progress max="100" value=percent aria-label=text.clone()></progress>
                    <span class="muted">{text}</span>
                </div>
            }
        })
    };
    view! {
        <li class="file-row">
            <div class="file-head">
                {Icon::File.view()}
                <span class="file-name">{name.clone()}</span>
                <Show when=move || share.get().is_none() && !batch.sending.get()>
                    <IconButton
                        label=fill(words.remove_file, &[("name", &name)])
                        icon=Icon::Close
                        on_press=move || batch.remove(key)
                    />
                </Show>
            </div>
            <input
                class="input"
                type="text"
                autocomplete="off"
                aria-label=title_label
                aria-describedby=error_id.clone()
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                prop:disabled=move || share.get().is_some()
                bind:value=title
            />
            {state}
            <div class="file-problem" id=error_id aria-live="polite">
                {move || {
                    problem
                        .get()
                        .map(|problem| view! {
                            <p class="field-error">{problem}</p>
                            {is_readable.then(|| view! {
                                <Button
                                    label=words.send_again
                                    weight=Weight::Quiet
                                    icon=Icon::Rotate
                                    on_press=on_retry
                                />
                            })}
                        })
                }}
            </div>
        </li>
    }
}
