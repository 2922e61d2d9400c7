use method::record::{Proposal, Stp};

use crate::make::{TODAY, check, day, decided, proposal, said, stp};

fn with(decision_on: &str, analysis_on: Option<&str>) -> Stp {
    let proposal = Proposal { equality_analysis_on: analysis_on.map(day), ..decided("p", decision_on) };
    Stp { proposals: vec![proposal], ..stp() }
}

#[test]
fn verdicts() {
    check(
        "EQU-4",
        "p",
        &[
            ("the day before", with("2017-06-20", Some("2017-06-19")), "met"),
            ("the same day: late", with("2017-06-20", Some("2017-06-20")), "gap high"),
            ("later", with("2017-06-20", Some(TODAY)), "gap high"),
            ("tomorrow does not exist yet", with("2017-06-20", Some("2017-07-01")), "gap critical"),
            ("none, decided", with("2017-06-20", None), "gap critical"),
            ("none, 28 days ahead", with("2017-07-28", None), "gap critical"),
            ("none, 29 days ahead", with("2017-07-29", None), "gap medium"),
            ("today, in time", with("2017-07-28", Some(TODAY)), "met"),
            ("planned for tomorrow, in time", with("2017-07-28", Some("2017-07-01")), "gap critical"),
        ],
    );
    assert_eq!(said(&Stp { proposals: vec![proposal("p")], ..stp() }, TODAY, "EQU-4", "p"), "-");
}
