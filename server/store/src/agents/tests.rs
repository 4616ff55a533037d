use cavuer_protocol::values::{AnswerLength, MidAnswer};

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
    let changed = AgentSettings {
        name: "Bea".to_owned(),
        model: "openai/one".to_owned(),
        fallback_model: Some("openai/two".to_owned()),
        instruction: "Be kind.".to_owned(),
        temperature: 0.25,
        answer_length: AnswerLength::Long,
        answer_language: Some("de".to_owned()),
        max_passages: 6,
        show_citations: false,
        history_messages: 7,
        process_images: true,
        process_audio: true,
        speech_model: Some("openai/whisper-1".to_owned()),
        response_delay: 8,
        longest_delay: 9,
        mid_answer: MidAnswer::Restart,
        retention_days: 10,
    };
    let wanted = changed.clone();
    let edit = AgentEdit::of_settings(|settings| *settings = wanted);
    fixture.store.update_agent(fixture.workspace, id, edit).await.unwrap();
    assert_eq!(stored().await.settings, changed);
    let edit = AgentEdit::of_settings(|settings| settings.fallback_model = None);
    fixture.store.update_agent(fixture.workspace, id, edit).await.unwrap();
    assert_eq!(stored().await.settings, AgentSettings { fallback_model: None, ..changed });
}

#[tokio::test]
async fn changes_leave_the_rest_as_it_is() {
    let fixture = Fixture::new().await;
    let id = fixture.agent().await;
    let article = fixture.article("Prices", "Tea costs four euros").await;
    let articles = AgentEdit::of_articles(vec![article; 2]);
    fixture.store.update_agent(fixture.workspace, id, articles).await.unwrap();
    let name = AgentEdit::of_settings(|settings| settings.name = "Bea".to_owned());
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
    let edit = AgentEdit::of_settings(|settings| settings.name = "Bea".to_owned())
        .with_articles(Some(vec![mine, foreign]));
    let update = fixture.store.update_agent(fixture.workspace, id, edit).await.unwrap();
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
    let update = store.update_agent(other, id, AgentEdit::of_settings(|_| ())).await.unwrap();
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
    let articles = AgentEdit::of_articles(vec![article]);
    fixture.store.update_agent(fixture.workspace, id, articles).await.unwrap();
    fixture.message(&channel, "v_1", "Hello", NOW).await;

    assert!(fixture.store.delete_agent(fixture.workspace, id).await.unwrap());
    let left = "SELECT (SELECT count(*) FROM channel) + (SELECT count(*) FROM visitor)
                     + (SELECT count(*) FROM conversation) + (SELECT count(*) FROM message)
                     + (SELECT count(*) FROM turn) + (SELECT count(*) FROM agent_article)";
    assert_eq!(fixture.count(left).await, 0);
    assert!(fixture.store.article(fixture.workspace, article).await.unwrap().is_some());
}
