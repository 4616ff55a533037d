use cavuer_protocol::console::{
    Agent, AgentChanges, Article, ArticleDetail, ArticleStatus, Channel, ChannelChanges,
    ConsoleEvent, ConversationDetail, ConversationList, ConversationSummary, Me, NewAgent,
    NewArticle, NewChannel, SecretKey, SignUp,
};
use cavuer_protocol::{
    AgentId, ArticleId, Attachment, AttachmentId, ChannelId, ConversationId, WorkspaceId,
};
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, RequestBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{EventStream, Reply, message_id};

/// The password of every owner.
pub(super) const PASSWORD: &str = "correct horse battery";

/// Somebody who is signed in to the console, in a workspace of their own.
pub(crate) struct Owner {
    http: Client,
    /// The server's address, which is also the origin of the console's pages.
    url: String,
    /// `name=value`, as the browser sends it.
    pub cookie: String,
    pub workspace: WorkspaceId,
}

impl Owner {
    /// Makes an account.
    pub(crate) async fn sign_up(http: &Client, url: &str, name: &str) -> Self {
        let sign_up = SignUp {
            name: name.to_owned(),
            email: format!("{name}@example.com"),
            password: PASSWORD.into(),
            workspace: format!("{name}'s workspace"),
        };
        let request = http.post(format!("{url}/api/console/v1/sign-up"));
        let reply = Reply::to(request.header("origin", url).json(&sign_up)).await;
        let me: Me = reply.json();
        let cookie = reply.header("set-cookie").expect("signing up signs in");
        let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        let workspace = me.workspaces[0].id;
        Self { http: http.clone(), url: url.to_owned(), cookie, workspace }
    }

    /// The same person, after the server came back under another address.
    pub(crate) fn moved_to(self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self }
    }

    /// A request of the console; the path begins after `/api/console/v1`.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}/api/console/v1{path}", self.url))
            .header("cookie", &self.cookie)
            .header("origin", &self.url)
    }

    /// A request about something in the owner's workspace.
    pub(crate) fn in_workspace(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, &format!("/workspaces/{}/{path}", self.workspace))
    }

    /// Something of the workspace.
    pub(crate) async fn get<T: DeserializeOwned>(&self, path: &str) -> T {
        Reply::to(self.in_workspace(Method::GET, path)).await.json()
    }

    /// Makes something in the workspace.
    pub(crate) async fn post<T: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> T {
        Reply::to(self.in_workspace(Method::POST, path).json(body)).await.json()
    }

    /// Does something in the workspace that has no answer.
    pub(crate) async fn act(&self, method: Method, path: &str) {
        let reply = Reply::to(self.in_workspace(method, path)).await;
        assert_eq!(reply.status, 204, "{}", reply.body);
    }

    pub(crate) async fn add_agent(&self, name: &str, model: &str) -> Agent {
        let new = NewAgent { name: name.to_owned(), model: model.to_owned() };
        self.post("agents", &new).await
    }

    pub(crate) async fn change_agent(&self, agent: AgentId, changes: &AgentChanges) -> Agent {
        let path = format!("agents/{agent}");
        Reply::to(self.in_workspace(Method::PATCH, &path).json(changes)).await.json()
    }

    /// Adds an article, and lets the agent use it and no other.
    pub(crate) async fn add_article(
        &self,
        agent: AgentId,
        title: &str,
        content: &str,
    ) -> ArticleId {
        let new = NewArticle { title: title.to_owned(), content: content.to_owned() };
        let article: Article = self.post("articles", &new).await;
        let article = self.until_indexed(article.id).await;
        assert_eq!(article.status, ArticleStatus::Ready);
        let changes = AgentChanges { articles: Some(vec![article.id]), ..Default::default() };
        self.change_agent(agent, &changes).await;
        article.id
    }

    /// Waits until nothing of an article is in work any more.
    pub(crate) async fn until_indexed(&self, id: ArticleId) -> Article {
        let mut events = self.events().await;
        let detail: ArticleDetail = self.get(&format!("articles/{id}")).await;
        let mut article = detail.article;
        while article.status.is_in_work() {
            match events.next().await.expect("the stream goes on") {
                ConsoleEvent::ArticleListed { article: listed } if listed.id == id => {
                    article = listed;
                }
                _ => {}
            }
        }
        article
    }

    /// Uploads a file as a new article.
    pub(crate) async fn upload(&self, title: &str, name: &str, bytes: Vec<u8>) -> Reply {
        let part = Part::bytes(bytes).file_name(name.to_owned());
        let form = Form::new().text("title", title.to_owned()).part("file", part);
        Reply::to(self.in_workspace(Method::POST, "articles/upload").multipart(form)).await
    }

    /// Uploads a file in the place of an article's content.
    pub(crate) async fn upload_again(&self, id: ArticleId, name: &str, bytes: Vec<u8>) -> Reply {
        let part = Part::bytes(bytes).file_name(name.to_owned());
        let form = Form::new().part("file", part);
        let path = format!("articles/{id}/file");
        Reply::to(self.in_workspace(Method::PUT, &path).multipart(form)).await
    }

    /// Adds a channel, which is on and works on the pages of these domains.
    pub(crate) async fn add_channel(&self, agent: AgentId, domains: &[&str]) -> Channel {
        let new = NewChannel { name: "Web".to_owned() };
        let channel: Channel = self.post(&format!("agents/{agent}/channels"), &new).await;
        let changes = ChannelChanges {
            enabled: Some(true),
            allowed_domains: Some(domains.iter().map(ToString::to_string).collect()),
            ..Default::default()
        };
        self.change_channel(channel.id, &changes).await
    }

    pub(crate) async fn change_channel(
        &self,
        channel: ChannelId,
        changes: &ChannelChanges,
    ) -> Channel {
        let path = format!("channels/{channel}");
        Reply::to(self.in_workspace(Method::PATCH, &path).json(changes)).await.json()
    }

    pub(crate) async fn secret_key(&self, channel: ChannelId) -> String {
        let path = format!("channels/{channel}/secret-key/reveal");
        let key: SecretKey = self.post(&path, &()).await;
        key.secret_key.expose().to_owned()
    }

    /// The newest page of the list.
    pub(crate) async fn conversations(&self) -> Vec<ConversationSummary> {
        self.get::<ConversationList>("conversations").await.conversations
    }

    /// The one conversation that there is.
    pub(crate) async fn only_conversation(&self) -> ConversationSummary {
        let mut all = self.conversations().await;
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }

    pub(crate) async fn conversation(&self, id: ConversationId) -> ConversationDetail {
        self.get(&format!("conversations/{id}")).await
    }

    /// Uploads a text file for a conversation.
    pub(crate) async fn add_attachment(&self, id: ConversationId, name: &str) -> AttachmentId {
        let file = message_id();
        let path = format!("conversations/{id}/attachments?id={file}&name={name}");
        let request = self.in_workspace(Method::POST, &path).body(name.to_owned());
        Reply::to(request).await.json::<Attachment>().id
    }

    pub(crate) async fn take_over(&self, id: ConversationId) {
        self.act(Method::POST, &format!("conversations/{id}/take-over")).await;
    }

    pub(crate) async fn hand_back(&self, id: ConversationId) {
        self.act(Method::POST, &format!("conversations/{id}/hand-back")).await;
    }

    /// Everything that happens in the workspace from now on.
    pub(crate) async fn events(&self) -> EventStream<ConsoleEvent> {
        let mut events = EventStream::open(self.in_workspace(Method::GET, "events")).await;
        assert_eq!(events.next().await, Some(ConsoleEvent::Resync));
        events
    }
}
