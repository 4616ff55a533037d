//! Model providers: where a workspace's answers come from.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod try_out;
pub(crate) mod update;
