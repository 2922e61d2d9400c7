//! EQU-1: a characteristic that is not monitored, or too seldom stated.

use super::{Domain, Duty, Earlier, Threshold, Words};
use crate::area::Area;
use crate::duties;
use crate::exact::ONE;
use crate::finding::{Found, Severity};
use crate::record::MonitoringReturn;
use crate::wording;
use crate::words::Characteristic;

pub const WORDS: Words = Words {
    id: "EQU-1",
    title: "Not monitored",
    domain: Domain::Equality,
    subject: "Each of the nine protected characteristics",
    words: "Not applicable when a reason is recorded why it is not monitored. Gap when there is no monitoring return for it, \
            or when those who said what they are make up less than the standard's share of all who were asked, over all its \
            returns. Otherwise met.",
    duties: &[
        duties::EQUALITY_ACT,
        Duty {
            name: "Data Protection Act 2018, schedule 1, paragraph 8",
            sentence: "Equality of opportunity may be monitored, with care: here in totals alone, never by person or event.",
            sources: &[
                "https://www.legislation.gov.uk/ukpga/2018/12/schedule/1/part/2/crossheading/equality-of-opportunity-or-treatment",
            ],
        },
        Duty {
            name: "Proposed by this method",
            sentence: "No source sets a share; this one can be changed in the standard.",
            sources: &[],
        },
    ],
    inputs: &[
        "monitoring_returns.answers",
        "monitoring_returns.not_stated",
        "monitoring_returns.dated_on",
        "monitoring_exceptions",
    ],
    thresholds: &[Threshold { key: "monitoring_known_share", default: "0.6", unit: "of those asked" }],
    severity: "Medium.",
    closes: "A monitoring return in which most people say what they are, or a reason why the characteristic is not monitored.",
    risk: "People may decline to say, and have the right to; a low share is a reason to ask with more care, not more often.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    Characteristic::PROTECTED.iter().map(|&one| judge_one(area, one)).collect()
}

fn judge_one<'r>(area: &Area<'r>, characteristic: Characteristic) -> Found<'r> {
    let asked = characteristic.phrase();
    let returns = || returns_of(area, characteristic);
    let known: u128 = returns().flat_map(|one| &one.answers).map(|answer| u128::from(answer.count.high)).sum();
    let not_stated: u128 = returns().map(|one| u128::from(one.not_stated.low)).sum();
    let all = known + not_stated;
    let needed = area.standard.monitoring_known_share;
    let wanted = u128::from(needed.millionths());
    let exception = area.stp.monitoring_exceptions.iter().find(|one| one.characteristic == characteristic);
    let found = if let Some(exception) = exception {
        area.not_applicable()
            .sentence(|| format!("Not monitored, with a reason: {}", wording::one_line(&exception.reason)))
    } else if returns().next().is_none() {
        area.gap(Severity::Medium).sentence(|| format!("No record of monitoring by {asked}."))
    } else if known * ONE < wanted * all || (all == 0 && wanted > 0) {
        area.gap(Severity::Medium)
            .sentence(|| format!("No record of what enough people said when they were asked about {asked}."))
    } else {
        area.met().sentence(|| format!("Enough people said what they are when they were asked about {asked}."))
    };
    found
        .about(characteristic)
        .closes(|| format!("A monitoring return by {asked} in which most people say what they are."))
        .input_of("returns", || returns().count())
        .input_of("known_at_most", || u64::try_from(known).unwrap_or(u64::MAX))
        .input_of("not_stated_at_least", || u64::try_from(not_stated).unwrap_or(u64::MAX))
        .input("monitoring_known_share", needed)
}

/// The returns for a characteristic.
pub(super) fn returns_of<'r>(
    area: &Area<'r>,
    characteristic: Characteristic,
) -> impl Iterator<Item = &'r MonitoringReturn> + use<'r> {
    area.stp.monitoring_returns.iter().filter(move |one| one.characteristic == characteristic)
}
