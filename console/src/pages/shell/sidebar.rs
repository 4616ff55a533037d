use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_location;

use crate::api::use_api;
use crate::browser;
use crate::components::button::IconButton;
use crate::components::icon::Icon;
use crate::guide::GUIDE;
use crate::route::{self, use_go};
use crate::state::use_session;
use crate::text::{plural, t};
use crate::waiting::use_waiting;

use super::workspaces::WorkspaceSwitcher;

/// Navigation, workspace and the signed-in person. A column of icons on narrow screens, a drawer
/// on phones.
#[component]
pub fn Sidebar(drawer: RwSignal<bool>) -> impl IntoView {
    let words = &t().shell;
    let path = use_location().pathname;
    let waiting = use_waiting();
    let at_home = move || {
        let path = path.get();
        [route::chats(), route::knowledge(), route::models()]
            .iter()
            .all(|elsewhere| !path.starts_with(elsewhere))
    };
    view! {
        <div class="sidebar" class:is-open=move || drawer.get()>
            <div class="sidebar-top">
                <WorkspaceSwitcher/>
                <span class="sidebar-close">
                    <IconButton
                        id="close-menu"
                        label=words.close_menu
                        icon=Icon::Close
                        on_press=move || {
                            drawer.set(false);
                            browser::focus_later("open-menu");
                        }
                    />
                </span>
            </div>
            <nav aria-label=words.main_nav>
                <ul class="nav">
                    <NavItem href=route::home() icon=Icon::House name=words.home current=at_home/>
                    <NavItem
                        href=route::chats()
                        icon=Icon::Chats
                        name=words.chats
                        current=move || path.get().starts_with(&route::chats())
                        badge=move || waiting.count()
                    />
                    <NavItem
                        href=route::knowledge()
                        icon=Icon::Book
                        name=words.knowledge
                        current=move || path.get().starts_with(&route::knowledge())
                    />
                    <NavItem
                        href=route::models()
                        icon=Icon::Model
                        name=words.models
                        current=move || path.get().starts_with(&route::models())
                    />
                </ul>
            </nav>
            <Guide/>
            <Person/>
        </div>
    }
}

#[component]
fn NavItem(
    href: String,
    icon: Icon,
    name: &'static str,
    #[prop(into)] current: Signal<bool>,
    /// How many wait behind this link.
    #[prop(optional, into)]
    badge: Signal<usize>,
) -> impl IntoView {
    let count = move || {
        let count = Some(badge.get()).filter(|count| *count > 0)?;
        let said = plural(count as u64, t().chats.one_waits, t().chats.several_wait);
        let title = said.clone();
        Some(view! {
            <span class="nav-badge" title=title>
                <span aria-hidden="true">{count}</span>
                <span class="visually-hidden">{said}</span>
            </span>
        })
    };
    view! {
        <li>
            <a
                class="nav-link"
                href=href
                title=name
                aria-current=move || current.get().then_some("page")
            >
                {icon.view()}
                <span class="nav-name">{name}</span>
                {count}
            </a>
        </li>
    }
}

/// The documentation, which is pages of this server.
#[component]
fn Guide() -> impl IntoView {
    let words = &t().shell;
    view! {
        <a class="nav-link nav-guide" href=GUIDE rel="external" target="_blank" title=words.guide>
            {Icon::Help.view()}
            <span class="nav-name">{words.guide}</span>
            <span class="visually-hidden">{words.new_tab}</span>
        </a>
    }
}

#[component]
fn Person() -> impl IntoView {
    let words = &t().shell;
    let api = use_api();
    let session = use_session();
    let go = use_go();
    let me = move || session.me.get();
    let sign_out = move || {
        spawn_local(async move {
            // Without an answer the cookie is still valid, and saying otherwise would be a lie.
            if api.sign_out().await.is_ok() {
                session.leave();
                go.to(&route::sign_in());
            }
        });
    };
    view! {
        <div class="person">
            <div class="person-words">
                <p class="person-name">{move || me().map(|me| me.name)}</p>
                <p class="muted person-email">{move || me().map(|me| me.email)}</p>
            </div>
            <IconButton label=words.sign_out icon=Icon::SignOut on_press=sign_out/>
        </div>
    }
}
