use cavuer_protocol::{Attachment, AttachmentContent, Author, Message, Timestamp};

use crate::text::t;
use crate::time::{date, same_day};

/// Messages of one author within this time stand together.
const GROUP_MILLIS: i64 = 2 * 60 * 1000;

/// A message and how it stands to the one before.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub message: Message,
    /// The first of its day: the day's name.
    pub day: Option<String>,
    /// The first of its group: author and time are shown.
    pub leads: bool,
}

/// Groups messages by author and day.
pub fn entries(messages: &[Message], now: Timestamp) -> Vec<Entry> {
    let mut before: Option<&Message> = None;
    messages
        .iter()
        .map(|message| {
            let new_day = before.is_none_or(|b| !same_day(b.created_at, message.created_at));
            let follows = before.is_some_and(|before| {
                before.author == message.author
                    && message.created_at.millis_since(before.created_at) < GROUP_MILLIS
            });
            before = Some(message);
            Entry {
                message: message.clone(),
                day: new_day.then(|| day_name(message.created_at, now)),
                leads: new_day || !follows,
            }
        })
        .collect()
}

/// How many of its voice messages have a transcript.
pub fn heard(message: &Message) -> usize {
    let is_heard = |attachment: &&Attachment| {
        matches!(attachment.content, AttachmentContent::Voice { transcript: Some(_), .. })
    };
    message.attachments.iter().filter(is_heard).count()
}

/// Who wrote it, in words.
pub fn author_name(author: &Author) -> String {
    match author {
        Author::Visitor => t().chats.visitor.to_owned(),
        Author::Agent { name } | Author::Operator { name } => name.clone(),
        Author::System => t().chats.system.to_owned(),
    }
}

/// The class that gives a message its side and colour.
pub const fn author_class(author: &Author) -> &'static str {
    match author {
        Author::Visitor => "is-visitor",
        Author::Agent { .. } => "is-agent",
        Author::Operator { .. } => "is-operator",
        Author::System => "is-system",
    }
}

fn day_name(at: Timestamp, now: Timestamp) -> String {
    if same_day(at, now) { t().time.today.to_owned() } else { date(at) }
}
