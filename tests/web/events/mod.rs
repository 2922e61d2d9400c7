//! Events as staff log, complete, correct and find them.

mod change;
mod hostile;
mod list;
mod log;

use crate::harness::{people::DORSET, site::Visitor};

/// Bournemouth, a unitary authority of Dorset's footprint.
pub const BOURNEMOUTH: &str = "E06000028";

/// Where Dorset's events stand.
pub fn at() -> String {
    format!("/work/stps/{DORSET}/events")
}

/// Logs an event through the quick log, over what the page fills in, and gives its identity.
pub async fn log(officer: &mut Visitor<'_>, fields: &[(&str, &str)]) -> String {
    let new = format!("{}/new", at());
    let led = officer.submit(&new, &new, fields).await.led();
    id_in(&led)
}

/// The drop-in with carers that most journeys begin with.
pub const DROP_IN: [(&str, &str); 5] = [
    ("kind", "drop_in"),
    ("place", BOURNEMOUTH),
    ("who", "PP-CAR"),
    ("people", "about 40"),
    ("said", "Parking costs too much\nBuses stop at six"),
];

pub fn id_in(location: &str) -> String {
    let path = location.split('?').next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default().to_owned()
}
