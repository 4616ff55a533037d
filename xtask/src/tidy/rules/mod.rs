//! The rules, one a file. Each says what it refuses, and its tests show it doing so.

pub(super) mod answers;
pub(super) mod circles;
pub(super) mod docs;
pub(super) mod duplicates;
pub(super) mod file_links;
mod foreign;
pub(super) mod html;
pub(super) mod http;
pub(super) mod layers;
pub(super) mod licences;
pub(super) mod long_files;
pub(super) mod migrations;
pub(super) mod names;
mod paths;
pub(super) mod sentences;
pub(super) mod sql;
pub(super) mod unfinished;
pub(super) mod unused;
