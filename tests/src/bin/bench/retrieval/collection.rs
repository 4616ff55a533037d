//! A store with articles and agents, without a server around it.

use std::error::Error;

use cavuer_base::random::Random;
use cavuer_protocol::console::AgentSettings;
use cavuer_protocol::{AgentId, ArticleId, Secret, Timestamp, UserId, WorkspaceId};
use cavuer_store::{
    AgentEdit, AgentRecord, EmbeddingModel, NewAccount, Store, StoreOptions, StoredArticle,
    StoredPassage, UserRecord, WorkspaceRecord,
};
use cavuer_text::index::Indexer;
use cavuer_text::passages::passages;
use tempfile::TempDir;

const NOW: Timestamp = Timestamp(1_700_000_000_000);

pub(super) struct Collection {
    pub store: Store,
    workspace: WorkspaceId,
    random: Random,
    _folder: TempDir,
}

impl Collection {
    pub(super) async fn new() -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let store = Store::open(&StoreOptions::in_folder(folder.path()))?;
        let random = Random::from_seed(1);
        let workspace = random.id(NOW, WorkspaceId::from_parts);
        let account = NewAccount {
            user: UserRecord {
                id: random.id(NOW, UserId::from_parts),
                name: "Bench".to_owned(),
                email: "bench@example.com".to_owned(),
                password_hash: Secret::default(),
            },
            workspace: WorkspaceRecord { id: workspace, name: "Bench".to_owned() },
            created_at: NOW,
            only_as_first: true,
        };
        store.create_account(account).await?;
        Ok(Self { store, workspace, random, _folder: folder })
    }

    /// Stores an article, cut into passages as an upload would be.
    pub(super) async fn add(
        &self,
        title: &str,
        text: &str,
    ) -> Result<(ArticleId, usize), Box<dyn Error>> {
        let mut indexer = Indexer::new(title, text);
        let passages: Vec<StoredPassage> = passages(text)
            .into_iter()
            .map(|passage| StoredPassage {
                title: title.to_owned(),
                page: passage.page,
                terms: indexer.terms(&passage.text),
                text: passage.text,
            })
            .collect();
        let count = passages.len();
        let id = self.random.id(NOW, ArticleId::from_parts);
        let article = StoredArticle {
            id,
            workspace: self.workspace,
            title: title.to_owned(),
            file_name: None,
            content: text.to_owned(),
            passages,
            created_at: NOW,
        };
        self.store.create_article(article).await?;
        Ok((id, count))
    }

    /// Chooses a model for search by meaning, or gives the one that is chosen.
    pub(super) async fn choose_meaning(&self) -> Result<EmbeddingModel, Box<dyn Error>> {
        let model = Some("bench/model".to_owned());
        self.store.choose_embedding_model(self.workspace, model).await?;
        Ok(self.store.embedding_model(self.workspace).await?.ok_or("no model")?)
    }

    /// An agent that answers from these articles.
    pub(super) async fn agent(&self, articles: Vec<ArticleId>) -> Result<AgentId, Box<dyn Error>> {
        let id = self.random.id(NOW, AgentId::from_parts);
        let settings = AgentSettings::new("Ada".to_owned(), "built-in".to_owned());
        let agent = AgentRecord { id, workspace: self.workspace, settings, created_at: NOW };
        self.store.create_agent(agent).await?;
        let edit = AgentEdit::of_articles(articles);
        self.store.update_agent(self.workspace, id, edit).await?;
        Ok(id)
    }
}
