mod sidebar;
mod workspaces;

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

use cavuer_protocol::WorkspaceId;

use crate::api::use_api;
use crate::browser;
use crate::components::button::{Button, IconButton, Weight};
use crate::components::empty_state::EmptyState;
use crate::components::icon::Icon;
use crate::components::leave_guard::LeaveGuard;
use crate::components::skeleton::SkeletonRows;
use crate::live::Live;
use crate::loader::{loaded, use_loader};
use crate::state::use_session;
use crate::text::t;
use crate::waiting::{Waiting, use_waiting};

use sidebar::Sidebar;
use workspaces::{NameWorkspace, WorkspaceDialog};

/// The frame around every page for a signed-in person: sidebar, banner, content.
#[component]
pub fn Shell() -> impl IntoView {
    let api = use_api();
    let session = use_session();
    // After a sign-in it is already known who is here.
    let known = session.me.get_untracked();
    let me = use_loader(move || {
        let known = known.clone();
        async move {
            match known {
                Some(me) => Ok(me),
                None => api.me().await,
            }
        }
    });
    loaded(
        me,
        || view! { <div class="shell-waiting"><SkeletonRows count=3/></div> },
        move |me| {
            if session.me.with_untracked(Option::is_none) {
                session.enter(me);
            }
            view! { <Frame/> }
        },
    )
}

#[component]
fn Frame() -> impl IntoView {
    let words = &t().shell;
    let session = use_session();
    let drawer = RwSignal::new(false);
    provide_context(Waiting::new());
    let content = NodeRef::<html::Main>::new();
    let location = use_location();
    Effect::new(move |_| {
        location.pathname.track();
        drawer.set(false);
    });
    let escape = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" && drawer.get_untracked() {
            drawer.set(false);
            browser::focus_later("open-menu");
        }
    });
    on_cleanup(move || escape.remove());
    view! {
        <a
            class="skip-link"
            href="#content"
            on:click=move |event| {
                event.prevent_default();
                if let Some(content) = content.get_untracked() {
                    let _ = content.focus();
                }
            }
        >
            {words.skip}
        </a>
        <div class="shell" class:has-drawer=move || drawer.get()>
            <header class="shell-head">
                <div class="topbar">
                    <IconButton
                        id="open-menu"
                        label=words.open_menu
                        icon=Icon::Menu
                        expanded=Signal::from(drawer)
                        on_press=move || {
                            drawer.set(true);
                            browser::focus_later("close-menu");
                        }
                    />
                    <span class="topbar-name">{move || session.workspace_name()}</span>
                </div>
                <Sidebar drawer=drawer/>
            </header>
            <div class="drawer-shade" on:click=move |_| drawer.set(false)></div>
            <div class="shell-main" inert=move || drawer.get()>
                <OfflineBanner/>
                <main id="content" tabindex="-1" node_ref=content>
                    {move || match session.workspace.get() {
                        Some(id) => view! { <InWorkspace id=id/> }.into_any(),
                        None => view! { <NoWorkspace/> }.into_any(),
                    }}
                </main>
            </div>
        </div>
        <LeaveGuard/>
    }
}

/// Everything that belongs to one workspace; made anew when another one is opened.
#[component]
fn InWorkspace(id: WorkspaceId) -> impl IntoView {
    let workspace = use_api().workspace(id);
    provide_context(workspace);
    let live = Live::open(workspace);
    provide_context(live);
    use_waiting().follow(workspace, live);
    view! { <Outlet/> }
}

#[component]
fn NoWorkspace() -> impl IntoView {
    let words = &t().shell;
    let naming = RwSignal::new(None::<NameWorkspace>);
    view! {
        <EmptyState icon=Icon::House title=words.no_workspace body=words.no_workspace_about>
            <Button
                label=words.new_workspace
                weight=Weight::Primary
                on_press=move || naming.set(Some(NameWorkspace::New))
            />
        </EmptyState>
        <WorkspaceDialog naming=naming/>
    }
}

/// Says calmly that no answer comes, and offers to try again.
#[component]
fn OfflineBanner() -> impl IntoView {
    let api = use_api();
    let session = use_session();
    let retry = move || {
        leptos::task::spawn_local(async move {
            if let Ok(me) = api.me().await {
                session.me.set(Some(me));
            }
        });
    };
    view! {
        <div role="status">
            <Show when=move || api.unreachable.get()>
                <div class="banner">
                    {Icon::Offline.view()}
                    <span>{t().shell.offline}</span>
                    <Button label=t().common.retry on_press=retry/>
                </div>
            </Show>
        </div>
    }
}
