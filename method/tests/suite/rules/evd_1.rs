use method::record::{Event, Stp};
use method::words::{EventStatus, Group};

use crate::make::{check, day, event, on, requirement, stp_with, took, waived};

#[test]
fn verdicts() {
    let bare = || Event { evidence_count: Some(0), ..event("e") };
    let carers = || took(bare(), Group::Carers);
    let parishes = || stp_with([took(bare(), Group::Parishes)]);
    let waiver =
        Stp { requirements: vec![waived(Group::Carers, "2017-01-01", "2017-12-31")], ..stp_with([carers()]) };
    let required = Stp { requirements: vec![requirement(Group::Parishes, None)], ..parishes() };
    let again = took(on(event("f"), "2017-01-12"), Group::Carers);
    let again_not_about_it = Event { stp_discussed: false, ..again.clone() };
    check(
        "EVD-1",
        "e",
        &[
            ("there is some", stp_with([event("e")]), "met"),
            ("not recorded", stp_with([Event { evidence_count: None, ..event("e") }]), "unknown"),
            ("none", stp_with([bare()]), "gap low"),
            ("none, 14 days ago", stp_with([on(bare(), "2017-06-16")]), "-"),
            ("none, 15 days ago", stp_with([on(bare(), "2017-06-15")]), "gap low"),
            (
                "none, ended 14 days ago",
                stp_with([Event { ends_on: Some(day("2017-06-16")), ..bare() }]),
                "-",
            ),
            ("the only event of a required group", stp_with([carers()]), "gap medium"),
            ("the group came to another too", stp_with([carers(), again]), "gap low"),
            ("the other was not about the STP", stp_with([carers(), again_not_about_it]), "gap medium"),
            ("the group is not required", parishes(), "gap low"),
            ("the group is required by the record", required, "gap medium"),
            ("the group is waived", waiver, "gap low"),
            ("planned", stp_with([Event { status: EventStatus::Planned, ..bare() }]), "-"),
            ("not about the STP", stp_with([Event { stp_discussed: false, ..bare() }]), "-"),
        ],
    );
}
