use method::record::{Consultation, Event, Stp};
use method::values::Level;
use method::words::EventStatus;

use crate::make::{TODAY, assessed, check, consultation, day, event, on, proposal, said, stp, stp_with};

#[test]
fn verdicts_of_an_event() {
    let told = |event: Event, feedback_on: &str| Event { feedback_on: Some(day(feedback_on)), ..event };
    let long = |ends_on: &str| stp_with([Event { ends_on: Some(day(ends_on)), ..event("e") }]);
    check(
        "FBK-1",
        "e",
        &[
            ("nothing", stp_with([event("e")]), "gap medium"),
            ("42 days ago", stp_with([on(event("e"), "2017-05-19")]), "not_applicable"),
            ("43 days ago", stp_with([on(event("e"), "2017-05-18")]), "gap medium"),
            ("ended 42 days ago", long("2017-05-19"), "not_applicable"),
            ("still running", long("2017-07-19"), "not_applicable"),
            ("told on the last day", stp_with([told(event("e"), "2017-02-22")]), "met"),
            ("told a day late", stp_with([told(event("e"), "2017-02-23")]), "met late"),
            ("told today", stp_with([told(event("e"), TODAY)]), "met late"),
            ("told tomorrow", stp_with([told(event("e"), "2017-07-01")]), "gap medium"),
            ("one-way", stp_with([Event { level: Some(Level::Inform), ..event("e") }]), "-"),
            ("level unknown", stp_with([Event { level: None, ..event("e") }]), "-"),
            ("planned", stp_with([Event { status: EventStatus::Planned, ..event("e") }]), "-"),
            ("not about the STP", stp_with([Event { stp_discussed: false, ..event("e") }]), "-"),
        ],
    );
}

#[test]
fn verdicts_of_a_consultation() {
    let with = |closes_on: &str, feedback_on: Option<&str>| Stp {
        proposals: vec![proposal("p")],
        consultations: vec![Consultation {
            feedback_on: feedback_on.map(day),
            ..consultation("c", "p", "2016-09-01", closes_on)
        }],
        ..stp()
    };
    check(
        "FBK-1",
        "c",
        &[
            ("84 days ago", with("2017-04-07", None), "not_applicable"),
            ("85 days ago", with("2017-04-06", None), "gap high"),
            ("told on the last day", with("2017-01-01", Some("2017-03-26")), "met"),
            ("told a day late", with("2017-01-01", Some("2017-03-27")), "met late"),
            ("closes today", with(TODAY, None), "not_applicable"),
            ("closes tomorrow", with("2017-07-01", None), "-"),
        ],
    );
    let mut endless = with(TODAY, None);
    endless.consultations[0].closes_on = None;
    assert_eq!(said(&endless, TODAY, "FBK-1", "c"), "-");
}

#[test]
fn late_stays_marked() {
    let late = stp_with([Event { feedback_on: Some(day("2017-02-23")), ..event("e") }]);
    let assessed = assessed(late, "2019-01-01");
    let finding = assessed.finding("FBK-1", "e").expect("a finding");
    assert!(finding.late && finding.sentence.ends_with(", late."), "{}", finding.sentence);
    assert!(assessed.findings.iter().all(|finding| !finding.late || finding.rule == "FBK-1"));
}
