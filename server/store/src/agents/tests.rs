use cavuer_protocol::console::{AnswerLength, MidAnswer};

use super::*;
use crate::fixture::{Fixture, NOW};

#[tokio::test]
async fn every_setting_is_kept() {
    let fixture = Fixture::new().await;
    let id = fixture.agent().await;
    let stored = async || fixture.store.agent(fixture.workspace, id).await.unwrap().unwrap();
    let usual = AgentSettings::new("Ada".to_owned(), "built-in".to_owned());
    assert_eq!(stored().await.settings, usual);
    // None of these is what a new agent has.
    let changes = AgentChanges {
        name: Some("Bea".to_owned()),
        model: Some("openai/one".to_owned()),
        fallback_model: Some(Some("openai/two".to_owned())),
        instruction: Some("Be kind.".to_owned()),
        temperature: Some(0.25),
        answer_length: Some(AnswerLength::Long),
        answer_language: Some(Some("de".to_owned())),
        max_passages: Some(6),
        show_citations: Some(false),
        history_messages: Some(7),
        process_images: Some(true),
        process_audio: Some(true),
        speech_model: Some(Some("openai/whisper-1".to_owned())),
        response_delay: Some(8),
        longest_delay: Some(9),
        mid_answer: Some(MidAnswer::Restart),
        retention_days: Some(10),
        articles: None,
    };
    let mut expected = usual;
    expected.apply(changes.clone());
    fixture.store.update_agent(fixture.workspace, id, changes).await.unwrap();
    assert_eq!(stored().await.settings, expected);
    let none = AgentChanges { fallback_model: Some(None), ..Default::default() };
    fixture.store.update_agent(fixture.workspace, id, none).await.unwrap();
    assert_eq!(stored().await.settings, AgentSettings { fallback_model: None, ..expected });
}

#[tokio::test]
async fn changes_leave_the_rest_as_it_is() {
    let fixture = Fixture::new().await;
    let id = fixture.agent().await;
    let article = fixture.article("Prices", "Tea costs four euros").await;
    let articles = AgentChanges { articles: Some(vec![article; 2]), ..Default::default() };
    fixture.store.update_agent(fixture.workspace, id, articles).await.unwrap();
    let name = AgentChanges { name: Some("Bea".to_owned()), ..Default::default() };
    let update = fixture.store.update_agent(fixture.workspace, id, name).await.unwrap();
    let AgentUpdate::Updated(agent) = update else { panic!("{update:?}") };
    assert_eq!((agent.settings.name.as_str(), agent.settings.model.as_str()), ("Bea", "built-in"));
    assert_eq!(agent.articles, [article]);
}

#[tokio::test]
async fn an_article_that_is_not_the_workspace_s_changes_nothing() {
    let fixture = Fixture::new().await;
    let id = fixture.agent().await;
    let mine = fixture.article("Prices", "Tea").await;
    let foreign = fixture.random.id(NOW, ArticleId::from_parts);
    let changes = AgentChanges {
        name: Some("Bea".to_owned()),
        articles: Some(vec![mine, foreign]),
        ..Default::default()
    };
    let update = fixture.store.update_agent(fixture.workspace, id, changes).await.unwrap();
    assert_eq!(update, AgentUpdate::UnknownArticles(vec![1]));
    let agent = fixture.store.agent(fixture.workspace, id).await.unwrap().unwrap();
    assert_eq!((agent.settings.name.as_str(), agent.articles.len()), ("Ada", 0));
}

#[tokio::test]
async fn another_workspace_sees_and_changes_no_agent() {
    let fixture = Fixture::new().await;
    let store = &fixture.store;
    let (id, other) = (fixture.agent().await, fixture.other_workspace().await);
    assert!(store.agents(other).await.unwrap().is_empty());
    assert!(store.agent(other, id).await.unwrap().is_none());
    let update = store.update_agent(other, id, AgentChanges::default()).await.unwrap();
    assert_eq!(update, AgentUpdate::NotFound);
    assert!(!store.delete_agent(other, id).await.unwrap());
    assert!(store.agent(fixture.workspace, id).await.unwrap().is_some());
}

#[tokio::test]
async fn with_an_agent_go_its_channels_and_their_conversations_but_no_article() {
    let fixture = Fixture::new().await;
    let id = fixture.agent().await;
    let channel = fixture.channel(id).await;
    let article = fixture.article("Prices", "Tea").await;
    let articles = AgentChanges { articles: Some(vec![article]), ..Default::default() };
    fixture.store.update_agent(fixture.workspace, id, articles).await.unwrap();
    fixture.message(&channel, "v_1", "Hello", NOW).await;

    assert!(fixture.store.delete_agent(fixture.workspace, id).await.unwrap());
    let left = "SELECT (SELECT count(*) FROM channel) + (SELECT count(*) FROM visitor)
                     + (SELECT count(*) FROM conversation) + (SELECT count(*) FROM message)
                     + (SELECT count(*) FROM turn) + (SELECT count(*) FROM agent_article)";
    assert_eq!(fixture.count(left).await, 0);
    assert!(fixture.store.article(fixture.workspace, article).await.unwrap().is_some());
}
