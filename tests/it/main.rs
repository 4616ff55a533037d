//! The tests of the whole server, in one program.

mod answers;
mod command_line;
mod console;
mod cross_origin;
mod delay;
mod events;
mod fallback;
mod faults;
mod hand_over;
mod identification;
mod limits;
mod llm;
mod merging;
mod messages;
mod openapi;
mod operations;
mod operators;
mod origins;
mod problems;
mod readme;
mod restart;
mod secrets;
mod sessions;
mod support;
mod tenants;
mod uploads;
