//! What events make of a conversation: the one function that changes it, for widget and console.

use crate::{Conversation, ConversationEvent, Draft, Message, MessageId};

impl Conversation {
    /// Applies one event. Applying an event again, or an old one after a newer snapshot, changes
    /// nothing that a later event would not also produce: snapshot and replay may overlap freely.
    pub fn apply(&mut self, event: ConversationEvent) {
        match event {
            ConversationEvent::Snapshot { conversation } => self.merge_snapshot(conversation),
            ConversationEvent::MessageAdded { message } => self.add(message),
            ConversationEvent::AnswerStarted { message_id, author } => {
                if !self.contains(message_id) {
                    self.draft = Some(Draft { message_id, author, text: String::new() });
                }
            }
            ConversationEvent::AnswerDelta { message_id, offset, text } => {
                self.grow(message_id, offset as usize, &text);
            }
            ConversationEvent::AnswerEnded { message_id } => self.end_draft(message_id),
            ConversationEvent::HandlingChanged { handling } => self.handling = handling,
        }
    }

    /// Puts an older page in front; messages that are already here are skipped.
    pub fn prepend(&mut self, older: Vec<Message>, has_older: bool) {
        for message in older {
            self.insert(message);
        }
        self.has_older = has_older;
    }

    /// Whether the message is among the known ones.
    pub fn contains(&self, id: MessageId) -> bool {
        self.messages.iter().any(|message| message.id == id)
    }

    /// A snapshot replaces the state, but older pages that this client already fetched stay,
    /// where they join on to it.
    fn merge_snapshot(&mut self, snapshot: Conversation) {
        let first_new = snapshot.messages.first().map(|message| message.seq);
        let known = std::mem::replace(self, snapshot);
        let overlaps = known.messages.iter().any(|message| self.contains(message.id));
        let (Some(first_new), true) = (first_new, overlaps) else {
            return;
        };
        for message in known.messages.into_iter().filter(|m| m.seq < first_new) {
            self.insert(message);
            self.has_older = known.has_older;
        }
    }

    fn add(&mut self, message: Message) {
        self.end_draft(message.id);
        self.insert(message);
    }

    fn insert(&mut self, message: Message) {
        match self.messages.iter_mut().find(|known| known.id == message.id) {
            Some(known) => *known = message,
            None => {
                let at = self.messages.partition_point(|known| known.seq < message.seq);
                self.messages.insert(at, message);
            }
        }
    }

    /// The server repeats the text from `offset` (bytes of UTF-8), so a repeated delta overwrites
    /// itself. One that would leave a hole is dropped: the finished message mends it.
    fn grow(&mut self, message_id: MessageId, offset: usize, text: &str) {
        let Some(draft) = self.draft.as_mut().filter(|draft| draft.message_id == message_id) else {
            return;
        };
        if draft.text.is_char_boundary(offset) {
            draft.text.truncate(offset);
            draft.text.push_str(text);
        }
    }

    fn end_draft(&mut self, message_id: MessageId) {
        if self.draft.as_ref().is_some_and(|draft| draft.message_id == message_id) {
            self.draft = None;
        }
    }
}
