//! TIM-4: a consultation at a time when people are away or parties campaign.

use chrono::{Datelike, NaiveDate};

use super::{Domain, Duty, Earlier, Threshold, Words};
use crate::area::{Area, days_between};
use crate::duties;
use crate::finding::{Found, Severity};
use crate::record::Consultation;
use crate::standard::Period;
use crate::wording;

pub const WORDS: Words = Words {
    id: "TIM-4",
    title: "Poor timing",
    domain: Domain::Timing,
    subject: "Each formal consultation that has opened and whose last day is on record",
    words: "Gap when at least the standard's share of its days, the first and the last included and each counted once, fall in \
            August, from 20 December to 3 January, or in a pre-election period of the standard, and no reason is recorded why. \
            Otherwise met.",
    duties: &[
        duties::CONSULTATION_PRINCIPLES,
        Duty {
            name: "Proposed by this method",
            sentence: "No source sets a share of days; this one can be changed in the standard.",
            sources: &[],
        },
    ],
    inputs: &["consultations.opens_on", "consultations.closes_on", "consultations.timing_reason"],
    thresholds: &[Threshold { key: "poor_timing_share", default: "0.25", unit: "of its days" }],
    severity: "Low.",
    closes: "A consultation moved or kept open for longer, or the reason why it runs at that time.",
    risk: "Only part of the footprint may have had an election; and some people have most time in August.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    if area.stp.consultations.is_empty() {
        return Vec::new();
    }
    let elections = in_a_row(&area.standard.pre_election_periods);
    area.stp.consultations.iter().filter_map(|one| judge_one(area, one, &elections)).collect()
}

fn judge_one<'r>(area: &Area<'r>, consultation: &'r Consultation, elections: &[(NaiveDate, NaiveDate)]) -> Option<Found<'r>> {
    let opens = consultation.opens_on.filter(|opens| *opens <= area.as_at)?;
    let closes = consultation.closes_on?;
    let days = days_between(opens, closes) + 1;
    let poor = poor_days(opens, closes, elections);
    let share = area.standard.poor_timing_share;
    let is_poor = i128::from(poor) * 1_000_000 >= i128::from(share.millionths()) * i128::from(days);
    let named = || wording::consultation(consultation);
    let found = match (is_poor, &consultation.timing_reason) {
        (true, None) => area.gap(Severity::Low).sentence(|| {
            format!("No record of why {poor} of the {days} days of {} fall in August, at Christmas or before an election.", named())
        }),
        (true, Some(reason)) => area
            .met()
            .sentence(|| format!("There is a reason for the time of {}: “{}”.", named(), wording::one_line(reason))),
        (false, _) => area.met().sentence(|| {
            format!("{poor} of the {days} days of {} fall in August, at Christmas or before an election.", named())
        }),
    };
    let found = found
        .about(&consultation.id)
        .closes(|| "A consultation moved or kept open for longer, or the reason why it runs at that time.")
        .input("open_for_days", days)
        .input("poor_days", poor)
        .input("poor_timing_share", share);
    Some(found)
}

/// How many days from one to the other, both included, are in August, at Christmas or in one of the periods.
fn poor_days(from: NaiveDate, to: NaiveDate, elections: &[(NaiveDate, NaiveDate)]) -> i64 {
    let first = elections.partition_point(|(_, last)| *last < from);
    let inside = elections[first..].iter().take_while(|(start, _)| *start <= to);
    let others = inside.map(|&(start, last)| {
        let (start, last) = (start.max(from), last.min(to));
        days_between(start, last) + 1 - holidays(start, last)
    });
    holidays(from, to) + others.sum::<i64>()
}

/// How many days from one to the other, both included, are in August or from 20 December to 3 January.
fn holidays(from: NaiveDate, to: NaiveDate) -> i64 {
    holidays_to(to) - holidays_to(from) + i64::from(is_holiday(from))
}

/// How many such days there are from the first of January of the year 0 to this day.
fn holidays_to(day: NaiveDate) -> i64 {
    const A_YEAR: i64 = 3 + 31 + 12;
    let of_month = i64::from(day.day());
    let this_year = match day.month() {
        1 => of_month.min(3),
        2..8 => 3,
        8 => 3 + of_month,
        9..12 => 3 + 31,
        _ => 3 + 31 + (of_month - 19).max(0),
    };
    i64::from(day.year()) * A_YEAR + this_year
}

fn is_holiday(day: NaiveDate) -> bool {
    matches!((day.month(), day.day()), (1, ..=3) | (8, _) | (12, 20..))
}

/// The periods in order, with those that touch or overlap as one.
fn in_a_row(periods: &[Period]) -> Vec<(NaiveDate, NaiveDate)> {
    let mut sorted: Vec<(NaiveDate, NaiveDate)> = periods.iter().map(|one| (one.from, one.to)).collect();
    sorted.sort_unstable();
    let mut row: Vec<(NaiveDate, NaiveDate)> = Vec::with_capacity(sorted.len());
    for (from, to) in sorted {
        match row.last_mut() {
            Some((_, last)) if from <= *last => *last = to.max(*last),
            _ => row.push((from, to)),
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    #[test]
    fn days_are_counted_as_one_by_one() {
        let periods = [("2017-03-27", "2017-05-04"), ("2017-04-22", "2017-06-08"), ("2016-12-29", "2017-01-10"), ("2017-06-08", "2017-06-08")];
        let periods = periods.map(|(from, to)| Period { from: day(from), to: day(to) });
        let is_poor = |one: NaiveDate| is_holiday(one) || periods.iter().any(|period| (period.from..=period.to).contains(&one));
        let elections = in_a_row(&periods);
        assert_eq!(elections.len(), 2);
        for start in (0..800).step_by(3) {
            let from = day("2016-02-27") + chrono::Days::new(start);
            for length in [0, 1, 2, 17, 83, 400, 1500] {
                let to = from + chrono::Days::new(length);
                let one_by_one = from.iter_days().take_while(|one| *one <= to).filter(|one| is_poor(*one)).count();
                assert_eq!(poor_days(from, to, &elections), i64::try_from(one_by_one).expect("few"), "{from} {to}");
            }
        }
    }

    #[test]
    fn three_hundred_years_are_counted_too() {
        assert_eq!(poor_days(day("1900-01-01"), day("2199-12-31"), &[]), 300 * 46);
        assert!(poor_days(NaiveDate::MIN, NaiveDate::MAX, &[]) > 0);
    }
}
