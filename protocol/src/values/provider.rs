//! What a provider is.

use serde::{Deserialize, Serialize};

/// Which protocol a provider speaks, and how it wants to be signed in to.
// A word that the server knows; which there are, and what is to know of each, is told with the
// list of providers. So neither this crate nor the console has to know them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(transparent)]
pub struct ProviderKind(String);

impl ProviderKind {
    /// The word itself, as requests and the database have it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ProviderKind {
    fn from(kind: &str) -> Self {
        Self(kind.to_owned())
    }
}
