//! How columns become the domain's types, where more than one use case needs it.

use cavuer_protocol::values::DailyLimits;
use cavuer_protocol::{Author, Handling, Message};
use serde::Deserialize;

use crate::StoreError;
use crate::sql::Row;

/// Who wrote a message, as the word in `author` says it.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum AuthorKind {
    Visitor,
    Agent,
    Operator,
    System,
}

/// A message from a row with `id, seq, author, author_name, text, created_at`. What came with it
/// and what it is from are in rows of their own.
pub(crate) fn message(row: &mut Row) -> Result<Message, StoreError> {
    Ok(Message {
        id: row.get("id")?,
        seq: row.get("seq")?,
        author: author(row)?,
        text: row.get("text")?,
        attachments: Vec::new(),
        created_at: row.get("created_at")?,
        sources: Vec::new(),
    })
}

/// What is stored in `author` and `author_name`.
pub(crate) fn author_columns(author: &Author) -> (&'static str, &str) {
    match author {
        Author::Visitor => ("visitor", ""),
        Author::Agent { name } => ("agent", name),
        Author::Operator { name } => ("operator", name),
        Author::System => ("system", ""),
    }
}

/// Who answers, from the column `operator` of a conversation.
pub(crate) fn handling(operator: Option<String>) -> Handling {
    match operator {
        Some(name) => Handling::Operator { name },
        None => Handling::Agent,
    }
}

/// Changes what is given and leaves the rest as it is.
pub(crate) fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

fn author(row: &mut Row) -> Result<Author, StoreError> {
    let name = row.get("author_name")?;
    Ok(match row.word::<AuthorKind>("author")? {
        AuthorKind::Visitor => Author::Visitor,
        AuthorKind::Agent => Author::Agent { name },
        AuthorKind::Operator => Author::Operator { name },
        AuthorKind::System => Author::System,
    })
}

/// The limits in three columns of a channel, which have their names in the table.
pub(crate) fn limits(row: &mut Row) -> Result<DailyLimits, StoreError> {
    Ok(DailyLimits {
        answers: row.get("daily_answers")?,
        tokens: row.get("daily_tokens")?,
        visitor_answers: row.get("daily_visitor_answers")?,
    })
}
