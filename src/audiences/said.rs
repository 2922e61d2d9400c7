//! A query in words, a line to a condition.

use std::collections::BTreeMap;

use super::{Known, Query};
use crate::web::filters;

/// The query, a line to a condition. `names` are those of groups, places and events, by code or identity.
pub fn said(query: &Query, known: &Known, names: &BTreeMap<String, String>) -> Vec<String> {
    let listed = |codes: &[String]| {
        let all: Vec<&str> = codes.iter().map(|code| names.get(code).unwrap_or(code).as_str()).collect();
        all.join(", ")
    };
    let saved = |ids: &[String]| {
        let of = |id: &String| known.saved.get(id).map_or("one that is gone", |saved| saved.name.as_str());
        ids.iter().map(of).collect::<Vec<_>>().join(", ")
    };
    let mut lines = Vec::new();
    if !query.groups.is_empty() {
        lines.push(format!("Groups: {}", listed(&query.groups)));
    }
    if !query.organisation.is_empty() {
        lines.push(format!("Organisation with “{}” in its name", query.organisation));
    }
    if !query.role.is_empty() {
        lines.push(format!("Role or office with “{}” in it", query.role));
    }
    if !query.places.is_empty() {
        lines.push(format!("Places: {}", listed(&query.places)));
    }
    if !query.topics.is_empty() {
        let topics: Vec<&str> = query.topics.iter().map(|topic| topic.name()).collect();
        lines.push(format!("Asked to hear of: {}", topics.join(", ")));
    }
    if let Some(history) = query.history {
        lines.push(format!("{} {}", history.what.name(), filters::day(history.since)));
    }
    if let Some(took) = &query.event {
        let event = names.get(&took.event).map_or("an event", String::as_str);
        lines.push(format!("{} to: {event}", took.part.name()));
    }
    if let Some(gap) = &query.gap {
        lines.push(match known.gap(gap) {
            Some(open) => format!("Would close the gap {}", open.name),
            None => format!("Would close the gap {}, which is not open any more: nobody", gap.code()),
        });
    }
    if !query.also.is_empty() {
        lines.push(format!("Also everyone of: {}", saved(&query.also)));
    }
    if !query.but.is_empty() {
        lines.push(format!("Nobody of: {}", saved(&query.but)));
    }
    lines
}
