use leptos::prelude::*;

use super::unique_id;

/// Settings that belong together: what they are and why at the left, the controls at the right.
#[component]
pub fn Section(
    #[prop(into)] title: String,
    #[prop(into)] about: String,
    children: Children,
) -> impl IntoView {
    let id = unique_id("section");
    view! {
        <section class="section" aria-labelledby=id.clone()>
            <div class="section-about">
                <h2 id=id.clone()>{title}</h2>
                <p class="muted">{about}</p>
            </div>
            <div class="section-controls">{children()}</div>
        </section>
    }
}
