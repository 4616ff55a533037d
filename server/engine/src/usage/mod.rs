//! What answers take: time, tokens and money.

mod measuring;
pub(crate) mod prices;
mod spending;

pub(crate) use measuring::Meter;
pub(crate) use spending::Purse;
