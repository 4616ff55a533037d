use serde_json::Value;
use url::Url;

/// A request to a provider: a JSON body for an address.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Holds no key; that goes into a header.
    pub url: Url,
    /// Sent by POST, as JSON.
    pub body: Value,
}
