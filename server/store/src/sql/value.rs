use cavuer_protocol::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde::de::IntoDeserializer as _;
use serde::de::value::StrDeserializer;
use uuid::Uuid;

use crate::StoreError;

/// What a column holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Value {
    #[default]
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// What a placeholder stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Param<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    Real(f64),
    Text(&'a str),
    Blob(&'a [u8]),
}

/// Something that a statement can be given.
pub(crate) trait ToParam {
    fn to_param(&self) -> Param<'_>;
}

/// Something that a column can be read as.
pub(crate) trait FromValue: Sized {
    /// # Errors
    /// What was expected instead.
    fn from_value(value: Value) -> Result<Self, String>;
}

/// One of a few choices as the word that stands for it: the same as on the wire.
pub(crate) mod word {
    use super::*;

    /// The word to store.
    pub(crate) fn of<T: Serialize>(choice: &T) -> Result<String, StoreError> {
        match serde_json::to_value(choice) {
            Ok(serde_json::Value::String(word)) => Ok(word),
            other => Err(StoreError::fault(format!("a choice without a word: {other:?}"))),
        }
    }

    /// The choice that a stored word stands for.
    pub(crate) fn read<T: DeserializeOwned>(word: &str) -> Result<T, String> {
        let word: StrDeserializer<'_, serde::de::value::Error> = word.into_deserializer();
        T::deserialize(word).map_err(|error| error.to_string())
    }
}

/// Values that are kept as JSON.
pub(crate) mod json {
    use super::*;

    /// The JSON to store.
    pub(crate) fn of<T: Serialize>(value: &T) -> Result<String, StoreError> {
        serde_json::to_string(value).map_err(|error| StoreError::fault(error.to_string()))
    }

    /// The value that stored JSON stands for.
    pub(crate) fn read<T: DeserializeOwned>(json: &str) -> Result<T, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }
}

impl<T: ToParam> ToParam for Option<T> {
    fn to_param(&self) -> Param<'_> {
        self.as_ref().map_or(Param::Null, ToParam::to_param)
    }
}

impl<T: ToParam + ?Sized> ToParam for &T {
    fn to_param(&self) -> Param<'_> {
        (*self).to_param()
    }
}

impl ToParam for str {
    fn to_param(&self) -> Param<'_> {
        Param::Text(self)
    }
}

impl ToParam for String {
    fn to_param(&self) -> Param<'_> {
        Param::Text(self)
    }
}

impl ToParam for [u8] {
    fn to_param(&self) -> Param<'_> {
        Param::Blob(self)
    }
}

impl ToParam for Vec<u8> {
    fn to_param(&self) -> Param<'_> {
        Param::Blob(self)
    }
}

impl ToParam for Uuid {
    fn to_param(&self) -> Param<'_> {
        Param::Blob(self.as_bytes())
    }
}

impl ToParam for bool {
    fn to_param(&self) -> Param<'_> {
        Param::Bool(*self)
    }
}

impl ToParam for f64 {
    fn to_param(&self) -> Param<'_> {
        Param::Real(*self)
    }
}

impl ToParam for Timestamp {
    fn to_param(&self) -> Param<'_> {
        Param::Integer(self.0)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Text(text) => Ok(text),
            other => Err(expected("text", &other)),
        }
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Blob(bytes) => Ok(bytes),
            other => Err(expected("bytes", &other)),
        }
    }
}

impl FromValue for Uuid {
    fn from_value(value: Value) -> Result<Self, String> {
        let bytes = Vec::<u8>::from_value(value)?;
        Self::from_slice(&bytes).map_err(|error| error.to_string())
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Integer(number) => Ok(number != 0),
            other => Err(expected("yes or no", &other)),
        }
    }
}

impl FromValue for f64 {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Real(number) => Ok(number),
            Value::Integer(number) => Ok(number as Self),
            other => Err(expected("a number", &other)),
        }
    }
}

impl FromValue for Timestamp {
    fn from_value(value: Value) -> Result<Self, String> {
        i64::from_value(value).map(Self)
    }
}

macro_rules! integers {
    ($($integer:ty),*) => {
        $(
            impl ToParam for $integer {
                fn to_param(&self) -> Param<'_> {
                    Param::Integer(i64::from(*self))
                }
            }

            impl FromValue for $integer {
                fn from_value(value: Value) -> Result<Self, String> {
                    match value {
                        Value::Integer(number) => {
                            number.try_into().map_err(|_| format!("{number} is out of range"))
                        }
                        other => Err(expected("an integer", &other)),
                    }
                }
            }
        )*
    };
}

integers!(i64, i32, u32, u16, u8);

macro_rules! ids {
    ($($id:ident),*) => {
        $(
            impl ToParam for cavuer_protocol::$id {
                fn to_param(&self) -> Param<'_> {
                    Param::Blob(self.0.as_bytes())
                }
            }

            impl FromValue for cavuer_protocol::$id {
                fn from_value(value: Value) -> Result<Self, String> {
                    Uuid::from_value(value).map(Self)
                }
            }
        )*
    };
}

ids!(
    AgentId,
    ArticleId,
    AttachmentId,
    CallId,
    ChannelId,
    ConversationId,
    FunctionId,
    MessageId,
    ProviderId,
    TurnId,
    UserId,
    WorkspaceId
);

fn expected(what: &str, found: &Value) -> String {
    // Not the value itself: it may be what somebody wrote.
    let found = match found {
        Value::Null => "nothing",
        Value::Integer(_) => "an integer",
        Value::Real(_) => "a number",
        Value::Text(_) => "text",
        Value::Blob(_) => "bytes",
    };
    format!("{what} was expected, not {found}")
}
