//! Files that an operator chose to send along with a reply.

use leptos::prelude::*;
use leptos::task::spawn_local;

use cavuer_protocol::limits::{ATTACHMENT_BYTES, MESSAGE_ATTACHMENTS};
use cavuer_protocol::{Attachment, AttachmentContent, AttachmentId, ConversationId};

use crate::api::{Upload, UploadCancelled, WorkspaceApi};
use crate::browser::new_attachment_id;
use crate::components::button::IconButton;
use crate::components::icon::Icon;
use crate::text::{fill, t};

/// The files of one reply. They are uploaded as soon as they are chosen.
#[derive(Clone, Copy)]
pub struct Enclosing {
    workspace: WorkspaceApi,
    conversation: ConversationId,
    files: RwSignal<Vec<Chosen>>,
    /// What stands against the files as a whole.
    pub problem: RwSignal<Option<String>>,
    owner: StoredValue<Owner>,
}

/// One of the files.
#[derive(Clone)]
struct Chosen {
    /// Stays the same over every try.
    id: AttachmentId,
    name: String,
    state: RwSignal<State>,
    /// Only of files that were chosen in this tab.
    file: StoredValue<Option<web_sys::File>, LocalStorage>,
    on_its_way: StoredValue<Option<Upload>, LocalStorage>,
}

#[derive(Clone, PartialEq)]
enum State {
    /// The share that has left, 0 to 1.
    Uploading(f64),
    Ready(Attachment),
    /// Why it was not taken, and whether another try can help.
    Failed {
        reason: String,
        again: bool,
    },
}

impl Enclosing {
    /// Its files live as long as the component that calls this.
    pub fn new(workspace: WorkspaceApi, conversation: ConversationId) -> Self {
        Self {
            workspace,
            conversation,
            files: RwSignal::new(Vec::new()),
            problem: RwSignal::new(None),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        }
    }

    /// Begins to upload files, as many as one message takes.
    pub fn add(self, files: Vec<web_sys::File>) {
        let most = MESSAGE_ATTACHMENTS.saturating_sub(self.files.with_untracked(Vec::len));
        let too_many = files.len() > most;
        self.problem.set(too_many.then(|| {
            fill(t().chats.too_many_files, &[("count", &MESSAGE_ATTACHMENTS.to_string())])
        }));
        for file in files.into_iter().take(most) {
            let (id, name) = (new_attachment_id(), file.name());
            let chosen = self.chosen(id, name, State::Uploading(0.0), Some(file));
            self.files.update(|files| files.push(chosen.clone()));
            self.upload(chosen);
        }
    }

    /// Takes back what a reply carried that was not sent after all.
    pub fn take_back(self, attachments: Vec<Attachment>) {
        for attachment in attachments {
            let (id, name) = (attachment.id, attachment.name.clone());
            let chosen = self.chosen(id, name, State::Ready(attachment), None);
            self.files.update(|files| files.push(chosen));
        }
    }

    /// Everything that was uploaded, and the list is empty; `None` while a file is not.
    pub fn take(self) -> Option<Vec<Attachment>> {
        let ready = |chosen: &Chosen| match chosen.state.get_untracked() {
            State::Ready(attachment) => Some(attachment),
            State::Uploading(_) | State::Failed { .. } => None,
        };
        let all = self
            .files
            .with_untracked(|files| files.iter().map(ready).collect::<Option<Vec<_>>>())?;
        self.files.set(Vec::new());
        self.problem.set(None);
        Some(all)
    }

    /// Has the calling effect run again when there are more or fewer files.
    pub fn track(self) {
        self.files.track();
    }

    pub fn is_empty(self) -> bool {
        self.files.with(Vec::is_empty)
    }

    fn chosen(
        self,
        id: AttachmentId,
        name: String,
        state: State,
        file: Option<web_sys::File>,
    ) -> Chosen {
        self.owner.get_value().with(|| Chosen {
            id,
            name,
            state: RwSignal::new(state),
            file: StoredValue::new_local(file),
            on_its_way: StoredValue::new_local(None),
        })
    }

    fn upload(self, chosen: Chosen) {
        let Some(file) = chosen.file.get_value() else { return };
        if file.size() > ATTACHMENT_BYTES as f64 {
            let reason = t().chats.file_too_large.to_owned();
            return chosen.state.set(State::Failed { reason, again: false });
        }
        let state = chosen.state;
        state.set(State::Uploading(0.0));
        let report = move |share| {
            state.try_set(State::Uploading(share));
        };
        let started = self.workspace.upload_attachment(self.conversation, chosen.id, &file, report);
        spawn_local(async move {
            let outcome = match started {
                Ok(started) => {
                    chosen.on_its_way.try_set_value(Some(started.clone()));
                    started.finish::<Attachment>().await
                }
                Err(error) => Ok(Err(error)),
            };
            chosen.on_its_way.try_set_value(None);
            match outcome {
                Ok(Ok(attachment)) => {
                    state.try_set(State::Ready(attachment));
                }
                Ok(Err(error)) => {
                    let again = !error.is_of_content();
                    let of_field = error.fields().next().map(|(_, message)| message);
                    let reason = of_field.unwrap_or_else(|| error.message());
                    state.try_set(State::Failed { reason, again });
                }
                Err(UploadCancelled) => {}
            }
        });
    }

    fn remove(self, id: AttachmentId) {
        self.problem.set(None);
        self.files.update(|files| {
            for chosen in files.extract_if(.., |chosen| chosen.id == id) {
                if let Some(upload) = chosen.on_its_way.get_value() {
                    upload.cancel();
                }
            }
        });
    }
}

/// The files, each with how far it is.
#[component]
pub fn EnclosedFiles(enclosing: Enclosing) -> impl IntoView {
    let words = &t().chats;
    view! {
        <Show when=move || !enclosing.is_empty()>
            <ul class="enclosed" aria-label=words.attached>
                <For
                    each=move || enclosing.files.get()
                    key=|chosen| chosen.id
                    let(chosen)
                >
                    <EnclosedFile enclosing=enclosing chosen=chosen/>
                </For>
            </ul>
        </Show>
        <p class="field-error" role="alert">{move || enclosing.problem.get()}</p>
    }
}

#[component]
fn EnclosedFile(enclosing: Enclosing, chosen: Chosen) -> impl IntoView {
    let words = &t().chats;
    let (id, name, state) = (chosen.id, chosen.name.clone(), chosen.state);
    let failed = Memo::new(move |_| match state.get() {
        State::Failed { reason, again } => Some((reason, again)),
        State::Uploading(_) | State::Ready(_) => None,
    });
    let sight = move || match state.get() {
        State::Ready(Attachment { content: AttachmentContent::Image { .. }, .. }) => {
            let url = enclosing.workspace.attachment_url(enclosing.conversation, id);
            view! { <img class="enclosed-image" src=url alt=""/> }.into_any()
        }
        State::Failed { .. } => Icon::Warning.view().into_any(),
        State::Uploading(_) | State::Ready(_) => Icon::File.view().into_any(),
    };
    let progress = move || match state.get() {
        State::Uploading(share) => {
            let percent = format!("{:.0}", share * 100.0);
            fill(words.uploading, &[("percent", &percent)])
        }
        State::Ready(_) | State::Failed { .. } => String::new(),
    };
    let again = move || {
        failed.get().map(|(reason, again)| {
            let chosen = chosen.clone();
            let again = again.then(|| {
                view! {
                    <button
                        class="link-button"
                        type="button"
                        on:click=move |_| enclosing.upload(chosen.clone())
                    >
                        {words.upload_again}
                    </button>
                }
            });
            view! {
                <span role="alert">{reason}</span>
                {again}
            }
        })
    };
    let remove = fill(words.remove_file, &[("name", &name)]);
    view! {
        <li class="enclosed-file" class:is-failed=move || failed.with(Option::is_some)>
            {sight}
            <div class="enclosed-words">
                <span class="file-name" dir="auto">{name}</span>
                <span class="enclosed-state">{progress} {again}</span>
            </div>
            <IconButton
                label=remove
                icon=Icon::Close
                on_press=move || enclosing.remove(id)
            />
        </li>
    }
}
