//! Addresses inside the console. Pages name them by these functions, so that none is misspelt.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};

use cavuer_protocol::{AgentId, ArticleId, ChannelId, ConversationId};

use crate::browser::encode;

/// Where the console lies on the server.
pub const BASE: &str = "/console";

pub fn home() -> String {
    format!("{BASE}/")
}

pub fn sign_in() -> String {
    format!("{BASE}/sign-in")
}

pub fn sign_up() -> String {
    format!("{BASE}/sign-up")
}

pub fn agent(id: AgentId) -> String {
    format!("{BASE}/agents/{id}")
}

pub fn channel(id: ChannelId) -> String {
    format!("{BASE}/channels/{id}")
}

pub fn knowledge() -> String {
    format!("{BASE}/knowledge")
}

pub fn article(id: ArticleId) -> String {
    format!("{BASE}/knowledge/{id}")
}

pub fn models() -> String {
    format!("{BASE}/models")
}

pub fn chats() -> String {
    format!("{BASE}/chats")
}

pub fn chat(id: ConversationId) -> String {
    format!("{BASE}/chats/{id}")
}

/// Goes to an address of the console, given with its base.
#[derive(Clone, Copy)]
pub struct Go(StoredValue<Navigate>);

/// Takes the address, and whether "back" is to skip the page that is left.
type Navigate = Box<dyn Fn(&str, bool) + Send + Sync>;

/// For use while a component is built; the result may be called at any later time.
pub fn use_go() -> Go {
    let navigate = use_navigate();
    Go(StoredValue::new(Box::new(move |path, replace| {
        let options = NavigateOptions {
            resolve: false,
            replace,
            scroll: !replace,
            ..NavigateOptions::default()
        };
        navigate(path, options);
    })))
}

impl Go {
    pub fn to(self, path: &str) {
        self.0.try_with_value(|navigate| navigate(path, false));
    }

    /// As [`Go::to`], but "back" skips the page that is left.
    pub fn replace(self, path: &str) {
        self.0.try_with_value(|navigate| navigate(path, true));
    }
}

/// One parameter of the address's query, and how to change it. An empty value is left out.
pub fn use_query_text(name: &'static str) -> (Memo<String>, Callback<String>) {
    let query = use_query_map();
    let location = use_location();
    let go = use_go();
    let value = Memo::new(move |_| query.with(|query| query.get(name).unwrap_or_default()));
    let set = Callback::new(move |text: String| {
        let mut pairs: Vec<String> = query.with_untracked(|query| {
            query
                .clone()
                .into_iter()
                .filter(|(key, _)| key != name)
                .map(|(key, value)| format!("{key}={}", encode(&value)))
                .collect()
        });
        if !text.is_empty() {
            pairs.push(format!("{name}={}", encode(&text)));
        }
        let path = location.pathname.get_untracked();
        if pairs.is_empty() {
            go.replace(&path);
        } else {
            go.replace(&format!("{path}?{}", pairs.join("&")));
        }
    });
    (value, set)
}
