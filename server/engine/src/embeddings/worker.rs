use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use cavuer_protocol::{Notice, Timestamp, WorkspaceId, notice};
use futures::future::{AbortHandle, abortable};
use futures::stream::{FuturesUnordered, StreamExt as _};

use super::Embeddings;
use crate::providers;
use cavuer_models::examine;
use cavuer_models::{Embedder, LlmError, LlmErrorKind, MAX_TEXTS, TextRole};
use cavuer_store::{EmbeddingModel, PassageText, StoreError, VectorsStored};

/// Pause after the first failure of a model; it doubles each time.
const FIRST_PAUSE_MILLIS: i64 = 5_000;
/// Longest pause, unless the provider asks for a longer one.
const LONGEST_PAUSE_MILLIS: i64 = 10 * 60_000;
/// Workspaces whose passages are worked on at the same time.
const AT_ONCE: usize = 4;
/// Vectors that are deleted in one write.
const CLEAR_AT_ONCE: u32 = 500;
/// Least length to which texts are cut for a model that finds them too long, in characters.
const SHORTEST: usize = 400;

/// Has vectors made of passages until the server stops. What is unfinished then is found at the
/// next start, because a passage without a vector is all that there is to know.
pub async fn work(embeddings: Arc<Embeddings>) {
    let mut pauses: HashMap<WorkspaceId, Pause> = HashMap::new();
    while !embeddings.stopping.is_cancelled() {
        let done = tokio::select! {
            done = round(&embeddings, &mut pauses) => done,
            () = embeddings.stopping.cancelled() => break,
        };
        if let Err(error) = done {
            tracing::error!(%error, "passages cannot be prepared for search by meaning now");
            let until = embeddings.clock.now().plus_millis(FIRST_PAUSE_MILLIS);
            tokio::select! {
                () = embeddings.clock.sleep_until(until) => {}
                () = embeddings.stopping.cancelled() => {}
            }
            continue;
        }
        let next = pauses.values().map(|pause| pause.until).min();
        tokio::select! {
            () = news(&embeddings, next) => {}
            () = embeddings.stopping.cancelled() => {}
        }
    }
}

/// Waits until there may be something to do: passages, a choice, the end of the next pause.
async fn news(embeddings: &Embeddings, pause: Option<Timestamp>) {
    let resume = async {
        match pause {
            Some(next) => embeddings.clock.sleep_until(next).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = embeddings.changed.notified() => {}
        () = resume => {}
    }
}

/// A model that failed is left alone for a while.
struct Pause {
    /// A choice that was made anew gets another try at once.
    model: EmbeddingModel,
    until: Timestamp,
    failures: u32,
}

/// Does what there is to do in every workspace that is not in a pause. What comes up meanwhile is
/// begun at once: a model that takes its time holds up no other workspace, and no other choice.
async fn round(
    embeddings: &Embeddings,
    pauses: &mut HashMap<WorkspaceId, Pause>,
) -> Result<(), StoreError> {
    let mut running = FuturesUnordered::new();
    let mut busy: HashMap<WorkspaceId, (EmbeddingModel, AbortHandle)> = HashMap::new();
    let mut waiting = due(embeddings, pauses).await?;
    loop {
        let is_free = |model: &EmbeddingModel| !busy.contains_key(&model.workspace);
        if busy.len() < AT_ONCE
            && let Some(next) = waiting.iter().position(is_free)
        {
            let model = waiting.remove(next);
            let (work, stop) = abortable(prepare(embeddings, model.clone()));
            let workspace = model.workspace;
            busy.insert(workspace, (model, stop));
            running.push(async move { (workspace, work.await) });
            continue;
        }
        if running.is_empty() {
            return Ok(());
        }
        let is_asleep = |workspace: &WorkspaceId| {
            !busy.contains_key(workspace) && waiting.iter().all(|m| m.workspace != *workspace)
        };
        let asleep = pauses.iter().filter(|(workspace, _)| is_asleep(workspace));
        let next = asleep.map(|(_, pause)| pause.until).min();
        tokio::select! {
            Some((workspace, ended)) = running.next() => {
                let model = busy.remove(&workspace).map(|(model, _)| model);
                // Without an end another choice has taken its place.
                if let (Some(model), Ok(ended)) = (model, ended) {
                    settle(embeddings, pauses, model, ended?).await?;
                }
            }
            () = news(embeddings, next) => {
                waiting = due(embeddings, pauses).await?;
                for (model, stop) in busy.values() {
                    if !waiting.iter().any(|choice| choice.is_choice(model)) {
                        stop.abort();
                    }
                }
            }
        }
    }
}

/// The chosen models that are not in a pause.
async fn due(
    embeddings: &Embeddings,
    pauses: &mut HashMap<WorkspaceId, Pause>,
) -> Result<Vec<EmbeddingModel>, StoreError> {
    while embeddings.store.clear_vectors(CLEAR_AT_ONCE).await? {}
    let now = embeddings.clock.now();
    let mut models = embeddings.store.embedding_models().await?;
    pauses.retain(|workspace, pause| {
        let current = models.iter().find(|model| model.workspace == *workspace);
        current.is_some_and(|model| model.is_choice(&pause.model) && model.failure.is_some())
    });
    models.retain(|model| pauses.get(&model.workspace).is_none_or(|pause| pause.until <= now));
    Ok(models)
}

/// Notes how the work for a model ended.
async fn settle(
    embeddings: &Embeddings,
    pauses: &mut HashMap<WorkspaceId, Pause>,
    model: EmbeddingModel,
    ended: Ended,
) -> Result<(), StoreError> {
    let (why, asked) = match ended {
        Ended::Done => {
            pauses.remove(&model.workspace);
            return Ok(());
        }
        Ended::Failed(error) => (error.reason(), error.retry_after),
        Ended::OtherLength(length) => (notice::embeddings_of_other_length(length), None),
    };
    let failures = pauses.get(&model.workspace).map_or(0, |pause| pause.failures);
    let until = embeddings.clock.now().plus_millis(pause_millis(failures, asked));
    note(embeddings, &model, why).await?;
    let pause = Pause { model, until, failures: failures + 1 };
    pauses.insert(pause.model.workspace, pause);
    Ok(())
}

enum Ended {
    /// All passages have vectors, or somebody chose another model.
    Done,
    Failed(LlmError),
    /// The model's vectors are not of this length any more.
    OtherLength(u32),
}

/// Has vectors made of all passages of a workspace that have none.
async fn prepare(embeddings: &Embeddings, model: EmbeddingModel) -> Result<Ended, StoreError> {
    let mut texts = embeddings.store.passages_without_vector(&model, 0, MAX_TEXTS).await?;
    if model.trust.is_some() && texts.is_empty() {
        return Ok(Ended::Done);
    }
    let embedder =
        match providers::embedder(&embeddings.providers, model.workspace, &model.model).await? {
            Ok(embedder) => embedder,
            Err(error) => return Ok(Ended::Failed(error)),
        };
    if model.trust.is_none() {
        match examine(&*embedder).await {
            Ok(trust) => embeddings.store.note_embedding_trust(&model, trust).await?,
            Err(error) => return Ok(Ended::Failed(error)),
        }
    }
    let mut batch = Batch { chars: usize::MAX, texts: MAX_TEXTS };
    while let Some(last) = texts.last() {
        let after = last.id;
        let vectors = match batch.embed(&*embedder, &texts).await {
            Ok(vectors) => vectors,
            Err(error) => return Ok(Ended::Failed(error)),
        };
        let ids = texts.iter().map(|text| text.id);
        match embeddings.store.add_vectors(&model, ids.zip(vectors).collect()).await? {
            VectorsStored::Stored => super::status::tell(embeddings, model.workspace).await,
            VectorsStored::Overtaken => return Ok(Ended::Done),
            VectorsStored::OtherLength(length) => return Ok(Ended::OtherLength(length)),
        }
        texts = embeddings.store.passages_without_vector(&model, after, MAX_TEXTS).await?;
    }
    super::status::tell(embeddings, model.workspace).await;
    Ok(Ended::Done)
}

/// How texts are sent to one model.
struct Batch {
    /// Longest text, in characters; less once the model has found them too long.
    chars: usize,
    /// Most texts in one call; fewer once the model took too long for them, as one does that runs
    /// on a small machine.
    texts: usize,
}

impl Batch {
    async fn embed(
        &mut self,
        embedder: &dyn Embedder,
        passages: &[PassageText],
    ) -> Result<Vec<Vec<f32>>, LlmError> {
        let mut vectors = Vec::with_capacity(passages.len());
        while vectors.len() < passages.len() {
            let left = &passages[vectors.len()..];
            let some = &left[..left.len().min(self.texts)];
            let texts: Vec<String> =
                some.iter().map(|passage| text_of(passage, self.chars)).collect();
            let longest = texts.iter().map(|text| text.chars().count()).max().unwrap_or_default();
            match embedder.embed(texts, TextRole::Passage).await {
                Ok(made) => vectors.extend(made),
                Err(error) if is_too_long(&error) && longest / 2 >= SHORTEST => {
                    self.chars = longest / 2;
                }
                Err(error) if error.kind == LlmErrorKind::TimedOut && some.len() > 1 => {
                    self.texts = some.len() / 2;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(vectors)
    }
}

/// What a vector is made of: the title's keywords say what the text is about.
pub(super) fn text_of(passage: &PassageText, chars: usize) -> String {
    format!("{}\n{}", passage.title, passage.text).chars().take(chars).collect()
}

/// Servers of one's own refuse what is longer than their model reads, in words of their own.
fn is_too_long(error: &LlmError) -> bool {
    matches!(
        error.kind,
        LlmErrorKind::ContextTooLong | LlmErrorKind::Rejected(400 | 413 | 422 | 500)
    )
}

async fn note(
    embeddings: &Embeddings,
    model: &EmbeddingModel,
    reason: Notice,
) -> Result<(), StoreError> {
    tracing::warn!(workspace = %model.workspace, model = model.model, %reason, "no vectors");
    embeddings
        .store
        .note_embedding_failure(model, embeddings.clock.now(), reason.to_stored())
        .await?;
    super::status::tell(embeddings, model.workspace).await;
    Ok(())
}

/// Exponential, or what the provider asked for.
fn pause_millis(failures: u32, asked: Option<Duration>) -> i64 {
    let doubled = (FIRST_PAUSE_MILLIS << failures.min(10)).min(LONGEST_PAUSE_MILLIS);
    let asked = asked.map_or(0, |wait| i64::try_from(wait.as_millis()).unwrap_or(0));
    doubled.max(asked)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures::future::BoxFuture;

    use super::*;

    /// Makes a vector of each text, unless there are more than it has time for.
    struct Slow {
        most: usize,
        asked: Mutex<Vec<usize>>,
    }

    impl Embedder for Slow {
        fn embed(
            &self,
            texts: Vec<String>,
            _: TextRole,
        ) -> BoxFuture<'static, Result<Vec<Vec<f32>>, LlmError>> {
            self.asked.lock().unwrap().push(texts.len());
            let made = if texts.len() > self.most {
                Err(LlmError::new(LlmErrorKind::TimedOut, None))
            } else {
                Ok(texts.iter().map(|text| vec![text.len() as f32]).collect())
            };
            Box::pin(std::future::ready(made))
        }
    }

    fn passages(count: usize) -> Vec<PassageText> {
        (0..count)
            .map(|n| PassageText { id: n as i64, title: String::new(), text: "x".repeat(n) })
            .collect()
    }

    #[tokio::test]
    async fn a_slow_model_gets_fewer_texts_at_a_time() {
        let slow = Slow { most: 4, asked: Mutex::default() };
        let mut batch = Batch { chars: usize::MAX, texts: 12 };
        let vectors = batch.embed(&slow, &passages(10)).await.unwrap();
        let lengths: Vec<f32> = (0..10).map(|n| 1.0 + n as f32).collect();
        assert_eq!(vectors.concat(), lengths, "each text once, in order");
        assert_eq!(*slow.asked.lock().unwrap(), [10, 5, 2, 2, 2, 2, 2]);
    }

    #[tokio::test]
    async fn a_model_that_has_no_time_for_one_text_has_failed() {
        let stuck = Slow { most: 0, asked: Mutex::default() };
        let mut batch = Batch { chars: usize::MAX, texts: 12 };
        let error = batch.embed(&stuck, &passages(3)).await.unwrap_err();
        assert_eq!(error.kind, LlmErrorKind::TimedOut);
        assert_eq!(*stuck.asked.lock().unwrap(), [3, 1]);
    }
}
