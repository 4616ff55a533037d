//! What stands in the list of messages, in order: a pure function of the conversation.

use cavuer_protocol::{Author, Conversation, MessageId, Timestamp};

use crate::outbox::Outbox;

/// Messages of one author within this time stand together under one time.
const GROUP_MILLIS: i64 = 120_000;

/// One line of the list. Rows that are equal are the same element on the screen: whatever may
/// change while a message stands there is looked up by its id and not kept here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Row {
    pub id: MessageId,
    pub kind: RowKind,
    /// Whether author and time stand above it.
    pub starts_group: bool,
    /// The day that begins with it, as a number that rises by one a day.
    pub new_day: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowKind {
    /// The visitor's own message, on its way or stored.
    Own,
    /// A finished message of somebody else.
    Other,
    /// An answer that is still growing.
    Draft,
}

/// Rows of the stored messages, then what is on its way, then the growing answer. `day_of` numbers
/// days by the visitor's calendar.
pub fn rows(
    conversation: &Conversation,
    outbox: &Outbox,
    day_of: impl Fn(Timestamp) -> i64,
) -> Vec<Row> {
    let stored = conversation
        .messages
        .iter()
        .map(|message| (message.id, &message.author, message.created_at));
    let on_their_way = outbox
        .entries
        .iter()
        .filter(|outgoing| !conversation.contains(outgoing.id))
        .map(|outgoing| (outgoing.id, &Author::Visitor, outgoing.at));
    let mut rows = Vec::new();
    let mut last: Option<(&Author, Timestamp)> = None;
    for (id, author, at) in stored.chain(on_their_way) {
        let day = day_of(at);
        let same_day = last.is_some_and(|(_, before)| day_of(before) == day);
        let joins = last.is_some_and(|(other, before)| {
            other == author && at.millis_since(before) < GROUP_MILLIS
        });
        rows.push(Row {
            id,
            kind: match author {
                Author::Visitor => RowKind::Own,
                _ => RowKind::Other,
            },
            starts_group: !(joins && same_day),
            new_day: (!same_day).then_some(day),
        });
        last = Some((author, at));
    }
    if let Some(draft) = &conversation.draft {
        rows.push(Row {
            id: draft.message_id,
            kind: RowKind::Draft,
            starts_group: last.is_none_or(|(author, _)| *author != draft.author),
            new_day: None,
        });
    }
    rows
}

/// Messages of others after the place up to which the visitor has read.
pub fn unread(conversation: &Conversation, read: i64) -> usize {
    conversation
        .messages
        .iter()
        .filter(|message| message.seq > read && message.author != Author::Visitor)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::Outgoing;
    use cavuer_protocol::{Draft, Message};

    const MINUTE: i64 = 60_000;
    const DAY: i64 = 24 * 60 * MINUTE;

    fn id(number: i64) -> MessageId {
        MessageId::from_parts(number as u64, &[0; 10])
    }

    fn agent() -> Author {
        Author::Agent { name: "Ada".to_owned() }
    }

    fn conversation(messages: &[(Author, i64)]) -> Conversation {
        let messages = messages.iter().zip(1..).map(|((author, at), seq)| Message {
            id: id(seq),
            seq,
            author: author.clone(),
            text: String::new(),
            attachments: Vec::new(),
            created_at: Timestamp(*at),
            sources: Vec::new(),
        });
        Conversation { messages: messages.collect(), ..Conversation::default() }
    }

    fn shape(conversation: &Conversation, outbox: &Outbox) -> Vec<(RowKind, bool, Option<i64>)> {
        rows(conversation, outbox, |at| at.0 / DAY)
            .into_iter()
            .map(|row| (row.kind, row.starts_group, row.new_day))
            .collect()
    }

    #[test]
    fn groups_end_with_the_author_the_time_and_the_day() {
        use RowKind::{Other, Own};
        let conversation = conversation(&[
            (Author::Visitor, 0),
            (Author::Visitor, MINUTE),
            (Author::Visitor, 3 * MINUTE),
            (agent(), 3 * MINUTE),
            (agent(), DAY),
        ]);
        assert_eq!(
            shape(&conversation, &Outbox::default()),
            [
                (Own, true, Some(0)),
                (Own, false, None),
                (Own, true, None),
                (Other, true, None),
                (Other, true, Some(1)),
            ]
        );
    }

    #[test]
    fn what_is_on_its_way_follows_and_the_draft_ends_the_list() {
        let mut conversation = conversation(&[(agent(), 0)]);
        conversation.draft =
            Some(Draft { message_id: id(9), author: agent(), text: String::new() });
        let mut outbox = Outbox::default();
        for number in [1, 8] {
            outbox.push(Outgoing { id: id(number), text: String::new(), at: Timestamp(0) });
        }
        let rows = rows(&conversation, &outbox, |_| 0);
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        assert_eq!(ids, [id(1), id(8), id(9)]);
        assert_eq!(rows[2].kind, RowKind::Draft);
    }

    #[test]
    fn a_stored_message_stays_the_same_row() {
        let mut outbox = Outbox::default();
        outbox.push(Outgoing { id: id(1), text: String::new(), at: Timestamp(0) });
        let before = rows(&Conversation::default(), &outbox, |_| 0);
        let after = rows(&conversation(&[(Author::Visitor, 0)]), &outbox, |_| 0);
        assert_eq!(before, after);
    }

    #[test]
    fn only_messages_of_others_are_unread() {
        let conversation = conversation(&[(agent(), 0), (Author::Visitor, 0), (agent(), 0)]);
        assert_eq!(unread(&conversation, 0), 2);
        assert_eq!(unread(&conversation, 1), 1);
        assert_eq!(unread(&conversation, 3), 0);
    }
}
