//! One page a file, or a folder where a page has parts.

pub mod agent;
pub mod article;
pub mod channel;
pub mod chats;
pub mod home;
pub mod knowledge;
mod model_select;
pub mod not_found;
pub mod providers;
pub mod shell;
pub mod sign_in;
pub mod sign_up;
pub mod thread;

use std::str::FromStr;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// Draws a page for the id in the address, anew when the id changes; an id that is none is a page
/// that does not exist.
pub fn for_id<T, V>(page: impl Fn(T) -> V + Send + Sync + 'static) -> impl IntoView
where
    T: FromStr + PartialEq + Copy + Send + Sync + 'static,
    V: IntoView + 'static,
{
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<T>().ok()));
    move || match id.get() {
        Some(id) => page(id).into_any(),
        None => view! { <not_found::NotFoundPage/> }.into_any(),
    }
}
