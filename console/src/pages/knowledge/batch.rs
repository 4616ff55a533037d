use leptos::prelude::*;
use leptos::task::spawn_local;

use cavuer_protocol::console::Article;
use cavuer_protocol::limits::ARTICLE_TITLE_CHARS;

use crate::api::{Upload, UploadCancelled, WorkspaceApi};
use crate::form::check_length;
use crate::text::t;

use super::file_drop::check_file;

/// Files that were chosen to become articles, and how far each of them is.
#[derive(Clone, Copy)]
pub struct Batch {
    workspace: WorkspaceApi,
    pub files: RwSignal<Vec<Chosen>>,
    pub sending: RwSignal<bool>,
    on_its_way: StoredValue<Option<Upload>, LocalStorage>,
    next: StoredValue<u32>,
    owner: StoredValue<Owner>,
}

/// One of the files.
#[derive(Clone)]
pub struct Chosen {
    pub key: u32,
    pub name: String,
    pub title: RwSignal<String>,
    /// Share that has left, 0 to 1, while it is sent.
    pub share: RwSignal<Option<f64>>,
    /// Why it was not taken.
    pub problem: RwSignal<Option<String>>,
    file: StoredValue<web_sys::File, LocalStorage>,
}

impl Batch {
    /// Its files live as long as the component that calls this.
    pub fn new(workspace: WorkspaceApi) -> Self {
        Self {
            workspace,
            files: RwSignal::new(Vec::new()),
            sending: RwSignal::new(false),
            on_its_way: StoredValue::new_local(None),
            next: StoredValue::new(0),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        }
    }

    pub fn add(self, files: Vec<web_sys::File>) {
        for file in files {
            let key = self.next.get_value();
            self.next.set_value(key.wrapping_add(1));
            let name = file.name();
            let stem = name.rsplit_once('.').map_or(name.as_str(), |(stem, _)| stem);
            let title: String = stem.chars().take(ARTICLE_TITLE_CHARS).collect();
            let chosen = self.owner.get_value().with(|| Chosen {
                key,
                title: RwSignal::new(title),
                share: RwSignal::new(None),
                problem: RwSignal::new(check_file(&file)),
                file: StoredValue::new_local(file),
                name: name.clone(),
            });
            self.files.update(|files| files.push(chosen));
        }
    }

    pub fn remove(self, key: u32) {
        self.files.update(|files| files.retain(|file| file.key != key));
    }

    /// Sends one file after the other. Those that are taken leave the list; `done` gets how many
    /// these were.
    pub fn send(self, done: impl Fn(u32) + 'static) {
        if self.sending.get_untracked() {
            return;
        }
        let waiting: Vec<Chosen> =
            self.files.get_untracked().into_iter().filter(Chosen::is_fine).collect();
        self.sending.set(true);
        spawn_local(async move {
            let mut added = 0;
            for chosen in waiting {
                match self.send_one(&chosen).await {
                    Some(true) => {
                        added += 1;
                        self.remove(chosen.key);
                    }
                    Some(false) => {}
                    None => break,
                }
            }
            // The page may be gone by now; then the list is, too.
            if self.sending.try_set(false).is_none() {
                done(added);
            }
        });
    }

    /// Stops what is on its way. True if something was.
    pub fn cancel(self) -> bool {
        let running = self.on_its_way.get_value();
        if let Some(running) = &running {
            running.cancel();
        }
        running.is_some()
    }

    /// Whether it was taken; `None` if somebody cancelled.
    async fn send_one(self, chosen: &Chosen) -> Option<bool> {
        let Chosen { title, share, problem, file, .. } = chosen.clone();
        share.set(Some(0.0));
        let report = move |sent| {
            share.try_set(Some(sent));
        };
        let title = title.get_untracked().trim().to_owned();
        let outcome = match self.workspace.upload_article(&title, &file.get_value(), report) {
            Ok(started) => {
                self.on_its_way.set_value(Some(started.clone()));
                started.finish::<Article>().await
            }
            Err(error) => Ok(Err(error)),
        };
        self.on_its_way.try_set_value(None);
        share.try_set(None);
        match outcome {
            Ok(Ok(_)) => Some(true),
            Ok(Err(error)) => {
                let of_field = error.fields().next().map(|(_, message)| message);
                problem.try_set(Some(of_field.unwrap_or_else(|| error.message())));
                Some(false)
            }
            Err(UploadCancelled) => None,
        }
    }
}

impl Chosen {
    /// Whether it is of a kind and a size that is taken.
    pub fn is_readable(&self) -> bool {
        self.file.with_value(|file| check_file(file).is_none())
    }

    /// Looks once more whether it can be sent, and notes what stands against it.
    fn is_fine(&self) -> bool {
        let title = self.title.get_untracked();
        let no_title = title.trim().is_empty().then(|| t().knowledge.title_missing.to_owned());
        let of_file = self.file.with_value(check_file);
        let problem = of_file.or(no_title).or_else(|| check_length(&title, ARTICLE_TITLE_CHARS));
        let is_fine = problem.is_none();
        self.problem.set(problem);
        is_fine
    }
}
