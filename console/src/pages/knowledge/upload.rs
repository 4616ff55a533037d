use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use cavuer_protocol::console::NewArticle;
use cavuer_protocol::limits::{ARTICLE_BYTES, ARTICLE_TITLE_CHARS};

use crate::api::{Upload, UploadCancelled, use_workspace};
use crate::components::button::{Button, Weight};
use crate::components::dialog::Dialog;
use crate::components::field::{TextArea, TextField};
use crate::components::tabs::Tabs;
use crate::components::toast::use_toasts;
use crate::form::{Form, check_length};
use crate::text::{fill, t};

use super::file_drop::{ChosenFile, FileDrop, check_file};

const FIELDS: &[&str] = &["title", "content", "file"];
const FILE_TAB: usize = 0;

/// Adds an article from a file or from typed text. What was entered stays when it fails, and when
/// the dialog is closed and opened again.
#[component]
pub fn UploadDialog(open: RwSignal<bool>, #[prop(into)] on_added: Callback<()>) -> impl IntoView {
    let words = &t().knowledge;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let tab = RwSignal::new(FILE_TAB);
    let title = RwSignal::new(String::new());
    let suggested = RwSignal::new(String::new());
    let content = RwSignal::new(String::new());
    let file: ChosenFile = RwSignal::new_local(None);
    let form = Form::new();
    let progress = RwSignal::new(None::<f64>);
    let upload = StoredValue::new_local(None::<Upload>);

    let done = move || {
        title.set(String::new());
        suggested.set(String::new());
        content.set(String::new());
        file.set(None);
        open.set(false);
        toasts.say(words.uploaded);
        on_added.run(());
    };
    let send_file = move |title: String, file: web_sys::File| {
        progress.set(Some(0.0));
        let report = move |share| {
            progress.try_set(Some(share));
        };
        let started = match workspace.upload_article(&title, &file, report) {
            Ok(started) => started,
            Err(error) => {
                progress.set(None);
                form.fail(error);
                return;
            }
        };
        upload.set_value(Some(started.clone()));
        form.busy.set(true);
        spawn_local(async move {
            let outcome = started.finish().await;
            // The page may be gone by now; then its form is, too.
            if form.busy.try_set(false).is_some() {
                return;
            }
            progress.set(None);
            upload.set_value(None);
            match outcome {
                Ok(Ok(_)) => done(),
                Ok(Err(error)) => form.fail(error),
                Err(UploadCancelled) => {}
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if form.busy.get_untracked() {
            return;
        }
        let name = title.get_untracked().trim().to_owned();
        let from_file = tab.get_untracked() == FILE_TAB;
        let chosen = file.get_untracked();
        let no_title = name.is_empty().then(|| words.title_missing.to_owned());
        let fine = form.check([
            ("title", no_title.or_else(|| check_length(&name, ARTICLE_TITLE_CHARS))),
            (
                "file",
                match &chosen {
                    _ if !from_file => None,
                    Some(file) => check_file(file),
                    None => Some(words.file_missing.to_owned()),
                },
            ),
            (
                "content",
                content.with_untracked(|text| match text {
                    _ if from_file => None,
                    text if text.trim().is_empty() => Some(words.content_missing.to_owned()),
                    text if text.len() > ARTICLE_BYTES => Some(words.content_large.to_owned()),
                    _ => None,
                }),
            ),
        ]);
        match chosen {
            _ if !fine => {}
            Some(file) if from_file => send_file(name, file),
            _ => {
                let article = NewArticle { title: name, content: content.get_untracked() };
                let request = async move { workspace.create_article(&article).await };
                form.send(request, move |_| done());
            }
        }
    };
    let file_chosen = move || {
        form.clear();
        let name = file.with_untracked(|file| file.as_ref().map(web_sys::File::name));
        let name = name.unwrap_or_default();
        let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
        // A title that the reader typed is theirs.
        if title.with_untracked(String::is_empty)
            || title.get_untracked() == suggested.get_untracked()
        {
            title.set(stem.to_owned());
            suggested.set(stem.to_owned());
        }
        if let Some(wrong) = file.with_untracked(|file| file.as_ref().and_then(check_file)) {
            form.check([("file", Some(wrong))]);
        }
    };
    let cancel = move || match upload.get_value() {
        Some(running) => running.cancel(),
        None => open.set(false),
    };
    let panel = move |index| {
        if index == FILE_TAB {
            view! { <FileDrop file=file error=form.field("file") on_choose=file_chosen/> }
                .into_any()
        } else {
            view! {
                <TextArea
                    label=words.content
                    value=content
                    rows=12
                    error=form.field("content")
                />
            }
            .into_any()
        }
    };
    let title_count = move || {
        let count = title.with(|title| title.chars().count());
        format!("{count} / {ARTICLE_TITLE_CHARS}")
    };
    view! {
        <Dialog open=open title=words.upload_title wide=true>
            <form class="dialog-form" novalidate=true on:submit=submit>
                <Tabs
                    label=words.upload_tabs
                    names=vec![words.file_tab, words.text_tab]
                    selected=tab
                    panel=panel
                />
                <TextField
                    label=words.title
                    value=title
                    hint=words.title_hint
                    aside=Signal::derive(title_count)
                    error=form.field("title")
                />
                <Progress share=progress/>
                <p class="form-error" role="alert">{form.general(FIELDS)}</p>
                <div class="dialog-foot">
                    <Button label=t().common.cancel on_press=cancel/>
                    <Button
                        label=words.upload
                        weight=Weight::Primary
                        submit=true
                        busy=form.busy
                    />
                </div>
            </form>
        </Dialog>
    }
}

/// How much of the file has left, while it does.
#[component]
fn Progress(share: RwSignal<Option<f64>>) -> impl IntoView {
    let words = &t().knowledge;
    let shown = move |share: f64| {
        let percent = (share * 100.0).floor().to_string();
        let text = if share >= 1.0 {
            words.indexing.to_owned()
        } else {
            fill(words.uploading, &[("percent", &percent)])
        };
        view! {
            <div class="progress">
                <progress max="100" value=percent aria-label=text.clone()></progress>
                <span class="muted">{text}</span>
            </div>
        }
    };
    move || share.get().map(shown)
}
