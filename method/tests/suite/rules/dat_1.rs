use method::record::{Event, Stp};
use method::values::Count;
use method::words::{EventStatus, Group, Publication};

use crate::make::{check, day, event, on, row, stp_with};

fn doubtful(name: &str, venue: &str) -> Event {
    Event { confirmed: false, venue: Some(venue.to_owned()), ..event(name) }
}

fn with_rows(capacity: Option<u32>, attended: &[Option<u32>]) -> Stp {
    let groups = Group::ALL.iter().zip(attended);
    let participation = groups.map(|(&group, &number)| row(group, number != Some(0), number)).collect();
    stp_with([Event { venue_capacity: capacity, participation, ..doubtful("e", "Hall") }])
}

#[test]
fn verdicts() {
    let pair = |venue: &str, other: &str| stp_with([doubtful("e", venue), doubtful("f", other)]);
    let with = |other: Event| stp_with([doubtful("e", "Hall"), other]);
    let before_its_day =
        Event { created_on: Some(day("2017-06-01")), ..on(doubtful("e", "Hall"), "2017-07-01") };
    let not_about_it = Event { stp_discussed: false, ..doubtful("f", "Hall") };
    check(
        "DAT-1",
        "e",
        &[
            ("nothing odd", stp_with([doubtful("e", "Hall")]), "met"),
            ("confirmed", stp_with([event("e")]), "-"),
            (
                "not public",
                stp_with([Event { publication: Publication::Unpublished, ..doubtful("e", "Hall") }]),
                "-",
            ),
            ("planned", stp_with([Event { status: EventStatus::Planned, ..doubtful("e", "Hall") }]), "-"),
            ("not about the STP", stp_with([Event { stp_discussed: false, ..doubtful("e", "Hall") }]), "met"),
            ("same day and venue", pair("Hall", "Hall"), "gap low"),
            ("same but for case and spaces", pair("  HALL ", "hall"), "gap low"),
            ("same but for the case of an accent", pair("CAF\u{c9}", "caf\u{e9}"), "met"),
            ("same but for a space inside", pair("Town Hall", "Town  Hall"), "met"),
            ("same but for a tab around", pair("Hall\t", "Hall"), "met"),
            ("two empty venues", pair("  ", " "), "met"),
            ("the other is confirmed", with(Event { confirmed: true, ..doubtful("f", "Hall") }), "gap low"),
            ("the other is not about the STP", with(not_about_it), "gap low"),
            (
                "the other is not public",
                with(Event { publication: Publication::Withheld, ..doubtful("f", "Hall") }),
                "met",
            ),
            (
                "the other is planned",
                with(Event { status: EventStatus::Planned, ..doubtful("f", "Hall") }),
                "met",
            ),
            ("the other is on another day", with(on(doubtful("f", "Hall"), "2017-01-12")), "met"),
            ("held before its day", stp_with([before_its_day]), "gap low"),
            ("rows without any number", with_rows(None, &[None, None]), "gap low"),
            ("rows with one number", with_rows(None, &[None, Some(5)]), "met"),
            ("rows with a nought", with_rows(None, &[Some(0)]), "met"),
            ("as many as the hall holds, and rounding", with_rows(Some(18), &[Some(20)]), "met"),
            ("one more than the hall holds", with_rows(Some(17), &[Some(20)]), "gap low"),
            ("rounding for each row", with_rows(Some(36), &[Some(20), Some(20)]), "met"),
            ("rounding for each row, one more", with_rows(Some(35), &[Some(20), Some(20)]), "gap low"),
            ("rounding for a row of nobody", with_rows(Some(16), &[Some(0), Some(20)]), "met"),
            ("nobody at all in a hall for none", with_rows(Some(0), &[Some(0)]), "met"),
        ],
    );
}

#[test]
fn the_low_end_of_a_count_is_read() {
    let mut stp = with_rows(Some(20), &[Some(50)]);
    assert_eq!(crate::make::said(&stp, "2017-06-30", "DAT-1", "e"), "gap low");
    stp.events[0].participation[0].attended = Some(Count { low: 20, high: 50 });
    assert_eq!(crate::make::said(&stp, "2017-06-30", "DAT-1", "e"), "met");
}
