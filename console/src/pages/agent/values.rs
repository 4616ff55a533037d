//! What stands in the fields of the agent's page, each field once.

use std::sync::LazyLock;

use leptos::prelude::*;

use cavuer_protocol::ArticleId;
use cavuer_protocol::console::{Agent, AgentChanges, AgentSettings, AnswerLength, MidAnswer};
use cavuer_protocol::limits::{
    HISTORY_MESSAGES, INSTRUCTION_CHARS, LONGEST_DELAY_SECONDS, MAX_PASSAGES,
    RESPONSE_DELAY_SECONDS, RETENTION_DAYS,
};

use super::inputs::{Choice, Input, Line, Optional, Switch, Tenths, Text, Whole};
use crate::form::Finding;
use crate::text::t;

/// Declares the fields by the names of their settings: what is typed, how that becomes the
/// setting, and what the page calls it.
macro_rules! fields {
    ($($setting:ident: $typed:ty = $input:expr, $word:expr;)*) => {
        /// The fields of the agent's settings, and the articles that are linked to it.
        #[derive(Clone, Copy, Default)]
        pub struct AgentValues {
            $(pub $setting: RwSignal<$typed>,)*
            pub articles: RwSignal<Vec<ArticleId>>,
        }

        impl AgentValues {
            pub fn load(self, agent: &Agent) {
                $(self.$setting.set($input.show(&agent.settings.$setting));)*
                self.articles.set(agent.articles.clone());
            }

            /// What is wrong with the fields.
            pub fn check(self) -> Vec<Finding> {
                vec![$((
                    stringify!($setting),
                    self.$setting.with_untracked(|typed| $input.check(typed)),
                ),)*]
            }

            /// The fields as settings; what a field cannot show exactly stays as it is saved.
            fn settings(self, saved: &AgentSettings) -> AgentSettings {
                AgentSettings {
                    $($setting: self.$setting.with(|typed| $input.read(typed, &saved.$setting)),)*
                }
            }
        }

        /// Fields next to which a problem is shown; the page shows those of others by itself.
        pub fn marked() -> &'static [&'static str] {
            static MARKED: LazyLock<Vec<&str>> = LazyLock::new(|| {
                let all = [$((stringify!($setting), $input.is_marked()),)*];
                let marked = all.into_iter().filter(|(_, is_marked)| *is_marked);
                marked.map(|(name, _)| name).chain(["articles"]).collect()
            });
            &MARKED
        }

        /// Names of what changes, as the page names them.
        pub fn names(changes: &AgentChanges) -> Vec<&'static str> {
            let all = [
                $((changes.$setting.is_some(), $word),)*
                (changes.articles.is_some(), t().agents.articles),
            ];
            all.into_iter().filter_map(|(changed, name)| changed.then_some(name)).collect()
        }
    };
}

fields! {
    name: String = Line, t().common.name;
    model: String = Text::unbounded(), t().agents.model;
    fallback_model: String = Optional, t().agents.fallback;
    instruction: String = Text::of(INSTRUCTION_CHARS), t().agents.instruction;
    answer_length: String = Choice(&[
        ("medium", AnswerLength::Medium),
        ("short", AnswerLength::Short),
        ("long", AnswerLength::Long),
    ]), t().agents.length;
    answer_language: String = Optional, t().agents.language;
    temperature: String = Tenths, t().agents.temperature;
    max_passages: String = Whole { min: 1, max: MAX_PASSAGES }, t().agents.passages;
    show_citations: bool = Switch, t().agents.show_sources;
    response_delay: String = Whole { min: 0, max: RESPONSE_DELAY_SECONDS }, t().agents.delay;
    mid_answer: String = Choice(&[
        ("wait", MidAnswer::Wait),
        ("restart", MidAnswer::Restart),
    ]), t().agents.mid_answer;
    longest_delay: String = Whole { min: 0, max: LONGEST_DELAY_SECONDS }, t().agents.longest_delay;
    history_messages: String = Whole { min: 0, max: HISTORY_MESSAGES }, t().agents.history;
    process_images: bool = Switch, t().agents.images;
    process_audio: bool = Switch, t().agents.audio;
    speech_model: String = Optional, t().agents.speech;
    retention_days: String = Whole { min: 0, max: RETENTION_DAYS }, t().agents.retention;
}

impl AgentValues {
    pub fn new(agent: &Agent) -> Self {
        let values = Self::default();
        values.load(agent);
        values
    }

    /// What differs from what is saved.
    pub fn changes(self, saved: &Agent) -> AgentChanges {
        let articles = self.articles.get();
        AgentChanges {
            articles: (!same_members(&articles, &saved.articles)).then_some(articles),
            ..AgentChanges::between(&saved.settings, self.settings(&saved.settings))
        }
    }
}

fn same_members(one: &[ArticleId], other: &[ArticleId]) -> bool {
    one.len() == other.len() && one.iter().all(|id| other.contains(id))
}
