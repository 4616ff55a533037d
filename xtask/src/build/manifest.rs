//! The names that the server needs to know, because they change with the content.

use serde::{Deserialize, Serialize};

/// Paths below the server's address.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Manifest {
    pub widget_script: String,
    pub widget_wasm: String,
}

impl Manifest {
    pub(crate) fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec_pretty(self).expect("a manifest is plain strings")
    }
}
