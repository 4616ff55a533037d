use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use cavuer_protocol::ArticleId;
use cavuer_protocol::console::Article;

use crate::api::{UploadCancelled, use_workspace};
use crate::components::icon::Icon;
use crate::components::toast::use_toasts;
use crate::components::unique_id;
use crate::pages::knowledge::file_drop::{ACCEPTED, check_file};
use crate::text::{fill, t};

/// Puts a file in the place of an article's content.
#[component]
pub fn ReplaceFile(
    article: ArticleId,
    #[prop(into)] on_replaced: Callback<Article>,
) -> impl IntoView {
    let words = &t().knowledge;
    let workspace = use_workspace();
    let toasts = use_toasts();
    let id = unique_id("file");
    let error_id = unique_id("error");
    let input = NodeRef::<html::Input>::new();
    let share = RwSignal::new(None::<f64>);
    let problem = RwSignal::new(None::<String>);
    let send = move |file: web_sys::File| {
        problem.set(check_file(&file));
        if problem.with_untracked(Option::is_some) || share.get_untracked().is_some() {
            return;
        }
        share.set(Some(0.0));
        let report = move |sent| {
            share.try_set(Some(sent));
        };
        let started = workspace.replace_file(article, &file, report);
        spawn_local(async move {
            let outcome = match started {
                Ok(started) => started.finish().await,
                Err(error) => Ok(Err(error)),
            };
            // The page may be gone by now.
            if share.try_set(None).is_some() {
                return;
            }
            match outcome {
                Ok(Ok(article)) => {
                    toasts.say(words.replaced);
                    on_replaced.run(article);
                }
                Ok(Err(error)) => {
                    let of_field = error.fields().next().map(|(_, message)| message);
                    problem.set(Some(of_field.unwrap_or_else(|| error.message())));
                }
                Err(UploadCancelled) => {}
            }
        });
    };
    let on_change = move |_| {
        let Some(input) = input.get_untracked() else { return };
        if let Some(file) = input.files().and_then(|files| files.item(0)) {
            send(file);
        }
        input.set_value("");
    };
    let state = move || {
        share.get().map(|share| {
            let percent = (share * 100.0).floor().to_string();
            let text = fill(words.uploading, &[("percent", &percent)]);
            view! {
                <div class="progress">
                    <progress max="100" value=percent aria-label=text.clone()></progress>
                    <span class="muted">{text}</span>
                </div>
            }
        })
    };
    view! {
        <div class="field file-button">
            <div>
                <input
                    class="visually-hidden"
                    id=id.clone()
                    type="file"
                    accept=ACCEPTED
                    aria-describedby=error_id.clone()
                    node_ref=input
                    on:change=on_change
                />
                <label class="button" for=id>{Icon::Upload.view()} <span>{words.replace_file}</span></label>
            </div>
            {state}
            <p class="field-error" id=error_id aria-live="polite">{move || problem.get()}</p>
        </div>
    }
}
