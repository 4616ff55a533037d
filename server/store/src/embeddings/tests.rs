use std::sync::Arc;

use cavuer_protocol::AgentId;
use cavuer_text::query::query_terms;

use super::*;
use crate::fixture::{Fixture, NOW, link};

fn mark() -> Mark {
    Mark { language: "en".to_owned(), mark: 1.0, right: 1.0, wrong: 0.0 }
}

async fn chosen(fixture: &Fixture, name: &str) -> EmbeddingModel {
    let model = Some(name.to_owned());
    fixture.store.choose_embedding_model(fixture.workspace, model).await.unwrap();
    fixture.store.embedding_model(fixture.workspace).await.unwrap().unwrap()
}

/// Gives each passage without a vector one that points in a direction of its own.
async fn prepare(fixture: &Fixture, model: &EmbeddingModel) -> Vec<PassageText> {
    let texts = fixture.store.passages_without_vector(model, 0, 100).await.unwrap();
    let vectors = texts.iter().map(|text| (text.id, direction(text.id))).collect();
    let stored = fixture.store.add_vectors(model, vectors).await.unwrap();
    assert_eq!(stored, VectorsStored::Stored);
    texts
}

fn direction(passage: i64) -> Vec<f32> {
    (0..100).map(|axis| f32::from(u8::from(axis == passage))).collect()
}

/// The texts that are found next to one passage's direction, with their similarity.
async fn near(
    fixture: &Fixture,
    agent: AgentId,
    model: &EmbeddingModel,
    passage: i64,
) -> Vec<(String, f32)> {
    let meaning = model.question(direction(passage), &mark());
    let store = &fixture.store;
    let found = store.matches(agent, query_terms("anything")).await.unwrap();
    let Some(scope) = found.map(|found| found.scope) else { return Vec::new() };
    let nearest = store.nearest(Arc::clone(&scope), meaning, (0..scope.len()).collect());
    let nearest = nearest.await.unwrap();
    let mut texts = Vec::new();
    for near in nearest.passages {
        assert_eq!(nearest.asked.get(&near.place), Some(&near.similarity));
        let passages = store.passages_at(Arc::clone(&scope), vec![near.place]).await.unwrap();
        texts.extend(passages.into_iter().map(|(_, found)| (found.text, near.similarity)));
    }
    texts
}

#[tokio::test]
async fn the_nearest_passage_of_the_agent_comes_first() {
    let fixture = Fixture::new().await;
    let agent = fixture.agent().await;
    let tea = fixture.article("Tea", "tea").await;
    let milk = fixture.article("Milk", "milk").await;
    fixture.article("Secret", "secret").await;
    link(&fixture, agent, vec![tea, milk]).await;
    let model = chosen(&fixture, "a/one").await;
    let texts = prepare(&fixture, &model).await;
    assert_eq!(fixture.store.count_vectors(&model).await.unwrap(), (3, 3));
    for text in texts {
        let found = near(&fixture, agent, &model, text.id).await;
        assert_eq!(found.len(), 2, "only the agent's articles: {found:?}");
        if text.text != "secret" {
            assert!(found[0].0 == text.text && found[0].1 > 0.99, "{found:?}");
        }
    }
    // What is new is found without a restart.
    let cake = fixture.article("Cake", "cake").await;
    link(&fixture, agent, vec![tea, milk, cake]).await;
    let new = prepare(&fixture, &model).await;
    assert_eq!(new.len(), 1);
    assert_eq!(near(&fixture, agent, &model, new[0].id).await[0].0, "cake");
}

#[tokio::test]
async fn vectors_go_with_their_passages_and_with_their_model() {
    let fixture = Fixture::new().await;
    let (store, agent) = (&fixture.store, fixture.agent().await);
    let tea = fixture.article("Tea", "tea").await;
    fixture.article("Milk", "milk").await;
    link(&fixture, agent, vec![tea]).await;
    let model = chosen(&fixture, "a/one").await;
    let ids: Vec<i64> = prepare(&fixture, &model).await.iter().map(|text| text.id).collect();
    store.delete_article(fixture.workspace, tea).await.unwrap();
    assert!(near(&fixture, agent, &model, ids[0]).await.is_empty());
    store.clear_passages(tea, None, 10).await.unwrap();
    assert_eq!(fixture.count("SELECT count(*) FROM passage_vector").await, 1);

    // The same again keeps everything; another one begins anew, and the old vectors go.
    assert!(chosen(&fixture, "a/one").await.is_choice(&model));
    let other = chosen(&fixture, "a/two").await;
    assert!(!other.is_choice(&model));
    let late = store.add_vectors(&model, vec![(ids[1], direction(1))]).await.unwrap();
    assert_eq!(late, VectorsStored::Overtaken);
    while store.clear_vectors(1).await.unwrap() {}
    assert_eq!(fixture.count("SELECT count(*) FROM passage_vector").await, 0);
    assert_eq!(prepare(&fixture, &other).await.len(), 1);
    let shorter = store.add_vectors(&other, vec![(ids[1], vec![1.0])]).await.unwrap();
    assert_eq!(shorter, VectorsStored::OtherLength(100));
    store.choose_embedding_model(fixture.workspace, None).await.unwrap();
    assert!(store.embedding_model(fixture.workspace).await.unwrap().is_none());
}

#[tokio::test]
async fn vectors_of_another_model_are_not_compared() {
    let fixture = Fixture::new().await;
    let (store, agent) = (&fixture.store, fixture.agent().await);
    let articles = vec![fixture.article("Tea", "tea").await, fixture.article("Milk", "milk").await];
    link(&fixture, agent, articles).await;
    let old = chosen(&fixture, "a/one").await;
    let ids: Vec<i64> = prepare(&fixture, &old).await.iter().map(|text| text.id).collect();
    // The new model has made one vector so far, and the old one's are not cleared away yet.
    let new = chosen(&fixture, "a/two").await;
    store.add_vectors(&new, vec![(ids[0], direction(ids[0]))]).await.unwrap();
    assert_eq!(near(&fixture, agent, &new, ids[1]).await.len(), 1);
    let meaning = new.question(direction(ids[1]), &mark());
    let scope = store.matches(agent, query_terms("tea")).await.unwrap().unwrap().scope;
    let nearest = store.nearest(scope, meaning, vec![0, 1]).await.unwrap();
    assert!(nearest.asked.contains_key(&0) && !nearest.asked.contains_key(&1), "{nearest:?}");
}

#[tokio::test]
async fn a_failure_is_kept_until_vectors_come() {
    let fixture = Fixture::new().await;
    fixture.article("Tea", "tea").await;
    let model = chosen(&fixture, "a/one").await;
    fixture.store.note_embedding_failure(&model, NOW, "No credit.".to_owned()).await.unwrap();
    fixture.store.note_embedding_trust(&model, Trust(vec![mark()])).await.unwrap();
    let failing = fixture.store.embedding_models().await.unwrap().remove(0);
    assert_eq!(failing.failure, Some((NOW, "No credit.".to_owned())));
    assert_eq!(failing.trust, Some(Trust(vec![mark()])));
    prepare(&fixture, &model).await;
    assert_eq!(fixture.store.embedding_models().await.unwrap()[0].failure, None);
    // Another workspace has no say in it.
    let other = fixture.other_workspace().await;
    assert!(fixture.store.embedding_model(other).await.unwrap().is_none());
}
