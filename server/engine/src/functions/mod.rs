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

pub(crate) use address::Address;
pub(crate) use call::call;
pub(crate) use parameters::Parameters;
pub use setup::{create, replace, try_out};

use std::sync::Arc;

use cavuer_base::clock::SharedClock;
use cavuer_base::random::Random;
use cavuer_protocol::FunctionId;
use cavuer_protocol::console::FunctionMethod;
use cavuer_protocol::notice::{self, Notice};

use crate::basics::Basics;
use crate::vault::Vault;
use cavuer_models::outbound::Outbound;
use cavuer_protocol::Secret;
use cavuer_store::{Store, StoredFunction};

/// The functions of all agents.
pub struct Functions {
    store: Store,
    clock: SharedClock,
    random: Arc<Random>,
    vault: Arc<Vault>,
    /// Whoever owns an agent chooses where its functions lead.
    outbound: Outbound,
}

/// A function that is ready to be called: its secrets are open.
#[derive(Clone, Debug)]
pub(crate) struct Callable {
    pub method: FunctionMethod,
    pub address: Address,
    pub parameters: Parameters,
    /// Names in lower case.
    pub headers: Vec<(String, Secret)>,
    pub timeout_seconds: u32,
}

impl Functions {
    pub(crate) fn new(basics: &Basics, vault: Arc<Vault>, outbound: Outbound) -> Self {
        let Basics { store, clock, random, .. } = basics.clone();
        Self { store, clock, random, vault, outbound }
    }
}

impl Callable {
    /// Makes a stored function ready.
    ///
    /// # Errors
    /// What is wrong with it, for its owner. It was checked when it was saved, so this happens only
    /// when the server's key for sealing is another one by now.
    pub(crate) fn open(functions: &Functions, stored: &StoredFunction) -> Result<Self, Notice> {
        let headers = stored.headers.iter().map(|(name, sealed)| {
            let value = functions
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
pub(crate) fn seal(
    functions: &Functions,
    function: FunctionId,
    name: &str,
    value: &Secret,
) -> Vec<u8> {
    functions.vault.seal(value, &owner(function, name), &functions.random)
}

fn owner(function: FunctionId, name: &str) -> Vec<u8> {
    [b"function ", function.0.as_bytes().as_slice(), name.as_bytes()].concat()
}
