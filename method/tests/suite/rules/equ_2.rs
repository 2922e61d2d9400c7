use method::record::{Event, MonitoringException, Proposal, Stp};
use method::words::{Characteristic, EventStatus};

use crate::make::{TODAY, check, decided, event, monitored, said, stp, stp_with};

#[test]
fn verdicts() {
    let aimed = || Event { targets: vec![Characteristic::Race], ..event("e") };
    let answered = |people| Stp {
        monitoring_returns: vec![monitored(Characteristic::Race, 0, &[("other", people), ("any", 0)])],
        ..stp()
    };
    // Monitored well enough, by the standard: nobody is known to be unreached, so the gap stands alone.
    let excepted = |stp: Stp| Stp {
        monitoring_exceptions: vec![MonitoringException {
            characteristic: Characteristic::Race,
            reason: "x".to_owned(),
        }],
        ..stp
    };
    let with = |proposals: Vec<Proposal>| Stp { proposals, ..excepted(answered(0)) };
    check(
        "EQU-2",
        "RAC",
        &[
            ("nothing: under the missing return", stp(), "not_applicable < EQU-1 RAC"),
            ("nothing, and excepted", excepted(stp()), "not_applicable"),
            ("an event for them", stp_with([aimed()]), "met"),
            (
                "planned only",
                stp_with([Event { status: EventStatus::Planned, ..aimed() }]),
                "not_applicable < EQU-1 RAC",
            ),
            (
                "for others",
                stp_with([Event { targets: vec![Characteristic::Sex], ..event("e") }]),
                "not_applicable < EQU-1 RAC",
            ),
            ("somebody answered", answered(1), "met"),
            ("nobody answered", answered(0), "gap medium < EQU-1 RAC"),
            ("nobody answered, and excepted", excepted(answered(0)), "gap medium"),
            ("a decision yesterday", with(vec![decided("p", "2017-06-29")]), "gap medium"),
            ("a decision today", with(vec![decided("p", TODAY)]), "gap high"),
            ("a decision in 42 days", with(vec![decided("p", "2017-08-11")]), "gap high"),
            ("a decision in 43 days", with(vec![decided("p", "2017-08-12")]), "gap medium"),
            (
                "one of two near",
                with(vec![decided("p", "2017-08-12"), decided("q", "2017-08-11")]),
                "gap high",
            ),
        ],
    );
}

#[test]
fn deprivation_and_caring_have_no_parent() {
    for other in ["DEP", "CAR"] {
        assert_eq!(said(&stp(), TODAY, "EQU-2", other), "not_applicable");
    }
    let of_carers = Stp { monitoring_returns: vec![monitored(Characteristic::Caring, 0, &[])], ..stp() };
    assert_eq!(said(&of_carers, TODAY, "EQU-2", "CAR"), "gap medium");
    assert_eq!(said(&stp(), TODAY, "EQU-2", "RUR"), "-");
}
