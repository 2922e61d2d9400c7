use method::record::{Event, Proposal, Stp};
use method::values::Level;
use method::words::{EventStatus, Group};

use crate::make::{asked, check, counted, day, decided, event, id, linked, stp, took};

fn with(decision_on: &str, events: Vec<Event>) -> Stp {
    Stp { proposals: vec![Proposal { staff_impact: true, ..decided("p", decision_on) }], events, ..stp() }
}

fn heard() -> Event {
    linked(took(event("e"), Group::Unions), "p")
}

#[test]
fn verdicts() {
    let mut no_impact = with("2017-06-30", vec![]);
    no_impact.proposals[0].staff_impact = false;
    let mut undated = with("2017-06-30", vec![]);
    undated.proposals[0].decision_on = None;
    check(
        "STF-2",
        "p",
        &[
            ("nothing, decided", with("2017-06-30", vec![]), "gap high"),
            ("nothing, in 42 days", with("2017-08-11", vec![]), "gap high"),
            ("nothing, in 43 days", with("2017-08-12", vec![]), "gap medium"),
            ("heard", with("2017-06-30", vec![heard()]), "met"),
            (
                "told is enough",
                with("2017-06-30", vec![Event { level: Some(Level::Inform), ..heard() }]),
                "met",
            ),
            ("the day before", with("2017-01-12", vec![heard()]), "met"),
            ("on the day", with("2017-01-11", vec![heard()]), "gap high"),
            (
                "ended on the day",
                with("2017-01-12", vec![Event { ends_on: Some(day("2017-01-12")), ..heard() }]),
                "gap high",
            ),
            ("not linked", with("2017-06-30", vec![took(event("e"), Group::Unions)]), "gap high"),
            (
                "other staff",
                with("2017-06-30", vec![linked(took(event("e"), Group::Nurses), "p")]),
                "gap high",
            ),
            (
                "planned",
                with("2017-06-30", vec![Event { status: EventStatus::Planned, ..heard() }]),
                "gap high",
            ),
            ("no impact on staff", no_impact, "-"),
            ("no decision", undated, "-"),
        ],
    );
}

#[test]
fn what_nearly_counted() {
    let events = vec![
        Event { id: id("late"), ends_on: Some(day("2017-02-01")), ..heard() },
        linked(asked(event("asked"), Group::Unions), "p"),
        took(event("unlinked"), Group::Unions),
        took(event("other"), Group::Nurses),
    ];
    let near = counted(&with("2017-01-20", events), "STF-2", "p").1;
    assert_eq!(near, ["asked invited_only", "late after_decision", "unlinked not_linked"]);
}
