use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use cavuer_protocol::console::NewArticle;
use cavuer_protocol::limits::{ARTICLE_BYTES, ARTICLE_TITLE_CHARS};

use crate::api::use_workspace;
use crate::components::button::{Button, Weight};
use crate::components::dialog::Dialog;
use crate::components::field::{TextArea, TextField};
use crate::components::tabs::Tabs;
use crate::components::toast::use_toasts;
use crate::form::{Form, check_length};
use crate::text::{plural, t};

use super::batch::Batch;
use super::files::FilesForm;

const FIELDS: &[&str] = &["title", "content"];
const FILE_TAB: usize = 0;

/// Adds articles from files or from typed text. What was entered stays when it fails, and when
/// the dialog is closed and opened again.
#[component]
pub fn UploadDialog(open: RwSignal<bool>, #[prop(into)] on_added: Callback<()>) -> impl IntoView {
    let words = &t().knowledge;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let tab = RwSignal::new(FILE_TAB);
    let batch = Batch::new(workspace);
    let typed =
        Typed { title: RwSignal::new(String::new()), content: RwSignal::new(String::new()) };
    let added = move |count: u32| {
        toasts.say(plural(u64::from(count), words.uploaded, words.added_several));
        on_added.run(());
    };
    let close = move || open.set(false);
    let panel = move |index| {
        if index == FILE_TAB {
            view! { <FilesForm batch=batch on_close=close on_added=added/> }.into_any()
        } else {
            let done = move || {
                close();
                added(1);
            };
            view! { <TextForm typed=typed on_close=close on_added=done/> }.into_any()
        }
    };
    view! {
        <Dialog open=open title=words.upload_title wide=true>
            <div class="dialog-form">
                <Tabs
                    label=words.upload_tabs
                    names=vec![words.file_tab, words.text_tab]
                    selected=tab
                    panel=panel
                />
            </div>
        </Dialog>
    }
}

/// An article that is being typed.
#[derive(Clone, Copy)]
struct Typed {
    title: RwSignal<String>,
    content: RwSignal<String>,
}

#[component]
fn TextForm(
    typed: Typed,
    #[prop(into)] on_close: Callback<()>,
    #[prop(into)] on_added: Callback<()>,
) -> impl IntoView {
    let words = &t().knowledge;
    let workspace = use_workspace();
    let Typed { title, content } = typed;
    let form = Form::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let name = title.get_untracked().trim().to_owned();
        let no_title = name.is_empty().then(|| words.title_missing.to_owned());
        let wrong = content.with_untracked(|text| match text {
            text if text.trim().is_empty() => Some(words.content_missing.to_owned()),
            text if text.len() > ARTICLE_BYTES => Some(words.content_large.to_owned()),
            _ => None,
        });
        let fine = form.check([
            ("title", no_title.or_else(|| check_length(&name, ARTICLE_TITLE_CHARS))),
            ("content", wrong),
        ]);
        if fine {
            let article = NewArticle { title: name, content: content.get_untracked() };
            let request = async move { workspace.create_article(&article).await };
            form.send(request, move |_| {
                title.set(String::new());
                content.set(String::new());
                on_added.run(());
            });
        }
    };
    let title_count = move || {
        let count = title.with(|title| title.chars().count());
        format!("{count} / {ARTICLE_TITLE_CHARS}")
    };
    view! {
        <form class="upload-form" novalidate=true on:submit=submit>
            <TextArea label=words.content value=content rows=12 error=form.field("content")/>
            <TextField
                label=words.title
                value=title
                hint=words.title_hint
                aside=Signal::derive(title_count)
                error=form.field("title")
            />
            <p class="form-error" role="alert">{form.general(FIELDS)}</p>
            <div class="dialog-foot">
                <Button label=t().common.cancel on_press=on_close/>
                <Button label=words.upload weight=Weight::Primary submit=true busy=form.busy/>
            </div>
        </form>
    }
}
