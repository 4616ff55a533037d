//! Model providers that workspaces set up, their keys sealed.

use cavuer_protocol::values::ProviderKind;
use cavuer_protocol::{AgentId, ProviderId, Timestamp, WorkspaceId};

use crate::sql::{Lock, Row, Sql, json, params};
use crate::{Store, StoreError};

/// A provider as it is stored.
#[derive(Clone, PartialEq)]
pub struct StoredProvider {
    /// Also the first part of its models' ids.
    pub id: ProviderId,
    /// Whose agents can ask it; the key is sealed for it.
    pub workspace: WorkspaceId,
    /// What the workspace calls it; another one may be called the same.
    pub name: String,
    /// Kept as it is: which kinds there are is not for the database to know.
    pub kind: ProviderKind,
    /// Where it is asked; the kind's usual address is written out.
    pub base_url: String,
    /// Only the server's own key opens it.
    pub sealed_key: Option<Vec<u8>>,
    /// Present whenever there is a key.
    pub key_hint: Option<String>,
    /// Names of the models that agents are offered, as the provider spells them.
    pub models: Vec<String>,
    /// Its place in lists, which have the oldest first; replacing it leaves that.
    pub created_at: Timestamp,
}

/// An agent by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedAgent {
    /// Names it everywhere.
    pub id: AgentId,
    /// As its owner calls it.
    pub name: String,
}

/// What became of a provider that was to be deleted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProviderDeletion {
    /// It is gone, and its key with it.
    Deleted,
    /// The workspace has no such provider.
    NotFound,
    /// These agents answer with it, fall back on it, or hear with it. Nothing was changed.
    InUse(Vec<NamedAgent>),
}

/// The statement that reads each [`provider`]; which ones, the caller says.
macro_rules! provider_where {
    ($condition:literal) => {
        concat!(
            "SELECT id, workspace_id, name, kind, base_url, sealed_key, key_hint, models,
                 created_at
             FROM provider WHERE ",
            $condition
        )
    };
}

impl Store {
    /// The providers of a workspace, oldest first, each with the agents that use it.
    pub async fn providers(
        &self,
        workspace: WorkspaceId,
    ) -> Result<Vec<(StoredProvider, Vec<NamedAgent>)>, StoreError> {
        self.database
            .read(move |sql| {
                let providers = sql.rows(
                    provider_where!("workspace_id = ?1 ORDER BY created_at, id"),
                    params![workspace],
                    provider,
                )?;
                let with_uses = providers.into_iter().map(|provider| {
                    let uses = uses(sql, workspace, provider.id)?;
                    Ok((provider, uses))
                });
                with_uses.collect()
            })
            .await
    }

    /// One provider of a workspace.
    pub async fn provider(
        &self,
        workspace: WorkspaceId,
        id: ProviderId,
    ) -> Result<Option<StoredProvider>, StoreError> {
        self.database
            .read(move |sql| {
                let one = provider_where!("workspace_id = ?1 AND id = ?2");
                sql.row(one, params![workspace, id], provider)
            })
            .await
    }

    /// Stores a provider, unless the workspace has `most` already: then `false`.
    pub async fn create_provider(
        &self,
        provider: StoredProvider,
        most: usize,
    ) -> Result<bool, StoreError> {
        self.database
            .write(move |sql| {
                sql.lock(Lock::Workspace(provider.workspace))?;
                let count: i64 = sql.only_value(
                    "SELECT count(*) FROM provider WHERE workspace_id = ?1",
                    params![provider.workspace],
                )?;
                if usize::try_from(count).is_ok_and(|count| count >= most) {
                    return Ok(false);
                }
                sql.execute(
                    "INSERT INTO provider (id, workspace_id, name, kind, base_url, sealed_key,
                         key_hint, models, created_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                    params![
                        provider.id,
                        provider.workspace,
                        provider.name,
                        provider.kind.as_str(),
                        provider.base_url,
                        provider.sealed_key,
                        provider.key_hint,
                        json::of(&provider.models)?,
                        provider.created_at,
                    ],
                )?;
                Ok(true)
            })
            .await
    }

    /// Puts the provider in the place of the one with its id and workspace; kind and age stay.
    /// The agents that use it, or `None` if there is no such provider.
    pub async fn replace_provider(
        &self,
        provider: StoredProvider,
    ) -> Result<Option<Vec<NamedAgent>>, StoreError> {
        self.database
            .write(move |sql| {
                sql.lock(Lock::Workspace(provider.workspace))?;
                let changed = sql.execute(
                    "UPDATE provider SET name = ?3, base_url = ?4, sealed_key = ?5,
                         key_hint = ?6, models = ?7
                     WHERE workspace_id = ?1 AND id = ?2",
                    params![
                        provider.workspace,
                        provider.id,
                        provider.name,
                        provider.base_url,
                        provider.sealed_key,
                        provider.key_hint,
                        json::of(&provider.models)?,
                    ],
                )?;
                let found = changed > 0;
                found.then(|| uses(sql, provider.workspace, provider.id)).transpose()
            })
            .await
    }

    /// Deletes a provider that no agent uses.
    pub async fn delete_provider(
        &self,
        workspace: WorkspaceId,
        id: ProviderId,
    ) -> Result<ProviderDeletion, StoreError> {
        self.database
            .write(move |sql| {
                sql.lock(Lock::Workspace(workspace))?;
                let uses = uses(sql, workspace, id)?;
                if !uses.is_empty() {
                    return Ok(ProviderDeletion::InUse(uses));
                }
                let deleted = sql.execute(
                    "DELETE FROM provider WHERE workspace_id = ?1 AND id = ?2",
                    params![workspace, id],
                )?;
                Ok(match deleted {
                    0 => ProviderDeletion::NotFound,
                    _ => ProviderDeletion::Deleted,
                })
            })
            .await
    }
}

/// The workspace's agents whose model, fallback or speech model is one of the provider's.
fn uses(
    sql: &dyn Sql,
    workspace: WorkspaceId,
    provider: ProviderId,
) -> Result<Vec<NamedAgent>, StoreError> {
    sql.rows(
        "SELECT id, name FROM agent
         WHERE workspace_id = ?1 AND (substr(model, 1, length(?2)) = ?2
             OR substr(fallback_model, 1, length(?2)) = ?2
             OR substr(speech_model, 1, length(?2)) = ?2)
         ORDER BY created_at, id",
        params![workspace, format!("{provider}/")],
        |row| Ok(NamedAgent { id: row.get("id")?, name: row.get("name")? }),
    )
}

fn provider(row: &mut Row) -> Result<StoredProvider, StoreError> {
    let kind: String = row.get("kind")?;
    Ok(StoredProvider {
        id: row.get("id")?,
        workspace: row.get("workspace_id")?,
        name: row.get("name")?,
        kind: kind.as_str().into(),
        base_url: row.get("base_url")?,
        sealed_key: row.get("sealed_key")?,
        key_hint: row.get("key_hint")?,
        models: row.json("models")?,
        created_at: row.get("created_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AgentEdit;
    use crate::fixture::{Fixture, NOW};

    fn sample(fixture: &Fixture, workspace: WorkspaceId, kind: &str) -> StoredProvider {
        StoredProvider {
            id: fixture.random.id(NOW, ProviderId::from_parts),
            workspace,
            name: "Ours".to_owned(),
            kind: kind.into(),
            base_url: "https://x.example/v1".to_owned(),
            sealed_key: Some(vec![1, 2, 3]),
            key_hint: Some("…cdef".to_owned()),
            models: vec!["a/b".to_owned(), "c".to_owned()],
            created_at: NOW,
        }
    }

    #[tokio::test]
    async fn providers_are_kept_as_they_are_and_for_their_workspace() {
        let fixture = Fixture::new().await;
        let other = fixture.other_workspace().await;
        let store = &fixture.store;
        for kind in ["openai", "anthropic", "google", "azure", "a kind of next year"] {
            let sample = sample(&fixture, fixture.workspace, kind);
            assert!(store.create_provider(sample.clone(), 10).await.unwrap());
            let found = store.provider(fixture.workspace, sample.id).await.unwrap();
            assert!(found.as_ref() == Some(&sample), "{kind:?}");
            assert!(store.provider(other, sample.id).await.unwrap().is_none());
            let foreign = StoredProvider { workspace: other, ..sample.clone() };
            assert_eq!(store.replace_provider(foreign).await.unwrap(), None);
            let deletion = store.delete_provider(other, sample.id).await.unwrap();
            assert_eq!(deletion, ProviderDeletion::NotFound);
        }
        assert_eq!(store.providers(fixture.workspace).await.unwrap().len(), 5);
        assert_eq!(store.providers(other).await.unwrap().len(), 0);
        let one_more = sample(&fixture, fixture.workspace, "google");
        assert!(!store.create_provider(one_more, 5).await.unwrap());
    }

    #[tokio::test]
    async fn a_provider_in_use_stays() {
        let fixture = Fixture::new().await;
        let store = &fixture.store;
        let provider = sample(&fixture, fixture.workspace, "openai");
        store.create_provider(provider.clone(), 10).await.unwrap();
        let agent = fixture.agent().await;
        let fallback = |model: Option<String>| {
            AgentEdit::of_settings(|settings| settings.fallback_model = model)
        };
        let used = fallback(Some(format!("{}/c", provider.id)));
        store.update_agent(fixture.workspace, agent, used).await.unwrap();
        let deletion = store.delete_provider(fixture.workspace, provider.id).await.unwrap();
        assert!(
            matches!(&deletion, ProviderDeletion::InUse(uses) if uses[0].id == agent),
            "{deletion:?}"
        );
        store.update_agent(fixture.workspace, agent, fallback(None)).await.unwrap();
        let deletion = store.delete_provider(fixture.workspace, provider.id).await.unwrap();
        assert_eq!(deletion, ProviderDeletion::Deleted);
    }
}
