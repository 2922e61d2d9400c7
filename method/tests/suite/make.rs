//! Small records in memory: one STP on which everything is in order that a test does not put out of order.

use chrono::NaiveDate;
use method::assess::StpAssessment;
use method::record::{
    Answer, Body, Consultation, Event, MonitoringReturn, Participation, Place, PlaceCount, Proposal, Record,
    Requirement, Stp, Waiver,
};
use method::standard::Standard;
use method::values::{Count, Id, Level, StpCode};
use method::words::{
    BodyKind, Characteristic, EventKind, EventStatus, Format, Group, Publication, Substantial, Tier,
};
use method::{Finding, assess};

/// The day on which nearly all tests look: 30 June 2017.
pub const TODAY: &str = "2017-06-30";

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a test gives real days")
}

pub fn id(text: &str) -> Id {
    Id::parse(text).expect("a test gives sound ids")
}

pub fn record(stp: Stp) -> Record {
    Record { format: Format::V1, disclosed: false, stps: vec![stp], standard: Standard::default_2017() }
}

/// An STP of one county without districts, and nothing else.
pub fn stp() -> Stp {
    Stp {
        code: StpCode::parse("E54000041").expect("a sound code"),
        name: "Dorset".to_owned(),
        population: 761_630,
        plan_started_on: None,
        plan_published_on: None,
        engagement_plan_published_on: None,
        reach_target_per_10000: None,
        places: vec![county("county")],
        bodies: Vec::new(),
        requirements: Vec::new(),
        reachable_contacts: None,
        monitoring_returns: Vec::new(),
        monitoring_exceptions: Vec::new(),
        population_shares: Vec::new(),
        proposals: Vec::new(),
        consultations: Vec::new(),
        events: Vec::new(),
        requests: Vec::new(),
        questions: Vec::new(),
    }
}

pub fn stp_with(events: impl IntoIterator<Item = Event>) -> Stp {
    Stp { events: events.into_iter().collect(), ..stp() }
}

pub fn county(code: &str) -> Place {
    Place {
        code: id(code),
        name: code.to_owned(),
        tier: Tier::Upper,
        parent: None,
        population: 1000,
        fringe: false,
    }
}

pub fn district(code: &str, county: &str) -> Place {
    Place { tier: Tier::District, parent: Some(id(county)), ..self::county(code) }
}

/// A public, confirmed, two-way event of 11 January 2017 in the county, with evidence and with nobody.
pub fn event(name: &str) -> Event {
    Event {
        id: id(name),
        title: Some(format!("Event {name}")),
        kind: EventKind::PublicMeeting,
        status: EventStatus::Held,
        starts_on: day("2017-01-11"),
        ends_on: None,
        created_on: None,
        venue: None,
        venue_capacity: None,
        online: false,
        places: vec![id("county")],
        stp_discussed: true,
        proposals: Vec::new(),
        bodies: Vec::new(),
        level: Some(Level::Consult),
        participation: Vec::new(),
        place_counts: Vec::new(),
        targets: Vec::new(),
        held_in_public: false,
        minutes_published_on: None,
        publication: Publication::Public,
        withheld_reason: None,
        review_on: None,
        evidence_count: Some(1),
        feedback_on: None,
        themes: Vec::new(),
        confirmed: true,
    }
}

/// The event on another day.
pub fn on(event: Event, starts_on: &str) -> Event {
    Event { starts_on: day(starts_on), ..event }
}

/// The event with a group taking part, ten strong.
pub fn took(mut event: Event, group: Group) -> Event {
    event.participation.push(row(group, true, Some(10)));
    event
}

/// The event with a group that was asked and is not known to have come.
pub fn asked(mut event: Event, group: Group) -> Event {
    event.participation.push(row(group, false, None));
    event
}

pub fn row(group: Group, took_part: bool, attended: Option<u32>) -> Participation {
    Participation { group, took_part, invited: None, attended: attended.map(Count::exactly) }
}

pub fn place_count(place: &str, people: u32) -> PlaceCount {
    PlaceCount { place: id(place), count: Count::exactly(people) }
}

pub fn requirement(group: Group, planned_level: Option<Level>) -> Requirement {
    Requirement { group, planned_level, waiver: None }
}

pub fn waived(group: Group, made_on: &str, until: &str) -> Requirement {
    let waiver = Waiver {
        reason: "engaged by the council".to_owned(),
        by: "programme director".to_owned(),
        made_on: day(made_on),
        until: day(until),
    };
    Requirement { group, planned_level: None, waiver: Some(waiver) }
}

/// A proposal without anything.
pub fn proposal(name: &str) -> Proposal {
    Proposal {
        id: id(name),
        title: Some(format!("Proposal {name}")),
        service_change: false,
        substantial: Substantial::Undecided,
        staff_impact: false,
        decision_on: None,
        equality_analysis_on: None,
        document_published_on: None,
        accessible_formats: Vec::new(),
        places: Vec::new(),
        urgency_exemption: None,
        scrutiny: Vec::new(),
    }
}

/// A proposal that is decided on a day.
pub fn decided(name: &str, decision_on: &str) -> Proposal {
    Proposal { decision_on: Some(day(decision_on)), ..proposal(name) }
}

/// A formal consultation on a proposal, from one day to another.
pub fn consultation(name: &str, proposal: &str, opens_on: &str, closes_on: &str) -> Consultation {
    Consultation {
        id: id(name),
        proposal: id(proposal),
        opens_on: Some(day(opens_on)),
        closes_on: Some(day(closes_on)),
        short_reason: None,
        timing_reason: None,
        considered_on: None,
        feedback_on: None,
        themes: Vec::new(),
    }
}

/// A trust that employs staff.
pub fn employer(code: &str) -> Body {
    Body {
        code: id(code),
        name: format!("Trust {code}"),
        kind: BodyKind::Trust,
        employer: true,
        statutory_consultee: false,
    }
}

/// A return of so many people who did not state what they are, and of answers.
pub fn monitored(of: Characteristic, not_stated: u32, answers: &[(&str, u32)]) -> MonitoringReturn {
    let answer = |(category, people): &(&str, u32)| Answer {
        category: (*category).to_owned(),
        count: Count::exactly(*people),
    };
    MonitoringReturn {
        characteristic: of,
        year: 2017,
        dated_on: day("2017-06-01"),
        not_stated: Count::exactly(not_stated),
        answers: answers.iter().map(answer).collect(),
    }
}

/// The event linked to a proposal.
pub fn linked(event: Event, proposal: &str) -> Event {
    Event { proposals: vec![id(proposal)], ..event }
}

/// The assessment of one STP; the record must be sound.
pub fn assessed(stp: Stp, as_at: &str) -> StpAssessment {
    let record = record(stp);
    assert_eq!(record.validate(), []);
    assess(&record, day(as_at)).stps.remove(0)
}

/// What a rule says about a subject, such as `gap medium < COV-1 PP`; `-` where there is no finding.
pub fn said(stp: &Stp, as_at: &str, rule: &str, subject: &str) -> String {
    assessed(stp.clone(), as_at).finding(rule, subject).map_or_else(|| "-".to_owned(), verdict)
}

pub fn verdict(finding: &Finding) -> String {
    let severity = finding.severity.map(|severity| format!(" {}", severity.code())).unwrap_or_default();
    let parent =
        finding.parent.as_ref().map(|one| format!(" < {} {}", one.rule, one.subject)).unwrap_or_default();
    let late = if finding.late { " late" } else { "" };
    format!("{}{severity}{late}{parent}", finding.verdict.code())
}

/// Checks a table of cases for one rule and subject.
pub fn check(rule: &str, subject: &str, cases: &[(&str, Stp, &str)]) {
    assert!(!cases.is_empty());
    for (case, stp, expected) in cases {
        assert_eq!(said(stp, TODAY, rule, subject), *expected, "{rule} {subject}: {case}");
    }
}

/// The ids that counted in a finding, and those that did not with their reasons.
pub fn counted(stp: &Stp, rule: &str, subject: &str) -> (Vec<String>, Vec<String>) {
    let assessed = assessed(stp.clone(), TODAY);
    let finding = assessed.finding(rule, subject).expect("there is a finding");
    let counted = finding.counted.iter().map(ToString::to_string).collect();
    let near = finding.not_counted.iter().map(|one| format!("{} {}", one.id, one.why.code())).collect();
    (counted, near)
}
