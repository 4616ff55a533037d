//! What the view shows, as signals. Only the client changes them.

use cavuer_protocol::{Attachment, Conversation, Message, MessageId, Timestamp};
use reactive_graph::prelude::*;
use reactive_graph::signal::RwSignal;

use crate::browser::is_visible;
use crate::outbox::Outbox;
use crate::timeline;

/// Few signals on purpose: each further type of one is code that every page carries.
#[derive(Clone, Copy)]
pub struct State {
    pub conversation: RwSignal<Conversation>,
    pub outbox: RwSignal<Outbox>,
    /// What the visitor is writing.
    pub text: RwSignal<String>,
    /// A plain sentence above the composer: why something does not work. Mostly empty.
    pub notice: RwSignal<String>,
    pub panel: RwSignal<Panel>,
}

/// How the panel stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Panel {
    pub is_open: bool,
    pub link: Link,
    /// `seq` of the last message that was read.
    pub read: i64,
    /// Whether it covers the whole screen.
    pub is_full_screen: bool,
    /// Whether the reader is at the end of the messages.
    pub at_end: bool,
    /// Whether something arrived that the reader has not scrolled to.
    pub has_news: bool,
    /// Seconds of the voice message that is being recorded.
    pub recorded: Option<u32>,
}

/// The connection, as far as the visitor cares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    #[default]
    Fine,
    Reconnecting,
    Offline,
}

impl State {
    pub fn new() -> Self {
        Self {
            conversation: RwSignal::default(),
            outbox: RwSignal::default(),
            text: RwSignal::default(),
            notice: RwSignal::default(),
            panel: RwSignal::new(Panel { at_end: true, ..Panel::default() }),
        }
    }

    /// The panel as it is now, without following it.
    pub fn now(self) -> Panel {
        self.panel.get_untracked()
    }

    /// Changes the panel; those who follow it hear of it only if something is different.
    pub fn change(self, change: impl FnOnce(&mut Panel)) {
        let before = self.now();
        let mut panel = before;
        change(&mut panel);
        if panel != before {
            self.panel.set(panel);
        }
    }

    pub fn set_link(self, link: Link) {
        self.change(|panel| panel.link = link);
    }

    /// Messages that arrived while the panel was closed.
    pub fn unread(self) -> usize {
        let panel = self.panel.get();
        if panel.is_open {
            return 0;
        }
        self.conversation.with(|conversation| timeline::unread(conversation, panel.read))
    }

    /// Whether the visitor has the newest message in front of them.
    pub fn is_looking(self) -> bool {
        self.now().is_open && is_visible()
    }

    pub fn last_seq(self) -> i64 {
        self.conversation.with_untracked(|conversation| {
            conversation.messages.last().map_or(0, |message| message.seq)
        })
    }

    /// Text and time of a message that is stored or on its way.
    pub fn text_of(self, id: MessageId) -> Option<(String, Timestamp)> {
        let stored = self.conversation.with_untracked(|c| {
            find(c, id).map(|message| (message.text.clone(), message.created_at))
        });
        stored.or_else(|| {
            self.outbox.with_untracked(|outbox| {
                let outgoing = outbox.get(id)?;
                Some((outgoing.text.clone(), outgoing.at))
            })
        })
    }

    /// What comes along with a message that is stored or on its way.
    pub fn files_of(self, id: MessageId) -> Vec<Attachment> {
        let stored = self
            .conversation
            .with_untracked(|c| find(c, id).map(|message| message.attachments.clone()));
        stored.unwrap_or_else(|| {
            self.outbox.with_untracked(|outbox| {
                outbox.files_of(Some(id)).map(|upload| upload.file.clone()).collect()
            })
        })
    }
}

pub fn find(conversation: &Conversation, id: MessageId) -> Option<&Message> {
    conversation.messages.iter().rev().find(|message| message.id == id)
}
