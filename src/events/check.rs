//! The rules of the record that one event must keep, whoever writes it: see the page of the record's format.

use std::collections::BTreeSet;

use chrono::{Datelike as _, NaiveDate};
use entity::event::{Precision, Publication};

use super::{
    numbers::{Attended, MOST},
    whole::EventDraft,
};

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The field, by its name in the form of the full record.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

/// The longest title.
pub const TITLE: usize = 300;
/// The longest text of one line: a venue, the kind of a source.
pub const LINE: usize = 500;
/// The longest text of several lines.
pub const TEXT: usize = 10_000;
/// The longest address of a source.
pub const ADDRESS: usize = 2_000;
/// The most points, sources or kinds of support that one event can have.
pub const ITEMS: usize = 200;

/// Everything that is wrong with the draft, in the order of the form. Empty: it may be written.
pub fn wrongs(draft: &EventDraft) -> Vec<Wrong> {
    let mut wrongs = Wrongs(Vec::new());
    texts(draft, &mut wrongs);
    dates(draft, &mut wrongs);
    people(draft, &mut wrongs);
    states(draft, &mut wrongs);
    once(draft, &mut wrongs);
    wrongs.0
}

struct Wrongs(Vec<Wrong>);

impl Wrongs {
    fn add(&mut self, wrong: bool, field: impl Into<String>, message: impl Into<String>) {
        if wrong {
            self.0.push(Wrong { field: field.into(), message: message.into() });
        }
    }
}

fn texts(draft: &EventDraft, wrongs: &mut Wrongs) {
    wrongs.add(draft.title.trim().is_empty(), "title", "Enter a title");
    wrongs.add(too_long(&draft.title, TITLE), "title", "The title must be 300 characters or fewer");
    let lines = [
        ("venue", "The venue", &draft.venue),
        ("date_words", "The date in words", &draft.date_words),
        ("attendance_note", "The note on numbers", &draft.attendance_note),
        ("chair", "The office that chairs", &draft.chair),
    ];
    for (field, what, text) in lines {
        let long = text.as_deref().is_some_and(|text| too_long(text, LINE));
        wrongs.add(long, field, format!("{what} must be 500 characters or fewer"));
    }
    let texts = [
        ("level_basis", "How the level was judged", &draft.level_basis),
        ("summary", "What was discussed", &draft.summary),
        ("outcome", "What came of it", &draft.outcome),
        ("withheld_reason", "The reason", &draft.withheld_reason),
        ("cancelled_reason", "The reason", &draft.cancelled_reason),
    ];
    for (field, what, text) in texts {
        let long = text.as_deref().is_some_and(|text| too_long(text, TEXT));
        wrongs.add(long, field, format!("{what} must be 10,000 characters or fewer"));
    }
    for (point, n) in draft.themes.iter().zip(1..) {
        wrongs.add(point.text.trim().is_empty(), format!("point_{n}"), "Enter the point");
        wrongs.add(
            too_long(&point.text, TEXT),
            format!("point_{n}"),
            "The point must be 10,000 characters or fewer",
        );
    }
    for (source, n) in draft.evidence.iter().zip(1..) {
        wrongs.add(!on_the_web(&source.url), format!("source_url_{n}"), WEB);
        let long = |text: &Option<String>, most| text.as_deref().is_some_and(|text| too_long(text, most));
        wrongs.add(
            long(&source.source_type, LINE),
            format!("source_type_{n}"),
            "What it is must be 500 characters or fewer",
        );
        wrongs.add(
            long(&source.note, TEXT),
            format!("source_note_{n}"),
            "The note must be 10,000 characters or fewer",
        );
    }
    let pages = [("papers_url", &draft.papers_url), ("minutes_url", &draft.minutes_url)];
    for (field, address) in pages {
        let wrong = address.as_deref().is_some_and(|address| !on_the_web(address));
        wrongs.add(wrong, field, WEB);
    }
    let long = draft.accessibility.iter().any(|text| too_long(text, LINE));
    wrongs.add(long, "support_other", "Each kind of support must be 500 characters or fewer");
    wrongs.add(draft.themes.len() > ITEMS, "point_1", "An event can have 200 points at most");
    wrongs.add(draft.evidence.len() > ITEMS, "source_url_1", "An event can have 200 sources at most");
    wrongs.add(
        draft.accessibility.len() > ITEMS,
        "support_other",
        "An event can have 200 kinds of support at most",
    );
}

/// What is wrong with an address that is not one of the web.
pub const WEB: &str = "Enter a web address that begins with https:// or http://";

/// Whether the text is an address of the web that a page may link to.
pub fn on_the_web(address: &str) -> bool {
    let web =
        url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    web && !too_long(address, ADDRESS)
}

fn too_long(text: &str, most: usize) -> bool {
    text.chars().count() > most
}

fn dates(draft: &EventDraft, wrongs: &mut Wrongs) {
    let days = [
        ("starts", draft.starts_on),
        ("ends", draft.ends_on),
        ("minutes_published", draft.minutes_published_on),
        ("papers_published", draft.papers_published_on),
        ("review", draft.review_on),
        ("feedback", draft.feedback_on),
    ];
    for (field, day) in days {
        let outside = day.is_some_and(|day: NaiveDate| !(1900..=2199).contains(&day.year()));
        wrongs.add(outside, field, "The date must be between 1900 and 2199");
    }
    wrongs.add(
        draft.starts_on.is_none() && draft.date_precision != Precision::Unknown,
        "starts",
        "Enter the date of the event",
    );
    wrongs.add(
        draft.starts_on.is_none() && draft.ends_on.is_some(),
        "ends",
        "Enter the date the event began, or leave out when it ended",
    );
    let backwards = draft.starts_on.zip(draft.ends_on).is_some_and(|(starts, ends)| ends < starts);
    wrongs.add(backwards, "ends", "The event cannot end before it begins");
}

fn people(draft: &EventDraft, wrongs: &mut Wrongs) {
    for part in &draft.participations {
        let attended = format!("attended_{}", part.group);
        if let Some(people) = &part.attended {
            wrongs.add(
                part.took_part && people.high == 0,
                attended.clone(),
                "Nobody attended, so the group did not take part: change one of the two",
            );
            wrongs.add(
                !part.took_part && people.high > 0,
                attended.clone(),
                "Someone attended, so the group took part: change one of the two",
            );
            wrongs.add(!sound(people), attended, NUMBER);
        }
        let invited = part.invited.as_ref().is_some_and(|people| !sound(people));
        wrongs.add(invited, format!("invited_{}", part.group), NUMBER);
    }
    for placed in &draft.places {
        let count = placed.count.as_ref();
        let field = format!("count_{}", placed.place);
        wrongs.add(count.is_some_and(|people| !sound(people)), field.clone(), NUMBER);
        wrongs.add(!placed.listed && count.is_none(), field, "Tick the place or give a number");
    }
    let capacity = draft.venue_capacity.is_some_and(|most| !(0..=MOST).contains(&most));
    wrongs.add(capacity, "venue_capacity", "The capacity must be a whole number from 0 to 1,000,000,000");
    let level = draft.level.is_some_and(|level| !(1..=5).contains(&level));
    wrongs.add(level, "level", "Select how people took part");
}

const NUMBER: &str = "Enter a number of people from 0 to 1,000,000,000";

fn sound(people: &Attended) -> bool {
    (0..=MOST).contains(&people.low) && (0..=MOST).contains(&people.high) && people.low <= people.high
}

fn states(draft: &EventDraft, wrongs: &mut Wrongs) {
    let blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    if draft.publication == Publication::Withheld {
        wrongs.add(
            blank(&draft.withheld_reason),
            "withheld_reason",
            "Enter why it is withheld: the reason is public",
        );
        wrongs.add(
            draft.review_on.is_none(),
            "review",
            "Enter the day on which withholding it is looked at again",
        );
    }
}

fn once(draft: &EventDraft, wrongs: &mut Wrongs) {
    let groups: Vec<&str> = draft.participations.iter().map(|part| part.group.as_str()).collect();
    let places: Vec<&str> = draft.places.iter().map(|placed| placed.place.as_str()).collect();
    let bodies: Vec<&str> = draft.bodies.iter().map(String::as_str).collect();
    let targets: Vec<&str> = draft.targets.iter().map(|target| target.code()).collect();
    let proposals: Vec<&str> = draft.proposals.iter().map(String::as_str).collect();
    let representatives: Vec<&str> = draft.representatives.iter().map(String::as_str).collect();
    let points: Vec<&str> = draft.themes.iter().filter_map(|point| point.id.as_deref()).collect();
    let sources: Vec<&str> = draft.evidence.iter().filter_map(|source| source.id.as_deref()).collect();
    let lists = [
        ("point_1", "point", points),
        ("source_url_1", "source", sources),
        ("who", "group", groups),
        ("places", "place", places),
        ("bodies", "body", bodies),
        ("targets", "characteristic", targets),
        ("proposals", "proposal", proposals),
        ("representatives", "representative", representatives),
    ];
    for (field, what, list) in lists {
        let once: BTreeSet<&str> = list.iter().copied().collect();
        wrongs.add(once.len() < list.len(), field, format!("The same {what} is there twice"));
    }
}
