//! The console API, as the console's pages use it and as others try to.

mod accounts;
mod forged;
mod live;
mod providers;
mod settings;
