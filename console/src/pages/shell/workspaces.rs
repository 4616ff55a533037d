use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::api::use_api;
use crate::components::dialog::open_for;
use crate::components::icon::Icon;
use crate::components::name_dialog::NameDialog;
use crate::components::toast::use_toasts;
use crate::form::Form;
use crate::route::{self, use_go};
use crate::state::use_session;
use crate::text::{fill, t};

/// What the workspace dialog is open for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameWorkspace {
    New,
    Rename,
}

/// The open workspace, and a menu of the others.
#[component]
pub fn WorkspaceSwitcher() -> impl IntoView {
    let words = &t().shell;
    let session = use_session();
    let go = use_go();
    let open = RwSignal::new(false);
    let naming = RwSignal::new(None::<NameWorkspace>);
    let place = NodeRef::<html::Div>::new();
    let outside = window_event_listener(ev::click, move |event| {
        let target = event.target().and_then(|target| target.dyn_into().ok());
        let inside = place.get_untracked().is_some_and(|place| place.contains(target.as_ref()));
        if !inside {
            open.set(false);
        }
    });
    on_cleanup(move || outside.remove());
    let name = move || session.workspace_name();
    let initial = move || name().chars().next().map(|first| first.to_uppercase().to_string());
    let workspaces = move || {
        let current = session.workspace.get();
        session
            .me
            .get()
            .into_iter()
            .flat_map(|me| me.workspaces)
            .map(|workspace| {
                let is_current = Some(workspace.id) == current;
                view! {
                    <li>
                        <button
                            class="menu-item"
                            type="button"
                            aria-current=is_current.then_some("true")
                            on:click=move |_| {
                                open.set(false);
                                if !is_current {
                                    session.open(workspace.id);
                                    go.to(&route::home());
                                }
                            }
                        >
                            <span class="menu-name">{workspace.name.clone()}</span>
                            {is_current.then(|| Icon::Check.view())}
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    let name_one = move |what| {
        open.set(false);
        naming.set(Some(what));
    };
    view! {
        <div
            class="switcher"
            node_ref=place
            on:keydown=move |event| {
                if event.key() == "Escape" && open.get_untracked() {
                    event.stop_propagation();
                    open.set(false);
                    crate::browser::focus_later("workspace-switcher");
                }
            }
        >
            <button
                class="switcher-button"
                id="workspace-switcher"
                type="button"
                aria-label=move || fill(words.workspace, &[("name", &name())])
                aria-expanded=move || open.get().to_string()
                aria-controls="workspace-menu"
                on:click=move |_| open.update(|open| *open = !*open)
            >
                <span class="switcher-mark" aria-hidden="true">{initial}</span>
                <span class="switcher-name">{name}</span>
                {Icon::Switch.view()}
            </button>
            <div class="menu" id="workspace-menu" hidden=move || !open.get()>
                <ul aria-label=words.workspaces>{workspaces}</ul>
                <hr/>
                <button
                    class="menu-item"
                    type="button"
                    on:click=move |_| name_one(NameWorkspace::Rename)
                >
                    {words.rename_workspace}
                </button>
                <button
                    class="menu-item"
                    type="button"
                    on:click=move |_| name_one(NameWorkspace::New)
                >
                    {words.new_workspace}
                </button>
            </div>
        </div>
        <WorkspaceDialog naming=naming/>
    }
}

/// Asks for the name of a new workspace, or for a new name of the open one.
#[component]
pub fn WorkspaceDialog(naming: RwSignal<Option<NameWorkspace>>) -> impl IntoView {
    let words = &t().shell;
    let api = use_api();
    let session = use_session();
    let toasts = use_toasts();
    let go = use_go();
    let open = open_for(naming);
    let form = Form::new();
    let renames = move || naming.get() == Some(NameWorkspace::Rename);
    let begin_with = move |()| if renames() { session.workspace_name() } else { String::new() };
    let save = move |name: String| {
        let renamed = untrack(renames).then(|| session.workspace.get_untracked()).flatten();
        let request = async move {
            match renamed {
                Some(id) => api.rename_workspace(id, name).await,
                None => api.create_workspace(name).await,
            }
        };
        form.send(request, move |workspace| {
            let id = workspace.id;
            session.note(workspace);
            open.set(false);
            if renamed.is_some() {
                toasts.say(words.workspace_renamed);
            } else {
                toasts.say(words.workspace_created);
                session.open(id);
                go.to(&route::home());
            }
        });
    };
    let title =
        move || if renames() { words.rename_workspace } else { words.new_workspace }.to_owned();
    let send = move || if renames() { t().common.save } else { t().common.create }.to_owned();
    view! {
        <NameDialog
            open=open
            title=Signal::derive(title)
            about=words.new_workspace_about
            begin_with=begin_with
            send=Signal::derive(send)
            form=form
            on_name=save
        />
    }
}
