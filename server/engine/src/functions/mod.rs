//! Functions that owners give to their agents: requests to addresses of their choice.
//!
//! Whatever a model asks for is checked here before anything leaves: the arguments against the
//! owner's JSON Schema, and the address, into which arguments go percent-encoded, so that none can
//! lead to another host or path. The request itself goes through [`cavuer_models::outbound`].

mod accept;
mod address;
mod call;
mod parameters;
mod setup;

pub use address::{Address, BadValue};
pub use call::{Answer, call};
pub use parameters::Parameters;
pub use setup::{create, replace, try_out};

use cavuer_protocol::FunctionId;
use cavuer_protocol::console::FunctionMethod;
use cavuer_protocol::notice::{self, Notice};

use crate::Engine;
use cavuer_protocol::Secret;
use cavuer_store::StoredFunction;

/// A function that is ready to be called: its secrets are open.
#[derive(Clone, Debug)]
pub struct Callable {
    pub method: FunctionMethod,
    pub address: Address,
    pub parameters: Parameters,
    /// Names in lower case.
    pub headers: Vec<(String, Secret)>,
    pub timeout_seconds: u32,
}

impl Callable {
    /// Makes a stored function ready.
    ///
    /// # Errors
    /// What is wrong with it, for its owner. It was checked when it was saved, so this happens only
    /// when the server's key for sealing is another one by now.
    pub fn open(engine: &Engine, stored: &StoredFunction) -> Result<Self, Notice> {
        let headers = stored.headers.iter().map(|(name, sealed)| {
            let value = engine
                .vault
                .unseal(sealed, &owner(stored.id, name))
                .map_err(|_| notice::header_unreadable(name))?;
            Ok((name.clone(), value))
        });
        Ok(Self {
            method: stored.method,
            address: Address::parse(&stored.address)?,
            parameters: Parameters::parse(&stored.parameters)?,
            headers: headers.collect::<Result<_, Notice>>()?,
            timeout_seconds: stored.timeout_seconds,
        })
    }
}

/// The value of a header as it is stored: sealed for this function and this name.
pub fn seal(engine: &Engine, function: FunctionId, name: &str, value: &Secret) -> Vec<u8> {
    engine.vault.seal(value, &owner(function, name), &engine.random)
}

fn owner(function: FunctionId, name: &str) -> Vec<u8> {
    [b"function ", function.0.as_bytes().as_slice(), name.as_bytes()].concat()
}
