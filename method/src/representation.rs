//! Representativeness: how like the residents those who answered are, for one characteristic at a time (method, 5.3).
//!
//! ```text
//! disclosed monitoring returns of a characteristic ─► known answers by category ─┐
//! population shares ─────────────────────────────────────────────────────────────┴─► 1 − ½ Σ |p − q|
//! ```
//!
//! Made of disclosed numbers alone, and only where they are numbers: a masked answer would make a guess of it. Whole
//! percentages are shown, of 20 known answers or more (method, 6). It is never averaged over characteristics.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::{disclose::mask_returns, record::Stp, values::Count, words::Characteristic};

/// Fewer known answers than this make no percentage.
const FEWEST: u64 = 20;
/// The share of all of them, in millionths.
const ALL: u64 = 1_000_000;

/// How like the residents those who answered are. People who chose to respond do not estimate public opinion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Representativeness {
    /// In hundredths: 100 where each answer has its share of the residents.
    pub percent: u64,
    /// Known answers.
    pub known: u64,
    /// Those who did not say, in hundredths of all who were asked; none where their number is masked.
    pub not_stated: Option<u64>,
}

/// Why it is not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// An answer has a number that is masked or not exact.
    Masked,
    /// Too few known answers.
    Few,
    /// No population share is on record for some answer or other.
    NoShares,
}

/// Works it out for each characteristic that has a return dated by the day, in their order. The record is disclosed first,
/// whatever its mark says.
pub fn representativeness(
    stp: &Stp,
    as_at: NaiveDate,
) -> Vec<(Characteristic, Result<Representativeness, Hidden>)> {
    let mut own = Stp { events: Vec::new(), ..stp.clone() };
    mask_returns(&mut own);
    let mut asked: Vec<Characteristic> = own
        .monitoring_returns
        .iter()
        .filter(|one| one.dated_on <= as_at)
        .map(|one| one.characteristic)
        .collect();
    asked.sort_unstable();
    asked.dedup();
    asked.into_iter().map(|one| (one, of(&own, one, as_at))).collect()
}

fn of(stp: &Stp, characteristic: Characteristic, as_at: NaiveDate) -> Result<Representativeness, Hidden> {
    let shares: BTreeMap<&str, u64> = stp
        .population_shares
        .iter()
        .filter(|share| share.characteristic == characteristic)
        .map(|share| (share.category.as_str(), share.share.millionths().into()))
        .collect();
    let mut known: BTreeMap<&str, u64> = shares.keys().map(|category| (*category, 0)).collect();
    let mut not_stated = Some(0);
    let returns = stp.monitoring_returns.iter();
    for one in returns.filter(|one| one.characteristic == characteristic && one.dated_on <= as_at) {
        not_stated = not_stated.and_then(|sum: u64| Some(sum + exact(one.not_stated)?));
        for answer in &one.answers {
            *known.entry(&answer.category).or_default() += exact(answer.count).ok_or(Hidden::Masked)?;
        }
    }
    let all: u64 = known.values().sum();
    if all < FEWEST {
        return Err(Hidden::Few);
    }
    if known.keys().any(|category| !shares.contains_key(category)) {
        return Err(Hidden::NoShares);
    }
    // Σ |p − q|, each times all known answers, in millionths.
    let apart: u64 =
        known.iter().map(|(category, count)| (count * ALL).abs_diff(shares[category] * all)).sum();
    Ok(Representativeness {
        percent: rounded(100 * (2 * all * ALL).saturating_sub(apart), 2 * all * ALL),
        known: all,
        not_stated: not_stated.map(|number| rounded(100 * number, all + number)),
    })
}

/// A number that is neither masked nor an interval.
fn exact(count: Count) -> Option<u64> {
    (count.low == count.high).then(|| count.high.into())
}

/// To the nearest whole number, a half upwards.
fn rounded(number: u64, by: u64) -> u64 {
    (2 * number + by) / (2 * by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Record, Standard};

    fn stp(answers: &[(&str, u32)], not_stated: u32, shares: &[(&str, &str)]) -> Stp {
        let standard = Standard::default_2017().to_canonical();
        let answers: Vec<String> = answers
            .iter()
            .map(|(category, n)| format!(r#"{{"category":"{category}","count":{{"low":{n},"high":{n}}}}}"#))
            .collect();
        let shares: Vec<String> = shares
            .iter()
            .map(|(category, share)| {
                format!(r#"{{"characteristic":"AGE","category":"{category}","share":{share}}}"#)
            })
            .collect();
        let text = format!(
            r#"{{"format":"opendoor-record/1","disclosed":false,"standard":{standard},"stps":[{{
            "code":"E54000041","name":"Dorset","population":700000,"population_shares":[{}],
            "monitoring_returns":[{{"characteristic":"AGE","year":2017,"dated_on":"2017-06-30",
            "not_stated":{{"low":{not_stated},"high":{not_stated}}},"answers":[{}]}}]}}]}}"#,
            shares.join(","),
            answers.join(",")
        );
        let mut record = Record::parse(text.as_bytes()).unwrap_or_else(|problems| panic!("{problems:?}"));
        record.stps.pop().unwrap()
    }

    fn told(
        answers: &[(&str, u32)],
        not_stated: u32,
        shares: &[(&str, &str)],
    ) -> Result<Representativeness, Hidden> {
        let all = representativeness(&stp(answers, not_stated, shares), "2017-12-31".parse().unwrap());
        assert_eq!(all.len(), 1);
        all[0].1
    }

    const HALVES: &[(&str, &str)] = &[("old", "0.5"), ("young", "0.5")];

    #[test]
    fn it_is_one_less_half_of_what_the_shares_are_apart() {
        let all = |percent, known, not_stated| Ok(Representativeness { percent, known, not_stated });
        assert_eq!(told(&[("old", 50), ("young", 50)], 0, HALVES), all(100, 100, Some(0)));
        assert_eq!(told(&[("old", 75), ("young", 25)], 25, HALVES), all(75, 100, Some(20)));
        assert_eq!(
            told(&[("old", 100)], 3, HALVES),
            all(50, 100, None),
            "nobody young, and a masked number did not say"
        );
        let quarters = [("a", "0.25"), ("b", "0.25"), ("c", "0.5")];
        assert_eq!(told(&[("a", 20), ("b", 40), ("c", 40)], 0, &quarters), all(85, 100, Some(0)));
    }

    #[test]
    fn it_is_not_shown_of_masked_of_few_or_without_shares() {
        assert_eq!(told(&[("old", 50), ("young", 7)], 0, HALVES), Err(Hidden::Masked));
        assert_eq!(told(&[("old", 15)], 0, HALVES), Err(Hidden::Few));
        assert_eq!(told(&[("old", 50), ("other", 50)], 0, HALVES), Err(Hidden::NoShares));
        assert_eq!(told(&[("old", 50)], 0, &[]), Err(Hidden::NoShares));
    }

    #[test]
    fn a_return_of_a_later_day_does_not_exist() {
        let stp = stp(&[("old", 50)], 0, HALVES);
        assert_eq!(representativeness(&stp, "2017-06-29".parse().unwrap()), []);
    }
}
