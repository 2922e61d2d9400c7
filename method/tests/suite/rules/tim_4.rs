use method::record::{Consultation, Stp};

use crate::make::{check, consultation, day, proposal, record, said, stp};

fn with(opens_on: &str, closes_on: &str) -> Stp {
    let one = consultation("c", "p", opens_on, closes_on);
    Stp { proposals: vec![proposal("p")], consultations: vec![one], ..stp() }
}

#[test]
fn verdicts() {
    let reason = |mut stp: Stp| {
        stp.consultations[0].timing_reason = Some("the law sets the day".to_owned());
        stp
    };
    let endless = || Stp {
        consultations: vec![Consultation {
            closes_on: None,
            ..with("2016-08-01", "2016-08-31").consultations[0].clone()
        }],
        ..with("2016-08-01", "2016-08-31")
    };
    check(
        "TIM-4",
        "c",
        &[
            ("all of August", with("2016-08-01", "2016-08-31"), "gap low"),
            ("all of August, with a reason", reason(with("2016-08-01", "2016-08-31")), "met"),
            ("31 of 124 days: a quarter", with("2016-05-31", "2016-10-01"), "gap low"),
            ("31 of 125 days", with("2016-05-30", "2016-10-01"), "met"),
            ("autumn", with("2016-09-01", "2016-12-19"), "met"),
            // 15 days at Christmas.
            ("15 of 60 days", with("2016-11-05", "2017-01-03"), "gap low"),
            ("15 of 61 days", with("2016-11-04", "2017-01-03"), "met"),
            ("3 January", with("2017-01-03", "2017-01-03"), "gap low"),
            ("4 January", with("2017-01-04", "2017-01-04"), "met"),
            ("19 December", with("2016-12-19", "2016-12-19"), "met"),
            ("20 December", with("2016-12-20", "2016-12-20"), "gap low"),
            // From 27 March to 8 June in two periods that overlap: 74 days, each once.
            ("74 of 74 days", with("2017-03-27", "2017-06-08"), "gap low"),
            ("13 days of 13 in both periods", with("2017-04-22", "2017-05-04"), "gap low"),
            ("13 of 41 days, each once", with("2017-02-27", "2017-04-08"), "gap low"),
            ("8 June", with("2017-06-08", "2017-06-08"), "gap low"),
            ("9 June", with("2017-06-09", "2017-06-09"), "met"),
            ("46 days of each year", with("1900-01-01", "2199-12-31"), "met"),
            ("no last day", endless(), "-"),
            ("opens tomorrow", with("2017-07-01", "2017-08-31"), "-"),
        ],
    );
}

#[test]
fn a_day_in_two_periods_counts_once() {
    // Of 30 days 11 are in the one or the other; then 7, which twice counted would be more than a quarter.
    let mut record = record(with("2017-03-01", "2017-03-30"));
    let period = |from: &str, to: &str| method::standard::Period { from: day(from), to: day(to) };
    record.standard.pre_election_periods =
        vec![period("2017-03-24", "2017-04-30"), period("2017-03-20", "2017-03-30")];
    let verdict = |record: &method::Record| {
        let assessed = method::assess(record, day("2017-06-30"));
        assessed.stps[0].finding("TIM-4", "c").expect("a finding").verdict.code()
    };
    assert_eq!(verdict(&record), "gap");
    record.standard.pre_election_periods[1] = period("2017-03-24", "2017-03-30");
    assert_eq!(verdict(&record), "met");
    assert_eq!(said(&with("2017-03-01", "2017-03-30"), "2017-06-30", "TIM-4", "c"), "met");
}
