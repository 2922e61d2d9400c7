use method::record::Event;
use method::words::{EventStatus, Group};

use crate::make::{asked, check, day, event, on, stp_with, took};

#[test]
fn verdicts() {
    let planned =
        || Event { status: EventStatus::Planned, created_on: Some(day("2016-12-01")), ..event("e") };
    let with_carers = || asked(planned(), Group::Carers);
    let came = took(event("f"), Group::Carers);
    let came_for_another_matter = Event { stp_discussed: false, ..came.clone() };
    check(
        "PLN-1",
        "e",
        &[
            ("nobody asked", stp_with([planned()]), "gap low"),
            ("was to end 14 days ago", stp_with([on(planned(), "2017-06-16")]), "-"),
            ("was to end 15 days ago", stp_with([on(planned(), "2017-06-15")]), "gap low"),
            (
                "is to end in a while",
                stp_with([Event { ends_on: Some(day("2017-09-01")), ..planned() }]),
                "-",
            ),
            ("a group asked that never came", stp_with([with_carers()]), "gap medium"),
            (
                "a group down as taking part that never came",
                stp_with([took(planned(), Group::Carers)]),
                "gap medium",
            ),
            ("a group asked that came elsewhere", stp_with([with_carers(), came]), "gap low"),
            (
                "a group that came for another matter",
                stp_with([with_carers(), came_for_another_matter]),
                "gap medium",
            ),
            ("a group that nobody requires", stp_with([asked(planned(), Group::Parishes)]), "gap medium"),
            ("other parties alone", stp_with([asked(planned(), Group::Media)]), "gap low"),
            ("not about the STP", stp_with([Event { stp_discussed: false, ..planned() }]), "gap low"),
            ("held", stp_with([event("e")]), "-"),
            ("cancelled", stp_with([Event { status: EventStatus::Cancelled, ..planned() }]), "-"),
        ],
    );
}
