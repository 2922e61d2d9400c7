//! What if: the gaps of an STP as they would be were events held that are only planned, or only thought of.
//!
//! ```text
//! record ─┬─ as it is ───────────────────► assess as at the day ─┐
//!         └─ those events set held,                              ├─► closed, opened
//!            attended by who was invited ─► assess as at the day ┘
//! ```
//!
//! The day is the last day of the latest of the events, or today where that is later. Both records are read as at that
//! day, so that what differs is the events' doing; what the days in between change is told apart.

use anyhow::Context as _;
use chrono::NaiveDate;
use method::{
    Finding, Standard, StpAssessment, Verdict, assess_stp,
    record::{Event, Participation, Stp},
    values::{Id, Level},
    words::{EventKind, EventStatus, Group, Publication},
};
use sea_orm::ConnectionTrait;

use super::{
    record::{self, Scope},
    stp::Links,
};
use crate::standards;

/// The id of the event that is only thought of: no event on the register can have it.
const THOUGHT_OF: &str = "thought-of";

/// An event that is only thought of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThoughtOf {
    pub groups: Vec<Group>,
    pub places: Vec<Id>,
    pub level: Option<Level>,
    /// When it would be held.
    pub on: NaiveDate,
}

/// What is supposed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Supposed {
    /// Planned events that would be held.
    pub events: Vec<String>,
    /// One more event.
    pub thought_of: Option<ThoughtOf>,
}

/// What would become of the gaps.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The day on which both records are looked at.
    pub day: NaiveDate,
    /// The record as it is, on that day.
    pub before: StpAssessment,
    /// The record as it would be, on that day.
    pub after: StpAssessment,
    /// Gaps that the days until then open whatever is held, without a parent.
    pub by_time_alone: usize,
}

/// A planned event of an STP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    pub id: String,
    pub title: Option<String>,
    pub kind: EventKind,
    pub starts_on: NaiveDate,
    pub groups: Vec<Group>,
}

/// The record of one STP, whole to staff, and as it may be shown to anyone else; none where there is no such STP.
pub async fn load(
    db: &impl ConnectionTrait,
    code: &str,
    links: Links,
) -> anyhow::Result<Option<(Stp, Standard)>> {
    let mut record =
        record::load(db, Scope::Stps(&[code.to_owned()]), standards::in_force(db, None).await?).await?;
    if links == Links::Public {
        record = method::disclose(&record);
    }
    Ok(record.stps.pop().map(|stp| (stp, record.standard)))
}

/// The planned events, by day.
pub fn planned(stp: &Stp) -> Vec<Planned> {
    let mut planned: Vec<Planned> = stp
        .events
        .iter()
        .filter(|event| event.status == EventStatus::Planned)
        .map(|event| Planned {
            id: event.id.to_string(),
            title: event.title.clone(),
            kind: event.kind,
            starts_on: event.starts_on,
            groups: event.participation.iter().map(|row| row.group).collect(),
        })
        .collect();
    planned.sort_by(|a, b| (a.starts_on, &a.id).cmp(&(b.starts_on, &b.id)));
    planned
}

/// What would become of the gaps of an STP. An id that is no planned event of the STP is passed over.
pub fn suppose(
    stp: &Stp,
    standard: &Standard,
    today: NaiveDate,
    supposed: &Supposed,
) -> anyhow::Result<Outcome> {
    let mut changed = stp.clone();
    let mut day = today;
    for event in changed.events.iter_mut().filter(|event| event.status == EventStatus::Planned) {
        if supposed.events.iter().any(|id| id == event.id.as_str()) {
            day = day.max(event.ends_on.unwrap_or(event.starts_on));
            hold(event);
        }
    }
    if let Some(thought_of) = &supposed.thought_of {
        day = day.max(thought_of.on);
        changed.events.push(made(thought_of, today)?);
    }
    let before = assess_stp(stp, standard, day);
    let by_time_alone = if day == today {
        0
    } else {
        let now = assess_stp(stp, standard, today);
        gaps(&before).filter(|gap| gap.parent.is_none() && !is_gap(&now, gap)).count()
    };
    Ok(Outcome { day, after: assess_stp(&changed, standard, day), before, by_time_alone })
}

/// Held, and attended by who was invited; nobody is counted who was not.
fn hold(event: &mut Event) {
    event.status = EventStatus::Held;
    // Whoever supposes it does not doubt it.
    event.confirmed = true;
    for row in &mut event.participation {
        row.took_part = row.invited.is_none_or(|invited| invited.high > 0);
        row.attended = row.invited;
    }
}

fn made(thought_of: &ThoughtOf, today: NaiveDate) -> anyhow::Result<Event> {
    let row = |group: &Group| Participation { group: *group, took_part: true, invited: None, attended: None };
    Ok(Event {
        id: Id::parse(THOUGHT_OF).context("an id for the event that is thought of")?,
        title: Some("The event that you described".to_owned()),
        kind: EventKind::Other,
        status: EventStatus::Held,
        starts_on: thought_of.on,
        ends_on: None,
        created_on: Some(thought_of.on.min(today)),
        venue: None,
        venue_capacity: None,
        online: false,
        places: thought_of.places.clone(),
        stp_discussed: true,
        proposals: Vec::new(),
        bodies: Vec::new(),
        level: thought_of.level,
        participation: thought_of.groups.iter().map(row).collect(),
        place_counts: Vec::new(),
        targets: Vec::new(),
        held_in_public: false,
        minutes_published_on: None,
        publication: Publication::Public,
        withheld_reason: None,
        review_on: None,
        evidence_count: Some(0),
        feedback_on: None,
        themes: Vec::new(),
        confirmed: true,
    })
}

fn gaps(assessment: &StpAssessment) -> impl Iterator<Item = &Finding> {
    assessment.findings.iter().filter(|found| found.verdict == Verdict::Gap)
}

fn is_gap(assessment: &StpAssessment, gap: &Finding) -> bool {
    assessment.finding(gap.rule, &gap.subject).is_some_and(|found| found.verdict == Verdict::Gap)
}

impl Outcome {
    /// The gaps that would be closed, in the method's order.
    pub fn closed(&self) -> impl Iterator<Item = &Finding> {
        gaps(&self.before).filter(|gap| !is_gap(&self.after, gap))
    }

    /// The gaps that would be opened, in the method's order.
    pub fn opened(&self) -> impl Iterator<Item = &Finding> {
        gaps(&self.after).filter(|gap| !is_gap(&self.before, gap))
    }

    /// What would be said of a gap, where anything would.
    pub fn then(&self, rule: &str, subject: &str) -> Option<&Finding> {
        self.after.finding(rule, subject)
    }

    /// What would be said of it without the events.
    pub fn otherwise(&self, rule: &str, subject: &str) -> Option<&Finding> {
        self.before.finding(rule, subject)
    }
}

/// Whether a finding is about the event that is only thought of.
pub fn is_thought_of(found: &Finding) -> bool {
    found.subject.split('/').next() == Some(THOUGHT_OF)
}

#[cfg(test)]
mod tests {
    use method::Record;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// An STP with one council and one planned event with carers.
    fn stp() -> (Stp, Standard) {
        let standard = Standard::default_2017().to_canonical();
        let text = format!(
            r#"{{"format":"opendoor-record/1","disclosed":false,"standard":{standard},"stps":[{{
            "code":"E54000041","name":"Dorset","population":700000,
            "places":[{{"code":"E06000029","name":"Poole","tier":"upper","parent":null,"population":150000,"fringe":false}}],
            "events":[
              {{"id":"e1","title":"Drop-in","kind":"drop_in","status":"planned","starts_on":"2018-02-01","created_on":"2018-01-01",
                "places":["E06000029"],"stp_discussed":true,"level":2,"publication":"public","evidence_count":0,
                "participation":[{{"group":"PP-CAR","took_part":false,"invited":{{"low":30,"high":30}},"attended":null}}]}},
              {{"id":"e2","kind":"drop_in","status":"cancelled","starts_on":"2018-01-02","publication":"public",
                "participation":[{{"group":"ST-MED","took_part":false}}]}}]}}]}}"#
        );
        let mut record = Record::parse(text.as_bytes()).unwrap_or_else(|problems| panic!("{problems:?}"));
        (record.stps.pop().unwrap(), record.standard)
    }

    fn closed(outcome: &Outcome) -> Vec<(&str, &str)> {
        outcome.closed().map(|gap| (gap.rule, gap.subject.as_str())).collect()
    }

    #[test]
    fn a_planned_event_closes_what_it_would_as_at_its_own_day() {
        let (stp, standard) = stp();
        let supposed =
            Supposed { events: vec!["e1".into(), "e2".into(), "nothing".into()], thought_of: None };
        let outcome = suppose(&stp, &standard, day("2018-01-15"), &supposed).unwrap();
        assert_eq!(outcome.day, day("2018-02-01"));
        let closed = closed(&outcome);
        for gap in [("COV-1", "PP"), ("COV-2", "PP-CAR"), ("GEO-1", "E06000029")] {
            assert!(closed.contains(&gap), "{gap:?} in {closed:?}");
        }
        assert!(!closed.contains(&("COV-1", "ST")), "a cancelled event is no planned one");
        assert_eq!(outcome.then("COV-2", "PP-CAR").unwrap().verdict, Verdict::Met);
        assert_eq!(outcome.otherwise("COV-2", "PP-CAR").unwrap().verdict, Verdict::Gap);
    }

    #[test]
    fn an_event_whose_day_is_past_is_looked_at_today() {
        let (stp, standard) = stp();
        let supposed = Supposed { events: vec!["e1".into()], thought_of: None };
        let outcome = suppose(&stp, &standard, day("2018-06-01"), &supposed).unwrap();
        assert_eq!(outcome.day, day("2018-06-01"));
        assert!(closed(&outcome).contains(&("PLN-1", "e1")));
        let opened: Vec<_> = outcome.opened().map(|gap| (gap.rule, gap.subject.as_str())).collect();
        assert!(opened.contains(&("EVD-1", "e1")), "held without evidence: {opened:?}");
    }

    #[test]
    fn an_event_that_is_thought_of_is_about_whom_and_where_it_says() {
        let (stp, standard) = stp();
        let thought_of = ThoughtOf {
            groups: vec![Group::Doctors],
            places: Vec::new(),
            level: Level::from_number(3),
            on: day("2018-03-01"),
        };
        let supposed = Supposed { events: Vec::new(), thought_of: Some(thought_of) };
        let outcome = suppose(&stp, &standard, day("2018-01-15"), &supposed).unwrap();
        assert_eq!(outcome.day, day("2018-03-01"));
        let closed = closed(&outcome);
        assert!(closed.contains(&("COV-2", "ST-MED")) && closed.contains(&("COV-1", "ST")), "{closed:?}");
        assert!(!closed.iter().any(|(rule, _)| *rule == "GEO-1"));
        assert_eq!(outcome.by_time_alone, 1, "by then the planned event should have an outcome on record");
    }

    #[test]
    fn who_was_asked_in_a_number_of_none_does_not_come() {
        let (mut stp, standard) = stp();
        stp.events[0].participation[0].invited = Some(method::values::Count { low: 0, high: 0 });
        let supposed = Supposed { events: vec!["e1".into()], thought_of: None };
        let outcome = suppose(&stp, &standard, day("2018-01-15"), &supposed).unwrap();
        assert!(outcome.closed().all(|gap| gap.rule != "COV-2"));
    }
}
