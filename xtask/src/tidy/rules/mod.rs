//! The rules, one a file. Each says what it refuses, and its tests show it doing so.

pub mod circles;
pub mod docs;
pub mod duplicates;
pub mod file_links;
mod foreign;
pub mod html;
pub mod http;
pub mod layers;
pub mod licences;
pub mod long_files;
pub mod migrations;
pub mod sql;
pub mod unfinished;
pub mod unused;
