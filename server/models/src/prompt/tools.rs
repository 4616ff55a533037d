//! Functions that a model may ask for, and what came of its asking.

use serde_json::{Map, Value};

/// A model's wish to have a function called.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToolCall {
    /// The provider's name for this call, by which its result is given back.
    pub id: String,
    /// Name of a [`Tool`], as far as the model kept to those it was given.
    pub name: String,
    /// The arguments as they came: meant to be a JSON object, but written by a model.
    pub arguments: String,
    /// What the provider wants to see again beside the call; of no meaning to anybody else.
    pub seal: Option<Value>,
}

impl ToolCall {
    /// The arguments as an object. Nothing at all stands for no arguments.
    ///
    /// # Errors
    /// If they are not a JSON object, with words that help the model to mend them.
    pub fn parsed(&self) -> Result<Map<String, Value>, BrokenArguments> {
        if self.arguments.trim().is_empty() {
            return Ok(Map::new());
        }
        match serde_json::from_str(&self.arguments) {
            Ok(Value::Object(arguments)) => Ok(arguments),
            Ok(_) => Err(BrokenArguments("they are not an object".to_owned())),
            Err(error) => Err(BrokenArguments(error.to_string())),
        }
    }

    /// The arguments as an object, whatever was written: providers refuse a history with others.
    pub(crate) fn repaired(&self) -> Map<String, Value> {
        self.parsed().unwrap_or_else(|_| {
            Map::from_iter([("unreadable".to_owned(), Value::String(self.arguments.clone()))])
        })
    }
}

/// A call's arguments are not what a function can be called with.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
// tidy allows sentences: the model that called reads them
#[error(
    "The arguments must be one JSON object, but {0}. Call the function again with corrected arguments."
)]
pub struct BrokenArguments(String);

/// Name of the tool by which an agent hands over to a person. Providers' models learn of it as of
/// any other; the built-in answerer knows it by name.
pub const HAND_OVER_TOOL: &str = "transfer_to_operator";

/// A function that a model may ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Tool {
    /// Up to 64 letters, digits, `_` and `-`, which is what all providers take.
    pub name: String,
    /// When to call it and what it does, for the model.
    pub description: String,
    /// JSON Schema of its arguments; the top must be of type `object`.
    pub parameters: Value,
}

/// Whether a model may ask for its tools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ToolChoice {
    /// As it sees fit.
    #[default]
    Free,
    /// Not any more: it is to answer in words from what it has been told. The tools themselves
    /// must still be named, because providers want to know those of earlier rounds.
    Closed,
}

/// One round of an answer under way: what the model said, and the calls that it asked for at once.
#[derive(Clone, Debug, PartialEq)]
pub struct ToolRound {
    /// What it said before the calls; often nothing.
    pub text: String,
    /// At least one, in the order in which the model asked for them.
    pub calls: Vec<AnsweredCall>,
}

/// A call, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct AnsweredCall {
    /// As the model asked for it.
    pub call: ToolCall,
    /// What the function gave back, or why it could not be called. Data, not instructions.
    pub result: String,
    /// Whether the model is told that it went wrong, in protocols that have a place for that.
    pub failed: bool,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn call(arguments: &str) -> ToolCall {
        ToolCall { arguments: arguments.to_owned(), ..ToolCall::default() }
    }

    #[test]
    fn arguments_are_an_object_or_the_model_is_told() {
        assert_eq!(call(" ").parsed().unwrap(), Map::new());
        assert_eq!(call("{\"a\":1}").parsed().unwrap()["a"], 1);
        for broken in ["{\"a\":", "[1]", "null", "\"x\"", "{} {}"] {
            let error = call(broken).parsed().unwrap_err().to_string();
            assert!(error.contains("one JSON object"), "{error}");
            assert_eq!(Value::Object(call(broken).repaired()), json!({"unreadable": broken}));
        }
    }
}
