//! EQU-3: a category of people that is under-represented among those who answered.

use std::cmp::Ordering;

use super::{Domain, Duty, Earlier, Input, Words, equ_1};
use crate::area::Area;
use crate::duties;
use crate::exact::{ONE, compare};
use crate::finding::{Found, Severity, Subject};
use crate::record::PopulationShare;
use crate::wording;

/// Fewer answers than this tell too little.
const FEWEST: u128 = 30;

/// The square of 1.959964, the two-sided 95% point of the normal distribution, as a fraction.
const Z_SQUARED: (u128, u128) = (489_991 * 489_991, 250_000 * 250_000);

pub const WORDS: Words = Words {
    id: "EQU-3",
    title: "Under-represented",
    domain: Domain::Equality,
    subject: "Each category of people whose share of the residents is on record",
    words: "Not applicable with fewer than 30 answers. Unknown when more than two in five of those asked did not say. Gap when \
            the category's share of the answers is below four fifths of its share of the residents, and the difference is more \
            than chance makes likely: the upper Wilson limit at 95% is below the residents' share. Otherwise met.",
    duties: &[
        duties::EQUALITY_ACT,
        Duty {
            name: "Proposed by this method",
            sentence: "Four fifths, 30 answers and two in five are where a difference is worth asking about. People who \
                       chose to respond do not estimate public opinion.",
            sources: &[],
        },
    ],
    inputs: &["population_shares", "monitoring_returns.answers", "monitoring_returns.not_stated"],
    thresholds: &[],
    severity: "Medium.",
    closes: "More answers from people of the category, in a monitoring return.",
    risk: "A change may concern some people more than others: a consultation on maternity need not look like the census.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let shares = area.stp.population_shares.iter().filter(|one| one.share.millionths() > 0);
    shares.map(|share| judge_one(area, share)).collect()
}

fn judge_one<'r>(area: &Area<'r>, of: &'r PopulationShare) -> Found<'r> {
    let Answers { inside, all, not_stated } = Answers::of(area, of);
    let category = || wording::one_line(&of.category);
    let residents = u128::from(of.share.millionths());
    let found = if all < FEWEST {
        area.not_applicable().sentence(|| "Does not arise: too few people gave an answer to compare.")
    } else if 5 * not_stated > 2 * (all + not_stated) {
        area.unknown().sentence(|| "The record does not say what too many of those asked are.")
    } else if is_under_represented(inside, all, residents) {
        area.gap(Severity::Medium)
            .sentence(|| format!("No record of enough answers from people of the category “{}”, for their share of the residents.", category()))
    } else {
        area.met()
            .sentence(|| format!("People of the category “{}” answered about as their share of the residents has it.", category()))
    };
    let number = |number: u128| u64::try_from(number).unwrap_or(u64::MAX);
    found
        .about(Subject::Category(of.characteristic, &of.category))
        .closes(|| format!("More answers from people of the category “{}”, in a monitoring return.", category()))
        .input_of("answers_in_the_category", || number(inside))
        .input_of("answers", || number(all))
        .input_of("not_stated_at_most", || number(not_stated))
        .input("share_of_residents", of.share)
        .input_of("share_of_answers", || match all {
            0 => Input::Missing,
            _ => Input::Millionths(number(inside.saturating_mul(ONE) / all)),
        })
}

/// The counts over all returns of a characteristic, each end as it makes a gap less likely.
struct Answers {
    inside: u128,
    all: u128,
    not_stated: u128,
}

impl Answers {
    fn of(area: &Area<'_>, of: &PopulationShare) -> Self {
        let mut answers = Self { inside: 0, all: 0, not_stated: 0 };
        for one in equ_1::returns_of(area, of.characteristic) {
            answers.not_stated += u128::from(one.not_stated.high);
            for answer in &one.answers {
                if answer.category == of.category {
                    answers.inside += u128::from(answer.count.high);
                    answers.all += u128::from(answer.count.high);
                } else {
                    answers.all += u128::from(answer.count.low);
                }
            }
        }
        answers
    }
}

/// Is p / q < 0.8, and the upper Wilson limit of p below q, that is n(p − q)² > z²q(1 − q)? Here p = inside / n, and q is
/// in millionths; both sides are multiplied until they are whole.
fn is_under_represented(inside: u128, n: u128, residents: u128) -> bool {
    let (own, due) = (inside * ONE, residents * n);
    let (above, below) = Z_SQUARED;
    own < due
        && 5 * own < 4 * due
        && compare(due - own, (due - own) * below, above * residents * (ONE - residents), n) == Ordering::Greater
}

#[cfg(test)]
mod tests {
    use super::is_under_represented;

    /// The limit as the method page writes it, in binary fractions: good enough away from the boundary.
    #[expect(clippy::cast_precision_loss, reason = "small numbers")]
    fn as_written(inside: u128, n: u128, residents: u128) -> Option<bool> {
        let (z, count) = (1.959_964_f64, n as f64);
        let (p, q) = (inside as f64 / count, residents as f64 / 1e6);
        let spread = (p * (1.0 - p) / count + z * z / (4.0 * count * count)).sqrt();
        let limit = (p + z * z / (2.0 * count) + z * spread) / (1.0 + z * z / count);
        let is_sure = (limit - q).abs() > 1e-9 && (p / q - 0.8).abs() > 1e-9;
        is_sure.then_some(p / q < 0.8 && limit < q)
    }

    #[test]
    fn the_whole_numbers_say_what_the_page_says() {
        let mut seen = [0, 0];
        for n in [30, 31, 57, 100, 1000, 99_999] {
            for part in 0..=60 {
                for residents in [1, 1000, 50_000, 281_000, 333_333, 500_000, 999_999, 1_000_000] {
                    let inside = n * part / 60;
                    let said = is_under_represented(inside, n, residents);
                    assert_eq!(Some(said), as_written(inside, n, residents).or(Some(said)), "{inside} {n} {residents}");
                    seen[usize::from(said)] += 1;
                }
            }
        }
        assert!(seen[0] > 500 && seen[1] > 500, "{seen:?}");
    }

    #[test]
    fn the_greatest_numbers_do_not_overflow() {
        let most = 1_000_000_000 * 1_000_000_000;
        assert!(is_under_represented(0, most, 1_000_000));
        assert!(!is_under_represented(most, most, 1_000_000));
        assert!(is_under_represented(most / 2, most, 999_999));
    }
}
