//! RCH-1: fewer people reached than the STP set out to reach.

use super::{Domain, Duty, Earlier, Words, cov_1};
use crate::area::Area;
use crate::duties;
use crate::exact::ONE;
use crate::finding::{Found, Severity};
use crate::wording;
use crate::words::Audience;

/// Rates are per so many residents.
const PER: u128 = 10_000;

pub const WORDS: Words = Words {
    id: "RCH-1",
    title: "Reach below own target",
    domain: Domain::Place,
    subject: "The STP",
    words: "Unknown when the STP has set itself no target. Met when the patients and public who attended held events about \
            the STP, each counted once for every event, are at least the target for each 10,000 residents. Unknown when it is \
            not recorded how many came to one of those events. Otherwise a gap; nested under COV-1 when patients and the \
            public were never engaged.",
    duties: &[
        duties::AA1000,
        Duty {
            name: "Proposed by this method",
            sentence: "The target is the STP's own. Mail-outs are not counted, and people who came twice cannot be told \
                       apart, so the figure is the most that can have been reached.",
            sources: &[],
        },
    ],
    inputs: &["reach_target_per_10000", "population", "events.participation.attended", "events.participation.took_part"],
    thresholds: &[],
    severity: "Medium.",
    closes: "Held events with patients and the public, with how many came.",
    risk: "Counts below five are masked and others rounded; online views and leaflets reach people who are not counted here.",
};

pub(super) fn judge<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let reach = Reach::of(area);
    let residents = area.stp.population;
    let found = match area.stp.reach_target_per_10000 {
        None => area.unknown().sentence(|| "The record does not say how many people the STP set out to reach."),
        Some(target) if PER * ONE * reach.high >= u128::from(target.millionths()) * u128::from(residents) => {
            area.met().sentence(|| format!("Up to {} took part, which is the STP's own target or more.", wording::people(reach.high)))
        }
        Some(_) if reach.has_uncounted => area
            .unknown()
            .sentence(|| "The record does not say how many patients and members of the public came to some events."),
        Some(_) => area
            .gap(Severity::Medium)
            .under(earlier.gap(&cov_1::WORDS, Audience::Public))
            .sentence(|| format!("No record of more than {} taking part, fewer than the STP set out to reach.", wording::people(reach.high))),
    };
    let public = area.audience(Audience::Public);
    vec![
        found
            .about("stp")
            .closes(|| "Held events with patients and the public, with how many came, up to the STP's own target.")
            .input("target_per_10000", area.stp.reach_target_per_10000)
            .input("population", residents)
            .input("people_at_least", reach.low)
            .input_of("people_at_most", || u64::try_from(reach.high).unwrap_or(u64::MAX))
            .counted(public.took.iter().copied())
            .not_counted(public.near.iter().copied()),
    ]
}

/// How many patients and members of the public took part.
#[derive(Default)]
struct Reach {
    /// The most at any one event.
    low: u64,
    /// All of them together, as if nobody came twice.
    high: u128,
    /// Is there a part of which it is not recorded how many came?
    has_uncounted: bool,
}

impl Reach {
    fn of(area: &Area<'_>) -> Self {
        let mut reach = Self::default();
        for event in &area.public {
            let (low, high) = event.public();
            reach.low = reach.low.max(low);
            reach.high += u128::from(high);
            reach.has_uncounted |= event.is_public_uncounted();
        }
        reach
    }
}
