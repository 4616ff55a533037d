//! Agents at work: turns are claimed when they are due, answered, and stored.
//!
//! A turn is a row before it is work. Whatever happens to this process, the row is found again,
//! and its answer has an id that was fixed beforehand: nothing is lost and nothing is doubled.

mod answer;
mod ask;
mod calls;
mod daily_limit;
mod enclosed;
mod failure;
mod hand_over;
mod hearing;
mod meter;
pub mod playground;
mod prices;
mod purse;
mod recital;
mod running;
mod scheduler;
mod sources;
mod tools;

pub use running::{InWork, RunningTurns};
pub use scheduler::work;
