use method::record::{Event, Stp};
use method::values::Level;
use method::words::Group;

use crate::make::{check, counted, day, event, on, requirement, stp, stp_with, took, waived};

fn carers(name: &str, level: Option<Level>) -> Event {
    Event { level, ..took(event(name), Group::Carers) }
}

fn promised(events: Vec<Event>) -> Stp {
    Stp { requirements: vec![requirement(Group::Carers, Some(Level::Involve))], ..stp_with(events) }
}

#[test]
fn verdicts() {
    let waiver = vec![waived(Group::Carers, "2017-01-01", "2017-12-31")];
    let consulted = || carers("e", Some(Level::Consult));
    let long = Event { ends_on: Some(day("2016-07-01")), ..on(consulted(), "2016-01-01") };
    check(
        "DEP-1",
        "PP-CAR",
        &[
            ("waived", Stp { requirements: waiver, ..stp() }, "not_applicable"),
            ("never engaged", promised(vec![]), "not_applicable < COV-2 PP-CAR"),
            (
                "last engaged 365 days ago",
                promised(vec![on(consulted(), "2016-06-30")]),
                "not_applicable < REC-1 PP-CAR",
            ),
            ("last engaged 364 days ago", promised(vec![on(consulted(), "2016-07-01")]), "gap medium"),
            ("ended 364 days ago", promised(vec![long]), "gap medium"),
            ("no level planned", stp_with([consulted()]), "unknown"),
            ("above the plan", promised(vec![carers("e", Some(Level::Collaborate))]), "met"),
            ("as planned", promised(vec![carers("e", Some(Level::Involve))]), "met"),
            ("below the plan", promised(vec![consulted()]), "gap medium"),
            ("level not recorded", promised(vec![carers("e", None)]), "unknown"),
            ("one below, one not recorded", promised(vec![consulted(), carers("f", None)]), "unknown"),
            (
                "one reached, one not recorded",
                promised(vec![carers("e", Some(Level::Involve)), carers("f", None)]),
                "met",
            ),
        ],
    );
}

#[test]
fn a_recent_enough_absence_has_no_parent() {
    // With a longer recency the year window can end before engagement is stale.
    let mut record = crate::make::record(promised(vec![on(carers("e", None), "2016-06-30")]));
    record.standard.recency_days = 400;
    let assessed = method::assess(&record, day("2017-06-30"));
    let finding = assessed.stps[0].finding("DEP-1", "PP-CAR").expect("there is a finding");
    assert_eq!(crate::make::verdict(finding), "not_applicable");
}

#[test]
fn what_counted() {
    let events = vec![
        carers("low", Some(Level::Inform)),
        carers("reached", Some(Level::Involve)),
        carers("silent", None),
        on(carers("old", Some(Level::Involve)), "2016-01-01"),
    ];
    let (made_it, near) = counted(&promised(events), "DEP-1", "PP-CAR");
    assert_eq!(made_it, ["reached"]);
    assert_eq!(near, ["old outside_window", "silent level_unknown"]);
}
