//! What answers take: time, tokens and money.

mod measuring;
pub mod prices;
mod spending;

pub use measuring::Meter;
pub use spending::Purse;
