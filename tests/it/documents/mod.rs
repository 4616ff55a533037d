//! Documents become text: real ones, hostile ones, and the job that does it.

mod files;
mod hostile;
mod jobs;
mod reading;
