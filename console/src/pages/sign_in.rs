use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use cavuer_protocol::ProblemCode;
use cavuer_protocol::console::SignIn;

use crate::api::use_api;
use crate::components::button::{Button, Weight};
use crate::components::field::TextField;
use crate::components::page::{PageTitle, set_document_title};
use crate::form::Form;
use crate::loader::{Load, use_loader};
use crate::route::{self, use_go};
use crate::state::use_session;
use crate::text::t;

/// `/sign-in`
#[component]
pub fn SignInPage() -> impl IntoView {
    let words = &t().account;
    let api = use_api();
    let session = use_session();
    let go = use_go();
    let query = use_query_map();
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let form = Form::new();

    let setup = use_loader(move || api.setup());
    let open =
        move || setup.state.with(|setup| matches!(setup, Load::Ready(setup) if setup.sign_up_open));
    Effect::new(move |_| {
        let first_run =
            setup.state.with(|setup| matches!(setup, Load::Ready(setup) if setup.first_run));
        if first_run {
            go.replace(&route::sign_up());
        }
    });

    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let credentials = SignIn {
            email: email.get_untracked().trim().to_owned(),
            password: password.get_untracked().into(),
        };
        let missing = |text: &str, message: &str| text.is_empty().then(|| message.to_owned());
        let fine = form.check([
            ("email", missing(&credentials.email, words.email_missing)),
            ("password", missing(credentials.password.expose(), words.password_missing)),
        ]);
        if fine {
            let request = async move { api.sign_in(&credentials).await };
            form.send(request, move |me| {
                session.enter(me);
                let next = query.with_untracked(|query| query.get("next"));
                // Only addresses of the console: a link must not send people elsewhere.
                let inside = next.filter(|next| next.starts_with(&route::home()));
                go.replace(&inside.unwrap_or_else(route::home));
            });
        }
    };
    let wrong = Signal::derive(move || {
        let code = form.error.with(|error| error.as_ref()?.code());
        if code == Some(ProblemCode::CredentialsInvalid) {
            Some(words.wrong_credentials.to_owned())
        } else {
            form.general(&["email", "password"]).get()
        }
    });

    view! {
        <AccountFrame title=words.sign_in about=words.sign_in_about>
            <form class="account-form" novalidate=true on:submit=submit>
                <TextField
                    label=words.email
                    value=email
                    kind="email"
                    autocomplete="username"
                    autofocus=true
                    error=form.field("email")
                />
                <TextField
                    label=words.password
                    value=password
                    kind="password"
                    autocomplete="current-password"
                    error=form.field("password")
                />
                <p class="form-error" role="alert">{wrong}</p>
                <Button label=words.sign_in weight=Weight::Primary submit=true busy=form.busy/>
            </form>
            <Show when=open>
                <p class="muted account-other">
                    {words.no_account} " " <a href=route::sign_up()>{words.sign_up}</a>
                </p>
            </Show>
        </AccountFrame>
    }
}

/// The frame of the two pages for people who are not signed in.
#[component]
pub fn AccountFrame(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] about: Signal<String>,
    children: Children,
) -> impl IntoView {
    set_document_title(move || title.get());
    view! {
        <main class="account">
            <p class="account-brand">
                <span class="brand-mark" aria-hidden="true"></span>
                {t().shell.product}
            </p>
            <div class="card account-card">
                <PageTitle title=title/>
                <p class="muted">{about}</p>
                {children()}
            </div>
        </main>
    }
}
