use leptos::prelude::*;

use cavuer_protocol::ArticleId;
use cavuer_protocol::console::{Agent, AgentChanges, AgentSettings, AnswerLength, MidAnswer};
use cavuer_protocol::limits::{
    HISTORY_MESSAGES, INSTRUCTION_CHARS, LONGEST_DELAY_SECONDS, MAX_PASSAGES,
    RESPONSE_DELAY_SECONDS, RETENTION_DAYS,
};

use crate::components::field::check_number;
use crate::form::{Finding, check_length, check_name};
use crate::text::t;

/// What stands in the fields of the agent's page. Numbers are as typed.
#[derive(Clone, Copy, Default)]
pub struct AgentValues {
    pub name: RwSignal<String>,
    pub model: RwSignal<String>,
    /// Empty for none.
    pub fallback: RwSignal<String>,
    pub instruction: RwSignal<String>,
    /// Tenths, as the slider counts.
    pub temperature: RwSignal<String>,
    /// `short`, `medium` or `long`.
    pub length: RwSignal<String>,
    /// Empty for the visitor's.
    pub language: RwSignal<String>,
    pub passages: RwSignal<String>,
    pub history: RwSignal<String>,
    pub delay: RwSignal<String>,
    pub longest_delay: RwSignal<String>,
    /// `wait` or `restart`.
    pub mid_answer: RwSignal<String>,
    pub retention: RwSignal<String>,
    pub images: RwSignal<bool>,
    pub audio: RwSignal<bool>,
    /// Empty for the first that is at hand.
    pub speech: RwSignal<String>,
    pub articles: RwSignal<Vec<ArticleId>>,
    pub show_citations: RwSignal<bool>,
}

impl AgentValues {
    pub fn new(agent: &Agent) -> Self {
        let values = Self::default();
        values.load(agent);
        values
    }

    pub fn load(self, agent: &Agent) {
        let settings = &agent.settings;
        self.name.set(settings.name.clone());
        self.model.set(settings.model.clone());
        self.fallback.set(settings.fallback_model.clone().unwrap_or_default());
        self.instruction.set(settings.instruction.clone());
        self.temperature.set(tenths(settings.temperature));
        self.length.set(length_name(settings.answer_length).to_owned());
        self.language.set(settings.answer_language.clone().unwrap_or_default());
        self.passages.set(settings.max_passages.to_string());
        self.history.set(settings.history_messages.to_string());
        self.delay.set(settings.response_delay.to_string());
        self.longest_delay.set(settings.longest_delay.to_string());
        self.mid_answer.set(way_name(settings.mid_answer).to_owned());
        self.retention.set(settings.retention_days.to_string());
        self.images.set(settings.process_images);
        self.audio.set(settings.process_audio);
        self.speech.set(settings.speech_model.clone().unwrap_or_default());
        self.articles.set(agent.articles.clone());
        self.show_citations.set(settings.show_citations);
    }

    /// What is wrong with the fields.
    pub fn check(self) -> [Finding; 7] {
        let range = |typed: RwSignal<String>, min, max| {
            typed.with_untracked(|typed| check_number(typed, min, max))
        };
        let instruction =
            self.instruction.with_untracked(|text| check_length(text, INSTRUCTION_CHARS));
        [
            ("name", self.name.with_untracked(|name| check_name(name))),
            ("instruction", instruction),
            ("max_passages", range(self.passages, 1, MAX_PASSAGES)),
            ("history_messages", range(self.history, 0, HISTORY_MESSAGES)),
            ("response_delay", range(self.delay, 0, RESPONSE_DELAY_SECONDS)),
            ("longest_delay", range(self.longest_delay, 0, LONGEST_DELAY_SECONDS)),
            ("retention_days", range(self.retention, 0, RETENTION_DAYS)),
        ]
    }

    /// What differs from what is saved.
    pub fn changes(self, saved: &Agent) -> AgentChanges {
        let articles = self.articles.get();
        AgentChanges {
            articles: (!same_members(&articles, &saved.articles)).then_some(articles),
            ..AgentChanges::between(&saved.settings, self.settings(&saved.settings))
        }
    }

    /// The fields as settings; what a field cannot show exactly stays as it is saved.
    fn settings(self, saved: &AgentSettings) -> AgentSettings {
        let text = |field: RwSignal<String>| field.with(|text| text.trim().to_owned());
        let optional = |field| Some(text(field)).filter(|text| !text.is_empty());
        // A number that cannot be read is a change too: `check` says so before it is sent.
        let whole =
            |field: RwSignal<String>| field.with(|typed| typed.trim().parse().unwrap_or(u32::MAX));
        // The slider has fewer steps than the server; what it does not move stays.
        let moved = self.temperature.with(|now| {
            (*now != tenths(saved.temperature)).then(|| now.parse().unwrap_or_default())
        });
        AgentSettings {
            name: text(self.name),
            model: text(self.model),
            fallback_model: optional(self.fallback),
            instruction: text(self.instruction),
            temperature: moved.map_or(saved.temperature, |tenths: f64| tenths / 10.0),
            answer_length: self.length.with(|name| match name.as_str() {
                "short" => AnswerLength::Short,
                "long" => AnswerLength::Long,
                _ => AnswerLength::Medium,
            }),
            answer_language: optional(self.language),
            max_passages: whole(self.passages),
            history_messages: whole(self.history),
            response_delay: whole(self.delay),
            longest_delay: whole(self.longest_delay),
            mid_answer: self.mid_answer.with(|name| match name.as_str() {
                "restart" => MidAnswer::Restart,
                _ => MidAnswer::Wait,
            }),
            retention_days: whole(self.retention),
            show_citations: self.show_citations.get(),
            process_images: self.images.get(),
            process_audio: self.audio.get(),
            speech_model: optional(self.speech),
        }
    }
}

/// Names of what changes, as the page names them.
pub fn names(changes: &AgentChanges) -> Vec<&'static str> {
    let words = &t().agents;
    [
        (changes.name.is_some(), t().common.name),
        (changes.model.is_some(), words.model),
        (changes.fallback_model.is_some(), words.fallback),
        (changes.instruction.is_some(), words.instruction),
        (changes.answer_length.is_some(), words.length),
        (changes.answer_language.is_some(), words.language),
        (changes.temperature.is_some(), words.temperature),
        (changes.articles.is_some(), words.articles),
        (changes.max_passages.is_some(), words.passages),
        (changes.show_citations.is_some(), words.show_sources),
        (changes.response_delay.is_some(), words.delay),
        (changes.mid_answer.is_some(), words.mid_answer),
        (changes.longest_delay.is_some(), words.longest_delay),
        (changes.history_messages.is_some(), words.history),
        (changes.process_images.is_some(), words.images),
        (changes.process_audio.is_some(), words.audio),
        (changes.speech_model.is_some(), words.speech),
        (changes.retention_days.is_some(), words.retention),
    ]
    .into_iter()
    .filter_map(|(changed, name)| changed.then_some(name))
    .collect()
}

const fn length_name(length: AnswerLength) -> &'static str {
    match length {
        AnswerLength::Short => "short",
        AnswerLength::Medium => "medium",
        AnswerLength::Long => "long",
    }
}

const fn way_name(way: MidAnswer) -> &'static str {
    match way {
        MidAnswer::Wait => "wait",
        MidAnswer::Restart => "restart",
    }
}

fn tenths(temperature: f64) -> String {
    format!("{:.0}", temperature * 10.0)
}

fn same_members(one: &[ArticleId], other: &[ArticleId]) -> bool {
    one.len() == other.len() && one.iter().all(|id| other.contains(id))
}
