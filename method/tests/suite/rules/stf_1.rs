use method::record::{Body, Event, Stp};
use method::values::Level;
use method::words::Group;

use crate::make::{TODAY, asked, check, counted, employer, event, id, on, said, stp, took};

fn with(events: Vec<Event>) -> Stp {
    Stp { bodies: vec![employer("RBD"), Body { employer: false, ..employer("CCG") }], events, ..stp() }
}

fn at(event: Event) -> Event {
    Event { bodies: vec![id("RBD")], ..event }
}

#[test]
fn verdicts() {
    let heard = || at(took(event("e"), Group::Nurses));
    let told = || Event { level: Some(Level::Inform), ..heard() };
    let elsewhere = || took(event("f"), Group::Doctors);
    check(
        "STF-1",
        "RBD",
        &[
            ("nothing", with(vec![]), "gap medium < COV-1 ST"),
            ("heard", with(vec![heard()]), "met"),
            ("told", with(vec![told()]), "gap medium"),
            ("level unknown", with(vec![Event { level: None, ..heard() }]), "unknown"),
            (
                "level unknown, and heard",
                with(vec![Event { level: None, id: id("f"), ..heard() }, heard()]),
                "met",
            ),
            ("elsewhere", with(vec![elsewhere()]), "gap medium"),
            ("the public, there", with(vec![at(took(event("e"), Group::Users)), elsewhere()]), "gap medium"),
            ("asked, there", with(vec![at(asked(event("e"), Group::Nurses)), elsewhere()]), "gap medium"),
            ("364 days ago", with(vec![on(heard(), "2016-07-01")]), "met"),
            ("365 days ago", with(vec![on(heard(), "2016-06-30")]), "gap medium"),
            (
                "not about the STP",
                with(vec![Event { stp_discussed: false, ..heard() }]),
                "gap medium < COV-1 ST",
            ),
        ],
    );
    assert_eq!(said(&with(vec![]), TODAY, "STF-1", "CCG"), "-");
}

#[test]
fn what_nearly_counted() {
    let events = vec![
        on(at(took(event("old"), Group::Nurses)), "2016-06-30"),
        Event { level: Some(Level::Inform), ..at(took(event("told"), Group::Nurses)) },
        at(asked(event("asked"), Group::Nurses)),
    ];
    let near = counted(&with(events), "STF-1", "RBD").1;
    assert_eq!(near, ["asked invited_only", "old outside_window", "told one_way"]);
}
