//! Functions: requests that an agent's model may ask for.

pub(crate) mod allow;
pub(crate) mod calls;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod of_channel;
pub(crate) mod replace;
pub(crate) mod try_out;
