//! What an edition says that the one before did not: computed from the `record.json` and `assessment.json` of both.
//!
//! What one edition showed and the next withholds is named by its kind and day alone: a title that was taken back is not
//! repeated here.

use std::collections::BTreeMap;

use anyhow::{Context as _, anyhow};
use chrono::{DateTime, NaiveDate, Utc};
use method::{
    Record,
    record::{Event, Stp},
};
use serde::{Deserialize, Serialize};

use super::words;

/// The edition before, as far as it is compared.
#[derive(Clone, Debug)]
pub struct Before {
    pub number: u32,
    pub as_at: NaiveDate,
    pub published_at: DateTime<Utc>,
    pub manifest_sha256: String,
    /// The bytes of its `record.json` and `assessment.json`.
    pub record: Vec<u8>,
    pub assessment: Vec<u8>,
}

/// What changed since an earlier edition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changes {
    pub since: Since,
    /// The STPs in which anything changed, by name.
    pub stps: Vec<StpChanges>,
}

/// The edition that this one is compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Since {
    pub number: u32,
    pub as_at: NaiveDate,
    pub published_at: DateTime<Utc>,
    pub manifest_sha256: String,
}

/// What changed in one STP.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StpChanges {
    pub code: String,
    pub name: String,
    /// Gaps that were none before.
    pub opened: Vec<FindingChange>,
    /// Findings that were gaps before and are none now.
    pub closed: Vec<FindingChange>,
    /// Findings that changed in another way: unknown to met, a gap that weighs more.
    pub changed: Vec<FindingChange>,
    pub events_added: Vec<EventChange>,
    pub events_removed: Vec<EventChange>,
    pub events_changed: Vec<EventChange>,
}

/// A finding that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingChange {
    pub rule: String,
    pub subject: String,
    pub subject_name: String,
    /// The verdict before, a gap with its severity; nothing where there was no such finding.
    pub before: Option<String>,
    pub after: Option<String>,
    /// What the edition says of it now, or said before where it no longer asks.
    pub sentence: String,
}

/// An event that was added, taken away or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EventChange {
    pub id: String,
    /// Its name as it may be shown now.
    pub name: String,
    pub starts_on: NaiveDate,
    /// What differs, in words; empty for one added or taken away.
    pub fields: Vec<&'static str>,
}

#[derive(Deserialize)]
struct Findings {
    stps: Vec<StpFindings>,
}

#[derive(Deserialize)]
struct StpFindings {
    code: String,
    findings: Vec<Found>,
}

#[derive(Deserialize)]
struct Found {
    rule: String,
    subject: String,
    verdict: String,
    severity: Option<String>,
    sentence: String,
}

impl Found {
    fn is_gap(&self) -> bool {
        self.verdict == "gap"
    }

    fn standing(&self) -> String {
        match &self.severity {
            Some(severity) => format!("{severity} {}", self.verdict),
            None => self.verdict.clone(),
        }
    }
}

impl Changes {
    /// What changed from an edition to this record and the bytes of its assessment.
    pub fn between(before: &Before, record: &Record, assessment: &[u8]) -> anyhow::Result<Self> {
        let old_record = Record::parse(&before.record).map_err(|problems| {
            anyhow!("the record of edition {} is not valid: {problems:?}", before.number)
        })?;
        let old: Findings = serde_json::from_slice(&before.assessment)
            .with_context(|| format!("reading the assessment of edition {}", before.number))?;
        let new: Findings = serde_json::from_slice(assessment).context("reading the assessment")?;
        let mut stps = Vec::new();
        for stp in &record.stps {
            let old_stp = old_record.stps.iter().find(|old| old.code == stp.code);
            let mut changes = StpChanges::of(stp);
            changes.compare_findings(stp, found(&old, stp), found(&new, stp));
            changes.compare_events(old_stp.map_or(&[], |old| &old.events), &stp.events);
            if !changes.is_empty() {
                stps.push(changes);
            }
        }
        stps.sort_by(|a, b| a.name.cmp(&b.name));
        let since = Since {
            number: before.number,
            as_at: before.as_at,
            published_at: before.published_at,
            manifest_sha256: before.manifest_sha256.clone(),
        };
        Ok(Self { since, stps })
    }
}

fn found<'a>(findings: &'a Findings, stp: &Stp) -> &'a [Found] {
    findings.stps.iter().find(|found| found.code == stp.code.as_str()).map_or(&[], |found| &found.findings)
}

impl StpChanges {
    fn of(stp: &Stp) -> Self {
        Self {
            code: stp.code.to_string(),
            name: stp.name.clone(),
            opened: Vec::new(),
            closed: Vec::new(),
            changed: Vec::new(),
            events_added: Vec::new(),
            events_removed: Vec::new(),
            events_changed: Vec::new(),
        }
    }

    fn is_empty(&self) -> bool {
        self.opened.is_empty()
            && self.closed.is_empty()
            && self.changed.is_empty()
            && self.events_added.is_empty()
            && self.events_removed.is_empty()
            && self.events_changed.is_empty()
    }

    fn compare_findings(&mut self, stp: &Stp, old: &[Found], new: &[Found]) {
        let key = |found: &Found| (found.rule.clone(), found.subject.clone());
        let was: BTreeMap<_, &Found> = old.iter().map(|found| (key(found), found)).collect();
        let is: BTreeMap<_, &Found> = new.iter().map(|found| (key(found), found)).collect();
        // Something new on the record brings findings of its own; only its gaps are news.
        for now in new {
            let then = was.get(&key(now)).copied();
            let change = FindingChange {
                rule: now.rule.clone(),
                subject: now.subject.clone(),
                subject_name: words::subject(stp, &now.subject),
                before: then.map(Found::standing),
                after: Some(now.standing()),
                sentence: now.sentence.clone(),
            };
            match then {
                Some(then) if then.is_gap() && !now.is_gap() => self.closed.push(change),
                _ if now.is_gap() && !then.is_some_and(Found::is_gap) => self.opened.push(change),
                Some(then) if then.standing() != now.standing() => self.changed.push(change),
                _ => {}
            }
        }
        for then in old.iter().filter(|then| then.is_gap() && !is.contains_key(&key(then))) {
            self.closed.push(FindingChange {
                rule: then.rule.clone(),
                subject: then.subject.clone(),
                subject_name: words::subject(stp, &then.subject),
                before: Some(then.standing()),
                after: None,
                sentence: "No longer asked about: what it was about is no longer on the record.".to_owned(),
            });
        }
    }

    fn compare_events(&mut self, old: &[Event], new: &[Event]) {
        let was: BTreeMap<&str, &Event> = old.iter().map(|event| (event.id.as_str(), event)).collect();
        let is: BTreeMap<&str, &Event> = new.iter().map(|event| (event.id.as_str(), event)).collect();
        for (id, event) in &is {
            match was.get(id) {
                None => self.events_added.push(EventChange::of(event, words::event(event), Vec::new())),
                Some(before) => {
                    let fields = differences(before, event);
                    if !fields.is_empty() {
                        self.events_changed.push(EventChange::of(event, words::event(event), fields));
                    }
                }
            }
        }
        for event in was.iter().filter(|(id, _)| !is.contains_key(*id)).map(|(_, event)| event) {
            self.events_removed.push(EventChange::of(event, event.kind.name().to_owned(), Vec::new()));
        }
        for list in [&mut self.events_added, &mut self.events_removed, &mut self.events_changed] {
            list.sort_by(|a, b| (a.starts_on, &a.id).cmp(&(b.starts_on, &b.id)));
        }
    }
}

impl EventChange {
    fn of(event: &Event, name: String, fields: Vec<&'static str>) -> Self {
        Self { id: event.id.to_string(), name, starts_on: event.starts_on, fields }
    }
}

/// In what an event differs from what it was. The order of lists does not matter.
fn differences(a: &Event, b: &Event) -> Vec<&'static str> {
    let by_group = |event: &Event| {
        let mut rows = event.participation.clone();
        rows.sort_by_key(|row| row.group.code());
        rows
    };
    let by_place = |event: &Event| {
        let mut rows = event.place_counts.clone();
        rows.sort_by(|x, y| x.place.cmp(&y.place));
        rows
    };
    let by_theme = |event: &Event| {
        let mut rows = event.themes.clone();
        rows.sort_by(|x, y| x.id.cmp(&y.id));
        rows
    };
    let sorted = |ids: &[method::values::Id]| {
        let mut ids = ids.to_vec();
        ids.sort();
        ids
    };
    let pairs = [
        ("title", a.title != b.title),
        ("kind", a.kind != b.kind),
        ("status", a.status != b.status),
        ("date", (a.starts_on, a.ends_on) != (b.starts_on, b.ends_on)),
        ("venue", (&a.venue, a.venue_capacity, a.online) != (&b.venue, b.venue_capacity, b.online)),
        ("places", sorted(&a.places) != sorted(&b.places) || by_place(a) != by_place(b)),
        ("whether the plan was discussed", a.stp_discussed != b.stp_discussed),
        ("proposals", sorted(&a.proposals) != sorted(&b.proposals)),
        ("organisations present", sorted(&a.bodies) != sorted(&b.bodies)),
        ("level of participation", a.level != b.level),
        ("who took part", by_group(a) != by_group(b)),
        ("whom it was for", {
            let codes = |event: &Event| {
                let mut codes: Vec<_> = event.targets.iter().map(|target| target.code()).collect();
                codes.sort_unstable();
                codes
            };
            codes(a) != codes(b)
        }),
        (
            "publication",
            (a.publication, &a.withheld_reason, a.review_on, a.held_in_public, a.minutes_published_on)
                != (b.publication, &b.withheld_reason, b.review_on, b.held_in_public, b.minutes_published_on),
        ),
        ("evidence", a.evidence_count != b.evidence_count),
        ("what was said and what became of it", by_theme(a) != by_theme(b) || a.feedback_on != b.feedback_on),
        ("confirmation", a.confirmed != b.confirmed),
        ("when it was put on record", a.created_on != b.created_on),
    ];
    pairs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect()
}
