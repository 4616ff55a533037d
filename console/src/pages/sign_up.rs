use leptos::ev::SubmitEvent;
use leptos::prelude::*;

use cavuer_protocol::ProblemCode;
use cavuer_protocol::console::SignUp;
use cavuer_protocol::limits::PASSWORD_MIN_CHARS;

use crate::api::use_api;
use crate::components::button::{Button, Weight};
use crate::components::field::TextField;
use crate::components::skeleton::SkeletonRows;
use crate::form::{Form, check_name};
use crate::loader::{Load, loaded, use_loader};
use crate::route::{self, use_go};
use crate::state::use_session;
use crate::text::{fill, t};

use super::sign_in::AccountFrame;

const FIELDS: &[&str] = &["name", "email", "password", "workspace"];

/// `/sign-up`
#[component]
pub fn SignUpPage() -> impl IntoView {
    let words = &t().account;
    let api = use_api();
    let setup = use_loader(move || api.setup());
    let head = move || {
        setup.state.with(|setup| match setup {
            Load::Ready(setup) if setup.first_run => (words.first_run_title, words.first_run_about),
            Load::Ready(setup) if !setup.sign_up_open => (words.closed_title, words.closed_about),
            _ => (words.sign_up_title, words.sign_up_about),
        })
    };
    view! {
        <AccountFrame title=move || head().0.to_owned() about=move || head().1.to_owned()>
            {loaded(
                setup,
                || view! { <SkeletonRows count=4/> },
                move |setup| {
                    if setup.sign_up_open || setup.first_run {
                        view! { <SignUpForm/> }.into_any()
                    } else {
                        ().into_any()
                    }
                },
            )}
            <p class="muted account-other">
                {words.have_account} " " <a href=route::sign_in()>{words.sign_in}</a>
            </p>
        </AccountFrame>
    }
}

#[component]
fn SignUpForm() -> impl IntoView {
    let words = &t().account;
    let api = use_api();
    let session = use_session();
    let go = use_go();
    let name = RwSignal::new(String::new());
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let workspace = RwSignal::new(String::new());
    let form = Form::new();
    let least = PASSWORD_MIN_CHARS.to_string();

    let submit = {
        let least = least.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let account = SignUp {
                name: name.get_untracked().trim().to_owned(),
                email: email.get_untracked().trim().to_owned(),
                password: password.get_untracked().into(),
                workspace: workspace.get_untracked().trim().to_owned(),
            };
            let missing = |text: &str, message: &str| text.is_empty().then(|| message.to_owned());
            let short = account.password.expose().chars().count() < PASSWORD_MIN_CHARS;
            let fine = form.check([
                ("name", check_name(&account.name)),
                ("email", missing(&account.email, words.email_missing)),
                ("password", short.then(|| fill(words.password_short, &[("count", &least)]))),
                ("workspace", missing(&account.workspace, words.workspace_missing)),
            ]);
            if fine {
                let request = async move { api.sign_up(&account).await };
                form.send(request, move |me| {
                    session.enter(me);
                    go.replace(&route::home());
                });
            }
        }
    };
    let wrong = Signal::derive(move || {
        let code = form.error.with(|error| error.as_ref()?.code());
        if code == Some(ProblemCode::SignUpClosed) {
            Some(words.closed_about.to_owned())
        } else {
            form.general(FIELDS).get()
        }
    });

    view! {
        <form class="account-form" novalidate=true on:submit=submit>
            <TextField
                label=words.name
                value=name
                hint=words.name_hint
                autocomplete="name"
                autofocus=true
                error=form.field("name")
            />
            <TextField
                label=words.email
                value=email
                kind="email"
                autocomplete="username"
                error=form.field("email")
            />
            <TextField
                label=words.password
                value=password
                kind="password"
                hint=fill(words.password_hint, &[("count", &least)])
                autocomplete="new-password"
                error=form.field("password")
            />
            <TextField
                label=words.workspace
                value=workspace
                hint=words.workspace_hint
                autocomplete="organization"
                error=form.field("workspace")
            />
            <p class="form-error" role="alert">{wrong}</p>
            <Button label=words.sign_up weight=Weight::Primary submit=true busy=form.busy/>
        </form>
    }
}
