//! Agents at work: turns are claimed when they are due, answered, and stored.
//!
//! A turn is a row before it is work. Whatever happens to this process, the row is found again,
//! and its answer has an id that was fixed beforehand: nothing is lost and nothing is doubled.
//!
//! An answer goes through the rooms in this order: [`scheduler`] claims its turn, [`in_work`] keeps
//! it while it is written, [`answer`] has voice heard ([`transcription`]), finds what it is written
//! from ([`groundwork`]), asks in rounds ([`rounds`], [`ask`], [`streaming`], [`calls`]), and has
//! what comes of it stored and shown ([`outcome`], [`hand_over`]).

mod answer;
mod ask;
mod asking;
mod calls;
mod daily_limit;
mod draft;
mod enclosed;
mod failure;
mod groundwork;
mod hand_over;
mod in_work;
mod outcome;
pub mod playground;
mod prompt_leak;
mod rounds;
mod scheduler;
mod showing;
mod sources;
mod streaming;
mod tools;
mod transcription;

pub use in_work::InWork;
pub use scheduler::work;
