//! What visitors are told of the passages that answers are from.

use std::borrow::Cow;

use cavuer_protocol::{ConversationEvent, Message};

/// Whether an agent's visitors see which articles an answer is from. The console always does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Citations {
    /// Visitors get title, page and excerpt of each passage, but not the article's id.
    Shown,
    /// Visitors get none.
    Hidden,
}

impl Citations {
    /// What the owner of an agent has decided.
    pub const fn of(show: bool) -> Self {
        if show { Self::Shown } else { Self::Hidden }
    }

    /// Takes out of messages what visitors are not told.
    pub fn reduce(self, messages: &mut [Message]) {
        for message in messages {
            match self {
                Self::Hidden => message.sources.clear(),
                Self::Shown => message.sources.iter_mut().for_each(|source| source.article = None),
            }
        }
    }

    /// The event as visitors are told it.
    pub fn for_visitors(self, event: &ConversationEvent) -> Cow<'_, ConversationEvent> {
        let has_sources = |messages: &[Message]| messages.iter().any(|m| !m.sources.is_empty());
        match event {
            ConversationEvent::MessageAdded { message } if !message.sources.is_empty() => {
                let mut message = message.clone();
                self.reduce(std::slice::from_mut(&mut message));
                Cow::Owned(ConversationEvent::MessageAdded { message })
            }
            ConversationEvent::Snapshot { conversation } if has_sources(&conversation.messages) => {
                let mut conversation = conversation.clone();
                self.reduce(&mut conversation.messages);
                Cow::Owned(ConversationEvent::Snapshot { conversation })
            }
            _ => Cow::Borrowed(event),
        }
    }
}

#[cfg(test)]
mod tests {
    use cavuer_protocol::{ArticleId, Author, Conversation, MessageId, Source, Timestamp};

    use super::*;

    #[test]
    fn no_event_tells_visitors_more_than_they_may_know() {
        let source = Source {
            title: "Delivery".to_owned(),
            page: Some(7),
            excerpt: "By bicycle".to_owned(),
            article: Some(ArticleId::from_parts(0, &[1; 10])),
        };
        let message = Message {
            id: MessageId::from_parts(0, &[2; 10]),
            seq: 1,
            author: Author::System,
            text: "Hello".to_owned(),
            attachments: Vec::new(),
            created_at: Timestamp(0),
            sources: vec![source.clone()],
        };
        let messages = vec![message.clone()];
        let conversation = Conversation { messages, ..Conversation::default() };
        for event in [
            ConversationEvent::MessageAdded { message },
            ConversationEvent::Snapshot { conversation },
        ] {
            for (citations, expected) in [
                (Citations::Hidden, vec![]),
                (Citations::Shown, vec![Source { article: None, ..source.clone() }]),
            ] {
                let sources = match citations.for_visitors(&event).into_owned() {
                    ConversationEvent::MessageAdded { message } => message.sources,
                    ConversationEvent::Snapshot { mut conversation } => {
                        conversation.messages.remove(0).sources
                    }
                    other => panic!("{other:?}"),
                };
                assert_eq!(sources, expected);
            }
        }
    }
}
