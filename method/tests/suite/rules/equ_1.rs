use method::record::{MonitoringException, MonitoringReturn, Stp};
use method::values::{Count, Share};
use method::words::Characteristic;
use method::{Standard, assess};

use crate::make::{TODAY, check, day, monitored, record, said, stp};

fn returning(returns: Vec<MonitoringReturn>) -> Stp {
    Stp { monitoring_returns: returns, ..stp() }
}

#[test]
fn verdicts() {
    let age = |not_stated, answers: &[(&str, u32)]| {
        returning(vec![monitored(Characteristic::Age, not_stated, answers)])
    };
    let later =
        MonitoringReturn { dated_on: day("2017-07-01"), ..monitored(Characteristic::Age, 0, &[("old", 10)]) };
    let today = MonitoringReturn { dated_on: day(TODAY), ..later.clone() };
    let excepted = MonitoringException { characteristic: Characteristic::Age, reason: "not yet".to_owned() };
    let two_years = |other| {
        let first = monitored(Characteristic::Age, 40, &[]);
        returning(vec![
            first,
            MonitoringReturn { year: 2016, ..monitored(Characteristic::Age, 0, &[("old", other)]) },
        ])
    };
    let interval = || {
        let mut stp = age(40, &[("old", 10)]);
        stp.monitoring_returns[0].answers[0].count.high = 60;
        stp
    };
    check(
        "EQU-1",
        "AGE",
        &[
            ("no return", stp(), "gap medium"),
            ("three of five", age(40, &[("old", 30), ("young", 30)]), "met"),
            ("fewer", age(45, &[("old", 30), ("young", 30)]), "gap medium"),
            ("nobody counted", age(0, &[]), "gap medium"),
            ("everybody", age(0, &[("old", 10)]), "met"),
            (
                "another characteristic",
                returning(vec![monitored(Characteristic::Sex, 0, &[("f", 10)])]),
                "gap medium",
            ),
            ("dated tomorrow", returning(vec![later]), "gap medium"),
            ("dated today", returning(vec![today]), "met"),
            ("an exception", Stp { monitoring_exceptions: vec![excepted], ..stp() }, "not_applicable"),
            ("two years added up", two_years(60), "met"),
            ("two years, too few", two_years(55), "gap medium"),
            ("the answers' upper end counts", interval(), "met"),
        ],
    );
}

#[test]
fn the_lower_end_of_those_who_did_not_say_counts() {
    let mut stp = returning(vec![monitored(Characteristic::Age, 0, &[("old", 60)])]);
    stp.monitoring_returns[0].not_stated = Count { low: 40, high: 400 };
    assert_eq!(said(&stp, TODAY, "EQU-1", "AGE"), "met");
}

#[test]
fn a_standard_that_asks_for_nothing_is_met_by_a_return_of_nobody() {
    let mut record = record(returning(vec![monitored(Characteristic::Age, 0, &[])]));
    record.standard =
        Standard { monitoring_known_share: Share::from_millionths(0).expect("a share"), ..record.standard };
    let assessed = assess(&record, day(TODAY));
    assert_eq!(assessed.stps[0].finding("EQU-1", "AGE").expect("a finding").verdict.code(), "met");
    assert_eq!(assessed.stps[0].finding("EQU-1", "SEX").expect("a finding").verdict.code(), "gap");
}

#[test]
fn the_nine_alone() {
    for other in ["DEP", "CAR", "RUR"] {
        assert_eq!(said(&stp(), TODAY, "EQU-1", other), "-");
    }
}
