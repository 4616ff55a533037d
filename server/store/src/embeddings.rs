//! Search by meaning: which model a workspace has chosen for it, and the vectors that the model
//! has made of its passages.
//!
//! What is left to do is not written down anywhere: it is the passages that searches see and that
//! have no vector of the chosen model.

use std::collections::HashSet;
use std::sync::LazyLock;

use cavuer_protocol::{ArticleId, Timestamp, WorkspaceId};
use cavuer_text::index::vector::encode;
use cavuer_text::retrieval::Meaning;
use cavuer_text::trust::{Mark, Trust};

use crate::sql::list::Insertion;
use crate::sql::{Lock, Row, Sql, ToParam, json, list, params};
use crate::{Store, StoreError};

const OF_WORKSPACE: &str = "SELECT id, workspace_id, model, dimensions, trust, failure, failed_at
     FROM meaning_model WHERE workspace_id = ?1";
const ALL: &str = "SELECT id, workspace_id, model, dimensions, trust, failure, failed_at
     FROM meaning_model ORDER BY id";

static PASSAGES: LazyLock<String> = LazyLock::new(|| {
    let passages = list::places(1);
    format!("SELECT id, article_id FROM passage WHERE id IN ({passages})")
});

static DELETE_VECTORS: LazyLock<String> = LazyLock::new(|| {
    let passages = list::places(1);
    format!("DELETE FROM passage_vector WHERE passage_id IN ({passages})")
});

static VECTORS: LazyLock<Insertion<3>> = LazyLock::new(|| {
    Insertion::new("passage_vector (passage_id, model_id, data)", "ON CONFLICT DO NOTHING")
});

/// The model that a workspace has chosen, and how it does.
#[derive(Clone, Debug, PartialEq)]
pub struct EmbeddingModel {
    /// Names this choice; whoever chooses another model gets another one.
    id: i64,
    /// Whose passages it makes vectors of; a workspace has one model at most.
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

impl EmbeddingModel {
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
    /// Names it to [`Store::add_vectors`]; it rises in the order of storing.
    pub id: i64,
    /// Of the article.
    pub title: String,
    /// What it says, without the title.
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
    pub async fn embedding_model(
        &self,
        workspace: WorkspaceId,
    ) -> Result<Option<EmbeddingModel>, StoreError> {
        self.database.read(move |sql| sql.row(OF_WORKSPACE, params![workspace], model)).await
    }

    /// The models that workspaces have chosen.
    pub async fn embedding_models(&self) -> Result<Vec<EmbeddingModel>, StoreError> {
        self.database.read(|sql| sql.rows(ALL, params![], model)).await
    }

    /// Chooses a model, or none. The same one again keeps its vectors and forgets its failure.
    pub async fn choose_embedding_model(
        &self,
        workspace: WorkspaceId,
        chosen: Option<String>,
    ) -> Result<(), StoreError> {
        self.database
            .write(move |sql| {
                sql.lock(Lock::Workspace(workspace))?;
                if let Some(before) = sql.row(OF_WORKSPACE, params![workspace], model)?
                    && Some(&before.model) != chosen.as_ref()
                {
                    // Nobody may be about to store vectors of it: they would be left over.
                    sql.lock(Lock::Vectors(before.id))?;
                    sql.execute("DELETE FROM meaning_model WHERE id = ?1", params![before.id])?;
                }
                if let Some(chosen) = chosen {
                    sql.execute(
                        "INSERT INTO meaning_model (workspace_id, model) VALUES (?1, ?2)
                         ON CONFLICT (workspace_id) DO UPDATE SET failure = NULL, failed_at = NULL",
                        params![workspace, chosen],
                    )?;
                }
                Ok(())
            })
            .await
    }

    /// How many passages searches see in a workspace, and how many of them have a vector of the
    /// model.
    pub async fn count_vectors(&self, model: &EmbeddingModel) -> Result<(u32, u32), StoreError> {
        let (id, workspace) = (model.id, model.workspace);
        self.database
            .read(move |sql| {
                let passages: u32 = sql.only_value(
                    "SELECT CAST(coalesce(sum(article_state.passages), 0) AS BIGINT)
                     FROM article JOIN article_state ON article_state.article_id = article.id
                     WHERE article.workspace_id = ?1 AND article_state.state <> 'deleted'",
                    params![workspace],
                )?;
                let vectors: u32 = sql.only_value(
                    "SELECT count(*) FROM passage_vector WHERE model_id = ?1",
                    params![id],
                )?;
                // Vectors of passages that are just being cleared away are counted, too.
                Ok((passages, vectors.min(passages)))
            })
            .await
    }

    /// Passages that searches see and that have no vector of the model, by their ids, after one of
    /// them.
    pub async fn passages_without_vector(
        &self,
        model: &EmbeddingModel,
        after: i64,
        most: usize,
    ) -> Result<Vec<PassageText>, StoreError> {
        let (id, workspace) = (model.id, model.workspace);
        self.database
            .read(move |sql| {
                let most = i64::try_from(most).unwrap_or(i64::MAX);
                sql.rows(
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
                    params![id, workspace, after, most],
                    |row| {
                        Ok(PassageText {
                            id: row.get("id")?,
                            title: row.get("title")?,
                            text: row.get("text")?,
                        })
                    },
                )
            })
            .await
    }

    /// Stores vectors of passages, all of one length, and forgets the model's failure.
    pub async fn add_vectors(
        &self,
        model: &EmbeddingModel,
        vectors: Vec<(i64, Vec<f32>)>,
    ) -> Result<VectorsStored, StoreError> {
        let id = model.id;
        self.database.write(move |sql| add_vectors(sql, id, &vectors)).await
    }

    /// Notes why the model makes no vectors now.
    pub async fn note_embedding_failure(
        &self,
        model: &EmbeddingModel,
        at: Timestamp,
        reason: String,
    ) -> Result<(), StoreError> {
        let id = model.id;
        self.database
            .write(move |sql| {
                sql.execute(
                    "UPDATE meaning_model SET failure = ?2, failed_at = ?3 WHERE id = ?1",
                    params![id, reason, at],
                )?;
                Ok(())
            })
            .await
    }

    /// Notes what the model is worth.
    pub async fn note_embedding_trust(
        &self,
        model: &EmbeddingModel,
        trust: Trust,
    ) -> Result<(), StoreError> {
        let id = model.id;
        self.database
            .write(move |sql| {
                sql.execute(
                    "UPDATE meaning_model SET trust = ?2 WHERE id = ?1",
                    params![id, json::of(&trust.0)?],
                )?;
                Ok(())
            })
            .await
    }

    /// Deletes at most `most` vectors of models that are not chosen any more; `false` if there are
    /// none left.
    pub async fn clear_vectors(&self, most: u32) -> Result<bool, StoreError> {
        self.database
            .write(move |sql| {
                let gone: Option<i64> = sql.value(
                    "SELECT model_id FROM meaning_garbage ORDER BY model_id LIMIT 1",
                    params![],
                )?;
                let Some(gone) = gone else { return Ok(false) };
                // Whoever clears the same away has committed, so that fewer than `most` means all.
                sql.lock(Lock::Vectors(gone))?;
                let deleted = sql.execute(
                    "DELETE FROM passage_vector WHERE id IN
                         (SELECT id FROM passage_vector WHERE model_id = ?1 ORDER BY id LIMIT ?2)",
                    params![gone, most],
                )?;
                if deleted < u64::from(most) {
                    sql.execute("DELETE FROM meaning_garbage WHERE model_id = ?1", params![gone])?;
                }
                Ok(true)
            })
            .await
    }
}

fn add_vectors(
    sql: &dyn Sql,
    model: i64,
    vectors: &[(i64, Vec<f32>)],
) -> Result<VectorsStored, StoreError> {
    let ids: Vec<i64> = vectors.iter().map(|(passage, _)| *passage).collect();
    let mut articles: Vec<ArticleId> = passages(sql, &ids)?.into_iter().map(|(_, id)| id).collect();
    articles.sort_unstable();
    articles.dedup();
    for article in articles {
        // Its passages stay, or have gone.
        sql.lock(Lock::Article(article))?;
    }
    // So ids are committed in order, which searches rely on to find what is new.
    sql.lock(Lock::Vectors(model))?;
    let Some(length) = dimensions(sql, model)? else { return Ok(VectorsStored::Overtaken) };
    let new = vectors.first().map_or(0, |(_, vector)| vector.len());
    let new = u32::try_from(new).unwrap_or(u32::MAX);
    match length {
        Some(length) if length != new => return Ok(VectorsStored::OtherLength(length)),
        _ => {}
    }
    sql.execute(
        "UPDATE meaning_model SET dimensions = ?2, failure = NULL, failed_at = NULL WHERE id = ?1",
        params![model, new],
    )?;
    // A vector that is there goes and gets no new content, for what is new has a higher id.
    list::run(sql, &DELETE_VECTORS, params![], &ids)?;
    let there: HashSet<i64> = passages(sql, &ids)?.into_iter().map(|(id, _)| id).collect();
    let stored = vectors.iter().filter(|(passage, _)| there.contains(passage));
    let stored: Vec<_> = stored.map(|(passage, vector)| (*passage, encode(vector))).collect();
    let rows: Vec<_> = stored
        .iter()
        .map(|(passage, data)| [passage.to_param(), model.to_param(), data.to_param()])
        .collect();
    VECTORS.run(sql, &rows)?;
    Ok(VectorsStored::Stored)
}

/// Those of some passages that are there, each with its article.
fn passages(sql: &dyn Sql, ids: &[i64]) -> Result<Vec<(i64, ArticleId)>, StoreError> {
    list::rows(sql, &PASSAGES, params![], ids, |row| Ok((row.get("id")?, row.get("article_id")?)))
}

/// The length of a model's vectors; the outer `None` means that the model is not chosen any more.
fn dimensions(sql: &dyn Sql, id: i64) -> Result<Option<Option<u32>>, StoreError> {
    sql.value("SELECT dimensions FROM meaning_model WHERE id = ?1", params![id])
}

fn model(row: &mut Row) -> Result<EmbeddingModel, StoreError> {
    let failed_at: Option<Timestamp> = row.get("failed_at")?;
    Ok(EmbeddingModel {
        id: row.get("id")?,
        workspace: row.get("workspace_id")?,
        model: row.get("model")?,
        dimensions: row.get("dimensions")?,
        trust: row.optional_json("trust")?.map(Trust),
        failure: failed_at.zip(row.get("failure")?),
    })
}

#[cfg(test)]
mod tests;
