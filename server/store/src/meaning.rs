//! Search by meaning: which model a workspace has chosen for it, and the vectors that the model
//! has made of its passages.
//!
//! What is left to do is not written down anywhere: it is the passages that searches see and that
//! have no vector of the chosen model.

use cavuer_protocol::{Timestamp, WorkspaceId};
use cavuer_text::index::vector::encode;
use cavuer_text::retrieval::Meaning;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::json;

use super::{Store, StoreError, row};
use cavuer_text::trust::{Mark, Trust};

const COLUMNS: &str = "id, workspace_id, model, dimensions, trust, failure, failed_at";

/// The model that a workspace has chosen, and how it does.
#[derive(Clone, Debug, PartialEq)]
pub struct MeaningModel {
    /// Names this choice; whoever chooses another model gets another one.
    id: i64,
    pub workspace: WorkspaceId,
    /// As agents name models.
    pub model: String,
    /// Length of its vectors; `None` until the first is stored.
    pub dimensions: Option<u32>,
    /// What it is worth in each language; `None` until that was tried.
    pub trust: Option<Trust>,
    /// When and why it made no vectors the last time it was asked, for people.
    pub failure: Option<(Timestamp, String)>,
}

impl MeaningModel {
    /// Whether it is the same choice of a model as another.
    pub fn is_choice(&self, other: &Self) -> bool {
        self.id == other.id
    }

    /// A question by the vector that the model has made of it, for searching. `mark` is the
    /// model's in the question's language.
    pub fn question(&self, vector: Vec<f32>, mark: &Mark) -> Meaning {
        Meaning { model: self.id, vector, wrong: mark.wrong, right: mark.right }
    }
}

/// A passage that has no vector yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassageText {
    pub id: i64,
    /// Of the article.
    pub title: String,
    pub text: String,
}

/// What became of vectors that were to be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VectorsStored {
    /// All of them, but for those of passages that are gone.
    Stored,
    /// None: another model was chosen meanwhile.
    Overtaken,
    /// None: the vectors that are there have this length.
    OtherLength(u32),
}

impl Store {
    /// The model that a workspace has chosen; `None` if it searches by words alone.
    pub async fn meaning_model(
        &self,
        workspace: WorkspaceId,
    ) -> Result<Option<MeaningModel>, StoreError> {
        self.pool
            .read(move |conn| {
                let sql = format!("SELECT {COLUMNS} FROM meaning_model WHERE workspace_id = ?");
                let mut statement = conn.prepare_cached(&sql)?;
                Ok(statement.query_row([workspace.0], model).optional()?)
            })
            .await
    }

    /// The models that workspaces have chosen.
    pub async fn meaning_models(&self) -> Result<Vec<MeaningModel>, StoreError> {
        self.pool
            .read(|conn| {
                let sql = format!("SELECT {COLUMNS} FROM meaning_model ORDER BY id");
                let mut statement = conn.prepare_cached(&sql)?;
                Ok(statement.query_map([], model)?.collect::<Result<_, _>>()?)
            })
            .await
    }

    /// Chooses a model, or none. The same one again keeps its vectors and forgets its failure.
    pub async fn choose_meaning_model(
        &self,
        workspace: WorkspaceId,
        chosen: Option<String>,
    ) -> Result<(), StoreError> {
        self.pool
            .write(move |conn| {
                conn.execute(
                    "DELETE FROM meaning_model WHERE workspace_id = ?1 AND model IS NOT ?2",
                    params![workspace.0, chosen],
                )?;
                if let Some(chosen) = chosen {
                    conn.execute(
                        "INSERT INTO meaning_model (workspace_id, model) VALUES (?1, ?2)
                         ON CONFLICT (workspace_id) DO UPDATE SET failure = NULL, failed_at = NULL",
                        params![workspace.0, chosen],
                    )?;
                }
                Ok(())
            })
            .await
    }

    /// How many passages searches see in a workspace, and how many of them have a vector of the
    /// model.
    pub async fn count_vectors(&self, model: &MeaningModel) -> Result<(u32, u32), StoreError> {
        let (id, workspace) = (model.id, model.workspace);
        self.pool
            .read(move |conn| {
                let passages: u32 = conn
                    .prepare_cached(
                        "SELECT coalesce(sum(article_state.passages), 0)
                         FROM article JOIN article_state ON article_state.article_id = article.id
                         WHERE article.workspace_id = ?1 AND article_state.state <> 'deleted'",
                    )?
                    .query_row([workspace.0], |row| row.get(0))?;
                let vectors: u32 = conn
                    .prepare_cached("SELECT count(*) FROM passage_vector WHERE model_id = ?1")?
                    .query_row([id], |row| row.get(0))?;
                // Vectors of passages that are just being cleared away are counted, too.
                Ok((passages, vectors.min(passages)))
            })
            .await
    }

    /// Passages that searches see and that have no vector of the model, by their ids, after one of
    /// them.
    pub async fn passages_without_vector(
        &self,
        model: &MeaningModel,
        after: i64,
        most: usize,
    ) -> Result<Vec<PassageText>, StoreError> {
        let (id, workspace) = (model.id, model.workspace);
        self.pool
            .read(move |conn| {
                let mut statement = conn.prepare_cached(
                    "SELECT passage.id, passage.title, passage.text
                     FROM passage
                     JOIN article ON article.id = passage.article_id
                     JOIN article_state ON article_state.article_id = passage.article_id
                                       AND article_state.live_revision = passage.revision
                     WHERE passage.id > ?3 AND article.workspace_id = ?2
                       AND article_state.state <> 'deleted'
                       AND NOT EXISTS (SELECT 1 FROM passage_vector
                                       WHERE passage_id = passage.id AND model_id = ?1)
                     ORDER BY passage.id LIMIT ?4",
                )?;
                let most = i64::try_from(most).unwrap_or(i64::MAX);
                let texts = statement.query_map(params![id, workspace.0, after, most], |row| {
                    Ok(PassageText { id: row.get(0)?, title: row.get(1)?, text: row.get(2)? })
                })?;
                Ok(texts.collect::<Result<_, _>>()?)
            })
            .await
    }

    /// Stores vectors of passages, all of one length, and forgets the model's failure.
    pub async fn add_vectors(
        &self,
        model: &MeaningModel,
        vectors: Vec<(i64, Vec<f32>)>,
    ) -> Result<VectorsStored, StoreError> {
        let id = model.id;
        self.pool
            .write(move |conn| {
                let Some(length) = dimensions(conn, id)? else {
                    return Ok(VectorsStored::Overtaken);
                };
                let new = vectors.first().map_or(0, |(_, vector)| vector.len());
                let new = u32::try_from(new).unwrap_or(u32::MAX);
                match length {
                    Some(length) if length != new => return Ok(VectorsStored::OtherLength(length)),
                    _ => {}
                }
                conn.prepare_cached(
                    "UPDATE meaning_model SET dimensions = ?2, failure = NULL, failed_at = NULL
                     WHERE id = ?1",
                )?
                .execute(params![id, new])?;
                let mut statement = conn.prepare_cached(
                    "INSERT OR REPLACE INTO passage_vector (passage_id, model_id, data)
                     SELECT id, ?2, ?3 FROM passage WHERE id = ?1",
                )?;
                for (passage, vector) in vectors {
                    statement.execute(params![passage, id, encode(&vector)])?;
                }
                Ok(VectorsStored::Stored)
            })
            .await
    }

    /// Notes why the model makes no vectors now.
    pub async fn note_meaning_failure(
        &self,
        model: &MeaningModel,
        at: Timestamp,
        reason: String,
    ) -> Result<(), StoreError> {
        let id = model.id;
        self.pool
            .write(move |conn| {
                let sql = "UPDATE meaning_model SET failure = ?2, failed_at = ?3 WHERE id = ?1";
                conn.execute(sql, params![id, reason, at.0])?;
                Ok(())
            })
            .await
    }

    /// Notes what the model is worth.
    pub async fn note_meaning_trust(
        &self,
        model: &MeaningModel,
        trust: Trust,
    ) -> Result<(), StoreError> {
        let id = model.id;
        self.pool
            .write(move |conn| {
                let sql = "UPDATE meaning_model SET trust = ?2 WHERE id = ?1";
                conn.execute(sql, params![id, json!(trust.0).to_string()])?;
                Ok(())
            })
            .await
    }

    /// Deletes at most `most` vectors of models that are not chosen any more; `false` if there are
    /// none left.
    pub async fn clear_vectors(&self, most: u32) -> Result<bool, StoreError> {
        self.pool
            .write(move |conn| {
                let sql = "SELECT model_id FROM meaning_garbage LIMIT 1";
                let gone: Option<i64> = conn.query_row(sql, [], |row| row.get(0)).optional()?;
                let Some(gone) = gone else { return Ok(false) };
                let mut statement = conn.prepare_cached(
                    "DELETE FROM passage_vector WHERE id IN
                         (SELECT id FROM passage_vector WHERE model_id = ?1 ORDER BY id LIMIT ?2)",
                )?;
                let deleted = statement.execute(params![gone, most])?;
                if deleted < most as usize {
                    conn.execute("DELETE FROM meaning_garbage WHERE model_id = ?1", [gone])?;
                }
                Ok(true)
            })
            .await
    }
}

/// The length of a model's vectors; the outer `None` means that the model is not chosen any more.
fn dimensions(conn: &Connection, id: i64) -> rusqlite::Result<Option<Option<u32>>> {
    conn.prepare_cached("SELECT dimensions FROM meaning_model WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()
}

fn model(row: &Row<'_>) -> rusqlite::Result<MeaningModel> {
    let trust: Option<String> = row.get(4)?;
    let trust = trust.map(|marks| serde_json::from_str(&marks)).transpose();
    let failure: Option<String> = row.get(5)?;
    Ok(MeaningModel {
        id: row.get(0)?,
        workspace: row::id(row, 1, WorkspaceId)?,
        model: row.get(2)?,
        dimensions: row.get(3)?,
        trust: trust.map_err(|error| row::unreadable(4, error.to_string()))?.map(Trust),
        failure: row::optional_timestamp(row, 6)?.zip(failure),
    })
}

#[cfg(test)]
mod tests {
    use cavuer_protocol::AgentId;

    use super::*;
    use crate::fixture::{Fixture, NOW, link};
    use std::sync::Arc;

    use cavuer_text::query::query_terms;
    use cavuer_text::trust::Mark;

    fn mark() -> Mark {
        Mark { language: "en".to_owned(), mark: 1.0, right: 1.0, wrong: 0.0 }
    }

    async fn chosen(fixture: &Fixture, name: &str) -> MeaningModel {
        let model = Some(name.to_owned());
        fixture.store.choose_meaning_model(fixture.workspace, model).await.unwrap();
        fixture.store.meaning_model(fixture.workspace).await.unwrap().unwrap()
    }

    /// Gives each passage without a vector one that points in a direction of its own.
    async fn prepare(fixture: &Fixture, model: &MeaningModel) -> Vec<PassageText> {
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
        model: &MeaningModel,
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
        store.clear_passages(tea, 10).await.unwrap();
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
        store.choose_meaning_model(fixture.workspace, None).await.unwrap();
        assert!(store.meaning_model(fixture.workspace).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn vectors_of_another_model_are_not_compared() {
        let fixture = Fixture::new().await;
        let (store, agent) = (&fixture.store, fixture.agent().await);
        let articles =
            vec![fixture.article("Tea", "tea").await, fixture.article("Milk", "milk").await];
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
        fixture.store.note_meaning_failure(&model, NOW, "No credit.".to_owned()).await.unwrap();
        fixture.store.note_meaning_trust(&model, Trust(vec![mark()])).await.unwrap();
        let failing = fixture.store.meaning_models().await.unwrap().remove(0);
        assert_eq!(failing.failure, Some((NOW, "No credit.".to_owned())));
        assert_eq!(failing.trust, Some(Trust(vec![mark()])));
        prepare(&fixture, &model).await;
        assert_eq!(fixture.store.meaning_models().await.unwrap()[0].failure, None);
        // Another workspace has no say in it.
        let other = fixture.other_workspace().await;
        assert!(fixture.store.meaning_model(other).await.unwrap().is_none());
    }
}
