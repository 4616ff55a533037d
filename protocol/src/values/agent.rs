//! What an owner decides about an agent.

use serde::{Deserialize, Serialize};

/// How much an agent says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum AnswerLength {
    /// A sentence or two.
    Short,
    /// A few sentences.
    #[default]
    Medium,
    /// As much as the question can bear.
    Long,
}

/// What becomes of a message that arrives while an answer is being written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum MidAnswer {
    /// It waits, and gets an answer of its own.
    #[default]
    Wait,
    /// The answer begins anew and covers both.
    Restart,
}

/// The settings, each once: what it is called, what it is, and how it is before anybody has set it.
/// `@null` marks what can be taken away, and names the function that reads it from a request. The
/// macro `$make` makes something of them.
macro_rules! agent_settings {
    ($make:ident) => {
        $make! {
            /// Shown to visitors; at most [`crate::limits::NAME_CHARS`] characters on one line.
            name: String,
            /// The id of one of the models that `GET models` lists.
            model: String,
            ;
            /// The model that answers when `model` cannot; `None` if there is to be none.
            @null "given" fallback_model: Option<String> = None,
            /// What the owner tells the model; at most [`crate::limits::INSTRUCTION_CHARS`]
            /// characters.
            instruction: String = String::new(),
            /// 0 to 1. Models that take no temperature are not sent it.
            temperature: f64 = 0.5,
            /// How much the model is asked to say.
            answer_length: AnswerLength = AnswerLength::default(),
            /// The language of every answer, a BCP 47 tag; `None` for that of the visitor.
            @null "given" answer_language: Option<String> = None,
            /// Most knowledge passages per answer: 1 to [`crate::limits::MAX_PASSAGES`].
            max_passages: u32 = 5,
            /// Whether visitors see which articles an answer is from.
            show_citations: bool = true,
            /// Messages before the question that the model is shown.
            history_messages: u32 = 20,
            /// Whether the model is given the images and files that visitors send.
            process_images: bool = false,
            /// Whether voice messages are made into text.
            process_audio: bool = false,
            /// The id of the model that makes them into text; `None` for the first that is at hand.
            @null "given" speech_model: Option<String> = None,
            /// Seconds of silence that the agent waits for before it answers.
            response_delay: u32 = 0,
            /// Seconds after which it answers although the visitor goes on writing. One that is
            /// shorter than `response_delay` counts as long as that.
            longest_delay: u32 = 120,
            /// What becomes of a message that arrives while an answer is being written.
            mid_answer: MidAnswer = MidAnswer::default(),
            /// Days after the last message after which a conversation is deleted; 0 for never.
            retention_days: u32 = 30,
        }
    };
}
pub(crate) use agent_settings;

macro_rules! settings {
    (
        $($(#[$given_doc:meta])* $given:ident: String,)*
        ;
        $($(#[$doc:meta])* $(@null $null:literal)? $field:ident: $kind:ty = $usual:expr,)*
    ) => {
        /// What an owner decides about an agent.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct AgentSettings {
            $($(#[$given_doc])* pub $given: String,)*
            $($(#[$doc])* pub $field: $kind,)*
        }

        impl AgentSettings {
            /// An agent as it is before anybody has set anything up.
            pub fn new($($given: String),*) -> Self {
                Self { $($given,)* $($field: $usual,)* }
            }
        }
    };
}

agent_settings!(settings);
