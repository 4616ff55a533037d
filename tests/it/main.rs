//! The tests of the whole server, in one program.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod answers;
mod attachments;
mod citations;
mod command_line;
mod console;
mod cross_origin;
mod daily_limits;
mod delay;
mod documentation;
mod documents;
mod embeddings;
mod events;
mod failure_paths;
mod fake_channel;
mod fake_provider;
mod fallback;
mod faults;
mod functions;
mod hand_over;
mod identification;
mod limits;
mod llm;
mod merging;
mod messages;
mod mid_answer;
mod notices;
mod openapi;
mod operations;
mod operators;
mod origins;
mod playground;
mod problems;
mod restart;
mod retention;
mod secrets;
mod seeing;
mod sessions;
mod support;
mod tenants;
mod uploads;
mod usage;
mod voice;
