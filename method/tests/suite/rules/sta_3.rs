use method::record::{Proposal, Stp};
use method::words::Substantial;

use crate::make::{check, day, proposal, stp};

fn with(substantial: Substantial, decision_on: Option<&str>) -> Stp {
    let decision_on = decision_on.map(day);
    Stp {
        proposals: vec![Proposal { service_change: true, substantial, decision_on, ..proposal("p") }],
        ..stp()
    }
}

#[test]
fn verdicts() {
    let mut no_change = with(Substantial::Undecided, Some("2017-07-01"));
    no_change.proposals[0].service_change = false;
    check(
        "STA-3",
        "p",
        &[
            ("no decision", with(Substantial::Undecided, None), "not_applicable"),
            ("in 91 days", with(Substantial::Undecided, Some("2017-09-29")), "not_applicable"),
            ("in 90 days", with(Substantial::Undecided, Some("2017-09-28")), "gap high"),
            ("decided", with(Substantial::Undecided, Some("2017-01-01")), "gap high"),
            ("yes", with(Substantial::Yes, Some("2017-09-28")), "met"),
            ("no", with(Substantial::No, Some("2017-09-28")), "met"),
            ("yes, far away", with(Substantial::Yes, Some("2017-09-29")), "not_applicable"),
            ("no change of services", no_change, "-"),
        ],
    );
}
