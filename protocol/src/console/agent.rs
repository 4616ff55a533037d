//! Agents and what an owner decides about them.

use serde::{Deserialize, Deserializer, Serialize};

use super::ChannelSummary;
use crate::values::{AgentSettings, AnswerLength, MidAnswer, agent_settings};
use crate::{AgentId, ArticleId, Timestamp};

/// An agent; its settings stand beside its id, not in an object of their own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Agent {
    /// Made by the server; stays the same whatever the agent is called.
    pub id: AgentId,
    /// On the wire their fields stand beside `id`.
    #[serde(flatten)]
    pub settings: AgentSettings,
    /// The articles that it may answer from, oldest first.
    pub articles: Vec<ArticleId>,
    /// Where visitors meet it, oldest first; a channel has one agent.
    pub channels: Vec<ChannelSummary>,
    /// Lists have the oldest agent first.
    pub created_at: Timestamp,
}

/// `POST agents`. Every other setting begins as [`AgentSettings::new`] has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAgent {
    /// Shown to visitors; at most [`crate::limits::NAME_CHARS`] characters on one line.
    pub name: String,
    /// An id as in `GET models`; a model that the list leaves out will do if its provider is there.
    pub model: String,
}

/// Makes of the table of settings the request that changes some of them.
macro_rules! changes {
    (
        $($(#[$given_doc:meta])* $given:ident: String,)*
        ;
        $($(#[$doc:meta])* $(@null $null:literal)? $field:ident: $kind:ty = $usual:expr,)*
    ) => {
        /// What is absent stays as it is. `null` takes away what an agent can do without.
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        #[serde(deny_unknown_fields, default)]
        pub struct AgentChanges {
            $(
                $(#[$given_doc])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $given: Option<String>,
            )*
            $(
                $(#[$doc])*
                #[serde(skip_serializing_if = "Option::is_none" $(, deserialize_with = $null)?)]
                pub $field: Option<$kind>,
            )*
            /// All of them anew, each one of the workspace; repeats count once.
            #[serde(skip_serializing_if = "Option::is_none")]
            pub articles: Option<Vec<ArticleId>>,
        }

        impl AgentSettings {
            /// Changes what `changes` names. The articles are not among the settings.
            pub fn apply(&mut self, changes: AgentChanges) {
                $(set(&mut self.$given, changes.$given);)*
                $(set(&mut self.$field, changes.$field);)*
            }
        }

        impl AgentChanges {
            /// What makes `wanted` of `saved`; the articles are not among the settings.
            pub fn between(saved: &AgentSettings, wanted: AgentSettings) -> Self {
                Self {
                    $($given: other(&saved.$given, wanted.$given),)*
                    $($field: other(&saved.$field, wanted.$field),)*
                    articles: None,
                }
            }
        }
    };
}

agent_settings!(changes);

fn other<T: PartialEq>(saved: &T, wanted: T) -> Option<T> {
    (*saved != wanted).then_some(wanted)
}

fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// Tells `null`, which is given, from a field that is absent.
pub(super) fn given<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}
