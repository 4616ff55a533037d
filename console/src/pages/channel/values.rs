use leptos::prelude::*;

use cavuer_protocol::console::{
    Appearance, AttachmentPolicy, Channel, ChannelChanges, DailyLimits,
};
use cavuer_protocol::limits::{ALLOWED_DOMAINS, DAILY_LIMIT, GREETING_CHARS, NAME_CHARS};
use cavuer_protocol::widget::Position;

use crate::components::field::check_number;
use crate::form::{Finding, check_length, check_name};
use crate::text::{fill, t};
use cavuer_protocol::color::Color;

/// What stands in the fields of the channel's page.
#[derive(Clone, Copy, Default)]
pub struct ChannelValues {
    pub name: RwSignal<String>,
    pub enabled: RwSignal<bool>,
    /// One domain a line, as typed.
    pub domains: RwSignal<String>,
    pub require_identification: RwSignal<bool>,
    pub merge_guests: RwSignal<bool>,
    /// Limits as typed; empty for none.
    pub daily_answers: RwSignal<String>,
    pub daily_tokens: RwSignal<String>,
    pub daily_visitor_answers: RwSignal<String>,
    /// `auto`, `on` or `off`.
    pub attachments: RwSignal<String>,
    pub title: RwSignal<String>,
    pub greeting: RwSignal<String>,
    pub color: RwSignal<String>,
    /// `left` or `right`.
    pub position: RwSignal<String>,
}

impl ChannelValues {
    pub fn new(channel: &Channel) -> Self {
        let values = Self::default();
        values.load(channel);
        values
    }

    pub fn load(self, channel: &Channel) {
        self.name.set(channel.name.clone());
        self.enabled.set(channel.enabled);
        self.domains.set(channel.allowed_domains.join("\n"));
        self.require_identification.set(channel.require_identification);
        self.merge_guests.set(channel.merge_guests);
        let shown = |limit: Option<u32>| limit.map_or_else(String::new, |most| most.to_string());
        self.daily_answers.set(shown(channel.limits.answers));
        self.daily_tokens.set(shown(channel.limits.tokens));
        self.daily_visitor_answers.set(shown(channel.limits.visitor_answers));
        self.attachments.set(policy_name(channel.attachments).to_owned());
        self.title.set(channel.appearance.title.clone());
        self.greeting.set(channel.appearance.greeting.clone());
        self.color.set(channel.appearance.color.clone());
        self.position.set(position_name(channel.appearance.position).to_owned());
    }

    /// What is wrong with the fields.
    pub fn check(self) -> [Finding; 8] {
        let length = |text: RwSignal<String>, most| text.with_untracked(|t| check_length(t, most));
        let limit = |typed: RwSignal<String>| {
            typed.with_untracked(|typed| {
                let given = !typed.trim().is_empty();
                given.then(|| check_number(typed, 1, DAILY_LIMIT)).flatten()
            })
        };
        let unreadable = self
            .color
            .with_untracked(|color| Color::parse(color).is_none())
            .then(|| t().channel.color_unreadable.to_owned());
        let too_many = (untrack(|| self.domain_list()).len() > ALLOWED_DOMAINS).then(|| {
            let most = ALLOWED_DOMAINS.to_string();
            fill(t().channel.too_many_domains, &[("count", &most)])
        });
        [
            ("name", self.name.with_untracked(|name| check_name(name))),
            ("allowed_domains", too_many),
            ("title", length(self.title, NAME_CHARS)),
            ("greeting", length(self.greeting, GREETING_CHARS)),
            ("color", unreadable),
            ("limits.answers", limit(self.daily_answers)),
            ("limits.tokens", limit(self.daily_tokens)),
            ("limits.visitor_answers", limit(self.daily_visitor_answers)),
        ]
    }

    /// The lines that are not blank.
    pub fn domain_list(self) -> Vec<String> {
        self.domains.with(|text| {
            text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
        })
    }

    pub fn placed(self) -> Position {
        self.position.with(|position| match position.as_str() {
            "left" => Position::Left,
            _ => Position::Right,
        })
    }

    /// What differs from what is saved.
    pub fn changes(self, saved: &Channel) -> ChannelChanges {
        let name = self.name.with(|name| name.trim().to_owned());
        let domains = self.domain_list();
        let (limits, appearance) = (self.limits(), self.appearance());
        let attachments = self.policy();
        let flag = |now: RwSignal<bool>, saved: bool| (now.get() != saved).then(|| now.get());
        ChannelChanges {
            name: (name != saved.name).then_some(name),
            enabled: flag(self.enabled, saved.enabled),
            allowed_domains: (domains != saved.allowed_domains).then_some(domains),
            require_identification: flag(self.require_identification, saved.require_identification),
            merge_guests: flag(self.merge_guests, saved.merge_guests),
            limits: (limits != saved.limits).then_some(limits),
            attachments: (attachments != saved.attachments).then_some(attachments),
            appearance: (appearance != saved.appearance).then_some(appearance),
        }
    }

    /// Names of what differs, as the page names them.
    pub fn names(self, saved: &Channel) -> Vec<&'static str> {
        let words = &t().channel;
        let changes = self.changes(saved);
        let look = self.appearance();
        [
            (changes.name.is_some(), words.name_label),
            (changes.allowed_domains.is_some(), words.domains),
            (changes.require_identification.is_some(), words.require),
            (changes.merge_guests.is_some(), words.merge),
            (changes.attachments.is_some(), words.attachments),
            (look.title != saved.appearance.title, words.title),
            (look.greeting != saved.appearance.greeting, words.greeting),
            (look.color != saved.appearance.color, words.color),
            (look.position != saved.appearance.position, words.position),
            (changes.limits.is_some(), words.limits),
            (changes.enabled.is_some(), words.status),
        ]
        .into_iter()
        .filter_map(|(changed, name)| changed.then_some(name))
        .collect()
    }

    /// What cannot be read counts as a limit that is not saved: `check` says so before it is sent.
    fn limits(self) -> DailyLimits {
        let limit = |typed: RwSignal<String>| {
            typed.with(|typed| match typed.trim() {
                "" => None,
                number => Some(number.parse().unwrap_or(0)),
            })
        };
        DailyLimits {
            answers: limit(self.daily_answers),
            tokens: limit(self.daily_tokens),
            visitor_answers: limit(self.daily_visitor_answers),
        }
    }

    fn policy(self) -> AttachmentPolicy {
        self.attachments.with(|policy| match policy.as_str() {
            "on" => AttachmentPolicy::On,
            "off" => AttachmentPolicy::Off,
            _ => AttachmentPolicy::Auto,
        })
    }

    fn appearance(self) -> Appearance {
        Appearance {
            title: self.title.with(|title| title.trim().to_owned()),
            greeting: self.greeting.with(|greeting| greeting.trim().to_owned()),
            color: self.color.with(|color| color.trim().to_lowercase()),
            position: self.placed(),
        }
    }
}

const fn policy_name(policy: AttachmentPolicy) -> &'static str {
    match policy {
        AttachmentPolicy::Auto => "auto",
        AttachmentPolicy::On => "on",
        AttachmentPolicy::Off => "off",
    }
}

const fn position_name(position: Position) -> &'static str {
    match position {
        Position::Left => "left",
        Position::Right => "right",
    }
}
