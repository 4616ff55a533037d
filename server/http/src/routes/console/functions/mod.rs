//! Functions: requests that an agent's model may ask for.

pub mod allow;
pub mod calls;
pub mod create;
pub mod delete;
pub mod list;
pub mod of_channel;
pub mod replace;
pub mod try_out;
