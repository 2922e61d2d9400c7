//! An event in plain words, field by field: what its page shows, and what its versions and two people's texts are
//! compared by.
//!
//! Facts are read from the journal's document, so that a version written long ago reads like today's.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entity::{
    event::{Kind, Precision, Publication, Status},
    event_target::Characteristic,
    theme::Outcome,
};
use serde::Serialize;
use serde_json::Value;

use super::draft::LEVELS;
use crate::web::filters;

/// One field with what it says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fact {
    pub label: String,
    /// Empty: not recorded.
    pub text: String,
}

/// A field that two versions say differently.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    pub label: String,
    pub before: String,
    pub after: String,
}

/// Every field of an event's document in plain words, in the order of its form. `names` are those of
/// [`Choices::names`](super::choices::Choices::names).
pub fn facts(document: &Value, names: &BTreeMap<String, String>) -> Vec<Fact> {
    let event = Document { document, names };
    let mut facts = Vec::new();
    let mut add = |label: &str, text: String| facts.push(Fact { label: label.to_owned(), text });
    add("Title", event.text("title"));
    add("What it was", event.word("kind", |code| Kind::parse(code).map(Kind::name)));
    add("Whether it was held", event.word("status", |code| Status::parse(code).map(Status::name)));
    add("Why it was cancelled", event.text("cancelled_reason"));
    add("When", event.day("starts_on"));
    add("Until", event.day("ends_on"));
    add("The date in words", event.text("date_words"));
    add(
        "How well the date is known",
        event.word("date_precision", |code| Precision::parse(code).map(Precision::name)),
    );
    add("Places", event.places());
    add("Venue", event.text("venue"));
    add("Capacity of the venue", event.number("venue_capacity"));
    add("Online", event.yes("online"));
    for (group, text) in event.parts() {
        add(&group, text);
    }
    add("Note on numbers", event.text("attendance_note"));
    add("How people took part", event.level());
    add("How that was judged", event.text("level_basis"));
    add("Bodies that took part", event.bodies());
    add("Meant to reach", event.targets());
    add("Support provided", event.list("accessibility").join("\n"));
    add("The plan was discussed", event.yes("stp_discussed"));
    add("Consultation", event.named("consultation_id"));
    add("Proposals", event.proposals());
    add("What was discussed", event.text("summary"));
    add("Main points", event.points());
    add("What came of it", event.text("outcome"));
    add("Feedback given on", event.day("feedback_on"));
    add("Evidence", event.sources());
    add("Representatives who took part", event.representatives());
    add("Chaired by", event.text("chair"));
    add("Held in public", event.yes("held_in_public"));
    add("Papers published on", event.day("papers_published_on"));
    add("Papers", event.text("papers_url"));
    add("Minutes published on", event.day("minutes_published_on"));
    add("Minutes", event.text("minutes_url"));
    add("Who may read it", event.word("publication", |code| Publication::parse(code).map(Publication::name)));
    add("Why it is withheld", event.text("withheld_reason"));
    add("To be looked at again on", event.day("review_on"));
    add("Checked and confirmed", event.yes("confirmed"));
    add("Why it was withdrawn", event.text("withdrawn_reason"));
    facts
}

/// The fields that two documents of an event say differently, in the order of the form.
pub fn differences(before: &Value, after: &Value, names: &BTreeMap<String, String>) -> Vec<Difference> {
    let (before, after) = (facts(before, names), facts(after, names));
    let said = |facts: &[Fact], label: &str| {
        facts.iter().find(|fact| fact.label == label).map(|fact| fact.text.clone()).unwrap_or_default()
    };
    let mut labels: Vec<&str> = after.iter().map(|fact| fact.label.as_str()).collect();
    // A group that only the earlier one has stands where the groups stand.
    let groups = labels.iter().position(|label| *label == "Note on numbers").unwrap_or(labels.len());
    let gone = before.iter().map(|fact| fact.label.as_str()).filter(|label| !labels.contains(label));
    let gone: Vec<&str> = gone.collect();
    labels.splice(groups..groups, gone);
    labels
        .into_iter()
        .map(|label| Difference {
            label: label.to_owned(),
            before: said(&before, label),
            after: said(&after, label),
        })
        .filter(|difference| difference.before != difference.after)
        .collect()
}

/// A number of people in words: as it was written, with the interval it means where the words do not say it.
pub fn people(words: &str, low: i64, high: i64) -> String {
    let plain = words.replace(',', "");
    if low == high && plain != low.to_string() {
        format!("{words} (counted as {})", filters::thousands(low))
    } else if low < high && plain != format!("{low}-{high}") {
        format!("{words} (counted as {} to {})", filters::thousands(low), filters::thousands(high))
    } else {
        words.to_owned()
    }
}

struct Document<'a> {
    document: &'a Value,
    names: &'a BTreeMap<String, String>,
}

impl Document<'_> {
    fn text(&self, field: &str) -> String {
        self.document[field].as_str().unwrap_or_default().to_owned()
    }

    fn number(&self, field: &str) -> String {
        self.document[field].as_i64().map(filters::thousands).unwrap_or_default()
    }

    fn yes(&self, field: &str) -> String {
        match self.document[field].as_bool() {
            Some(true) => "Yes".into(),
            Some(false) => "No".into(),
            None => String::new(),
        }
    }

    fn day(&self, field: &str) -> String {
        let text = self.text(field);
        NaiveDate::parse_from_str(&text, "%Y-%m-%d").map_or(text, filters::day)
    }

    fn word(&self, field: &str, name: impl Fn(&str) -> Option<&'static str>) -> String {
        let code = self.text(field);
        name(&code).map_or(code, str::to_owned)
    }

    fn name(&self, code: &str) -> String {
        self.names.get(code).cloned().unwrap_or_else(|| code.to_owned())
    }

    fn named(&self, field: &str) -> String {
        self.name(&self.text(field))
    }

    fn items(&self, field: &str) -> &[Value] {
        self.document[field].as_array().map_or(&[], Vec::as_slice)
    }

    fn list(&self, field: &str) -> Vec<String> {
        self.items(field).iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    fn level(&self) -> String {
        let level = self.document["level"].as_i64();
        let known = LEVELS.iter().find(|(number, _, _)| Some(i64::from(*number)) == level);
        known.map(|(_, word, hint)| format!("{word}: {hint}")).unwrap_or_default()
    }

    fn parts(&self) -> Vec<(String, String)> {
        let part = |part: &Value| {
            let took = part["took_part"].as_bool().unwrap_or_default();
            let said = [
                Some(if took { "Took part" } else { "Did not take part" }.to_owned()),
                counted(&part["attended"]).map(|people| format!("Attended: {people}")),
                counted(&part["invited"]).map(|people| format!("Invited: {people}")),
            ];
            let text = said.into_iter().flatten().collect::<Vec<_>>().join("\n");
            (self.name(part["group"].as_str().unwrap_or_default()), text)
        };
        self.items("participations").iter().map(part).collect()
    }

    fn places(&self) -> String {
        let placed = |placed: &Value| {
            let name = self.name(placed["place"].as_str().unwrap_or_default());
            let count = counted(&placed["count"]).map(|people| format!(": {people} people came from there"));
            let only = placed["listed"].as_bool() == Some(false);
            let only = if only { ", not among the event's places" } else { "" };
            format!("{name}{}{only}", count.unwrap_or_default())
        };
        self.items("places").iter().map(placed).collect::<Vec<_>>().join("\n")
    }

    fn bodies(&self) -> String {
        let name = |code: String| self.names.get(&format!("body:{code}")).cloned().unwrap_or(code);
        self.list("bodies").into_iter().map(name).collect::<Vec<_>>().join("\n")
    }

    fn targets(&self) -> String {
        let name = |code: String| Characteristic::parse(&code).map_or(code, |known| known.name().to_owned());
        self.list("targets").into_iter().map(name).collect::<Vec<_>>().join("\n")
    }

    fn proposals(&self) -> String {
        self.list("proposals").iter().map(|id| self.name(id)).collect::<Vec<_>>().join("\n")
    }

    fn representatives(&self) -> String {
        self.list("representatives").iter().map(|id| self.name(id)).collect::<Vec<_>>().join("\n")
    }

    fn points(&self) -> String {
        let point = |point: &Value| {
            let text = point["text"].as_str().unwrap_or_default();
            let outcome = point["outcome"].as_str().and_then(Outcome::parse);
            match outcome {
                Some(outcome) => format!("{text} ({})", outcome.name()),
                None => text.to_owned(),
            }
        };
        self.items("themes").iter().map(point).collect::<Vec<_>>().join("\n")
    }

    fn sources(&self) -> String {
        let source = |source: &Value| {
            let parts = [&source["source_type"], &source["note"], &source["url"]];
            let texts = parts.iter().filter_map(|part| part.as_str()).filter(|text| !text.is_empty());
            texts.collect::<Vec<_>>().join(", ")
        };
        self.items("evidence").iter().map(source).collect::<Vec<_>>().join("\n")
    }
}

fn counted(count: &Value) -> Option<String> {
    let (low, high) = (count["low"].as_i64()?, count["high"].as_i64()?);
    Some(people(count["words"].as_str().unwrap_or_default(), low, high))
}
