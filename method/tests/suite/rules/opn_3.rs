use method::record::Event;
use method::words::{EventKind, EventStatus, Publication};

use crate::make::{TODAY, check, day, event, on, stp_with};

#[test]
fn verdicts() {
    let board = || Event { kind: EventKind::GovernanceMeeting, ..event("e") };
    let minutes = |published_on: &str| Event { minutes_published_on: Some(day(published_on)), ..board() };
    check(
        "OPN-3",
        "e",
        &[
            ("behind closed doors", stp_with([board()]), "gap medium"),
            ("28 days ago", stp_with([on(board(), "2017-06-02")]), "-"),
            ("29 days ago", stp_with([on(board(), "2017-06-01")]), "gap medium"),
            ("in public", stp_with([Event { held_in_public: true, ..board() }]), "met"),
            ("minutes published", stp_with([minutes(TODAY)]), "met"),
            ("minutes to be published tomorrow", stp_with([minutes("2017-07-01")]), "gap medium"),
            ("a stub", stp_with([Event { publication: Publication::Withheld, ..minutes(TODAY) }]), "met"),
            ("another kind of event", stp_with([event("e")]), "-"),
            ("planned", stp_with([Event { status: EventStatus::Planned, ..board() }]), "-"),
            ("not about the STP", stp_with([Event { stp_discussed: false, ..board() }]), "-"),
        ],
    );
}
