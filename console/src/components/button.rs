use leptos::prelude::*;

use super::icon::Icon;

/// How much weight a button has on its page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// The one main action.
    Primary,
    #[default]
    Secondary,
    /// No frame until hovered.
    Quiet,
    /// Destroys something.
    Danger,
}

impl Weight {
    pub const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button is-primary",
            Self::Secondary => "button",
            Self::Quiet => "button is-quiet",
            Self::Danger => "button is-danger",
        }
    }
}

/// A button named by its label. While `busy` it keeps its place and its focus, and ignores presses.
#[component]
pub fn Button(
    #[prop(into)] label: Signal<String>,
    #[prop(optional)] weight: Weight,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional, into)] busy: Signal<bool>,
    #[prop(optional, into)] disabled: Signal<bool>,
    /// Sends the form that it stands in.
    #[prop(optional)]
    submit: bool,
    #[prop(optional, into)] on_press: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <button
            class=weight.class()
            type=if submit { "submit" } else { "button" }
            disabled=disabled
            aria-busy=move || busy.get().then_some("true")
            on:click=move |event| {
                if busy.get_untracked() {
                    event.prevent_default();
                } else if let Some(on_press) = on_press {
                    on_press.run(());
                }
            }
        >
            {icon.map(Icon::view)}
            <span>{label}</span>
        </button>
    }
}

/// A button that shows only an icon; `label` is its name and its tooltip.
#[component]
pub fn IconButton(
    #[prop(into)] label: Signal<String>,
    icon: Icon,
    #[prop(optional)] id: Option<&'static str>,
    #[prop(optional)] expanded: Option<Signal<bool>>,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <button
            class="button is-quiet is-icon"
            id=id
            type="button"
            aria-label=label
            title=label
            aria-expanded=move || expanded.map(|expanded| expanded.get().to_string())
            on:click=move |_| on_press.run(())
        >
            {icon.view()}
        </button>
    }
}
