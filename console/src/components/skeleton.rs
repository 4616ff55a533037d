use leptos::prelude::*;

use crate::text::t;

/// Grey rows of the height of what is being fetched.
#[component]
pub fn SkeletonRows(#[prop(default = 4)] count: usize) -> impl IntoView {
    view! {
        <div class="skeleton" aria-busy="true">
            <span class="visually-hidden">{t().common.loading}</span>
            {(0..count).map(|_| view! { <div class="skeleton-row"></div> }).collect_view()}
        </div>
    }
}

/// Grey settings sections.
#[component]
pub fn SkeletonSections(#[prop(default = 3)] count: usize) -> impl IntoView {
    view! {
        <div class="skeleton" aria-busy="true">
            <span class="visually-hidden">{t().common.loading}</span>
            {(0..count).map(|_| view! { <div class="skeleton-section"></div> }).collect_view()}
        </div>
    }
}
