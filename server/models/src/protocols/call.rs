use serde_json::Value;
use url::Url;

/// A request to a provider: a JSON body for an address.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    pub url: Url,
    pub body: Value,
}
