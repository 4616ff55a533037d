//! The console's own small controls, each accessible by keyboard and by name.

pub mod badge;
pub mod button;
pub mod color_field;
pub mod confirm;
pub mod copy_button;
pub mod delete_action;
pub mod dialog;
pub mod empty_state;
pub mod failure;
pub mod field;
pub mod icon;
pub mod leave_guard;
pub mod name_dialog;
pub mod page;
pub mod radios;
pub mod rich_text;
pub mod save_bar;
pub mod saving;
pub mod search_box;
pub mod section;
pub mod select;
pub mod skeleton;
pub mod sources;
pub mod switch;
pub mod tabs;
pub mod time_ago;
pub mod toast;

use std::cell::Cell;

/// An id for an element that others refer to; unique in the page.
pub fn unique_id(prefix: &str) -> String {
    thread_local!(static LAST: Cell<u32> = const { Cell::new(0) });
    let number = LAST.get() + 1;
    LAST.set(number);
    format!("{prefix}-{number}")
}
