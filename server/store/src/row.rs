//! How columns become the domain's types, where more than one use case needs it.

use cavuer_protocol::{Author, Handling, Message, MessageId, Timestamp};
use rusqlite::Row;
use rusqlite::types::Type;
use serde::Serialize;
use serde::de::value::StrDeserializer;
use serde::de::{DeserializeOwned, IntoDeserializer as _};
use uuid::Uuid;

/// A message from a row that begins with `id, seq, author, author_name, text, created_at`. What
/// came with it and what it is from are in rows of their own.
pub(crate) fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        id: MessageId(row.get(0)?),
        seq: row.get(1)?,
        author: author(row, 2)?,
        text: row.get(4)?,
        attachments: Vec::new(),
        created_at: timestamp(row, 5)?,
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

/// The moment in a column.
pub(crate) fn timestamp(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp)
}

/// The moment in a column that may be empty.
pub(crate) fn optional_timestamp(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<Timestamp>> {
    Ok(row.get::<_, Option<i64>>(column)?.map(Timestamp))
}

/// The id in a column; `kind` is the id's constructor.
pub(crate) fn id<T>(
    row: &Row<'_>,
    column: usize,
    kind: impl FnOnce(Uuid) -> T,
) -> rusqlite::Result<T> {
    row.get(column).map(kind)
}

/// A column with the word that stands for one of a few choices: the same as on the wire.
pub(crate) fn word<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let word: StrDeserializer<'_, serde::de::value::Error> =
        row.get_ref(column)?.as_str()?.into_deserializer();
    T::deserialize(word).map_err(|error| unreadable(column, error.to_string()))
}

/// What is stored for [`word`].
pub(crate) fn word_column<T: Serialize>(choice: &T) -> rusqlite::Result<String> {
    match serde_json::to_value(choice) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        other => Err(rusqlite::Error::ToSqlConversionFailure(format!("{other:?}").into())),
    }
}

/// A column that holds JSON, or nothing.
pub(crate) fn optional_json<T: DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<T>> {
    let json = row.get::<_, Option<String>>(column)?;
    json.map(|json| serde_json::from_str(&json))
        .transpose()
        .map_err(|error| unreadable(column, error.to_string()))
}

/// What is stored for [`optional_json`].
pub(crate) fn json_column<T: Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// Changes what a request names and leaves the rest as it is.
pub(crate) fn set<T>(place: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *place = value;
    }
}

/// A column whose content this program never writes: the file was damaged or altered.
pub(crate) fn unreadable(column: usize, what: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Text, what.into())
}

/// The author in the column and the name in the column after it.
fn author(row: &Row<'_>, column: usize) -> rusqlite::Result<Author> {
    let kind = row.get::<_, String>(column)?;
    let name = row.get(column + 1)?;
    match kind.as_str() {
        "visitor" => Ok(Author::Visitor),
        "agent" => Ok(Author::Agent { name }),
        "operator" => Ok(Author::Operator { name }),
        "system" => Ok(Author::System),
        other => Err(unreadable(column, format!("unknown author {other:?}"))),
    }
}
