use leptos::prelude::*;

use cavuer_protocol::ArticleId;
use cavuer_protocol::console::{Agent, AgentChanges};
use cavuer_protocol::limits::{INSTRUCTION_CHARS, MAX_PASSAGES, RESPONSE_DELAY_SECONDS};

use crate::components::field::number;
use crate::form::{check_length, check_name};
use crate::text::{fill, t};

/// What stands in the fields of the agent's page.
#[derive(Clone, Copy)]
pub struct AgentValues {
    pub name: RwSignal<String>,
    pub model: RwSignal<String>,
    pub instruction: RwSignal<String>,
    /// Tenths, as the slider counts.
    pub temperature: RwSignal<String>,
    /// As typed.
    pub delay: RwSignal<String>,
    /// As typed.
    pub passages: RwSignal<String>,
    pub articles: RwSignal<Vec<ArticleId>>,
}

impl AgentValues {
    pub fn new(agent: &Agent) -> Self {
        let values = Self {
            name: RwSignal::default(),
            model: RwSignal::default(),
            instruction: RwSignal::default(),
            temperature: RwSignal::default(),
            delay: RwSignal::default(),
            passages: RwSignal::default(),
            articles: RwSignal::default(),
        };
        values.load(agent);
        values
    }

    pub fn load(self, agent: &Agent) {
        self.name.set(agent.settings.name.clone());
        self.model.set(agent.settings.model.clone());
        self.instruction.set(agent.settings.instruction.clone());
        self.temperature.set(tenths(agent.settings.temperature));
        self.delay.set(agent.settings.response_delay.to_string());
        self.passages.set(agent.settings.max_passages.to_string());
        self.articles.set(agent.articles.clone());
    }

    /// What is wrong with the fields.
    pub fn check(self) -> [(&'static str, Option<String>); 4] {
        let range = |typed: String, min: u32, max: u32| {
            number(&typed, min, max).is_none().then(|| {
                let (min, max) = (min.to_string(), max.to_string());
                fill(t().agents.number_range, &[("min", &min), ("max", &max)])
            })
        };
        let instruction =
            self.instruction.with_untracked(|text| check_length(text, INSTRUCTION_CHARS));
        [
            ("name", self.name.with_untracked(|name| check_name(name))),
            ("instruction", instruction),
            ("response_delay", range(self.delay.get_untracked(), 0, RESPONSE_DELAY_SECONDS)),
            ("max_passages", range(self.passages.get_untracked(), 1, MAX_PASSAGES)),
        ]
    }

    /// What differs from what is saved.
    pub fn changes(self, saved: &Agent) -> AgentChanges {
        let text = |now: RwSignal<String>, saved: &str| {
            now.with(|now| (now.trim() != saved.trim()).then(|| now.trim().to_owned()))
        };
        // A number that cannot be read is a change too: `check` says so before it is sent.
        let whole = |now: RwSignal<String>, saved: u32| {
            now.with(|now| {
                (now.trim() != saved.to_string()).then(|| now.trim().parse().unwrap_or(0))
            })
        };
        AgentChanges {
            name: text(self.name, &saved.settings.name),
            model: text(self.model, &saved.settings.model),
            instruction: text(self.instruction, &saved.settings.instruction),
            temperature: self.temperature.with(|now| {
                (*now != tenths(saved.settings.temperature))
                    .then(|| now.parse::<f64>().unwrap_or_default() / 10.0)
            }),
            response_delay: whole(self.delay, saved.settings.response_delay),
            max_passages: whole(self.passages, saved.settings.max_passages),
            articles: self
                .articles
                .with(|now| (!same_members(now, &saved.articles)).then(|| now.clone())),
            ..AgentChanges::default()
        }
    }
}

/// Names of what changes, as the page names them.
pub fn names(changes: &AgentChanges) -> Vec<&'static str> {
    let words = &t().agents;
    [
        (changes.name.is_some(), t().common.name),
        (changes.model.is_some(), words.model),
        (changes.instruction.is_some(), words.instruction),
        (changes.temperature.is_some(), words.temperature),
        (changes.response_delay.is_some(), words.delay),
        (changes.max_passages.is_some(), words.passages),
        (changes.articles.is_some(), words.articles),
    ]
    .into_iter()
    .filter_map(|(changed, name)| changed.then_some(name))
    .collect()
}

fn tenths(temperature: f64) -> String {
    format!("{:.0}", temperature * 10.0)
}

fn same_members(one: &[ArticleId], other: &[ArticleId]) -> bool {
    one.len() == other.len() && one.iter().all(|id| other.contains(id))
}
