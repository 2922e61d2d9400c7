//! Editions: published, frozen, compared, run again by a stranger.

pub mod log;

mod bytes;
mod changes;
mod command;
mod verify;
