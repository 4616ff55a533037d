//! Agents, channels and articles: what is kept, and what is refused.

use std::collections::BTreeSet;

use cavuer_models::BUILT_IN_MODEL;
use cavuer_protocol::ProblemCode;
use cavuer_protocol::console::{
    Agent, AgentChanges, AgentSettings, AnswerLength, Appearance, Article, ArticleDetail, Channel,
    ChannelChanges, MidAnswer, NewAgent, SecretKey,
};
use cavuer_protocol::limits::ARTICLE_TITLE_CHARS;
use cavuer_protocol::widget::Position;
use reqwest::Method;
use serde_json::json;

use crate::support::{Owner, Reply, TestServer};

async fn send(owner: &Owner, method: Method, path: &str, body: serde_json::Value) -> Reply {
    Reply::to(owner.in_workspace(method, path).json(&body)).await
}

#[tokio::test]
async fn an_agent_is_made_listed_changed_and_deleted() {
    let server = TestServer::start().await;
    let anna = server.owner("anna").await;
    let agent = anna.add_agent(" Ada ", BUILT_IN_MODEL).await;
    assert_eq!(agent.settings, AgentSettings::new("Ada".to_owned(), BUILT_IN_MODEL.to_owned()));
    let changes = AgentChanges {
        model: Some("anthropic/claude-next".to_owned()),
        instruction: Some("Be kind.\r\nBe brief.".to_owned()),
        temperature: Some(0.0),
        response_delay: Some(180),
        fallback_model: Some(Some("openai/gpt-next".to_owned())),
        answer_language: Some(Some("de".to_owned())),
        answer_length: Some(AnswerLength::Short),
        mid_answer: Some(MidAnswer::Restart),
        retention_days: Some(0),
        ..AgentChanges::default()
    };
    let changed = anna.change_agent(agent.id, &changes).await;
    let mut expected = agent.settings;
    expected.apply(changes);
    expected.instruction = "Be kind.\nBe brief.".to_owned();
    assert_eq!(changed.settings, expected);
    assert_eq!(anna.get::<Vec<Agent>>("agents").await, [changed]);
    let path = format!("agents/{}", agent.id);
    anna.act(Method::DELETE, &path).await;
    let gone = Reply::to(anna.in_workspace(Method::GET, &path)).await;
    gone.problem(404, ProblemCode::NotFound);
    server.stop().await;
}

#[tokio::test]
async fn what_an_agent_can_do_without_is_taken_away_by_null_and_kept_where_absent() {
    let server = TestServer::start().await;
    let anna = server.owner("anna").await;
    let agent = anna.add_agent("Ada", BUILT_IN_MODEL).await;
    let path = format!("agents/{}", agent.id);
    let change = async |body| send(&anna, Method::PATCH, &path, body).await.json::<Agent>();
    let both = json!({"fallback_model": "openai/gpt-next", "answer_language": " DE "});
    change(both).await;
    let kept = change(json!({"name": "Bea"})).await.settings;
    assert_eq!(kept.fallback_model.as_deref(), Some("openai/gpt-next"));
    assert_eq!(kept.answer_language.as_deref(), Some("de"));
    let gone = change(json!({"fallback_model": null, "answer_language": null})).await.settings;
    assert_eq!((gone.fallback_model, gone.answer_language), (None, None));
    server.stop().await;
}

#[tokio::test]
async fn every_wrong_field_of_an_agent_is_named_and_nothing_changes() {
    let server = TestServer::start().await;
    let anna = server.owner("anna").await;
    let new = NewAgent { name: "x".repeat(101), model: "acme/one".to_owned() };
    let reply = Reply::to(anna.in_workspace(Method::POST, "agents").json(&new)).await;
    assert_eq!(reply.invalid_fields(), ["name", "model"]);

    let agent = anna.add_agent("Ada", BUILT_IN_MODEL).await;
    let path = format!("agents/{}", agent.id);
    let wrong = json!({
        "name": "A\tB", "fallback_model": "acme/two", "answer_language": "tlh",
        "temperature": 1.01, "max_passages": 0, "history_messages": 101, "response_delay": 181,
        "longest_delay": 901, "retention_days": 3_651,
    });
    let reply = send(&anna, Method::PATCH, &path, wrong.clone()).await;
    let fields = wrong.as_object().unwrap().keys().collect::<BTreeSet<_>>();
    assert_eq!(reply.invalid_fields().iter().collect::<BTreeSet<_>>(), fields);
    let length = send(&anna, Method::PATCH, &path, json!({"answer_length": "endless"})).await;
    let problem = length.problem(400, ProblemCode::BadRequest);
    assert!(problem.detail.contains("short"), "{}", problem.detail);

    let foreign = server.owner("bob").await;
    let bobs = foreign.add_agent("Bea", BUILT_IN_MODEL).await;
    let article = foreign.add_article(bobs.id, "Secret", "Plans").await;
    let reply = send(&anna, Method::PATCH, &path, json!({"name": "Eve", "articles": [article]}));
    assert_eq!(reply.await.invalid_fields(), ["articles[0]"]);
    assert_eq!(anna.get::<Agent>(&path).await, agent);
    server.stop().await;
}

#[tokio::test]
async fn a_channel_keeps_its_settings_and_shows_what_to_paste() {
    let server = TestServer::start().await;
    let anna = server.owner("anna").await;
    let agent = anna.add_agent("Ada", BUILT_IN_MODEL).await;
    let channel = anna.add_channel(agent.id, &["https://Shop.example/x", "shop.example"]).await;
    assert_eq!(channel.allowed_domains, ["shop.example"]);
    assert_eq!(channel.appearance.title, "Ada");
    assert!(channel.token.starts_with("wgt_") && channel.token.len() == 28, "{}", channel.token);
    let tag = format!("/embed.js\" data-token=\"{}\" async></script>", channel.token);
    assert!(channel.snippet.ends_with(&tag), "{}", channel.snippet);

    let appearance = Appearance {
        title: "Help".to_owned(),
        greeting: "Hi!\nHow can I help?".to_owned(),
        color: "#ABCDEF".to_owned(),
        position: Position::Left,
    };
    let changes = ChannelChanges { appearance: Some(appearance), ..ChannelChanges::default() };
    let changed = anna.change_channel(channel.id, &changes).await;
    assert_eq!((changed.appearance.color.as_str(), changed.enabled), ("#abcdef", true));
    assert_eq!(anna.get::<Channel>(&format!("channels/{}", channel.id)).await, changed);
    server.stop().await;
}

#[tokio::test]
async fn every_wrong_field_of_a_channel_is_named_and_nothing_changes() {
    let server = TestServer::start().await;
    let anna = server.owner("anna").await;
    let agent = anna.add_agent("Ada", BUILT_IN_MODEL).await;
    let channel = anna.add_channel(agent.id, &["shop.example"]).await;
    let path = format!("channels/{}", channel.id);
    let appearance =
        json!({"title": "", "greeting": "x".repeat(501), "color": "red", "position": "left"});
    let wrong = json!({
        "name": "", "enabled": false, "allowed_domains": ["a.example", "*", "b c"],
        "appearance": appearance,
    });
    let expected = [
        "name",
        "allowed_domains[1]",
        "allowed_domains[2]",
        "appearance.title",
        "appearance.greeting",
        "appearance.color",
    ];
    assert_eq!(send(&anna, Method::PATCH, &path, wrong).await.invalid_fields(), expected);
    let unknown = send(&anna, Method::PATCH, &path, json!({"allowed_domain": []})).await;
    let problem = unknown.problem(400, ProblemCode::BadRequest);
    assert!(problem.detail.contains("allowed_domain"), "{}", problem.detail);
    assert_eq!(anna.get::<Channel>(&path).await, channel);
    server.stop().await;
}

#[tokio::test]
async fn the_secret_key_is_shown_on_demand_and_rotated() {
    let server = TestServer::start().await;
    let anna = server.owner("anna").await;
    let agent = anna.add_agent("Ada", BUILT_IN_MODEL).await;
    let channel = anna.add_channel(agent.id, &["shop.example"]).await;
    let key = anna.secret_key(channel.id).await;
    assert!(key.starts_with("sk_") && key.len() == 43);
    let (start, end) = channel.secret_key_hint.split_once('…').unwrap();
    assert!(key.starts_with(start) && key.ends_with(end) && start.len() + end.len() < 10);

    let rotate = format!("channels/{}/secret-key/rotate", channel.id);
    let too_long = send(&anna, Method::POST, &rotate, json!({"keep_old_hours": 169})).await;
    assert_eq!(too_long.invalid_fields(), ["keep_old_hours"]);
    let new: SecretKey = anna.post(&rotate, &json!({"keep_old_hours": 1})).await;
    assert_eq!(anna.secret_key(channel.id).await, new.secret_key.expose());
    assert_ne!(new.secret_key.expose(), key);

    let path = format!("channels/{}", channel.id);
    let until = anna.get::<Channel>(&path).await.old_key_valid_until;
    assert!(until.is_some());
    server.clock.advance(std::time::Duration::from_secs(3_600));
    let shown = Reply::to(anna.in_workspace(Method::GET, &path)).await;
    assert_eq!(shown.json::<Channel>().old_key_valid_until, None);
    assert!(!shown.body.contains(new.secret_key.expose()) && !shown.body.contains(&key));
    server.stop().await;
}

#[tokio::test]
async fn an_article_keeps_its_title_and_takes_other_content() {
    let server = TestServer::start().await;
    let anna = server.owner("anna").await;
    let agent = anna.add_agent("Ada", BUILT_IN_MODEL).await;
    let id = anna.add_article(agent.id, "Prices, cost", "Tea costs four euros.").await;
    let path = format!("articles/{id}");
    let body = json!({"content": "Tea costs five euros.\r\n"});
    let detail: ArticleDetail = send(&anna, Method::PUT, &path, body).await.json();
    assert_eq!(detail.content, "Tea costs five euros.");
    assert_eq!((detail.article.title.as_str(), detail.article.chars), ("Prices, cost", 21));
    assert_eq!(detail.article.agents, [agent.id]);
    let indexed = anna.until_indexed(id).await;
    let stored: ArticleDetail = anna.get(&path).await;
    assert_eq!((stored.content, stored.article), (detail.content, indexed));

    let found = async |query: &str| anna.get::<Vec<Article>>(&format!("articles{query}")).await;
    assert_eq!(found("?q=PRICES").await.len(), 1);
    assert_eq!(found("?q=delivery").await.len(), 0);
    assert_eq!(found(&format!("?agent={}", agent.id)).await.len(), 1);
    assert_eq!(found(&format!("?agent={id}")).await.len(), 0);

    let title = "ж".repeat(ARTICLE_TITLE_CHARS + 1);
    let long = send(&anna, Method::POST, "articles", json!({"title": title, "content": " "})).await;
    assert_eq!(long.invalid_fields(), ["title", "content"]);
    server.stop().await;
}
