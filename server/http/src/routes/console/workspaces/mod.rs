//! Workspaces: the tenants that own everything else.

pub(crate) mod create;
pub(crate) mod rename;
