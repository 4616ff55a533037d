use leptos::prelude::*;

use cavuer_protocol::Timestamp;

use crate::time::{Now, exact, machine};

/// How long ago something was; the exact moment on hover.
#[component]
pub fn TimeAgo(at: Timestamp) -> impl IntoView {
    let now: Now = expect_context();
    view! {
        <time datetime=machine(at) title=exact(at)>
            {move || now.since(at)}
        </time>
    }
}
