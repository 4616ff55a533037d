//! What belongs to one workspace is nobody else's. The routes are taken from the OpenAPI document,
//! so that a new one is tried without anybody's doing.

use std::collections::BTreeMap;

use cavuer_protocol::console::{
    AgentChanges, Article, ConsoleEvent, ConversationList, Function, Provider,
};
use cavuer_protocol::{ConversationEvent, ProblemCode};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::support::{Owner, Reply, Shop, TestServer, message_id};

/// Calls that need nobody to be signed in.
const FOR_ANYBODY: [&str; 4] = ["/setup", "/sign-up", "/sign-in", "/sign-out"];
const BASE: &str = "/api/console/v1";
/// A private address, which is not called.
const PROVIDER_URL: &str = "http://127.0.0.1:1";

/// One call of the console API.
struct Call {
    method: Method,
    /// With `{parameters}`, after [`BASE`].
    path: String,
    body: Option<Body>,
}

enum Body {
    Json(Value),
    Upload,
    File,
}

impl Call {
    fn changes_something(&self) -> bool {
        self.method != Method::GET
    }

    /// The call with the parameters filled in.
    fn request(
        &self,
        ids: &BTreeMap<&str, String>,
        begin: impl Fn(Method, &str) -> RequestBuilder,
    ) -> RequestBuilder {
        let mut path = self.path.clone();
        for (name, id) in ids {
            path = path.replace(&format!("{{{name}}}"), id);
        }
        assert!(!path.contains('{'), "no id for {path}");
        if matches!(self.body, Some(Body::File)) {
            path.push_str(&format!("?id={}&name=new.txt", message_id()));
        }
        let request = begin(self.method.clone(), &path);
        match &self.body {
            None => request,
            Some(Body::Json(body)) => request.json(body),
            Some(Body::File) => request.body("New"),
            Some(Body::Upload) => {
                let file = reqwest::multipart::Part::text("Tea: 4").file_name("prices.txt");
                let mut form = reqwest::multipart::Form::new().part("file", file);
                // What takes another's place keeps the title.
                if !path.ends_with("/file") {
                    form = form.text("title", "Prices");
                }
                request.multipart(form)
            }
        }
    }
}

/// Every call in the document, with a body that would be taken.
async fn calls(server: &TestServer) -> Vec<Call> {
    let document: Value = server.get("/api/openapi.json").await.json();
    let mut calls = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let Some(path) = path.strip_prefix(BASE) else { continue };
        for (method, operation) in item.as_object().expect("operations") {
            let content = operation["requestBody"]["content"].as_object();
            calls.push(Call {
                method: method.to_uppercase().parse().expect("a method"),
                path: path.to_owned(),
                body: content.map(body),
            });
        }
    }
    assert!(calls.len() >= 30, "only {} calls in the document", calls.len());
    calls
}

fn body(content: &serde_json::Map<String, Value>) -> Body {
    if content.contains_key("multipart/form-data") {
        return Body::Upload;
    }
    if content.contains_key("application/octet-stream") {
        return Body::File;
    }
    let schema = content["application/json"]["schema"]["$ref"].as_str().expect("a named schema");
    Body::Json(match schema.rsplit('/').next().unwrap_or_default() {
        "AgentChanges" | "ChannelChanges" => json!({"name": "Changed"}),
        "AskPlayground" => json!({"question": "Hello?"}),
        "ArticleContent" => json!({"content": "Changed"}),
        "ForbidFunctions" => json!({"forbidden": []}),
        "SaveFunction" => function(&format!("new_{}", message_id().0.simple()), "New"),
        "TryFunction" => json!({"arguments": "{}"}),
        "HandOver" => json!({"enabled": false, "wait_seconds": 60, "hours": null}),
        "ChooseMeaning" => json!({"model": null}),
        "TryMeaning" => json!({"model": "openai/model-one"}),
        "NewAgent" => json!({"name": "New", "model": "built-in"}),
        "NewArticle" => json!({"title": "New", "content": "New"}),
        "NewChannel" | "NewWorkspace" => json!({"name": "New"}),
        "NewProvider" => json!({"name": "New", "kind": "compatible", "base_url": PROVIDER_URL}),
        "PostMessage" => json!({"id": message_id(), "text": "New"}),
        "ProviderChanges" => json!({"name": "Changed"}),
        "ProviderTrial" => json!({"kind": "compatible", "base_url": PROVIDER_URL}),
        "RotateSecretKey" => json!({"keep_old_hours": 0}),
        "SignIn" => json!({"email": "nobody@example.com", "password": "not the right one"}),
        "SignUp" => {
            json!({"name": "New", "email": "new@example.com", "password": "long enough it is", "workspace": "New"})
        }
        other => panic!("write a body for {other} here"),
    })
}

/// A function, as it is saved, that leads nowhere.
fn function(name: &str, description: &str) -> Value {
    json!({
        "name": name,
        "description": description,
        "parameters": "{\"type\": \"object\"}",
        "method": "get",
        "address": "https://look-up.invalid/",
        "headers": [{"name": "authorization", "value": description}],
        "timeout_seconds": 1,
        "enabled": true,
    })
}

/// A shop with something of everything in it, and the ids of that.
async fn furnished(server: &TestServer, name: &str) -> (Shop, BTreeMap<&'static str, String>) {
    let shop = Shop::open(&server.http, &server.url(), name, "built-in").await;
    let text = format!("SECRET-OF-{name}");
    let article = shop.owner.add_article(shop.agent.id, &format!("Title {text}"), &text).await;
    shop.guest().await.ask(&text).await;
    let conversation = shop.owner.only_conversation().await.id;
    let provider = json!({"name": text, "kind": "compatible", "base_url": PROVIDER_URL});
    let provider: Provider = shop.owner.post("providers", &provider).await;
    let path = format!("agents/{}/functions", shop.agent.id);
    let function: Function = shop.owner.post(&path, &function("look_up", &text)).await;
    let attachment = shop.owner.add_attachment(conversation, &format!("{text}.txt")).await;
    let ids = BTreeMap::from([
        ("workspace", shop.owner.workspace.to_string()),
        ("agent", shop.agent.id.to_string()),
        ("channel", shop.channel.id.to_string()),
        ("article", article.to_string()),
        ("conversation", conversation.to_string()),
        ("provider", provider.id.to_string()),
        ("function", function.id.to_string()),
        ("attachment", attachment.to_string()),
    ]);
    (shop, ids)
}

#[tokio::test]
async fn another_workspaces_things_do_not_exist() {
    let server = TestServer::start().await;
    let calls = calls(&server).await;
    let (anna, of_anna) = furnished(&server, "anna").await;
    let (bob, of_bob) = furnished(&server, "bob").await;
    let mut mixed = of_anna.clone();
    mixed.insert("workspace", of_bob["workspace"].clone());
    // Ids that nobody has must look just the same.
    let unknown = of_anna.keys().map(|name| (*name, message_id().to_string()));
    let unknown = unknown.collect::<BTreeMap<_, _>>();

    let database = server.database();
    let change = database.change();
    let mut tried = 0;
    for call in calls.iter().filter(|call| call.path.contains("{workspace}")) {
        let has_inner = call.path.matches('{').count() > 1;
        let ids = [("hers", &of_anna), ("his with hers inside", &mixed), ("nobody's", &unknown)];
        for (whose, ids) in
            ids.into_iter().filter(|(whose, _)| has_inner || !whose.contains("inside"))
        {
            let request = call.request(ids, |method, path| bob.owner.request(method, path));
            let reply = Reply::to(request).await;
            let name = format!("{} {} ({whose})", call.method, call.path);
            assert_eq!(reply.status, 404, "{name}: {}", reply.body);
            reply.problem(404, ProblemCode::NotFound);
            assert!(!reply.body.contains("anna"), "{name}: {}", reply.body);
            tried += 1;
        }
    }
    assert!(tried > 60, "{tried}");
    assert_eq!(database.change(), change, "something was written");
    // The calls were right apart from the ids: with the owner's own they all succeed.
    for call in calls.iter().filter(|call| call.path.contains("{workspace}")) {
        // Streams do not end, and what was deleted is gone for the others.
        if call.path.ends_with("/events") || call.method == Method::DELETE {
            continue;
        }
        let reply =
            Reply::to(call.request(&of_anna, |method, path| anna.owner.request(method, path)))
                .await;
        assert!(reply.status.is_success(), "{} {}: {}", call.method, call.path, reply.body);
    }
    server.stop().await;
}

#[tokio::test]
async fn lists_and_streams_show_only_ones_own() {
    let server = TestServer::start().await;
    let (anna, of_anna) = furnished(&server, "anna").await;
    let (bob, _) = furnished(&server, "bob").await;
    for path in [
        "agents",
        "articles",
        "conversations",
        "providers",
        "models",
        "articles?q=secret",
        "conversations?q=SECRET",
    ] {
        let list = bob.owner.get::<Value>(path).await.to_string();
        assert!(!list.contains("anna"), "{path}: {list}");
    }
    let articles: Vec<Article> =
        bob.owner.get(&format!("articles?agent={}", of_anna["agent"])).await;
    assert_eq!(articles, []);
    let found: ConversationList = bob.owner.get("conversations?q=SECRET-OF-anna").await;
    assert_eq!(found.conversations, []);

    // An agent cannot be given another workspace's article.
    let foreign = anna.owner.get::<Vec<Article>>("articles").await.remove(0).id;
    let changes = AgentChanges { articles: Some(vec![foreign]), ..Default::default() };
    let path = format!("agents/{}", bob.agent.id);
    let reply = Reply::to(bob.owner.in_workspace(Method::PATCH, &path).json(&changes)).await;
    assert_eq!(reply.invalid_fields(), ["articles[0]"]);
    let answer = bob.guest().await.ask("What is SECRET-OF-anna?").await;
    assert!(!answer.text.contains("Title SECRET-OF-anna"), "{}", answer.text);

    let mut console = bob.owner.events().await;
    anna.guest().await.ask("SECRET-OF-anna again").await;
    let of_bob = bob.guest().await.say("That was all").await;
    let last = ConversationEvent::MessageAdded { message: of_bob };
    console
        .until(
            |event| matches!(event, ConsoleEvent::InConversation { event, .. } if *event == last),
        )
        .await;
    let seen = format!("{:?}", console.seen);
    assert!(!seen.contains("SECRET-OF-anna again"), "{seen}");
    drop(console);
    server.stop().await;
}

#[tokio::test]
async fn without_signing_in_nothing_is_told() {
    let server = TestServer::start().await;
    let calls = calls(&server).await;
    let (shop, ids) = furnished(&server, "anna").await;
    let database = server.database();
    let change = database.change();
    let signed_out = {
        let other = Owner::sign_up(&server.http, &server.url(), "carl").await;
        Reply::to(other.request(Method::POST, "/sign-out")).await;
        other.cookie
    };
    let cookies = ["", "cavuer_session=", "cavuer_session=wrong", &signed_out];
    assert_ne!(database.change(), change);
    let change = database.change();
    for call in calls.iter().filter(|call| !FOR_ANYBODY.contains(&call.path.as_str())) {
        for cookie in cookies {
            let request = call.request(&ids, |method, path| {
                server
                    .request(method, &format!("{BASE}{path}"))
                    .header("origin", server.url())
                    .header("cookie", cookie)
            });
            let reply = Reply::to(request).await;
            assert_eq!(reply.status, 401, "{} {}: {}", call.method, call.path, reply.body);
            reply.problem(401, ProblemCode::SignInRequired);
            assert!(!reply.body.contains("anna"), "{}", reply.body);
        }
    }
    assert_eq!(database.change(), change);
    assert_eq!(shop.owner.conversations().await.len(), 1);
    server.stop().await;
}

#[tokio::test]
async fn other_sites_cannot_make_a_browser_change_anything() {
    let server = TestServer::start().await;
    let calls = calls(&server).await;
    let (shop, ids) = furnished(&server, "anna").await;
    let database = server.database();
    let change = database.change();
    let evil = [
        Some("https://evil.example"),
        Some("null"),
        Some("http://127.0.0.1"),
        Some("http://localhost:1"),
        // Not even the pages that may show the widget.
        Some("https://shop.example"),
        None,
    ];
    for call in calls.iter().filter(|call| call.changes_something()) {
        for origin in evil {
            let request = call.request(&ids, |method, path| {
                let request = server
                    .request(method, &format!("{BASE}{path}"))
                    .header("cookie", &shop.owner.cookie);
                match origin {
                    Some(origin) => request.header("origin", origin),
                    None => request,
                }
            });
            let reply = Reply::to(request).await;
            assert_eq!(
                reply.status, 403,
                "{} {} from {origin:?}: {}",
                call.method, call.path, reply.body
            );
            reply.problem(403, ProblemCode::OriginRefused);
        }
    }
    assert_eq!(database.change(), change);
    // Browsers that send no Origin say it in another way.
    let request = server
        .request(Method::POST, &format!("{BASE}/sign-out"))
        .header("cookie", &shop.owner.cookie)
        .header("sec-fetch-site", "same-origin");
    assert_eq!(Reply::to(request).await.status, 204);
    server.stop().await;
}
