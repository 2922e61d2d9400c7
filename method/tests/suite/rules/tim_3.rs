use method::record::{Consultation, Stp};

use crate::make::{TODAY, check, consultation, day, decided, proposal, stp};

/// Closed on 1 June 2017.
fn closed(considered_on: Option<&str>) -> Consultation {
    Consultation {
        considered_on: considered_on.map(day),
        ..consultation("c", "p", "2017-03-01", "2017-06-01")
    }
}

fn with(decision_on: &str, one: Consultation) -> Stp {
    Stp { proposals: vec![decided("p", decision_on)], consultations: vec![one], ..stp() }
}

#[test]
fn verdicts() {
    let closing = |closes_on: &str| consultation("c", "p", "2017-03-01", closes_on);
    check(
        "TIM-3",
        "c",
        &[
            ("28 days, to come", with("2017-07-01", closing("2017-06-03")), "met"),
            ("27 days, to come", with("2017-07-01", closing("2017-06-04")), "gap high"),
            ("27 days, though considered", with("2017-06-28", closed(Some("2017-06-20"))), "gap high"),
            ("decided, not considered", with("2017-06-30", closed(None)), "gap high"),
            ("decided tomorrow, not considered", with("2017-07-01", closed(None)), "met"),
            ("considered on the last day", with("2017-06-29", closed(Some("2017-06-29"))), "met"),
            ("considered too late", with("2017-06-29", closed(Some("2017-06-30"))), "gap high"),
            ("considered on the day of the close", with("2017-06-29", closed(Some("2017-06-01"))), "met"),
            ("considered before the close", with("2017-06-29", closed(Some("2017-05-31"))), "gap high"),
            ("decided before the close", with("2017-05-01", closed(Some("2017-06-01"))), "gap high"),
            ("closes today", with("2017-08-01", closing(TODAY)), "met"),
            ("closes tomorrow", with("2017-07-02", closing("2017-07-01")), "-"),
            ("no last day", with("2017-06-29", Consultation { closes_on: None, ..closed(None) }), "-"),
            (
                "no decision",
                Stp { proposals: vec![proposal("p")], consultations: vec![closed(None)], ..stp() },
                "-",
            ),
        ],
    );
}
