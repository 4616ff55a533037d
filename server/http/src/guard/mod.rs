//! Who may call: origins, identities, sessions and limits. Nothing here reads what messages say.

pub(crate) mod client_address;
pub(crate) mod console_origin;
pub(crate) mod console_session;
pub mod identity;
pub(crate) mod visitor_access;
pub(crate) mod visitor_session;
