//! The console: where admins set up agents and channels, and operators read and answer chats.

#![allow(
    unreachable_pub,
    reason = "a program of its own, of which nothing is reached from outside"
)]

mod api;
mod app;
mod browser;
mod components;
mod form;
mod guide;
mod live;
mod loader;
mod pages;
mod route;
mod sound;
mod state;
mod text;
mod time;
mod units;
mod unsaved;
mod waiting;

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

fn main() {
    console_error_panic_hook::set_once();
    browser::set_document_language(text::language_tag());
    leptos::mount::mount_to_body(app::App);
}
