//! Model providers that workspaces set up themselves.

use cavuer_protocol::console::{AgentChanges, ModelInfo, Provider, ProviderList, ProviderTried};
use cavuer_protocol::{Author, ProblemCode};
use cavuer_tests::provider::{Script, ScriptedProvider};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Database, Owner, Reply, Setup, TestServer};

/// No real key looks like this, so a search for it finds every leak.
const KEY: &str = "sk-own-0123456789-wxyz";

/// A server that may call the scripted provider, because its configuration names it.
async fn server(provider: &ScriptedProvider) -> TestServer {
    Setup::default().with_provider(provider).start().await
}

fn new(provider: &ScriptedProvider, kind: &str) -> Value {
    json!({
        "name": "Ours", "kind": kind, "base_url": provider.url(), "api_key": KEY,
        "models": ["model-one"],
    })
}

async fn send(owner: &Owner, method: Method, path: &str, body: &Value) -> Reply {
    Reply::to(owner.in_workspace(method, path).json(body)).await
}

#[tokio::test]
async fn an_agent_answers_with_each_kind_of_provider() {
    let scripted = ScriptedProvider::start().await;
    let server = server(&scripted).await;
    let shop = server.shop().await;
    for (kind, header, value) in [
        ("openai", "authorization", format!("Bearer {KEY}")),
        ("anthropic", "x-api-key", KEY.to_owned()),
        ("google", "x-goog-api-key", KEY.to_owned()),
        ("azure", "api-key", KEY.to_owned()),
        ("compatible", "authorization", format!("Bearer {KEY}")),
    ] {
        let provider: Provider = shop.owner.post("providers", &new(&scripted, kind)).await;
        let model = format!("{}/model-one", provider.id);
        let models: Vec<ModelInfo> = shop.owner.get("models").await;
        assert!(models.iter().any(|listed| listed.id == model && listed.available), "{kind}");
        let changes = AgentChanges { model: Some(model), ..Default::default() };
        shop.owner.change_agent(shop.agent.id, &changes).await;
        let answer = shop.guest().await.ask("Hello?").await;
        assert_eq!(answer.text, "This answer comes from a script.", "{kind}");
        let request = scripted.requests().pop().unwrap();
        assert_eq!(request.headers[header], value, "{kind}");
    }
    server.stop().await;
}

#[tokio::test]
async fn a_key_is_sealed_and_never_told_again() {
    let scripted = ScriptedProvider::start().await;
    let server = server(&scripted).await;
    let shop = server.shop().await;
    let reply = send(&shop.owner, Method::POST, "providers", &new(&scripted, "openai")).await;
    assert_eq!(reply.status, 201);
    assert!(!reply.body.contains(KEY), "{}", reply.body);
    let provider: Provider = reply.json();
    assert_eq!(provider.key_hint.as_deref(), Some("…wxyz"));
    let list = Reply::to(shop.owner.in_workspace(Method::GET, "providers")).await;
    assert!(!list.body.contains(KEY) && list.body.contains("…wxyz"), "{}", list.body);
    // A refused key is repeated by the provider; nothing here repeats it.
    let path = format!("providers/{}", provider.id);
    scripted.push(Script::status(401));
    let trial = json!({"provider": provider.id, "kind": "openai", "base_url": scripted.url()});
    let tried = send(&shop.owner, Method::POST, "providers/try", &trial).await;
    assert!(tried.body.contains("refused the key") && !tried.body.contains(KEY), "{}", tried.body);

    // Neither the database nor any other file of the server holds it.
    let folder = server.folder().to_owned();
    let server = server.restart_after(|folder| {
        for entry in std::fs::read_dir(folder).unwrap() {
            // The database's side files go while it is closed.
            let Ok(bytes) = std::fs::read(entry.unwrap().path()) else { continue };
            assert!(!bytes.windows(KEY.len()).any(|window| window == KEY.as_bytes()));
        }
    });
    let server = server.await;
    let owner = shop.owner.moved_to(&server.url());
    let changes = json!({"name": "Renamed"});
    let renamed: Provider = send(&owner, Method::PATCH, &path, &changes).await.json();
    assert_eq!((renamed.name.as_str(), renamed.key_hint), ("Renamed", provider.key_hint));
    let tried: ProviderTried = send(&owner, Method::POST, "providers/try", &trial).await.json();
    assert!(tried.works, "{}", tried.message);

    // With another server key it cannot be read, and that is said.
    let server =
        server.restart_after(|_| std::fs::write(folder.join("sealing.key"), [7; 32]).unwrap());
    let server = server.await;
    let owner = owner.moved_to(&server.url());
    let tried: ProviderTried = send(&owner, Method::POST, "providers/try", &trial).await.json();
    assert!(!tried.works && tried.message.contains("Enter it again"), "{}", tried.message);
    server.stop().await;
}

#[tokio::test]
async fn a_sealed_key_of_another_workspace_opens_nothing() {
    let scripted = ScriptedProvider::start().await;
    let server = server(&scripted).await;
    let anna = server.owner("anna").await;
    let bob = server.owner("bob").await;
    let hers: Provider = anna.post("providers", &new(&scripted, "openai")).await;
    let his: Provider = bob.post("providers", &new(&scripted, "openai")).await;
    // Somebody who can write to the database copies her key into his row.
    Database::to_disturb(server.folder()).run(&format!(
        "UPDATE provider SET sealed_key = (SELECT sealed_key FROM provider WHERE id = x'{}')
         WHERE id = x'{}'",
        hers.id.0.simple(),
        his.id.0.simple(),
    ));
    let trial = json!({"provider": his.id, "kind": "openai", "base_url": scripted.url()});
    let tried: ProviderTried = send(&bob, Method::POST, "providers/try", &trial).await.json();
    assert!(!tried.works && tried.message.contains("Enter it again"), "{}", tried.message);
    server.stop().await;
}

/// Otherwise whoever may change the address could have the key sent to them.
#[tokio::test]
async fn a_saved_key_is_not_sent_to_another_host() {
    let scripted = ScriptedProvider::start().await;
    let thief = ScriptedProvider::start().await;
    let mut setup = Setup::default().with_provider(&scripted);
    setup.raw.anthropic_base_url = Some(thief.url());
    let server = setup.start().await;
    let shop = server.shop().await;
    let provider: Provider = shop.owner.post("providers", &new(&scripted, "compatible")).await;
    let path = format!("providers/{}", provider.id);
    let reply = send(&shop.owner, Method::PATCH, &path, &json!({"base_url": thief.url()})).await;
    assert_eq!(reply.invalid_fields(), ["api_key"]);
    let trial = json!({"provider": provider.id, "kind": "compatible", "base_url": thief.url()});
    let reply = send(&shop.owner, Method::POST, "providers/try", &trial).await;
    assert_eq!(reply.invalid_fields(), ["api_key"]);
    let list: ProviderList = shop.owner.get("providers").await;
    assert_eq!(list.providers[0].base_url, scripted.url());

    // With a key for the new host, or without any, it can move.
    let moved = json!({"base_url": thief.url(), "api_key": ""});
    let moved: Provider = send(&shop.owner, Method::PATCH, &path, &moved).await.json();
    assert_eq!((moved.base_url, moved.key_hint), (thief.url(), None));
    server.stop().await;
}

#[tokio::test]
async fn a_trial_says_in_words_what_works_and_what_fails() {
    let scripted = ScriptedProvider::start().await;
    let server = server(&scripted).await;
    let shop = server.shop().await;
    let attempt = async |body: Value| -> ProviderTried {
        send(&shop.owner, Method::POST, "providers/try", &body).await.json()
    };
    let trial = |kind: &str| json!({"kind": kind, "base_url": scripted.url(), "api_key": KEY});
    for kind in ["openai", "anthropic", "google", "compatible"] {
        let tried = attempt(trial(kind)).await;
        assert!(tried.works && tried.message.contains("2 models"), "{kind}: {}", tried.message);
        assert_eq!(tried.models[0].name, "model-one");
        for (status, words) in [
            (401, "refused the key"),
            (403, "does not let this key"),
            (429, "limits how often"),
            (500, "overloaded"),
        ] {
            scripted.push(Script::status(status));
            let tried = attempt(trial(kind)).await;
            assert!(!tried.works && tried.message.contains(words), "{kind}: {}", tried.message);
        }
    }
    // Where there is no list, a model is asked for a word.
    scripted.set_models(None);
    let tried = attempt(trial("compatible")).await;
    assert!(!tried.works && tried.message.contains("does not list"), "{}", tried.message);
    for kind in ["compatible", "azure"] {
        let mut named = trial(kind);
        named["model"] = json!("our-model");
        let tried = attempt(named.clone()).await;
        assert!(tried.works && tried.message.contains("our-model answers"), "{}", tried.message);
        if kind == "compatible" {
            // It is asked for its list first.
            scripted.push(Script::status(404));
        }
        scripted.push(Script::status(404));
        let tried = attempt(named).await;
        assert!(tried.message.contains("does not know this model"), "{}", tried.message);
    }
    // Private addresses are refused unless the configuration names them, by number and by name.
    let port = scripted.address().port() ^ 1;
    for host in ["127.0.0.1", "localhost", "10.0.0.1", "[::1]"] {
        let url = format!("http://{host}:{port}/v1");
        let tried = attempt(json!({"kind": "compatible", "base_url": url})).await;
        assert!(!tried.works && tried.message.contains("private"), "{url}: {}", tried.message);
        assert!(tried.message.contains("CAVUER_OPENAI_BASE_URL"), "{}", tried.message);
    }
    assert_eq!(shop.owner.get::<ProviderList>("providers").await.providers, []);
    server.stop().await;
}

#[tokio::test]
async fn a_provider_in_use_is_not_deleted_and_its_agents_are_named() {
    let scripted = ScriptedProvider::start().await;
    let server = server(&scripted).await;
    let shop = server.shop().await;
    let provider: Provider = shop.owner.post("providers", &new(&scripted, "openai")).await;
    let model = Some(format!("{}/model-one", provider.id));
    let changes = AgentChanges { model, ..Default::default() };
    shop.owner.change_agent(shop.agent.id, &changes).await;
    let list: ProviderList = shop.owner.get("providers").await;
    assert_eq!(list.providers[0].used_by[0].name, shop.agent.settings.name);
    let path = format!("providers/{}", provider.id);
    let refused = Reply::to(shop.owner.in_workspace(Method::DELETE, &path)).await;
    let problem = refused.problem(409, ProblemCode::Conflict);
    assert!(problem.detail.contains(&shop.agent.settings.name), "{}", problem.detail);

    let model = Some("built-in".to_owned());
    let changes = AgentChanges { model, ..Default::default() };
    shop.owner.change_agent(shop.agent.id, &changes).await;
    shop.owner.act(Method::DELETE, &path).await;
    assert_eq!(shop.owner.get::<ProviderList>("providers").await.providers, []);
    server.stop().await;
}

#[tokio::test]
async fn another_workspace_s_provider_answers_no_agent() {
    let scripted = ScriptedProvider::start().await;
    let server = server(&scripted).await;
    let anna = server.owner("anna").await;
    let hers: Provider = anna.post("providers", &new(&scripted, "openai")).await;
    let model = format!("{}/model-one", hers.id);
    let shop = crate::support::Shop::open(&server.http, &server.url(), "bob", "built-in").await;
    for body in [json!({"model": model}), json!({"fallback_model": model})] {
        let path = format!("agents/{}", shop.agent.id);
        let reply = send(&shop.owner, Method::PATCH, &path, &body).await;
        let field = body.as_object().unwrap().keys().next().unwrap().clone();
        assert_eq!(reply.invalid_fields(), [field]);
    }
    // Not even if it stands in the database.
    Database::to_disturb(server.folder()).run(&format!("UPDATE agent SET model = '{model}'"));
    let line = shop.guest().await.ask("Hello?").await;
    assert_eq!(line.author, Author::System);
    assert_eq!(scripted.requests().len(), 0);
    let failure = shop.owner.only_conversation().await.failure.expect("a reason");
    assert!(failure.contains("provider that was deleted"), "{failure}");
    let models: Vec<ModelInfo> = shop.owner.get("models").await;
    assert!(models.iter().all(|listed| listed.id != model));
    server.stop().await;
}

#[tokio::test]
async fn the_server_s_own_providers_are_shown_as_such() {
    let scripted = ScriptedProvider::start().await;
    let server = server(&scripted).await;
    let list: ProviderList = server.owner("anna").await.get("providers").await;
    let kinds: Vec<_> = list.environment.iter().map(|provider| provider.kind.as_str()).collect();
    assert_eq!(kinds, ["openai", "anthropic"]);
    assert_eq!(list.environment[0].host, scripted.address().to_string());
    assert_eq!(list.environment[0].variables[0], "CAVUER_OPENAI_API_KEY");
    server.stop().await;
}
