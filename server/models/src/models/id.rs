use cavuer_protocol::ProviderId;

use super::environment::{ENVIRONMENT, Environment};

/// Id of the answerer that needs no provider; what a new server uses.
pub const BUILT_IN_MODEL: &str = "built-in";

/// Which model an agent's model id means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelId {
    /// The built-in answerer, which asks nobody.
    BuiltIn,
    /// A model of a provider that the server's configuration sets up.
    Environment {
        /// Found by the part before the first slash.
        provider: &'static Environment,
        /// The provider's name for the model: visible ASCII, slashes included.
        name: String,
    },
    /// A model of a provider that a workspace has set up.
    Own {
        /// The part before the first slash; whether there is such a provider was not looked up.
        provider: ProviderId,
        /// The provider's name for the model: visible ASCII, slashes included.
        name: String,
    },
}

/// Longest model id, in bytes.
const MAX_ID_BYTES: usize = 200;

impl ModelId {
    /// Reads an id; `None` if it has the form of none. The provider's name for the model may
    /// itself contain slashes.
    pub fn parse(id: &str) -> Option<Self> {
        if id == BUILT_IN_MODEL {
            return Some(Self::BuiltIn);
        }
        let (prefix, name) = id.split_once('/')?;
        if id.len() > MAX_ID_BYTES || !is_name(name) {
            return None;
        }
        let name = name.to_owned();
        match ENVIRONMENT.iter().find(|provider| provider.prefix() == prefix) {
            Some(provider) => Some(Self::Environment { provider, name }),
            None => Some(Self::Own { provider: prefix.parse().ok()?, name }),
        }
    }
}

/// Whether a provider can have this name for a model, as far as the form goes.
pub fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_graphic())
}
