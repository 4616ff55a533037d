use leptos::prelude::*;

use super::icon::Icon;

/// What a badge says by its colour. The words say it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Neutral,
    Accent,
    Success,
    Warning,
    Danger,
}

impl Tone {
    pub const fn class(self) -> &'static str {
        match self {
            Self::Neutral => "is-neutral",
            Self::Accent => "is-accent",
            Self::Success => "is-success",
            Self::Warning => "is-warning",
            Self::Danger => "is-danger",
        }
    }
}

/// A word about the state of something.
#[component]
pub fn Badge(
    #[prop(into)] text: Signal<String>,
    tone: Tone,
    #[prop(optional)] icon: Option<Icon>,
) -> impl IntoView {
    view! {
        <span class=format!("badge {}", tone.class())>
            {icon.map(Icon::view)}
            {text}
        </span>
    }
}

/// A framed note inside a page.
#[component]
pub fn Note(tone: Tone, #[prop(optional)] icon: Option<Icon>, children: Children) -> impl IntoView {
    view! {
        <div class=format!("note {}", tone.class())>
            {icon.map(Icon::view)}
            <div class="note-body">{children()}</div>
        </div>
    }
}
