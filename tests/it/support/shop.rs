use cavuer_http::guard::identity;
use cavuer_protocol::console::{Agent, Channel};
use cavuer_protocol::widget::{GuestCredentials, UserClaim};
use reqwest::Client;

use super::{Owner, Page, Visitor};

/// The domain of [`super::ORIGIN`].
const DOMAIN: &str = "shop.example";

/// An owner with an agent, a channel that is on, and a page that uses it.
pub(crate) struct Shop {
    pub owner: Owner,
    pub agent: Agent,
    pub channel: Channel,
    pub secret_key: String,
    pub page: Page,
}

impl Shop {
    /// Opens one; `name` is the owner's.
    pub(crate) async fn open(http: &Client, url: &str, name: &str, model: &str) -> Self {
        let owner = Owner::sign_up(http, url, name).await;
        let agent = owner.add_agent("Ada", model).await;
        let channel = owner.add_channel(agent.id, &[DOMAIN]).await;
        let secret_key = owner.secret_key(channel.id).await;
        let page = Page::new(http, url, &channel.token);
        Self { owner, agent, channel, secret_key, page }
    }

    /// What the shop's own server puts into the page for a user who is signed in there.
    pub(crate) fn claim(&self, id: &str) -> UserClaim {
        UserClaim {
            id: id.to_owned(),
            hash: Some(identity::hash(&self.secret_key, id).into()),
            name: None,
            email: None,
        }
    }

    pub(crate) async fn guest(&self) -> Visitor {
        self.page.guest().await
    }

    /// A user whom the shop has proven, in a browser that is new.
    pub(crate) async fn user(&self, id: &str) -> Visitor {
        self.page.open(self.page.claim(None, Some(self.claim(id)))).await
    }

    /// The same in a browser in which a guest was before.
    pub(crate) async fn user_after(&self, guest: &GuestCredentials, id: &str) -> Visitor {
        self.page.open(self.page.claim(Some(guest), Some(self.claim(id)))).await
    }
}
