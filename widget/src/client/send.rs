//! From the composer to the server.

use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{ConversationEvent, Message, ProblemCode, accept_text};
use reactive_graph::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::Client;
use crate::api::{Failure, decode};
use crate::browser::{is_online, new_message_id, now, random};
use crate::outbox::{Delivery, Outgoing};
use crate::state::Link;
use crate::storage::Unsent;
use crate::wire;

impl Client {
    /// The visitor changed the text in the composer.
    pub fn write(&self, text: String) {
        self.state.text.set(text);
        self.save_unsent();
    }

    /// Sends what stands in the composer. It is on the screen at once.
    pub fn send(&'static self) {
        let Ok(text) = self.state.text.with_untracked(|text| accept_text(text)) else {
            return;
        };
        let outgoing = Outgoing { id: new_message_id(), text, at: now() };
        self.state.notice.set(String::new());
        self.state.text.set(String::new());
        self.state.outbox.update(|outbox| outbox.push(outgoing));
        self.save_unsent();
        self.post_all();
    }

    /// The visitor asks for another try.
    pub fn retry(&'static self) {
        self.state.outbox.update(|outbox| outbox.retry());
        self.outbox_pause.wake();
        self.post_all();
    }

    /// Posts what waits, one message after the other.
    pub(super) fn post_all(&'static self) {
        if self.state.outbox.with_untracked(|outbox| outbox.head().is_none())
            || self.posting.replace(true)
        {
            return;
        }
        self.session.has_written.set(true);
        spawn_local(async {
            while let Some(next) = self.state.outbox.with_untracked(|o| o.head().cloned()) {
                match self.post(&next).await {
                    Ok(message) => {
                        self.apply(ConversationEvent::MessageAdded { message });
                        self.live_start();
                    }
                    Err(failure) => self.not_posted(&next, failure).await,
                }
            }
            self.posting.set(false);
        });
    }

    async fn post(&'static self, outgoing: &Outgoing) -> Result<Message, Failure> {
        let body = wire::post_message(&PostMessage::new(outgoing.id, outgoing.text.clone()));
        decode(&self.call("messages", Some(&body)).await?)
    }

    async fn not_posted(&self, outgoing: &Outgoing, failure: Failure) {
        if self.refuse(&failure) {
            return self.give_back(|_| true);
        }
        match failure {
            Failure::Refused { code: ProblemCode::RateLimited, retry_seconds, .. } => {
                self.count_down(retry_seconds).await
            }
            Failure::Refused { status, code, detail, .. }
                if status < 500 && code != ProblemCode::SessionInvalid =>
            {
                self.give_back(|entry| entry.id == outgoing.id);
                let reason = Some(detail).filter(|detail| !detail.is_empty());
                self.tell(reason.as_ref().unwrap_or(&self.texts().something_wrong));
            }
            _ => self.wait_for_better_times().await,
        }
    }

    /// Waits as long as the server asks for, and shows how long that still is.
    async fn count_down(&self, seconds: u32) {
        for left in (1..=seconds.max(1)).rev() {
            self.state.outbox.update(|outbox| outbox.limited(left));
            self.outbox_pause.wait(1_000).await;
            if self.state.outbox.with_untracked(|o| o.delivery == Delivery::Sending) {
                return;
            }
        }
        self.state.outbox.update(|outbox| outbox.delivery = Delivery::Sending);
    }

    /// Waits for a while, or without a network for as long as it takes.
    async fn wait_for_better_times(&self) {
        if !is_online() {
            self.state.set_link(Link::Offline);
            self.state.outbox.update(|outbox| outbox.delivery = Delivery::Waiting);
            return self.outbox_pause.sleep().await;
        }
        let wait = self.state.outbox.try_update(|outbox| outbox.failed(random())).flatten();
        if let Some(millis) = wait {
            self.outbox_pause.wait(millis).await;
        }
    }

    /// Puts messages that cannot be sent back into the composer, above what stands there.
    fn give_back(&self, which: impl Fn(&Outgoing) -> bool) {
        let mut texts =
            self.state.outbox.try_update(|outbox| outbox.take(which)).unwrap_or_default();
        self.state.text.update(|text| {
            texts.push(std::mem::take(text));
            texts.retain(|text| !text.is_empty());
            *text = texts.join("\n");
        });
        self.save_unsent();
    }

    pub(super) fn save_unsent(&self) {
        self.store.save_unsent(&Unsent {
            owner: self.owner(),
            draft: self.state.text.get_untracked(),
            outgoing: self.state.outbox.with_untracked(|outbox| outbox.entries.clone()),
        });
    }
}
