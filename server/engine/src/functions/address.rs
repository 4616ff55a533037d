use std::collections::BTreeSet;

use cavuer_protocol::notice::{self, Notice};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use url::Url;

/// Everything but the unreserved characters of RFC 3986, 2.3.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An http(s) address with places for arguments in its path and query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Place(String),
}

/// An argument that cannot stand in the address, in words for the model.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The argument {name:?} {problem}")]
pub(crate) struct BadValue {
    name: String,
    problem: &'static str,
}

impl Address {
    /// Reads an address as an owner writes it.
    ///
    /// # Errors
    /// What is wrong with it and what would be right.
    pub(crate) fn parse(text: &str) -> Result<Self, Notice> {
        let address = Self { parts: parts(text)? };
        let host_ends = text
            .find("://")
            .and_then(|at| Some(at + 3 + text[at + 3..].find(['/', '?'])?))
            .unwrap_or(text.len());
        if text[..host_ends].contains('{') {
            return Err(notice::place_in_host());
        }
        let sample = address.with(|_| "x".to_owned());
        let url = Url::parse(&sample)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let Some(url) = url else {
            return Err(notice::no_http_address());
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(notice::address_with_password());
        }
        if url.fragment().is_some() {
            return Err(notice::address_with_fragment());
        }
        Ok(address)
    }

    /// The arguments that have a place in it.
    pub(crate) fn places(&self) -> BTreeSet<&str> {
        let places = self.parts.iter().filter_map(|part| match part {
            Part::Place(name) => Some(name.as_str()),
            Part::Text(_) => None,
        });
        places.collect()
    }

    /// The address with every place filled. Values are percent-encoded whole, so that none can end
    /// a segment, begin a query, or lead up the path.
    ///
    /// # Errors
    /// If a value cannot stand in its place.
    pub(crate) fn fill(&self, arguments: &Map<String, Value>) -> Result<Url, BadValue> {
        let mut text = String::new();
        for part in &self.parts {
            let name = match part {
                Part::Text(fixed) => {
                    text.push_str(fixed);
                    continue;
                }
                Part::Place(name) => name,
            };
            let bad = |problem| BadValue { name: name.clone(), problem };
            let value = match arguments.get(name) {
                None | Some(Value::Null) => String::new(),
                Some(Value::Array(_) | Value::Object(_)) => {
                    return Err(bad("must be a text, a number or a yes or no."));
                }
                Some(Value::String(value)) => value.clone(),
                Some(other) => other.to_string(),
            };
            let in_path = !text.contains('?');
            // A segment of dots would lead to another path, and an empty one to the list of all.
            if in_path && value.chars().all(|c| c == '.') {
                return Err(bad("must not be empty or consist of dots."));
            }
            text.extend(utf8_percent_encode(&value, RESERVED));
        }
        // The parsed address was checked when it was saved, and what was filled in is inert.
        Url::parse(&text)
            .map_err(|_| BadValue { name: String::new(), problem: "makes the address unreadable." })
    }

    /// Any address that may come of it; for checks of the host.
    pub(crate) fn sample(&self) -> Option<Url> {
        Url::parse(&self.with(|_| "x".to_owned())).ok()
    }

    fn with(&self, value: impl Fn(&str) -> String) -> String {
        let texts = self.parts.iter().map(|part| match part {
            Part::Text(text) => text.clone(),
            Part::Place(name) => value(name),
        });
        texts.collect()
    }
}

fn parts(text: &str) -> Result<Vec<Part>, Notice> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        let (fixed, from_mark) = rest.split_at(at);
        let name = from_mark.strip_prefix('{').and_then(|inner| inner.split_once('}'));
        let Some((name, behind)) = name.filter(|(name, _)| is_name(name)) else {
            return Err(notice::place_malformed());
        };
        parts.push(Part::Text(fixed.to_owned()));
        parts.push(Part::Place(name.to_owned()));
        rest = behind;
    }
    parts.push(Part::Text(rest.to_owned()));
    Ok(parts)
}

fn is_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    !name.is_empty() && name.chars().all(fits)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn filled(address: &str, arguments: Value) -> Result<String, BadValue> {
        let Value::Object(arguments) = arguments else { panic!("an object") };
        Address::parse(address).unwrap().fill(&arguments).map(String::from)
    }

    #[test]
    fn values_stay_in_their_place() {
        let address = "https://api.example.com/orders/{id}/lines?of={id}&q={q}";
        let hostile = "../../admin?x=1#y\\\r\nHost: evil%2e%2e/ü";
        let url = filled(address, json!({"id": hostile, "q": "a&b=c"})).unwrap();
        let url = Url::parse(&url).unwrap();
        assert_eq!(url.host_str(), Some("api.example.com"));
        assert_eq!(url.path_segments().unwrap().count(), 3);
        assert!(url.path().starts_with("/orders/") && url.path().ends_with("/lines"), "{url}");
        let pairs = url.query_pairs().into_owned().collect::<Vec<_>>();
        assert_eq!(
            pairs,
            [("of".to_owned(), hostile.to_owned()), ("q".to_owned(), "a&b=c".to_owned())]
        );
        assert_eq!(url.fragment(), None);
    }

    #[test]
    fn nothing_leads_up_the_path_or_to_the_list_of_all() {
        for value in ["", ".", "..", "..."] {
            assert!(filled("https://x.example/a/{id}", json!({"id": value})).is_err(), "{value:?}");
            assert!(filled("https://x.example/a?b={id}", json!({"id": value})).is_ok());
        }
        assert!(filled("https://x.example/a/{id}", json!({})).is_err());
        assert_eq!(
            filled("https://x.example/a/{id}/b", json!({"id": "%2e%2e"})).unwrap(),
            "https://x.example/a/%252e%252e/b"
        );
        assert!(filled("https://x.example/{id}", json!({"id": ["a"]})).is_err());
        assert_eq!(
            filled("https://x.example/{id}", json!({"id": 7.5})).unwrap(),
            "https://x.example/7.5"
        );
    }

    #[test]
    fn addresses_that_could_lead_anywhere_are_refused() {
        for wrong in [
            "",
            "example.com/x",
            "ftp://example.com/",
            "file:///etc/passwd",
            "https://{host}/x",
            "https://{host}.example.com/",
            "https://example.com:{port}/",
            "{scheme}://example.com/",
            "https://user:password@example.com/",
            "https://example.com/a#b",
            "https://example.com/{}",
            "https://example.com/{a b}",
            "https://example.com/{a",
            "https://example.com/a}",
            "https://example.com/{{a}}",
        ] {
            assert!(Address::parse(wrong).is_err(), "{wrong}");
        }
        let fine = Address::parse("https://example.com?q={q}").unwrap();
        assert_eq!(fine.places().into_iter().collect::<Vec<_>>(), ["q"]);
    }
}
