use method::record::{Question, Stp};

use crate::make::{check, counted, day, id, said, stp};

fn with(received_on: Option<&str>, answered_on: Option<&str>) -> Stp {
    let question =
        Question { id: id("q"), received_on: received_on.map(day), answered_on: answered_on.map(day) };
    Stp { questions: vec![question], ..stp() }
}

#[test]
fn verdicts() {
    // Twenty working days end on Friday 30 June 2017; 29 May is a bank holiday.
    check(
        "RSP-3",
        "q",
        &[
            ("20 working days ago: a Friday", with(Some("2017-06-02"), None), "not_applicable"),
            ("21 working days ago: the Thursday", with(Some("2017-06-01"), None), "gap medium"),
            ("the Saturday after", with(Some("2017-06-03"), None), "not_applicable"),
            ("answered", with(Some("2017-02-01"), Some("2017-06-30")), "met"),
            ("answered tomorrow", with(Some("2017-02-01"), Some("2017-07-01")), "gap medium"),
            ("received tomorrow", with(Some("2017-07-01"), None), "-"),
            ("no day of receipt", with(None, Some("2017-02-01")), "-"),
            ("received long ago", with(Some("1900-01-01"), None), "gap medium"),
        ],
    );
    assert_eq!(counted(&with(Some("2017-02-01"), Some("2017-02-02")), "RSP-3", "q").0, ["q"]);
}

#[test]
fn bank_holidays_do_not_count() {
    // From Thursday 13 April 2017 on: Good Friday, Easter Monday and 1 May are left out of the weekdays to 16 May.
    let asked = with(Some("2017-04-13"), None);
    assert_eq!(said(&asked, "2017-05-16", "RSP-3", "q"), "not_applicable");
    assert_eq!(said(&asked, "2017-05-17", "RSP-3", "q"), "gap medium");
}

#[test]
fn a_weekend_adds_nothing() {
    let asked = with(Some("2017-06-02"), None);
    for (as_at, verdict) in
        [("2017-06-30", "not_applicable"), ("2017-07-02", "not_applicable"), ("2017-07-03", "gap medium")]
    {
        assert_eq!(said(&asked, as_at, "RSP-3", "q"), verdict, "{as_at}");
    }
}
