//! Every journey through the real product, in one binary: on both databases, with a fixed clock and seeded chance.

#![expect(clippy::unwrap_used, reason = "a journey that cannot go on has failed")]

mod harness;

mod browser;
mod db;
mod import;
mod journeys;
mod mail;
mod reports;
mod web;
