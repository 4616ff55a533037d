use leptos::prelude::*;

use crate::components::empty_state::EmptyState;
use crate::components::icon::Icon;
use crate::components::page::Page;
use crate::route;
use crate::text::t;

/// The page for an address that leads nowhere.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let words = &t().common;
    view! {
        <Page title=words.not_found>
            <EmptyState icon=Icon::Search title=words.not_found_title body=words.not_found_body>
                <a class="button" href=route::home()>{words.go_home}</a>
            </EmptyState>
        </Page>
    }
}
