//! Workspaces: the tenants that own everything else.

pub mod create;
pub mod rename;
