use leptos::prelude::*;

use crate::api::ApiError;
use crate::text::t;

use super::button::Button;
use super::empty_state::EmptyState;
use super::icon::Icon;

/// Stands where something could not be fetched.
#[component]
pub fn Failure(error: ApiError, #[prop(into)] on_retry: Callback<()>) -> impl IntoView {
    let words = &t().common;
    if error.is_not_found() {
        return view! {
            <EmptyState icon=Icon::Search title=words.not_found_title body=words.not_found_body>
                <a class="button" href=crate::route::home()>{words.go_home}</a>
            </EmptyState>
        }
        .into_any();
    }
    view! {
        <div role="alert">
            <EmptyState icon=Icon::Warning title=words.failed_title body=error.message()>
                <Button label=words.retry icon=Icon::Rotate on_press=on_retry/>
            </EmptyState>
        </div>
    }
    .into_any()
}
