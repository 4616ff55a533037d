//! Agents: model, instruction and knowledge behind one or more channels.

pub mod ask_playground;
pub mod create;
pub mod delete;
pub mod get;
pub mod get_usage;
pub mod list;
pub mod update;
