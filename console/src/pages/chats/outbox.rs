use std::collections::HashMap;

use leptos::prelude::*;

use cavuer_protocol::{Attachment, ConversationId, MessageId};

/// A reply that the server has not confirmed.
#[derive(Clone, Debug, PartialEq)]
pub struct Outgoing {
    /// Stays the same over every try, so that nothing is sent twice.
    pub id: MessageId,
    pub text: String,
    pub attachments: Vec<Attachment>,
    /// Why the last try failed; `None` while it is under way.
    pub failure: Option<String>,
}

/// Replies under way, by conversation. They stay while the operator reads other chats.
#[derive(Clone, Copy)]
pub struct Outbox(RwSignal<HashMap<ConversationId, Vec<Outgoing>>>);

impl Outbox {
    pub fn new() -> Self {
        Self(RwSignal::new(HashMap::new()))
    }

    pub fn of(self, conversation: ConversationId) -> Vec<Outgoing> {
        self.0.with(|all| all.get(&conversation).cloned().unwrap_or_default())
    }

    /// Notes a try that begins.
    pub fn begin(
        self,
        conversation: ConversationId,
        id: MessageId,
        text: String,
        attachments: Vec<Attachment>,
    ) {
        self.0.update(|all| {
            let own = all.entry(conversation).or_default();
            match own.iter_mut().find(|outgoing| outgoing.id == id) {
                Some(known) => known.failure = None,
                None => own.push(Outgoing { id, text, attachments, failure: None }),
            }
        });
    }

    pub fn fail(self, conversation: ConversationId, id: MessageId, reason: String) {
        self.0.try_update(|all| {
            let own = all.entry(conversation).or_default();
            if let Some(known) = own.iter_mut().find(|outgoing| outgoing.id == id) {
                known.failure = Some(reason);
            }
        });
    }

    pub fn remove(self, conversation: ConversationId, id: MessageId) {
        self.0.try_update(|all| {
            if let Some(own) = all.get_mut(&conversation) {
                own.retain(|outgoing| outgoing.id != id);
            }
        });
    }
}
