//! A database with a workspace in it, for tests.
//!
//! Every test of a use case begins with a [`Fixture`] and asks nothing but the store and, in words
//! that every engine knows, its tables. So these tests together are what an engine has to pass;
//! which one they are run on is said by the variable `CAVUER_TEST_DATABASE`. Tests of what one
//! engine alone has stand beside that engine, as in [`crate::sqlite`].

use std::env::VarError;

use cavuer_base::random::Random;
use cavuer_protocol::values::AgentSettings;
use cavuer_protocol::{
    AgentId, ArticleId, ChannelId, ConversationId, MessageId, Timestamp, TurnId, UserId,
    WorkspaceId,
};
use cavuer_text::index::Indexer;
use cavuer_text::query::query_terms;
use cavuer_text::retrieval::rank;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::sql::{Lock, params};

/// Names the engine that is tested: `sqlite`, which is also meant without it.
const ENGINE: &str = "CAVUER_TEST_DATABASE";

pub(crate) const NOW: Timestamp = Timestamp(1_700_000_000_000);

/// Opens the database that belongs to a folder, with the engine that is tested.
pub(crate) fn engine_under_test(folder: &Path) -> Store {
    match std::env::var(ENGINE).as_deref() {
        Ok("sqlite") | Err(VarError::NotPresent) => {
            Store::open(&StoreOptions::in_folder(folder)).unwrap()
        }
        other => panic!("{ENGINE} is {other:?}: this engine is not built in"),
    }
}

pub(crate) struct Fixture {
    pub store: Store,
    /// Of the embedded engine.
    pub options: StoreOptions,
    pub folder: TempDir,
    pub random: Random,
    pub user: UserId,
    pub workspace: WorkspaceId,
}

impl Fixture {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = StoreOptions::in_folder(folder.path());
        let store = engine_under_test(folder.path());
        let random = Random::from_seed(1);
        let user = random.id(NOW, UserId::from_parts);
        let workspace = random.id(NOW, WorkspaceId::from_parts);
        let fixture = Self { store, options, folder, random, user, workspace };
        let outcome = fixture.account("anna@example.com", user, workspace, false).await;
        assert_eq!(outcome, AccountOutcome::Created);
        fixture
    }

    pub(crate) async fn account(
        &self,
        email: &str,
        user: UserId,
        workspace: WorkspaceId,
        only_as_first: bool,
    ) -> AccountOutcome {
        let account = NewAccount {
            user: UserRecord {
                id: user,
                name: "Anna".to_owned(),
                email: email.to_owned(),
                password_hash: "hash".into(),
            },
            workspace: WorkspaceRecord { id: workspace, name: "Shop".to_owned() },
            created_at: NOW,
            only_as_first,
        };
        self.store.create_account(account).await.unwrap()
    }

    /// Another tenant's workspace.
    pub(crate) async fn other_workspace(&self) -> WorkspaceId {
        let user = self.random.id(NOW, UserId::from_parts);
        let workspace = self.random.id(NOW, WorkspaceId::from_parts);
        self.account(&format!("{user}@example.com"), user, workspace, false).await;
        workspace
    }

    pub(crate) async fn agent(&self) -> AgentId {
        let id = self.random.id(NOW, AgentId::from_parts);
        let settings = AgentSettings::new("Ada".to_owned(), "built-in".to_owned());
        let agent = AgentRecord { id, workspace: self.workspace, settings, created_at: NOW };
        self.store.create_agent(agent).await.unwrap().id
    }

    pub(crate) async fn channel(&self, agent: AgentId) -> ChannelRecord {
        self.widget(agent).await.channel
    }

    pub(crate) async fn widget(&self, agent: AgentId) -> WidgetChannel {
        let new = NewWidgetChannel {
            id: self.random.id(NOW, ChannelId::from_parts),
            agent,
            name: "Site".to_owned(),
            token: self.random.token("wgt_", 24),
            secret_key: self.random.token("sk_", 40).into(),
            color: "#4f46e5".to_owned(),
            created_at: NOW,
        };
        self.store.create_widget(self.workspace, new).await.unwrap().unwrap()
    }

    /// An article of one passage, whose terms are its words.
    pub(crate) async fn article(&self, title: &str, text: &str) -> ArticleId {
        let article = StoredArticle {
            id: self.random.id(NOW, ArticleId::from_parts),
            workspace: self.workspace,
            title: title.to_owned(),
            file_name: None,
            content: text.to_owned(),
            passages: vec![passage(title, text)],
            created_at: NOW,
        };
        self.store.create_article(article).await.unwrap().id
    }

    /// A guest's message, which begins the guest's conversation if it is the first.
    pub(crate) async fn message(
        &self,
        channel: &ChannelRecord,
        guest: &str,
        text: &str,
        now: Timestamp,
    ) -> ConversationId {
        let message = self.new_message(channel, guest, text, now);
        let (posted, _) = self.store.post_visitor_message(message).await.unwrap().unwrap();
        posted.place.conversation
    }

    /// The same, not yet stored.
    pub(crate) fn new_message(
        &self,
        channel: &ChannelRecord,
        guest: &str,
        text: &str,
        now: Timestamp,
    ) -> NewMessage {
        NewMessage {
            workspace: channel.workspace,
            visitor: VisitorIdentity {
                channel: channel.id,
                kind: VisitorKind::Guest,
                public_id: guest.to_owned(),
            },
            key_hash: Some(vec![0; 32]),
            name: None,
            email: None,
            conversation: self.random.id(now, ConversationId::from_parts),
            id: self.random.id(now, MessageId::from_parts),
            text: text.to_owned(),
            attachments: Vec::new(),
            now,
            turn: TurnPlan {
                id: self.random.id(now, TurnId::from_parts),
                answer: self.random.id(now, MessageId::from_parts),
                language: "en".to_owned(),
            },
            claim: false,
        }
    }

    /// The single number that a query yields.
    pub(crate) async fn count(&self, query: &'static str) -> i64 {
        self.store.database.read(move |sql| sql.only_value(query, params![])).await.unwrap()
    }

    /// Runs a statement.
    pub(crate) async fn run(&self, statement: &'static str) {
        let run = self.store.database.write(move |sql| {
            // Whichever conversation it may be about, nobody else writes to it.
            sql.lock(Lock::Conversation(ConversationId(Uuid::nil())))?;
            sql.execute(statement, params![])
        });
        run.await.unwrap();
    }

    /// The same database as another process sees it.
    pub(crate) fn open_again(&self) -> Store {
        engine_under_test(self.folder.path())
    }

    /// Fails if the search index is not the one that would be made anew from the passages.
    pub(crate) async fn check_index(&self) {
        self.store.tidy_search().await.unwrap();
        let before = self.index().await;
        self.run("DELETE FROM setting WHERE name = 'search_index'").await;
        self.open_again();
        assert_eq!(before, self.index().await);
    }

    /// The postings of every term of the index.
    async fn index(&self) -> Vec<(String, i64, Vec<u8>)> {
        let read = self.store.database.read(|sql| {
            sql.rows(
                "SELECT search_term.text, search_posting.block, search_posting.data
                 FROM search_posting JOIN search_term ON search_term.id = search_posting.term_id
                 ORDER BY search_term.space_id, search_term.text, search_posting.block",
                params![],
                |row| Ok((row.get("text")?, row.get("block")?, row.get("data")?)),
            )
        });
        read.await.unwrap()
    }
}

pub(crate) fn passage(title: &str, text: &str) -> StoredPassage {
    StoredPassage {
        title: title.to_owned(),
        text: text.to_owned(),
        page: None,
        terms: Indexer::new(title, text).terms(text),
    }
}

pub(crate) async fn link(fixture: &Fixture, agent: AgentId, articles: Vec<ArticleId>) {
    let edit = AgentEdit::of_articles(articles);
    fixture.store.update_agent(fixture.workspace, agent, edit).await.unwrap();
}

/// The titles of the passages that are found by a question.
pub(crate) async fn titles(fixture: &Fixture, agent: AgentId, question: &str) -> Vec<String> {
    let store = &fixture.store;
    let Some(found) = store.matches(agent, query_terms(question)).await.unwrap() else {
        return Vec::new();
    };
    let ranked = rank(&found.search, &found.scope, &found.postings, usize::MAX);
    let places = ranked.iter().map(|ranked| ranked.place).collect();
    let passages = store.passages_at(found.scope, places).await.unwrap();
    let mut titles: Vec<String> = passages.into_iter().map(|(_, passage)| passage.title).collect();
    titles.sort();
    titles
}
