use method::record::Event;
use method::words::{EventStatus, Group};

use crate::make::{TODAY, asked, check, counted, day, event, id, on, place_count, said, stp, stp_with, took};

/// Cancelled, of 11 January 2017 in the county; 60 days later is 12 March 2017.
fn cancelled() -> Event {
    Event { status: EventStatus::Cancelled, ..asked(event("e"), Group::Carers) }
}

fn held(starts_on: &str) -> Event {
    on(took(event("f"), Group::Carers), starts_on)
}

fn planned(starts_on: &str) -> Event {
    let planned = on(asked(event("f"), Group::Carers), starts_on);
    Event { status: EventStatus::Planned, created_on: Some(day("2017-01-01")), ..planned }
}

#[test]
fn verdicts() {
    let with = |other: Event| stp_with([cancelled(), other]);
    let elsewhere = |event: Event| Event { places: vec![], ..event };
    let placeless = |event: Event| stp_with([elsewhere(cancelled()), event]);
    check(
        "PLN-2",
        "e/PP-CAR",
        &[
            ("nothing since", stp_with([cancelled()]), "gap medium"),
            ("held the day after", with(held("2017-01-12")), "met"),
            ("held the same day", with(held("2017-01-11")), "gap medium"),
            ("held on the last day", with(held("2017-03-12")), "met"),
            ("held a day too late", with(held("2017-03-13")), "gap medium"),
            ("planned in time", with(planned("2017-03-12")), "met"),
            ("planned too late", with(planned("2017-03-13")), "gap medium"),
            (
                "held, the group asked only",
                with(asked(on(event("f"), "2017-01-12"), Group::Carers)),
                "gap medium",
            ),
            ("held with another group", with(took(on(event("f"), "2017-01-12"), Group::Users)), "gap medium"),
            (
                "held, not about the STP",
                with(Event { stp_discussed: false, ..held("2017-01-12") }),
                "gap medium",
            ),
            (
                "planned, not about the STP",
                with(Event { stp_discussed: false, ..planned("2017-01-12") }),
                "met",
            ),
            (
                "cancelled too",
                with(Event { status: EventStatus::Cancelled, ..held("2017-01-12") }),
                "gap medium",
            ),
            ("in no place", with(elsewhere(held("2017-01-12"))), "gap medium"),
            ("both in no place", placeless(elsewhere(held("2017-01-12"))), "met"),
            ("only the new one in a place", placeless(held("2017-01-12")), "gap medium"),
            (
                "people of the place came",
                with(Event { place_counts: vec![place_count("county", 3)], ..elsewhere(held("2017-01-12")) }),
                "met",
            ),
            (
                "not about the STP itself",
                stp_with([Event { stp_discussed: false, ..cancelled() }]),
                "gap medium",
            ),
            ("not due yet: 60 days ago", stp_with([on(cancelled(), "2017-05-01")]), "not_applicable"),
            ("61 days ago", stp_with([on(cancelled(), "2017-04-30")]), "gap medium"),
            ("was to begin today", stp_with([on(cancelled(), TODAY)]), "not_applicable"),
            (
                "is to begin tomorrow",
                stp_with([Event { created_on: Some(day("2017-06-01")), ..on(cancelled(), "2017-07-01") }]),
                "-",
            ),
        ],
    );
}

#[test]
fn each_group_but_other_parties() {
    let stp = stp_with([asked(took(cancelled(), Group::Nurses), Group::Media)]);
    assert_eq!(said(&stp, TODAY, "PLN-2", "e/ST-NUR"), "gap medium");
    assert_eq!(said(&stp, TODAY, "PLN-2", "e/XP-MED"), "-");
}

#[test]
fn places_must_be_the_same() {
    let mut stp = stp_with([cancelled(), Event { places: vec![id("north")], ..held("2017-01-12") }]);
    stp.places.push(crate::make::district("north", "county"));
    assert_eq!(said(&stp, TODAY, "PLN-2", "e/PP-CAR"), "gap medium");
    stp.events[0].places.push(id("north"));
    assert_eq!(said(&stp, TODAY, "PLN-2", "e/PP-CAR"), "met");
}

#[test]
fn the_first_replacement_counts() {
    let others = [on(Event { id: id("late"), ..held("2017-02-02") }, "2017-02-02"), held("2017-02-01")];
    let stp = method::record::Stp { events: others.into_iter().chain([cancelled()]).collect(), ..stp() };
    assert_eq!(counted(&stp, "PLN-2", "e/PP-CAR").0, ["f"]);
}
