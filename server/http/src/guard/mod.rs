//! Who may call: origins, identities, sessions and limits. Nothing here reads what messages say.

pub mod client_address;
pub mod console_origin;
pub mod console_session;
pub mod identity;
pub mod visitor_access;
pub mod visitor_session;
