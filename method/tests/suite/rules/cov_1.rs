use method::record::Event;
use method::words::{EventStatus, Group, Publication};

use crate::make::{asked, check, counted, day, event, on, row, said, stp, stp_with, took};

#[test]
fn verdicts() {
    let carers = || took(event("e"), Group::Carers);
    check(
        "COV-1",
        "PP",
        &[
            ("no event at all", stp(), "gap high"),
            ("a group of the audience took part", stp_with([carers()]), "met"),
            ("another audience took part", stp_with([took(event("e"), Group::Nurses)]), "gap high"),
            ("asked only", stp_with([asked(event("e"), Group::Carers)]), "gap high"),
            ("planned", stp_with([Event { status: EventStatus::Planned, ..carers() }]), "gap high"),
            ("cancelled", stp_with([Event { status: EventStatus::Cancelled, ..carers() }]), "gap high"),
            ("the STP was not discussed", stp_with([Event { stp_discussed: false, ..carers() }]), "gap high"),
            ("not public", stp_with([Event { publication: Publication::Withheld, ..carers() }]), "met"),
            ("begins today", stp_with([on(carers(), "2017-06-30")]), "met"),
            ("begins tomorrow", stp_with([on(carers(), "2017-07-01")]), "gap high"),
            (
                "put on record today",
                stp_with([Event { created_on: Some(day("2017-06-30")), ..carers() }]),
                "met",
            ),
            (
                "put on record tomorrow",
                stp_with([Event { created_on: Some(day("2017-07-01")), ..carers() }]),
                "gap high",
            ),
            ("still running", stp_with([Event { ends_on: Some(day("2017-12-31")), ..carers() }]), "met"),
        ],
    );
}

#[test]
fn other_parties_are_not_asked_about_and_mask_nothing() {
    let stp = stp_with([took(event("e"), Group::Providers)]);
    assert_eq!(said(&stp, "2017-06-30", "COV-1", "XP"), "-");
    for audience in ["PP", "ST", "LA"] {
        assert_eq!(said(&stp, "2017-06-30", "COV-1", audience), "gap high");
    }
}

#[test]
fn what_nearly_counted_is_told_with_its_reason() {
    let mut none_came = event("none");
    none_came.participation.push(row(Group::Residents, false, Some(0)));
    none_came.participation.push(row(Group::Carers, false, None));
    let later = Event {
        created_on: Some(day("2017-06-01")),
        ..on(took(event("later"), Group::Carers), "2017-07-01")
    };
    let unheard_of = Event { created_on: Some(day("2017-07-01")), ..took(event("unheard"), Group::Carers) };
    let planned = Event { status: EventStatus::Planned, ..took(event("planned"), Group::Carers) };
    let elsewhere = Event { stp_discussed: false, ..took(event("elsewhere"), Group::Carers) };
    let asked_only = asked(event("asked"), Group::Carers);
    let staff = took(event("staff"), Group::Nurses);
    let (made_it, near) = counted(
        &stp_with([
            none_came,
            later,
            unheard_of,
            planned,
            elsewhere,
            asked_only,
            staff,
            took(event("b"), Group::Users),
        ]),
        "COV-1",
        "PP",
    );
    assert_eq!(made_it, ["b"]);
    let expected = [
        "asked invited_only",
        "elsewhere stp_not_discussed",
        "later after_as_at",
        "none attended_none",
        "planned not_held",
    ];
    assert_eq!(near, expected);
}
