//! RSP-3: a question to the STP without an answer.

use chrono::{Datelike, NaiveDate, Weekday};

use super::{Domain, Duty, Earlier, Threshold, Words};
use crate::area::{Area, days_between};
use crate::duties;
use crate::finding::{Found, Severity};
use crate::record::Question;
use crate::wording;

pub const WORDS: Words = Words {
    id: "RSP-3",
    title: "Their question unanswered",
    domain: Domain::Responses,
    subject: "Each question that was put to the STP",
    words: "Met when it was answered. Not applicable until more working days than the standard's have passed since the day on which \
            it was received: Saturdays, Sundays and bank holidays are left out. Otherwise a gap.",
    duties: &[
        Duty {
            name: "Freedom of Information Act 2000",
            sentence: "A public body answers a request for information within twenty working days.",
            sources: &["https://www.whatdotheyknow.com/request/147981"],
        },
        duties::CHARTER,
        Duty {
            name: "Proposed by this method",
            sentence: "A question that is no such request is answered as fast; the number can be changed in the standard.",
            sources: &[],
        },
    ],
    inputs: &["questions.received_on", "questions.answered_on"],
    thresholds: &[Threshold { key: "answer_working_days", default: "20", unit: "working days" }],
    severity: "Medium.",
    closes: "An answer to the question, and its day.",
    risk: "A question may have been answered on the spot, and only its asking written down.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let received = area.stp.questions.iter().filter_map(|question| Some((question, question.received_on?)));
    let mut received = received.peekable();
    if received.peek().is_none() {
        return Vec::new();
    }
    let calendar = Calendar::of(&area.standard.bank_holidays);
    received.map(|(question, received)| judge_one(area, &calendar, question, received)).collect()
}

fn judge_one<'r>(area: &Area<'r>, calendar: &Calendar, question: &'r Question, received: NaiveDate) -> Found<'r> {
    let allowed = i64::from(area.standard.answer_working_days);
    let working_days = calendar.working_days(received, area.as_at);
    let named = || format!("the question of {}", wording::day(received));
    let found = if let Some(answered) = question.answered_on {
        area.met()
            .sentence(|| wording::sentence(format!("{} was answered on {}.", named(), wording::day(answered))))
            .counted_ids([&question.id])
    } else if working_days <= allowed {
        area.not_applicable()
            .sentence(|| format!("Not due yet: {} can be answered within {allowed} working days.", named()))
    } else {
        area.gap(Severity::Medium).sentence(|| format!("No record of an answer to {}.", named()))
    };
    found
        .about(&question.id)
        .closes(|| format!("An answer to {}.", named()))
        .input("received_on", received)
        .input("answered_on", question.answered_on)
        .input("days", days_between(received, area.as_at))
        .input("working_days", working_days)
        .input("answer_working_days", allowed)
}

/// The bank holidays that fall on a weekday, in order, each once.
struct Calendar(Vec<NaiveDate>);

impl Calendar {
    fn of(bank_holidays: &[NaiveDate]) -> Self {
        let is_weekday = |day: &NaiveDate| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let mut days: Vec<NaiveDate> = bank_holidays.iter().copied().filter(is_weekday).collect();
        days.sort_unstable();
        days.dedup();
        Self(days)
    }

    /// How many working days there are after one day, up to and with the other.
    fn working_days(&self, after: NaiveDate, to: NaiveDate) -> i64 {
        let to_day = |day: NaiveDate| self.0.partition_point(|holiday| *holiday <= day);
        let holidays = to_day(to).saturating_sub(to_day(after));
        weekdays_to(to) - weekdays_to(after) - i64::try_from(holidays).unwrap_or(i64::MAX)
    }
}

/// How many weekdays there are from Monday, the first of January of the year 1, to this day.
fn weekdays_to(day: NaiveDate) -> i64 {
    let days = i64::from(day.num_days_from_ce());
    days.div_euclid(7) * 5 + days.rem_euclid(7).min(5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_days_are_counted_as_one_by_one() {
        let standard = crate::Standard::default_2017();
        let calendar = Calendar::of(&standard.bank_holidays);
        let is_working = |day: &NaiveDate| {
            day.weekday().number_from_monday() <= 5 && !standard.bank_holidays.contains(day)
        };
        let start = NaiveDate::from_ymd_opt(2016, 12, 1).expect("a day");
        for after in start.iter_days().take(60) {
            for to in after.iter_days().take(120) {
                let one_by_one = after.iter_days().skip(1).take_while(|day| *day <= to).filter(is_working).count();
                assert_eq!(calendar.working_days(after, to), i64::try_from(one_by_one).expect("few"), "{after} {to}");
            }
        }
    }

    #[test]
    fn the_ends_of_the_calendar_are_days_too() {
        assert!(Calendar::of(&[]).working_days(NaiveDate::MIN, NaiveDate::MAX) > 0);
        assert_eq!(Calendar::of(&[]).working_days(NaiveDate::MIN, NaiveDate::MIN), 0);
    }
}
