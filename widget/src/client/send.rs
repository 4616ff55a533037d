//! From the composer to the server.

use cavuer_protocol::widget::PostMessage;
use cavuer_protocol::{
    ConversationEvent, Message, MessageId, ProblemCode, accept_caption, accept_text,
};
use reactive_graph::prelude::*;

use super::Client;
use crate::api::{Ask, Failure, decode};
use crate::browser::{is_online, new_id, now, random, spawn};
use crate::outbox::{Delivery, Outbox, Outgoing, UploadState};
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
        let has_files = self.state.outbox.with_untracked(Outbox::has_files);
        let accept = if has_files { accept_caption } else { accept_text };
        let Ok(text) = self.state.text.with_untracked(|text| accept(text)) else {
            return;
        };
        let id = new_id(MessageId::from_parts);
        self.state.notice.set(String::new());
        self.state.text.set(String::new());
        self.state.outbox.update(|outbox| {
            outbox.take_along(id);
            outbox.push(Outgoing { id, text, at: now() });
        });
        self.save_unsent();
        self.send_all();
    }

    /// The visitor asks for another try.
    pub fn retry(&'static self) {
        self.state.outbox.update(|outbox| outbox.retry());
        self.outbox_pause.wake();
        self.send_all();
    }

    /// Posts what waits, one message after the other, and uploads files between them.
    pub(super) fn send_all(&'static self) {
        if self.posting.replace(true) {
            return;
        }
        spawn(async {
            let next = || {
                self.state
                    .outbox
                    .with_untracked(|o| (o.head().cloned(), o.next_upload().map(|u| u.file.id)))
            };
            loop {
                match next() {
                    (Some(message), _) => self.post(&message).await,
                    (None, Some(file)) => self.upload(file).await,
                    (None, None) => break,
                }
            }
            self.posting.set(false);
        });
    }

    async fn post(&'static self, outgoing: &Outgoing) {
        self.session.has_written.set(true);
        let attachments = self.state.outbox.with_untracked(|outbox| {
            outbox.files_of(Some(outgoing.id)).map(|upload| upload.file.id).collect()
        });
        let body = wire::post_message(&PostMessage {
            id: outgoing.id,
            text: outgoing.text.clone(),
            attachments,
        });
        let answer = self.call("messages", Ask::Post(&body)).await;
        match answer.and_then(|answer| decode::<Message>(&answer)) {
            Ok(message) => {
                // Where its event was quicker, that may tell more, such as what a voice message says.
                let is_known = self.state.conversation.with_untracked(|c| c.contains(message.id));
                if !is_known {
                    self.apply(ConversationEvent::MessageAdded { message });
                }
                self.live_start();
            }
            Err(failure) => self.not_posted(outgoing, failure).await,
        }
    }

    async fn not_posted(&self, outgoing: &Outgoing, failure: Failure) {
        if self.refuse(&failure) {
            return self.give_back(&|_| true);
        }
        match failure {
            Failure::Refused { code: ProblemCode::RateLimited, retry_seconds, .. } => {
                self.count_down(retry_seconds).await
            }
            Failure::Refused { status, code, detail, .. }
                if status < 500 && code != ProblemCode::SessionInvalid =>
            {
                self.give_back(&|entry| entry.id == outgoing.id);
                let reason = Some(detail).filter(|detail| !detail.is_empty());
                self.tell(reason.as_ref().unwrap_or(&self.texts().something_wrong));
            }
            _ => self.wait_for_better_times().await,
        }
    }

    /// Waits as long as the server asks for, and shows how long that still is.
    pub(super) async fn count_down(&self, seconds: u32) {
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
    pub(super) async fn wait_for_better_times(&self) {
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
    pub(super) fn give_back(&self, which: &dyn Fn(&Outgoing) -> bool) {
        let texts = self.state.outbox.try_update(|outbox| outbox.take(which)).unwrap_or_default();
        self.state.text.update(|text| {
            *text = joined(texts.into_iter().chain([std::mem::take(text)]));
        });
        self.save_unsent();
    }

    /// Keeps what outlives the page: the text of a message whose files do not is a draft again.
    pub(super) fn save_unsent(&self) {
        let mut unsent = self.state.outbox.with_untracked(|outbox| Unsent {
            owner: self.owner(),
            draft: String::new(),
            outgoing: outbox.entries.clone(),
            uploads: outbox.uploads.clone(),
        });
        let is_whole = |entry: &Outgoing| {
            !unsent.uploads.iter().any(|u| u.message == Some(entry.id) && u.is_pending())
        };
        let (whole, broken) = unsent.outgoing.into_iter().partition::<Vec<_>, _>(is_whole);
        let broken = broken.into_iter().map(|entry| entry.text);
        unsent.draft = joined(broken.chain([self.state.text.get_untracked()]));
        unsent.outgoing = whole;
        unsent.uploads.retain(|upload| upload.state == UploadState::Done);
        self.store.save_unsent(&unsent);
    }
}

fn joined(texts: impl Iterator<Item = String>) -> String {
    texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n")
}
