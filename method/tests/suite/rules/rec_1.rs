use method::record::{Event, Stp};
use method::words::Group;

use crate::make::{check, counted, day, event, on, stp, stp_with, took, waived};

#[test]
fn verdicts() {
    let carers = |starts_on| stp_with([on(took(event("e"), Group::Carers), starts_on)]);
    let until = |ends_on| {
        stp_with([Event { ends_on: Some(day(ends_on)), ..on(took(event("e"), Group::Carers), "2016-01-01") }])
    };
    let waiver = vec![waived(Group::Carers, "2017-01-01", "2017-12-31")];
    check(
        "REC-1",
        "PP-CAR",
        &[
            ("never engaged: COV-2 says so", stp(), "not_applicable < COV-2 PP-CAR"),
            ("never engaged and waived", Stp { requirements: waiver.clone(), ..stp() }, "not_applicable"),
            ("long ago and waived", Stp { requirements: waiver, ..carers("2015-01-01") }, "not_applicable"),
            ("180 days ago", carers("2017-01-01"), "met"),
            ("181 days ago", carers("2016-12-31"), "gap medium"),
            ("360 days ago", carers("2016-07-05"), "gap medium"),
            ("361 days ago", carers("2016-07-04"), "gap high"),
            ("a long one that ended 180 days ago", until("2017-01-01"), "met"),
            ("a long one that ended 181 days ago", until("2016-12-31"), "gap medium"),
            ("one that is still running", until("2017-09-30"), "met"),
        ],
    );
}

#[test]
fn the_latest_events_count() {
    let on_day = |name, starts_on| on(took(event(name), Group::Carers), starts_on);
    let stp = stp_with([on_day("c", "2016-01-01"), on_day("b", "2016-02-01"), on_day("a", "2016-02-01")]);
    assert_eq!(counted(&stp, "REC-1", "PP-CAR").0, ["a", "b"]);
}
