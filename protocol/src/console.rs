//! The console side: `/api/console/v1`. Who may call: a signed-in member of the workspace.
//!
//! | call | request → answer |
//! |---|---|
//! | `GET setup` | → [`Setup`] (no sign-in needed) |
//! | `POST sign-up`, `POST sign-in` | [`SignUp`], [`SignIn`] → [`Me`], and the session cookie (no sign-in needed) |
//! | `POST sign-out` | → 204 |
//! | `GET me` | → [`Me`] |
//! | `POST workspaces` | [`NewWorkspace`] → [`Workspace`] |
//! | `PATCH workspaces/{workspace}` | [`NewWorkspace`] → [`Workspace`] |
//!
//! and below `workspaces/{workspace}/`:
//!
//! | call | request → answer |
//! |---|---|
//! | `GET models` | → `Vec<ModelInfo>` |
//! | `GET speech-models` | → `Vec<SpeechModel>` |
//! | `GET providers`, `POST providers` | → [`ProviderList`]; [`NewProvider`] → [`Provider`] |
//! | `PATCH`, `DELETE providers/{provider}` | [`ProviderChanges`] → [`Provider`]; 204 |
//! | `POST providers/try` | [`ProviderTrial`] → [`ProviderTried`] |
//! | `GET`, `PUT meaning` | [`ChooseMeaning`] → [`MeaningSearch`] |
//! | `POST meaning/try` | [`TryMeaning`] → [`MeaningTried`] |
//! | `GET agents`, `POST agents` | → `Vec<Agent>`; [`NewAgent`] → [`Agent`] |
//! | `GET`, `PATCH`, `DELETE agents/{agent}` | [`AgentChanges`] → [`Agent`]; 204 |
//! | `GET`, `PUT agents/{agent}/hand-over` | [`HandOver`] → [`HandOver`] |
//! | `GET`, `POST agents/{agent}/functions` | [`SaveFunction`] → `Vec<Function>`, [`Function`] |
//! | `PUT`, `DELETE agents/{agent}/functions/{function}` | [`SaveFunction`] → [`Function`]; 204 |
//! | `POST agents/{agent}/functions/{function}/try` | [`TryFunction`] → [`FunctionResult`] |
//! | `POST agents/{agent}/playground` | [`AskPlayground`] → [`PlaygroundAnswer`] |
//! | `GET agents/{agent}/usage` | → [`AgentUsage`] of the last 30 days |
//! | `POST agents/{agent}/channels` | [`NewChannel`] → [`Channel`] |
//! | `GET`, `PATCH`, `DELETE channels/{channel}` | [`ChannelChanges`] → [`Channel`]; 204 |
//! | `GET`, `PUT channels/{channel}/functions` | [`ForbidFunctions`] → `Vec<ChannelFunction>` |
//! | `POST channels/{channel}/secret-key/reveal` | → [`SecretKey`] |
//! | `POST channels/{channel}/secret-key/rotate` | [`RotateSecretKey`] → [`SecretKey`] |
//! | `GET articles?q=&agent=` | → `Vec<Article>` |
//! | `POST articles` | [`NewArticle`] → [`Article`] |
//! | `POST articles/upload` | multipart `title`, `file` → [`Article`] |
//! | `GET`, `PUT`, `DELETE articles/{article}` | [`ArticleContent`] → [`ArticleDetail`]; 204 |
//! | `PUT articles/{article}/file` | multipart `file` → [`Article`] |
//! | `POST articles/{article}/retry` | → [`Article`] |
//! | `GET conversations?q=&before=&waiting=` | → [`ConversationList`] |
//! | `GET`, `DELETE conversations/{conversation}` | → [`ConversationDetail`]; 204 |
//! | `GET conversations/{conversation}/usage` | → `Vec<AnswerUsage>` |
//! | `GET conversations/{conversation}/messages?before=` | → [`crate::widget::OlderMessages`] |
//! | `GET conversations/{conversation}/function-calls` | → `Vec<FunctionCall>`, the newest 200 |
//! | `POST conversations/{conversation}/messages` | [`crate::widget::PostMessage`] → [`crate::Message`]; takes the conversation over |
//! | `POST conversations/{conversation}/attachments?id=&name=` | the file → [`crate::Attachment`] |
//! | `GET conversations/{conversation}/attachments/{attachment}` | → the file |
//! | `POST conversations/{conversation}/take-over`, `…/hand-back` | → 204 |
//! | `GET events` | server-sent [`ConsoleEvent`]s of the whole workspace |
//!
//! A request that changes something must come from the console's own origin.

mod account;
mod agent;
mod article;
mod channel;
mod conversation;
mod embeddings;
mod function;
mod model;
mod playground;
mod provider;
mod usage;

use serde::{Deserialize, Serialize};

use crate::{ArticleId, ConversationEvent, ConversationId};

pub use account::{Me, NewWorkspace, Setup, SignIn, SignUp, Workspace};
pub use agent::{Agent, AgentChanges, NewAgent};
pub use article::{Article, ArticleContent, ArticleDetail, ArticleStatus, NewArticle};
pub use channel::{
    Channel, ChannelChanges, ChannelSummary, NewChannel, Refusal, RotateSecretKey, SecretKey,
};
pub use conversation::{
    ConversationDetail, ConversationList, ConversationSummary, PersonWanted, Visitor,
};
pub use embeddings::{ChooseMeaning, MeaningSearch, MeaningState, MeaningTried, TryMeaning};
pub use function::{
    ChannelFunction, ForbidFunctions, Function, FunctionCall, FunctionResult, SaveFunction,
    SaveHeader, TryFunction,
};
pub use model::{ModelInfo, SpeechModel};
pub use playground::{
    AskPlayground, PlaygroundAnswer, PlaygroundCall, PlaygroundMessage, PlaygroundOutcome,
    PlaygroundPassage, PlaygroundPrompt, PlaygroundRole,
};
pub use provider::{
    AgentUse, EnvironmentProvider, NewProvider, OfferedModel, Provider, ProviderChanges,
    ProviderFacts, ProviderFailure, ProviderList, ProviderTrial, ProviderTried,
};
pub use usage::{AgentUsage, AnswerUsage, UsageDay};

pub use crate::values::{
    AgentSettings, AnswerLength, Appearance, AttachmentPolicy, BusinessHours, CallState,
    DailyLimits, FunctionMethod, HandOver, MidAnswer, OpenHours, ProviderKind, Weekday,
};

/// What the console's event stream carries. On a fresh stream, and after a gap, `Resync` comes
/// first: the client fetches again what it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ConsoleEvent {
    /// Events may be missing: what the client shows is out of date. Comes without data.
    Resync,
    /// A conversation began or its line in the list changed.
    ConversationListed {
        /// The whole line as it is now; it replaces the one with the same id.
        summary: ConversationSummary,
    },
    /// A conversation is gone: it was deleted, or merged into another one.
    ConversationRemoved {
        /// The one that is gone. The one that it was merged into has an event of its own.
        conversation: ConversationId,
    },
    /// A function was called in a conversation, or the call has ended.
    FunctionCalled {
        /// Where it was called.
        conversation: ConversationId,
        /// The call as it stands; it replaces the one with the same id.
        call: FunctionCall,
    },
    /// An answer is finished, and this is what it took.
    AnswerMeasured {
        /// Where the answer was given.
        conversation: ConversationId,
        /// Names the answer by its message.
        usage: AnswerUsage,
    },
    /// An article is new, was changed, or is a step further on its way to be found.
    ArticleListed {
        /// The article as it stands; it replaces the one with the same id.
        article: Article,
    },
    /// An article was deleted.
    ArticleRemoved {
        /// The one that is gone.
        article: ArticleId,
    },
    /// Search by meaning was chosen or switched off, or its preparation is a step further.
    MeaningSearchChanged {
        /// All of its state, which replaces what was known.
        search: MeaningSearch,
    },
    /// Something happened inside a conversation.
    InConversation {
        /// Where it happened.
        conversation: ConversationId,
        /// As the visitor gets it, but with the sources of answers in any case.
        event: ConversationEvent,
    },
}
