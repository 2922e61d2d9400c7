//! Words for audiences → groups.
//!
//! ```text
//! "councillors; MPs, Healthwatch, campaigners" ─► pieces ─► the map's words ─► groups ─► those whose audience is marked
//! ```
//!
//! The text is looked up whole, then by its parts at `;`, then at `,`, then at "and", so that the map can hold a phrase
//! as it stands or its words. A group counts only if its audience is marked, where the sheet marks audiences at all;
//! other parties (`XP`) are never scored and always kept.

use std::collections::BTreeSet;

use super::{
    facts::Facts,
    map::{Map, Meaning, spelling},
};

/// Who took part, as a row tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience {
    /// Codes of groups.
    pub groups: BTreeSet<String>,
    /// Whether the words say that it was held in public.
    pub in_public: bool,
    /// What a person should know about how the words were read.
    pub notes: Vec<String>,
}

/// The audiences that a row marks with a Y: `PP`, `ST`, `LA`.
pub type Marked<'a> = Option<&'a [&'a str]>;

/// The codes and the names of the audiences that can be marked.
const AUDIENCES: [(&str, &str); 3] =
    [("PP", "Patients and public"), ("ST", "Staff"), ("LA", "Local authorities")];

/// Reads the words of a row. The error is one or more words that the map does not have.
pub fn read(
    texts: &[&str],
    marked: Marked<'_>,
    meaning: &Meaning,
    map: &Map,
    facts: &Facts,
) -> Result<Audience, Vec<String>> {
    let (mut found, mut unknown) = (Vec::new(), Vec::new());
    for text in texts {
        pieces(text, map, facts, &mut found, &mut unknown);
    }
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let mut audience = Audience::default();
    let mut unmarked = BTreeSet::new();
    let of_kind = meaning.group.iter().cloned();
    for word in found.into_iter().chain(of_kind) {
        let group = match word.as_str() {
            "in public" => {
                audience.in_public = true;
                continue;
            }
            "members" => meaning.members.clone().or_else(|| map.unnamed.get("LA").cloned()),
            _ => Some(word),
        };
        let Some(group) = group else { continue };
        let of = &group[..2];
        if of == "XP" || marked.is_none_or(|marked| marked.contains(&of)) {
            audience.groups.insert(group);
        } else {
            unmarked.insert(group);
        }
    }
    for group in &unmarked {
        let name = &facts.groups[group];
        audience.notes.push(format!("{name}: named, but that audience is not marked, so not counted."));
    }
    for (code, name) in AUDIENCES {
        let is_marked = marked.is_some_and(|marked| marked.contains(&code));
        if !is_marked || audience.groups.iter().any(|group| group.starts_with(code)) {
            continue;
        }
        let members = meaning.members.as_ref().filter(|_| code == "LA");
        if let Some(group) = members.or_else(|| map.unnamed.get(code)) {
            audience.groups.insert(group.clone());
            if members.is_none() {
                let group = &facts.groups[group];
                audience.notes.push(format!("{name} marked without saying who: counted as “{group}”."));
            }
        }
    }
    Ok(audience)
}

fn pieces(text: &str, map: &Map, facts: &Facts, found: &mut Vec<String>, unknown: &mut Vec<String>) {
    if let Some(groups) = look_up(text, map, facts) {
        found.extend(groups);
        return;
    }
    for separator in [";", "\n", ",", "/", " and ", " & "] {
        if text.contains(separator) {
            for part in text.split(separator).filter(|part| !part.trim().is_empty()) {
                pieces(part, map, facts, found, unknown);
            }
            return;
        }
    }
    unknown.push(text.trim().to_owned());
}

fn look_up(text: &str, map: &Map, facts: &Facts) -> Option<Vec<String>> {
    map.words.get(&spelling(text)).cloned().or_else(|| facts.group(text).map(|group| vec![group.to_owned()]))
}
