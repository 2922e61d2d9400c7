use method::record::{Consultation, Stp};

use crate::make::{TODAY, check, consultation, proposal, said, stp};

fn with(one: Consultation) -> Stp {
    Stp { proposals: vec![proposal("p")], consultations: vec![one], ..stp() }
}

#[test]
fn verdicts() {
    let from_march = |closes_on: &str| consultation("c", "p", "2017-03-01", closes_on);
    let reason = |one: Consultation| with(Consultation { short_reason: Some("purdah".to_owned()), ..one });
    check(
        "TIM-2",
        "c",
        &[
            ("84 days", with(from_march("2017-05-23")), "met"),
            ("83 days", with(from_march("2017-05-22")), "gap medium"),
            ("83 days, with a reason", reason(from_march("2017-05-22")), "met"),
            ("42 days", with(from_march("2017-04-11")), "gap medium"),
            ("41 days", with(from_march("2017-04-10")), "gap high"),
            ("one day", with(from_march("2017-03-01")), "gap high"),
            ("one day, with a reason", reason(from_march("2017-03-01")), "met"),
            ("no last day", with(Consultation { closes_on: None, ..from_march("2017-03-01") }), "unknown"),
            ("opens today", with(consultation("c", "p", TODAY, "2017-07-01")), "gap high"),
            ("opens tomorrow", with(consultation("c", "p", "2017-07-01", "2017-07-02")), "-"),
            ("no first day", with(Consultation { opens_on: None, ..from_march("2017-03-01") }), "-"),
        ],
    );
    assert_eq!(said(&stp(), TODAY, "TIM-2", "c"), "-");
}
