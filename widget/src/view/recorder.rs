//! Recording a voice message: the microphone's button, and the bar that stands in the composer's
//! place meanwhile.

use std::cell::RefCell;
use std::rc::Rc;

use cavuer_protocol::limits::VOICE_SECONDS;
use reactive_graph::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

use super::Ui;
use super::dom::{El, button, effect, el};
use super::icon::{CLOSE, MICROPHONE, SEND, icon};
use super::time::clock;
use crate::browser::{Microphone, Pause, now, property, set_property, spawn};

/// How often the level and the time are looked at.
const LOOK_MILLIS: i32 = 100;

/// What is being recorded.
#[derive(Clone)]
pub struct Recorder {
    ui: Ui,
    microphone: Rc<RefCell<Option<Microphone>>>,
    /// As wide as it is loud.
    meter: El,
    bar: El,
}

impl Recorder {
    pub fn new(ui: Ui, field: HtmlTextAreaElement) -> Self {
        let bar = el("div", "composer recorder").set("tabindex", "-1");
        let recorder = Self { ui, microphone: Rc::default(), meter: el("i", ""), bar };
        let (own, mut was_recording) = (recorder.clone(), false);
        effect(move || {
            let panel = ui.state.panel.get();
            let is_recording = panel.recorded.is_some();
            if is_recording && !panel.is_open {
                // Nobody is recorded behind a closed panel.
                return own.cancel();
            }
            if is_recording != was_recording {
                was_recording = is_recording;
                let next = match is_recording {
                    true => own.bar.node().clone(),
                    false => field.clone().unchecked_into(),
                };
                // After the effects that show it. What cannot take the focus leaves it as it is.
                spawn(async move { drop(next.focus()) });
            }
            if !is_recording {
                own.microphone.take();
            }
        });
        recorder
    }

    /// The button that begins; not there where a voice message cannot be sent.
    pub fn button(&self, is_wanted: impl Fn() -> bool + 'static) -> El {
        let ui = self.ui;
        let can_record = ui.config.takes_voice && Microphone::is_there();
        let recorder = self.clone();
        button("quiet", move || recorder.clone().start())
            .set("aria-label", &ui.texts.record)
            .append(&icon(MICROPHONE))
            .show_if(move || can_record && is_wanted())
    }

    /// The bar: cancel, level, time, send.
    pub fn bar(&self) -> El {
        let ui = self.ui;
        let seconds = move || ui.state.panel.get().recorded;
        let time = move || Some(clock(seconds()?) + " / " + &clock(VOICE_SECONDS));
        let (cancelled, sent) = (self.clone(), self.clone());
        self.bar
            .clone()
            .child(
                &button("quiet", move || cancelled.cancel())
                    .set("aria-label", &ui.texts.cancel)
                    .append(&icon(CLOSE)),
            )
            .child(
                &el("span", "unheard")
                    .set("role", "status")
                    .show_text(move || seconds().map(|_| ui.texts.recording.clone())),
            )
            .child(&el("span", "level").set("aria-hidden", "true").child(&self.meter))
            .child(&el("span", "time").show_text(time))
            .child(
                &button("send", move || sent.clone().send())
                    .set("aria-label", &ui.texts.send)
                    .append(&icon(SEND)),
            )
            .show_if(move || seconds().is_some())
    }

    fn start(self) {
        let state = self.ui.state;
        state.notice.set(String::new());
        state.change(|panel| panel.recorded = Some(0));
        spawn(async move {
            let started = Microphone::start().await;
            // The visitor may have thought better of it while the browser asked.
            if state.now().recorded.is_none() {
                return;
            }
            let Ok(microphone) = started else {
                self.cancel();
                return state.notice.set(self.ui.texts.no_microphone.clone());
            };
            self.microphone.replace(Some(microphone));
            self.watch().await;
        });
    }

    /// Follows time and level until the recording is over.
    async fn watch(&self) {
        let (state, began, pause) = (self.ui.state, now(), Pause::default());
        while let Some(level) = self.level() {
            let seconds = (now().millis_since(began) / 1_000) as u32;
            let width = (level * 100.0) as u32;
            let style = property(self.meter.node(), "style");
            set_property(&style, "width", &(width.to_string() + "%").into());
            state.change(|panel| {
                panel.recorded = panel.recorded.map(|_| seconds.min(VOICE_SECONDS))
            });
            if seconds >= VOICE_SECONDS {
                // What there is can still be sent.
                return self.microphone.borrow().iter().for_each(Microphone::pause);
            }
            pause.wait(LOOK_MILLIS).await;
        }
    }

    /// How loud it is; `None` once the recording is over.
    fn level(&self) -> Option<f64> {
        self.microphone.borrow().as_ref().map(Microphone::level)
    }

    fn cancel(&self) {
        self.microphone.take();
        self.ui.state.change(|panel| panel.recorded = None);
    }

    fn send(self) {
        let (ui, microphone) = (self.ui, self.microphone.take());
        let seconds = ui.state.now().recorded;
        self.cancel();
        let (Some(microphone), Some(seconds)) = (microphone, seconds) else { return };
        spawn(async move {
            match microphone.finish().await {
                Ok(blob) => ui.client.send_voice(blob, seconds),
                Err(_) => ui.state.notice.set(ui.texts.something_wrong.clone()),
            }
        });
    }
}
