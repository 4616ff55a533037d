//! Where the reader is in the list of messages.

use std::cell::Cell;
use std::rc::Rc;

use web_sys::{HtmlElement, ResizeObserver};

use super::dom::El;
use crate::browser::callback;
use crate::state::State;

/// Nearer to the end than this, in pixels, the reader follows the conversation.
const END: i32 = 48;
/// Nearer to the top than this, in pixels, older messages are fetched.
const TOP: i32 = 64;

pub struct Scroll {
    state: State,
    scroller: HtmlElement,
    /// Where the top was at the last look.
    last_top: Cell<i32>,
    /// Pixels from the end that stay as they are while older messages come in above.
    held: Cell<Option<i32>>,
}

impl Scroll {
    pub fn new(state: State, scroller: &El, list: &El) -> Rc<Self> {
        let scroll = Rc::new(Self {
            state,
            scroller: scroller.node().clone(),
            last_top: Cell::new(0),
            held: Cell::new(None),
        });
        // Whatever makes the list longer or the panel smaller: who is at the end stays there.
        let resized = scroll.clone();
        let on_resize = callback(move |_| resized.restore());
        if let Ok(observer) = ResizeObserver::new(&on_resize) {
            observer.observe(list.node());
            observer.observe(scroller.node());
        }
        scroll
    }

    /// Sees where the reader has scrolled to; true if that is the top.
    pub fn look(&self) -> bool {
        let top = self.scroller.scroll_top();
        let before = self.last_top.replace(top);
        let at_end = self.distance_from_end() - self.scroller.client_height() < END;
        self.state.change(|panel| {
            // The end moves away when something arrives; the reader leaves it by scrolling up.
            panel.at_end = at_end || (panel.at_end && top >= before);
            panel.has_news &= !at_end;
        });
        top < TOP
    }

    /// Remembers the place, because older messages are about to come in above it.
    pub fn hold(&self) {
        self.held.set(Some(self.distance_from_end()));
    }

    /// Something arrived: it calls for a look when the reader is elsewhere.
    pub fn note_news(&self) {
        self.state.change(|panel| panel.has_news = !panel.at_end);
    }

    pub fn go_to_end(&self) {
        self.state.change(|panel| {
            panel.at_end = true;
            panel.has_news = false;
        });
        self.restore();
    }

    fn restore(&self) {
        let held = self.held.take();
        if self.state.now().at_end {
            self.scroller.set_scroll_top(self.scroller.scroll_height());
        } else if let Some(from_end) = held {
            let top = self.scroller.scroll_height() - from_end;
            self.scroller.set_scroll_top(top);
        }
    }

    fn distance_from_end(&self) -> i32 {
        self.scroller.scroll_height() - self.scroller.scroll_top()
    }
}
