use leptos::prelude::*;

use super::icon::Icon;

/// What belongs on an empty page, and the first step towards it.
#[component]
pub fn EmptyState(
    icon: Icon,
    #[prop(into)] title: String,
    #[prop(into)] body: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty-state">
            <span class="empty-icon">{icon.view()}</span>
            <h2>{title}</h2>
            <p class="muted">{body}</p>
            {children.map(|children| children())}
        </div>
    }
}
