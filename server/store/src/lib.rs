//! Storage: everything that is kept, in a database.
//!
//! Every public function of [`Store`] is one use case in one transaction. It is asynchronous and
//! speaks in the domain's types. Use cases ask a database through the small border in `sql`; which
//! engine is behind it they do not know. The only one so far is embedded, in `sqlite`.
//!
//! An answer `Ok` from a writing function means: it is on disk.
//!
//! Paths of files are named where a store is opened and where it is copied as a whole
//! ([`StoreOptions`], [`Store::backup`]), which is the embedded engine's own business, and nowhere
//! else.
//!
//! It knows nothing of models, whose names and vectors it keeps as it is given them, and nothing of
//! HTTP.
//!
//! What it keeps it takes and returns in records of its own, each in the room of its subject. Of
//! [`cavuer_protocol`] it names only what records are made of, which means the same to everybody:
//!
//! - ids, [`Timestamp`], [`Secret`], and [`Notice`], which has a form for columns;
//! - [`values`]: what owners decide, stored as it is decided, and the words for methods and states;
//! - what is said in a conversation: [`Message`] with its [`Author`], [`Source`]s and
//!   [`Attachment`]s, and [`Handling`], which says who answers. A message is the same to models,
//!   outboxes, visitors and people, so a record of it would only repeat it field by field;
//! - [`limits`], where a use case keeps within one.
//!
//! Requests and answers, events, and conversations as clients hold them are none of these: whoever
//! calls turns them into records, and records into them. `cargo xtask tidy` keeps it so.
//!
//! [`Timestamp`]: cavuer_protocol::Timestamp
//! [`Secret`]: cavuer_protocol::Secret
//! [`Notice`]: cavuer_protocol::Notice
//! [`values`]: cavuer_protocol::values
//! [`Message`]: cavuer_protocol::Message
//! [`Author`]: cavuer_protocol::Author
//! [`Source`]: cavuer_protocol::Source
//! [`Attachment`]: cavuer_protocol::Attachment
//! [`Handling`]: cavuer_protocol::Handling
//! [`limits`]: cavuer_protocol::limits

mod accounts;
mod agents;
mod articles;
mod attachments;
mod channels;
mod console_conversations;
mod conversations;
mod deleting;
mod embeddings;
mod error;
#[cfg(test)]
mod fixture;
mod fold;
mod function_calls;
mod functions;
mod hand_over;
mod hand_over_settings;
mod indexing;
mod locking;
mod merging;
mod outbox;
mod passages;
mod places;
mod posting;
mod providers;
mod row;
mod search;
mod sources;
mod sql;
mod sqlite;
mod turns;
mod usage;
mod visitors;
mod widgets;
mod workers;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

pub use accounts::{
    AccountOutcome, ConsoleSession, NewAccount, SessionHash, UserRecord, WorkspaceRecord,
};
pub use agents::{AgentChannel, AgentEdit, AgentRecord, AgentUpdate, LinkedAgent};
pub use articles::{
    ArticleRecord, ArticleSource, ArticleState, NewArticleRecord, StoredArticle, WholeArticle,
};
pub use attachments::{NewAttachment, StoredAttachment, UnknownAttachment, Uploader};
pub use channels::{AttachmentKinds, ChannelRecord, NewChannelRecord};
pub use console_conversations::{ConversationLine, ConversationPage, ListedConversation};
pub use conversations::{Finished, MessagePage, StoredConversation};
pub use embeddings::{EmbeddingModel, PassageText, VectorsStored};
pub use error::StoreError;
pub use function_calls::{CallRecord, StoredCall, Toolbox};
pub use functions::{FunctionInChannel, FunctionOutcome, NewHeader, StoredFunction};
pub use hand_over::{CallForPerson, HandedOver, Overdue, WishForPerson};
pub use indexing::{ClaimedArticle, IndexingWork};
pub use merging::NewMessageOwner;
pub use outbox::{Delivery, DueDeliveries, OutboxCounts};
pub use passages::StoredPassage;
pub use places::ConversationPlace;
pub use posting::{NewMessage, Operator, Posted};
pub use providers::{NamedAgent, ProviderDeletion, StoredProvider};
pub use search::{Matches, Searched};
pub use sqlite::LATEST_SCHEMA;
pub use turns::{ClaimedTurn, DueTurns, Said, Superseded, TurnPlan};
pub use usage::{DailyLimit, DayTotal, Measured, MeasuredAnswer, Spent, UsageTotals};
pub use visitors::{VisitorIdentity, VisitorKind, VisitorRecord};
pub use widgets::{NewWidgetChannel, WIDGET, WidgetChannel, WidgetEdit};

use cavuer_base::random::Random;
use sql::{Database, params};
use sqlite::Pool;

/// Name of the embedded engine's database inside the data folder.
pub const DATABASE_FILE: &str = "cavuer.db";

/// A handle to the database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    database: Database,
    /// Names this process among those that work on the same database.
    worker: Arc<str>,
    scopes: Arc<search::Scopes>,
    codes: Arc<search::AllCodes>,
}

/// How the embedded engine opens its file.
#[derive(Clone, Debug)]
pub struct StoreOptions {
    /// The database file; its folder must exist.
    pub path: PathBuf,
    /// How long a write waits for another process that holds the file's lock.
    pub busy_timeout: Duration,
    /// Most pages (4 KiB each) that the file may grow to; `None` for SQLite's own limit.
    pub max_pages: Option<u32>,
}

impl StoreOptions {
    /// The usual options for the database in a data folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            path: folder.join(DATABASE_FILE),
            busy_timeout: Duration::from_secs(5),
            max_pages: None,
        }
    }
}

impl Store {
    /// Opens the database, creating or migrating it as needed. Blocks; call it before serving.
    ///
    /// # Errors
    /// When the file cannot be opened or was written by a newer version of the program.
    pub fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        let engine = Pool::open(options, search::make_anew_if_outdated)?;
        Ok(Self {
            database: Database::new(engine),
            worker: worker_name().into(),
            scopes: Arc::default(),
            codes: Arc::default(),
        })
    }

    /// Moves what is in the write-ahead log into the database file, so that the file is whole on
    /// its own. Call it when nothing else will be written.
    pub async fn settle(&self) -> Result<(), StoreError> {
        self.database.settle().await
    }

    /// Whether a read and a write both work now; for readiness checks.
    pub async fn check(&self) -> Result<(), StoreError> {
        let one = self.database.read(|sql| sql.only_value::<i64>("SELECT 1", params![]));
        one.await?;
        self.database
            .write(|sql| {
                // A value that changes each time, so that a full or read-only disk shows: what is
                // the same as before might not be written.
                sql.execute(
                    "INSERT INTO setting (name, value) VALUES ('last_check', 'tick')
                     ON CONFLICT (name) DO UPDATE SET
                         value = CASE setting.value WHEN 'tick' THEN 'tock' ELSE 'tick' END",
                    params![],
                )?;
                Ok(())
            })
            .await
    }
}

/// Not from chance that is passed in: two servers of one database must not share a name, from
/// whatever seed they run.
fn worker_name() -> String {
    format!("{:016x}", u64::from_be_bytes(Random::from_os().bytes()))
}
