//! Agents: model, instruction and knowledge behind one or more channels.

pub(crate) mod ask_playground;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod get_usage;
pub(crate) mod list;
pub(crate) mod update;
