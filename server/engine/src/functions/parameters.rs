use std::fmt;
use std::sync::Arc;

use cavuer_protocol::notice::{self, Notice};
use jsonschema::{PatternOptions, Validator};
use serde_json::{Map, Value};

/// Problems that a model is told of at once.
const TOLD: usize = 5;

/// The JSON Schema of a function's arguments, ready to check some.
#[derive(Clone)]
pub(crate) struct Parameters {
    pub schema: Value,
    validator: Arc<Validator>,
}

/// Why arguments do not fit: the problems that the schema's validator found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misfit(String);

impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Parameters({})", self.schema)
    }
}

impl Parameters {
    /// Reads a schema as an owner writes it. It may refer to its own parts, but to nothing outside.
    ///
    /// # Errors
    /// What is wrong with it and what would be right.
    pub(crate) fn parse(text: &str) -> Result<Self, Notice> {
        let schema: Value = serde_json::from_str(text)
            .map_err(|error| notice::parameters_not_json(error.to_string()))?;
        if schema["type"] != "object" {
            return Err(notice::parameters_not_of_object());
        }
        // Patterns run in linear time, whatever the schema and the arguments are.
        let validator = jsonschema::options()
            .with_pattern_options(PatternOptions::regex())
            .build(&schema)
            .map_err(|error| notice::parameters_no_schema(error.to_string()))?;
        Ok(Self { schema, validator: Arc::new(validator) })
    }

    /// Whether an argument of this name is described.
    pub(crate) fn describes(&self, name: &str) -> bool {
        self.schema["properties"].get(name).is_some()
    }

    /// Checks arguments.
    ///
    /// # Errors
    /// What does not fit.
    pub(crate) fn check(&self, arguments: &Map<String, Value>) -> Result<(), Misfit> {
        let arguments = Value::Object(arguments.clone());
        let problems = self
            .validator
            .iter_errors(&arguments)
            .take(TOLD)
            .map(|error| match error.instance_path().to_string() {
                path if path.is_empty() => error.to_string(),
                path => format!("{path}: {error}"),
            })
            .collect::<Vec<_>>();
        if problems.is_empty() {
            return Ok(());
        }
        Err(Misfit(problems.join("; ")))
    }
}

impl Misfit {
    /// In words that help the model to mend it.
    // tidy allows sentences: the model that called reads them
    pub(crate) fn for_model(&self) -> String {
        format!("{} Call it again with corrected arguments.", self.reason().english())
    }

    /// For the owner who tries the function.
    pub(crate) fn reason(&self) -> Notice {
        notice::arguments_misfit(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(schema: Value, arguments: Value) -> Result<(), String> {
        let Value::Object(arguments) = arguments else { panic!("an object") };
        let parameters = Parameters::parse(&schema.to_string()).unwrap();
        parameters.check(&arguments).map_err(|misfit| misfit.for_model())
    }

    #[test]
    fn arguments_are_held_to_the_schema() {
        let schema = json!({
            "type": "object",
            "properties": {
                "order": {"type": "string", "pattern": "^[0-9]{1,6}$"},
                "with": {"enum": ["lines", "status"]},
            },
            "required": ["order"],
            "additionalProperties": false,
        });
        assert_eq!(check(schema.clone(), json!({"order": "12", "with": "lines"})), Ok(()));
        for wrong in [
            json!({}),
            json!({"order": 12}),
            json!({"order": "x"}),
            json!({"order": "1", "more": 1}),
        ] {
            let told = check(schema.clone(), wrong).unwrap_err();
            assert!(told.contains("schema") && told.ends_with("corrected arguments."), "{told}");
        }
    }

    #[test]
    fn what_is_no_schema_of_an_object_is_refused() {
        for wrong in [
            "",
            "{",
            "[]",
            "{}",
            "{\"type\": \"string\"}",
            "{\"type\": \"object\", \"properties\": 3}",
            "{\"type\": \"object\", \"required\": \"x\"}",
            "{\"type\": \"object\", \"properties\": {\"a\": {\"pattern\": \"(\"}}}",
        ] {
            assert!(Parameters::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn nothing_is_fetched_from_outside() {
        for reference in ["http://169.254.169.254/schema", "file:///etc/passwd"] {
            let schema = json!({"type": "object", "properties": {"a": {"$ref": reference}}});
            assert!(Parameters::parse(&schema.to_string()).is_err(), "{reference}");
        }
        let own = json!({
            "type": "object",
            "$defs": {"id": {"type": "integer"}},
            "properties": {"a": {"$ref": "#/$defs/id"}},
        });
        assert!(check(own.clone(), json!({"a": "x"})).is_err());
        assert!(check(own, json!({"a": 1})).is_ok());
    }

    #[test]
    fn hostile_patterns_take_no_time() {
        let schema = json!({"type": "object", "properties": {"a": {"pattern": "^(a+)+$"}}});
        assert!(check(schema, json!({"a": format!("{}!", "a".repeat(50_000))})).is_err());
    }
}
