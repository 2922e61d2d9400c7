use method::record::{Event, Stp};
use method::values::Level;
use method::words::Group;

use crate::make::{check, counted, event, on, stp, stp_with, took, waived};

fn carers(name: &str, level: Option<Level>) -> Event {
    Event { level, ..took(event(name), Group::Carers) }
}

#[test]
fn verdicts() {
    let waiver = vec![waived(Group::Carers, "2017-01-01", "2017-12-31")];
    let told = || carers("told", Some(Level::Inform));
    let heard = || carers("heard", Some(Level::Consult));
    check(
        "DEP-2",
        "PP-CAR",
        &[
            ("waived", Stp { requirements: waiver, ..stp_with([heard()]) }, "not_applicable"),
            ("never engaged", stp(), "not_applicable < COV-2 PP-CAR"),
            (
                "last engaged 365 days ago",
                stp_with([on(heard(), "2016-06-30")]),
                "not_applicable < REC-1 PP-CAR",
            ),
            ("heard 364 days ago", stp_with([on(heard(), "2016-07-01")]), "met"),
            ("told only", stp_with([told()]), "gap medium"),
            ("told and heard", stp_with([told(), heard()]), "met"),
            ("told now, heard long ago", stp_with([told(), on(heard(), "2016-01-01")]), "gap medium"),
            ("not recorded", stp_with([carers("e", None)]), "unknown"),
            ("told, and one not recorded", stp_with([told(), carers("e", None)]), "unknown"),
            ("heard, and one not recorded", stp_with([heard(), carers("e", None)]), "met"),
            ("no level planned is no matter", stp_with([heard()]), "met"),
        ],
    );
}

#[test]
fn what_counted() {
    let stp = stp_with([
        carers("told", Some(Level::Inform)),
        carers("silent", None),
        carers("heard", Some(Level::Empower)),
        on(carers("old", Some(Level::Consult)), "2016-01-01"),
    ]);
    let (made_it, near) = counted(&stp, "DEP-2", "PP-CAR");
    assert_eq!(made_it, ["heard"]);
    assert_eq!(near, ["old outside_window", "silent level_unknown", "told one_way"]);
}
