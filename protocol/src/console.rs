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

mod agent;
mod function;
mod hand_over;
mod meaning;
mod playground;
mod provider;
mod usage;

use serde::{Deserialize, Serialize};

use crate::widget::Position;
use crate::{
    AgentId, ArticleId, ChannelId, Conversation, ConversationEvent, ConversationId, Handling,
    Notice, Secret, Timestamp, UserId, WorkspaceId,
};

pub use agent::{Agent, AgentChanges, AgentSettings, AnswerLength, MidAnswer, NewAgent};
pub use function::{
    CallState, ChannelFunction, ForbidFunctions, Function, FunctionCall, FunctionMethod,
    FunctionResult, SaveFunction, SaveHeader, TryFunction,
};
pub use hand_over::{BusinessHours, HandOver, OpenHours, PersonWanted, Weekday};
pub use meaning::{ChooseMeaning, MeaningSearch, MeaningState, MeaningTried, TryMeaning};
pub use playground::{
    AskPlayground, PlaygroundAnswer, PlaygroundCall, PlaygroundMessage, PlaygroundOutcome,
    PlaygroundPassage, PlaygroundPrompt, PlaygroundRole,
};
pub use provider::{
    AgentUse, EnvironmentProvider, NewProvider, OfferedModel, Provider, ProviderChanges,
    ProviderFacts, ProviderFailure, ProviderKind, ProviderList, ProviderTrial, ProviderTried,
};
pub use usage::{AgentUsage, AnswerUsage, UsageDay};

/// What the sign-in page needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Setup {
    /// Whether `POST sign-up` is open now.
    pub sign_up_open: bool,
    /// Whether nobody has an account yet.
    pub first_run: bool,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignUp {
    pub name: String,
    pub email: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub password: Secret,
    /// Name of the first workspace.
    pub workspace: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    pub email: String,
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub password: Secret,
}

/// The signed-in person and the workspaces they may enter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    pub id: UserId,
    pub name: String,
    pub email: String,
    pub workspaces: Vec<Workspace>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Workspace {
    pub id: WorkspaceId,
    pub name: String,
}

/// A name for a new workspace, or a new name for an old one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewWorkspace {
    pub name: String,
}

/// A language model that an agent can be given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ModelInfo {
    /// `built-in`, or `{provider}/{the provider's name for it}`, where the provider is `openai` or
    /// `anthropic` for the server's own, and else a [`Provider::id`].
    pub id: String,
    pub label: String,
    /// What it is good for, in plain words.
    pub note: String,
    /// `note` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
    /// Whether this server has what it needs (a key) to use it.
    pub available: bool,
}

/// A model that makes voice messages into text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpeechModel {
    /// As [`ModelInfo::id`].
    pub id: String,
    pub label: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChannelSummary {
    pub id: ChannelId,
    pub name: String,
    pub enabled: bool,
    /// A reason why visitors cannot use it although it is on, for example no allowed domains.
    pub warning: Option<String>,
    /// `warning` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warning_notice: Option<Notice>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewChannel {
    pub name: String,
}

/// A Widget channel with all its settings, but without its secret key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Channel {
    pub id: ChannelId,
    pub agent: AgentId,
    pub name: String,
    /// The public token, `wgt_…`.
    pub token: String,
    /// The tag to paste into the page.
    pub snippet: String,
    pub enabled: bool,
    /// As normalised when saved.
    pub allowed_domains: Vec<String>,
    pub require_identification: bool,
    /// Whether a guest who signs in brings the guest conversation along.
    pub merge_guests: bool,
    pub limits: DailyLimits,
    pub attachments: AttachmentPolicy,
    pub appearance: Appearance,
    /// The secret key's first and last characters, enough to recognise it.
    pub secret_key_hint: String,
    /// Until when the key before the last rotation is still accepted.
    pub old_key_valid_until: Option<Timestamp>,
    /// Why the widget was refused lately, newest first. Visitors never see this.
    pub refusals: Vec<Refusal>,
}

/// Whether visitors can send images, files and voice messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AttachmentPolicy {
    /// What the agent can make use of: images and files while it processes images, voice messages
    /// while it processes audio.
    #[default]
    Auto,
    /// All of them; what the agent cannot use waits for a person.
    On,
    /// None.
    Off,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Appearance {
    pub title: String,
    pub greeting: String,
    /// `#rrggbb`.
    pub color: String,
    pub position: Position,
}

/// One refused request of a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refusal {
    pub at: Timestamp,
    /// The page's origin, cut to a sane length; `None` if it sent none.
    pub origin: Option<String>,
    /// What to change so that it would work, in plain words.
    pub reason: String,
    /// `reason` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

impl Refusal {
    pub fn new(at: Timestamp, origin: Option<String>, reason: Notice) -> Self {
        let (reason, notice) = reason.told();
        Self { at, origin, reason, notice }
    }
}

/// What is absent stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct ChannelChanges {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// As people type them; the answer has them normalised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allowed_domains: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_identification: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merge_guests: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<DailyLimits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachments: Option<AttachmentPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub appearance: Option<Appearance>,
}

/// How much an agent may answer in a channel from 00:00 UTC to the next; `None` for any amount.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields, default)]
pub struct DailyLimits {
    /// Answers in all.
    pub answers: Option<u32>,
    /// Tokens read and written in all. The answer that goes beyond them is finished.
    pub tokens: Option<u32>,
    /// Answers to one visitor.
    pub visitor_answers: Option<u32>,
}

/// The secret key itself; only these answers carry it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SecretKey {
    /// `sk_…`
    #[cfg_attr(feature = "openapi", schema(value_type = String))]
    pub secret_key: Secret,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RotateSecretKey {
    /// Hours for which the old key is still accepted, 0 to 168.
    pub keep_old_hours: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Article {
    pub id: ArticleId,
    pub title: String,
    /// Name of the uploaded file; `None` for typed text.
    pub file_name: Option<String>,
    /// Length of the content in characters.
    pub chars: u64,
    /// Passages that retrieval can find.
    pub passages: u32,
    pub updated_at: Timestamp,
    pub status: ArticleStatus,
    /// What whoever relies on the text should know, for example that some pages are pictures.
    pub notes: Vec<String>,
    /// The same by their codes, in the same order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub note_notices: Vec<Notice>,
    /// Agents that may use it.
    pub agents: Vec<AgentId>,
}

/// Where making an article findable stands. While new content is on its way, the old is found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ArticleStatus {
    /// It waits for its turn.
    Queued,
    Indexing {
        /// 0 to 100.
        percent: u8,
    },
    Ready,
    Failed {
        /// What is wrong and what to do, in plain words.
        reason: String,
        /// `reason` by its code.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notice: Option<Notice>,
    },
}

impl ArticleStatus {
    pub fn failed(reason: Notice) -> Self {
        let (reason, notice) = reason.told();
        Self::Failed { reason, notice }
    }

    /// Whether it will change by itself.
    pub fn is_in_work(&self) -> bool {
        matches!(self, Self::Queued | Self::Indexing { .. })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArticleDetail {
    pub article: Article,
    /// Empty until an uploaded file has been read. A line such as `[Page 3]` says that the third
    /// page of the document begins there.
    pub content: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewArticle {
    /// Permanent.
    pub title: String,
    pub content: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ArticleContent {
    pub content: String,
}

/// Who is on the visitor's side of a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Visitor {
    /// The site's own id where identified, else `v_…`.
    pub id: String,
    /// Whether the site proved the id with a valid hash.
    pub verified: bool,
    pub name: Option<String>,
    pub email: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationSummary {
    pub id: ConversationId,
    pub channel: ChannelId,
    pub channel_name: String,
    pub agent_name: String,
    pub visitor: Visitor,
    pub handling: Handling,
    /// Start of the newest message.
    pub preview: String,
    pub updated_at: Timestamp,
    /// Why the agent could not answer the newest question.
    pub failure: Option<String>,
    /// `failure` by its code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure_notice: Option<Notice>,
    /// Set while a person is wanted.
    pub person_wanted: Option<PersonWanted>,
}

/// `GET conversations`: those that wait for a person come first, longest wait first, and then
/// the others, newest activity first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationList {
    pub conversations: Vec<ConversationSummary>,
    /// Pass as `before` to get the next page; `None` at the end.
    pub next: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ConversationDetail {
    pub summary: ConversationSummary,
    pub conversation: Conversation,
}

/// What the console's event stream carries. On a fresh stream, and after a gap, `Resync` comes
/// first: the client fetches again what it shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ConsoleEvent {
    Resync,
    /// A conversation began or its line in the list changed.
    ConversationListed {
        summary: ConversationSummary,
    },
    /// A conversation is gone: it was deleted, or merged into another one.
    ConversationRemoved {
        conversation: ConversationId,
    },
    /// A function was called in a conversation, or the call has ended.
    FunctionCalled {
        conversation: ConversationId,
        call: FunctionCall,
    },
    /// An answer is finished, and this is what it took.
    AnswerMeasured {
        conversation: ConversationId,
        usage: AnswerUsage,
    },
    /// An article is new, was changed, or is a step further on its way to be found.
    ArticleListed {
        article: Article,
    },
    /// An article was deleted.
    ArticleRemoved {
        article: ArticleId,
    },
    /// Search by meaning was chosen or switched off, or its preparation is a step further.
    MeaningSearchChanged {
        search: MeaningSearch,
    },
    /// Something happened inside a conversation.
    InConversation {
        conversation: ConversationId,
        event: ConversationEvent,
    },
}
