use std::mem;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::value::{FromValue, Value, json, word};
use crate::StoreError;

/// A row, whose columns are read by name, each once.
#[derive(Debug)]
pub(crate) struct Row {
    columns: Arc<[Box<str>]>,
    values: Vec<Value>,
}

impl Row {
    /// A row with these columns and their values.
    pub(crate) fn new(columns: Arc<[Box<str>]>, values: Vec<Value>) -> Self {
        Self { columns, values }
    }

    /// What a column holds.
    ///
    /// # Errors
    /// A fault of ours or of the file: no such column, or another kind of value.
    pub(crate) fn get<T: FromValue>(&mut self, column: &str) -> Result<T, StoreError> {
        let place = self.columns.iter().position(|name| &**name == column);
        let place = place.ok_or_else(|| StoreError::fault(format!("no column {column:?}")))?;
        self.at(place)
    }

    /// What the first column holds.
    pub(crate) fn first<T: FromValue>(&mut self) -> Result<T, StoreError> {
        self.at(0)
    }

    /// One of a few choices, whose word a column holds.
    pub(crate) fn word<T: DeserializeOwned>(&mut self, column: &str) -> Result<T, StoreError> {
        let word: String = self.get(column)?;
        word::read(&word).map_err(|error| unreadable(column, &error))
    }

    /// What a column holds as JSON.
    pub(crate) fn json<T: DeserializeOwned>(&mut self, column: &str) -> Result<T, StoreError> {
        let json: String = self.get(column)?;
        json::read(&json).map_err(|error| unreadable(column, &error))
    }

    /// What a column holds as JSON, if it holds anything.
    pub(crate) fn optional_json<T: DeserializeOwned>(
        &mut self,
        column: &str,
    ) -> Result<Option<T>, StoreError> {
        let json: Option<String> = self.get(column)?;
        let read = json.map(|json| json::read(&json)).transpose();
        read.map_err(|error| unreadable(column, &error))
    }

    fn at<T: FromValue>(&mut self, place: usize) -> Result<T, StoreError> {
        let value = self.values.get_mut(place).map(mem::take).unwrap_or_default();
        T::from_value(value).map_err(|error| {
            let column = self.columns.get(place).map_or("?", |name| name);
            unreadable(column, &error)
        })
    }
}

/// A column whose content this program never writes: the file was damaged or altered.
pub(crate) fn unreadable(column: &str, what: &str) -> StoreError {
    StoreError::fault(format!("column {column:?} cannot be read: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row() -> Row {
        let columns = ["id", "name", "is_open"].map(Box::from).into();
        Row::new(columns, vec![Value::Integer(7), Value::Text("Ada".to_owned()), Value::Integer(1)])
    }

    #[test]
    fn columns_are_read_by_name_and_kind() {
        let mut row = row();
        assert_eq!(row.get::<String>("name").unwrap(), "Ada");
        assert_eq!(row.get::<Option<u32>>("id").unwrap(), Some(7));
        assert!(row.get::<bool>("is_open").unwrap());
    }

    #[test]
    fn what_cannot_be_read_names_the_column_and_not_the_value() {
        for error in [row().get::<i64>("name").unwrap_err(), row().get::<i64>("age").unwrap_err()] {
            let text = error.to_string();
            assert!(!text.contains("Ada") && (text.contains("name") || text.contains("age")));
        }
    }
}
