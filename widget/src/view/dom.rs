//! Elements, and what about them follows the signals.
//!
//! Everything that is generic ends here: behind it all handlers and effects are of one type each,
//! so that a further one costs next to nothing.

use reactive_graph::effect::Effect;
use wasm_bindgen::prelude::*;
use web_sys::{Event, HtmlElement};

use crate::browser::{self, document};

/// An element of the panel.
#[derive(Clone)]
pub struct El(HtmlElement);

pub fn el(name: &str, class: &str) -> El {
    // The names are ours, and all of them are HTML elements.
    let element = document().create_element(name).unwrap_throw();
    if !class.is_empty() {
        element.set_class_name(class);
    }
    El(element.unchecked_into())
}

/// A button. One that shows an icon only has its name in `aria-label`.
pub fn button(class: &str, press: impl FnMut() + 'static) -> El {
    let mut press = press;
    el("button", class).set("type", "button").on("click", move |_| press())
}

/// Runs now and whenever a signal that it read has changed.
pub fn effect(run: impl FnMut() + 'static) {
    fn start(mut run: Box<dyn FnMut()>) {
        Effect::new(move |_: Option<()>| run());
    }
    start(Box::new(run));
}

impl El {
    pub fn node(&self) -> &HtmlElement {
        &self.0
    }

    pub fn set(self, attribute: &str, value: &str) -> Self {
        set_attribute(&self.0, attribute, Some(value));
        self
    }

    pub fn text(self, text: &str) -> Self {
        self.append(&document().create_text_node(text))
    }

    pub fn child(self, child: &Self) -> Self {
        self.append(&child.0)
    }

    pub fn append(self, node: &web_sys::Node) -> Self {
        // A fresh node fits anywhere.
        let _ = self.0.append_child(node);
        self
    }

    pub fn on(self, event: &str, handler: impl FnMut(Event) + 'static) -> Self {
        let mut handler = handler;
        browser::listen(&self.0, event, move |event| handler(event.unchecked_into()));
        self
    }

    /// An attribute that follows the signals; `None` takes it away.
    pub fn follow(
        self,
        attribute: &'static str,
        value: impl Fn() -> Option<String> + 'static,
    ) -> Self {
        let element = self.0.clone();
        on_change(
            Box::new(value),
            Box::new(move |value| {
                set_attribute(&element, attribute, value);
            }),
        );
        self
    }

    /// The element is there only while `shown` says so.
    pub fn show_if(self, shown: impl Fn() -> bool + 'static) -> Self {
        self.follow("hidden", move || (!shown()).then(String::new))
    }

    /// The element's only content is a text that follows the signals; `None` hides the element.
    pub fn show_text(self, text: impl Fn() -> Option<String> + 'static) -> Self {
        let element = self.0.clone();
        on_change(
            Box::new(text),
            Box::new(move |text| {
                element.set_text_content(text);
                element.set_hidden(text.is_none());
            }),
        );
        self
    }
}

type Value = Box<dyn Fn() -> Option<String>>;
type Apply = Box<dyn Fn(Option<&str>)>;

/// Applies a value at first and after each change, and not when it comes out the same.
fn on_change(value: Value, apply: Apply) {
    let mut last: Option<Option<String>> = None;
    effect(move || {
        let new = value();
        if last.as_ref() != Some(&new) {
            apply(new.as_deref());
            last = Some(new);
        }
    });
}

fn set_attribute(element: &HtmlElement, attribute: &str, value: Option<&str>) {
    // The names are ours and valid.
    let _ = match value {
        Some(value) => element.set_attribute(attribute, value),
        None => element.remove_attribute(attribute),
    };
}
