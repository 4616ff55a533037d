use leptos::prelude::*;
use leptos_router::components::{ParentRoute, Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::path;

use crate::api::{Api, use_api};
use crate::browser::encode;
use crate::components::page::Visited;
use crate::components::toast::{ToastRegion, Toasts};
use crate::pages::agent::AgentPage;
use crate::pages::article::ArticlePage;
use crate::pages::channel::ChannelPage;
use crate::pages::chats::{ChatsPage, NoChat};
use crate::pages::home::HomePage;
use crate::pages::knowledge::KnowledgePage;
use crate::pages::not_found::NotFoundPage;
use crate::pages::providers::ProvidersPage;
use crate::pages::shell::Shell;
use crate::pages::sign_in::SignInPage;
use crate::pages::sign_up::SignUpPage;
use crate::pages::thread::ThreadPage;
use crate::route::{self, use_go};
use crate::state::{Session, use_session};
use crate::time::Now;
use crate::unsaved::Unsaved;

/// Every page and its address below [`route::BASE`].
#[component]
pub fn App() -> impl IntoView {
    provide_context(Api::new());
    provide_context(Session::new());
    provide_context(Toasts::new());
    provide_context(Now::start());
    provide_context(Visited::new());
    provide_context(Unsaved::watch());
    view! {
        <Router base=route::BASE>
            <SignedOutWatch/>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/sign-in") view=SignInPage/>
                <Route path=path!("/sign-up") view=SignUpPage/>
                <ParentRoute path=path!("/") view=Shell>
                    <Route path=path!("") view=HomePage/>
                    <Route path=path!("agents/:id") view=AgentPage/>
                    <Route path=path!("channels/:id") view=ChannelPage/>
                    <Route path=path!("knowledge") view=KnowledgePage/>
                    <Route path=path!("knowledge/:id") view=ArticlePage/>
                    <Route path=path!("models") view=ProvidersPage/>
                    <ParentRoute path=path!("chats") view=ChatsPage>
                        <Route path=path!("") view=NoChat/>
                        <Route path=path!(":id") view=ThreadPage/>
                    </ParentRoute>
                    <Route path=path!("*any") view=NotFoundPage/>
                </ParentRoute>
            </Routes>
            <ToastRegion/>
        </Router>
    }
}

/// Goes to the sign-in page when any request says that nobody is signed in, and remembers the
/// page to come back to.
#[component]
fn SignedOutWatch() -> impl IntoView {
    let api = use_api();
    let session = use_session();
    let location = use_location();
    let unsaved: Unsaved = expect_context();
    let go = use_go();
    Effect::new(move |_| {
        if !api.signed_out.get() {
            return;
        }
        api.signed_out.set(false);
        let path = location.pathname.get_untracked();
        if path == route::sign_in() || path == route::sign_up() {
            return;
        }
        session.leave();
        unsaved.forget();
        let here = path
            + &location.search.with_untracked(|search| match search.as_str() {
                "" => String::new(),
                search => format!("?{}", search.trim_start_matches('?')),
            });
        go.replace(&format!("{}?next={}", route::sign_in(), encode(&here)));
    });
}
