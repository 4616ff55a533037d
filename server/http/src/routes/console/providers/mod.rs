//! Model providers: where a workspace's answers come from.

pub mod create;
pub mod delete;
pub mod list;
pub mod try_out;
pub mod update;
