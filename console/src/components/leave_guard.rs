use leptos::prelude::*;

use crate::route::use_go;
use crate::text::t;
use crate::unsaved::Unsaved;

use super::confirm::ConfirmDialog;
use super::dialog::open_for;

/// Asks before changes are dropped.
#[component]
pub fn LeaveGuard() -> impl IntoView {
    let unsaved: Unsaved = expect_context();
    let open = open_for(unsaved.asked);
    let go = use_go();
    let leave = move || {
        open.set(false);
        unsaved.leave(go);
    };
    view! {
        <ConfirmDialog
            open=open
            title=t().common.leave_title
            confirm=t().common.leave
            cancel=t().common.stay
            on_confirm=leave
        >
            <p>{t().common.leave_body}</p>
        </ConfirmDialog>
    }
}
