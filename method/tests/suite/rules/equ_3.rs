use method::record::{PopulationShare, Stp};
use method::values::{Count, Share};
use method::words::Characteristic;

use crate::make::{TODAY, check, monitored, said, stp};

fn share(category: &str, millionths: u32) -> PopulationShare {
    let share = Share::from_millionths(millionths).expect("a share");
    PopulationShare { characteristic: Characteristic::Rural, category: category.to_owned(), share }
}

/// Half of the residents are of the category.
fn half(not_stated: u32, answers: &[(&str, u32)]) -> Stp {
    let returns = vec![monitored(Characteristic::Rural, not_stated, answers)];
    Stp { population_shares: vec![share("village", 500_000)], monitoring_returns: returns, ..stp() }
}

#[test]
fn verdicts() {
    check(
        "EQU-3",
        "RUR/village",
        &[
            ("no return", Stp { monitoring_returns: vec![], ..half(0, &[]) }, "not_applicable"),
            ("25 answers", half(0, &[("village", 0), ("town", 25)]), "not_applicable"),
            ("30 answers, none of them", half(0, &[("town", 30)]), "gap medium"),
            ("30 answers, half of them", half(0, &[("village", 15), ("town", 15)]), "met"),
            // 2/5 of those asked: 20 of 50.
            ("20 of 50 did not say", half(20, &[("town", 30)]), "gap medium"),
            ("25 of 55 did not say", half(25, &[("town", 30)]), "unknown"),
            // p/q = 0.8 with n = 1000: 400.
            ("four fifths of the share", half(0, &[("village", 400), ("town", 600)]), "met"),
            ("a little less, of a thousand", half(0, &[("village", 395), ("town", 605)]), "gap medium"),
            // n = 40: (p - q)^2 n > z^2/4 is true from |p - q| > 0.15496 on: below 13.8 of 40.
            ("chance can make it: 15 of 40", half(0, &[("village", 15), ("town", 25)]), "met"),
            ("chance hardly can: 10 of 40", half(0, &[("village", 10), ("town", 30)]), "gap medium"),
        ],
    );
}

#[test]
fn the_limit_itself() {
    // A share of all residents: the limit is below it as soon as p is, and p must be below four fifths.
    let all = |village, town| Stp {
        population_shares: vec![share("village", 1_000_000)],
        ..half(0, &[("village", village), ("town", town)])
    };
    assert_eq!(said(&all(40, 10), TODAY, "EQU-3", "RUR/village"), "met");
    assert_eq!(said(&all(35, 15), TODAY, "EQU-3", "RUR/village"), "gap medium");
}

#[test]
fn counts_are_read_as_they_make_a_gap_less_likely() {
    let mut stp = half(0, &[("village", 10), ("town", 30)]);
    stp.monitoring_returns[0].answers[0].count = Count { low: 10, high: 20 };
    assert_eq!(said(&stp, TODAY, "EQU-3", "RUR/village"), "met");
    stp.monitoring_returns[0].answers[0].count = Count::exactly(10);
    stp.monitoring_returns[0].answers[1].count = Count { low: 10, high: 30 };
    assert_eq!(said(&stp, TODAY, "EQU-3", "RUR/village"), "not_applicable");
    // Of those who did not say, the upper end counts: the record cannot tell.
    stp.monitoring_returns[0].answers[1].count = Count::exactly(30);
    stp.monitoring_returns[0].not_stated = Count { low: 0, high: 60 };
    assert_eq!(said(&stp, TODAY, "EQU-3", "RUR/village"), "unknown");
}

#[test]
fn a_share_of_nobody_is_not_asked_about() {
    let stp = Stp { population_shares: vec![share("village", 0)], ..half(0, &[("town", 30)]) };
    assert_eq!(said(&stp, TODAY, "EQU-3", "RUR/village"), "-");
    assert_eq!(said(&stp, TODAY, "EQU-3", "RUR/town"), "-");
}
