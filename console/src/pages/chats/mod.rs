mod list;
mod outbox;
mod row;

use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

use crate::components::button::IconButton;
use crate::components::empty_state::EmptyState;
use crate::components::icon::Icon;
use crate::components::page::{PageTitle, set_document_title};
use crate::route;
use crate::text::t;
use crate::waiting::use_waiting;

use list::ChatList;
pub use outbox::{Outbox, Outgoing};

/// `/chats`: the list at the left, and at the right what the address names.
#[component]
pub fn ChatsPage() -> impl IntoView {
    provide_context(Outbox::new());
    let path = use_location().pathname;
    let has_chat = move || path.with(|path| path.starts_with(&format!("{}/", route::chats())));
    view! {
        <div class="inbox" class:has-chat=has_chat>
            <section class="inbox-list" aria-label=t().chats.list>
                <div class="inbox-head">
                    <PageTitle title=t().shell.chats/>
                    <SoundSwitch/>
                </div>
                <ChatList/>
            </section>
            <Outlet/>
        </div>
    }
}

/// Whether this browser rings when a visitor waits for a person.
#[component]
fn SoundSwitch() -> impl IntoView {
    let words = &t().chats;
    let waiting = use_waiting();
    move || {
        let rings = waiting.rings.get();
        let (label, icon) =
            if rings { (words.silence, Icon::Bell) } else { (words.ring, Icon::BellOff) };
        view! { <IconButton label=label icon=icon on_press=move || waiting.ring(!rings)/> }
    }
}

/// Stands at the right while no chat is chosen.
#[component]
pub fn NoChat() -> impl IntoView {
    let words = &t().chats;
    set_document_title(|| t().shell.chats.to_owned());
    view! {
        <div class="inbox-none">
            <EmptyState icon=Icon::Chats title=words.choose_title body=words.choose_body/>
        </div>
    }
}
