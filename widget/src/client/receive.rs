//! What the server and the other tabs say.

use cavuer_protocol::ConversationEvent;
use cavuer_protocol::widget::OlderMessages;
use reactive_graph::prelude::*;

use super::Client;
use crate::api::{Ask, decode};
use crate::browser::spawn;
use crate::tabs::Told;
use crate::wire;

impl Client {
    /// The stream of this tab brought an event; the other tabs hear of it too.
    pub(super) fn receive(&self, id: String, data: String) {
        self.take_in(&id, &data);
        let visitor = self.live.visitor();
        self.tell_tabs(&Told::Event { visitor, id, data });
    }

    pub(super) fn hear(&'static self, told: Told) {
        let concerns_us = |visitor: &str| self.session.is_open() && self.live.visitor() == visitor;
        match told {
            Told::Event { visitor, id, data } if concerns_us(&visitor) => {
                self.live.heard_something();
                self.take_in(&id, &data);
            }
            Told::Alive { visitor } if concerns_us(&visitor) => self.live.heard_something(),
            Told::Read { visitor, seq } if concerns_us(&visitor) => {
                self.state.change(|panel| panel.read = seq.max(panel.read));
            }
            Told::Joined if self.store.record().is_some() => self.connect(),
            _ => {}
        }
    }

    /// Events of kinds that this version does not know are skipped.
    fn take_in(&self, id: &str, data: &str) {
        self.live.set_last_id(id);
        if let Some(event) = wire::decode::<ConversationEvent>(data) {
            self.apply(event);
            self.mark_read_if_looking();
        }
    }

    pub(super) fn apply(&self, event: ConversationEvent) {
        self.session.remember(&event);
        self.state.conversation.update(|conversation| conversation.apply(event));
        let conversation = self.state.conversation.read_untracked();
        let arrived = |id| conversation.contains(id);
        let any = self
            .state
            .outbox
            .with_untracked(|outbox| outbox.entries.iter().any(|entry| arrived(entry.id)));
        if any {
            self.state.outbox.update(|outbox| {
                outbox.settle(&arrived);
            });
            self.save_unsent();
        }
    }

    pub(super) fn mark_read_if_looking(&self) {
        if self.state.is_looking() {
            self.mark_read();
        }
    }

    /// The visitor sees the newest message.
    pub(super) fn mark_read(&self) {
        let seq = self.state.last_seq();
        if seq <= self.state.now().read {
            return;
        }
        self.state.change(|panel| panel.read = seq);
        if let Some(mut record) = self.store.record() {
            record.read = seq;
            self.store.save_record(&record);
        }
        let visitor = self.live.visitor();
        self.tell_tabs(&Told::Read { visitor, seq });
    }

    /// Fetches the page before the first message. A failure leaves everything as it is: reaching
    /// for the top again tries again.
    pub fn load_older(&'static self) {
        let first = self.state.conversation.with_untracked(|conversation| {
            let first = conversation.messages.first().map(|message| message.seq);
            first.filter(|_| conversation.has_older)
        });
        let Some(before) = first else { return };
        if self.loading_older.replace(true) {
            return;
        }
        spawn(async move {
            let path = "messages?before=".to_owned() + &before.to_string();
            let answer = self.call(&path, Ask::Text).await;
            if let Ok(older) = answer.and_then(|answer| decode::<OlderMessages>(&answer)) {
                self.state.conversation.update(|conversation| {
                    conversation.prepend(older.messages, older.has_older);
                });
            }
            self.loading_older.set(false);
        });
    }
}
