//! TIM-1: an audience that was not heard before a decision.

use super::{Domain, Duty, Earlier, Words};
use crate::area::Area;
use crate::duties;
use crate::finding::{Found, Severity, Subject, Why};
use crate::groups::Groups;
use crate::linked::Unlinked;
use crate::record::Proposal;
use crate::seen::{Row, Seen};
use crate::wording;
use crate::words::Audience;

/// A decision within so many days is near.
const NEAR: i64 = 42;

pub const WORDS: Words = Words {
    id: "TIM-1",
    title: "Audience not heard before the decision",
    domain: Domain::Timing,
    subject: "Each proposal with a day of decision, and each audience",
    words: "Of the held events about the STP that are linked to the proposal, in which the audience took part, and that ended \
            before the day of the decision: met when one was two-way, unknown when the level of one is not recorded, otherwise \
            a gap. Once the decision is past a gap can be acknowledged and never closed.",
    duties: &[
        duties::INVOLVEMENT,
        duties::GUNNING,
        Duty {
            name: "NHS Act 2006, section 14Z2",
            sentence: "Giving people information can satisfy this duty, so a gap here is a matter of good practice and not \
                       a breach of the law.",
            sources: &["https://www.bailii.org/ew/cases/EWCA/Civ/2020/46.html"],
        },
    ],
    inputs: &[
        "proposals.decision_on",
        "events.proposals",
        "events.participation",
        "events.level",
        "events.starts_on",
        "events.ends_on",
    ],
    thresholds: &[],
    severity: "Critical when the day of the decision has come and no such event with patients or the public is on record at all; \
               high when the day of the decision has come or is within 42 days; else medium.",
    closes: "A held two-way event about the proposal with the audience, before the decision.",
    risk: "Events entered without a link to the proposal do not count for it, though people spoke about it there.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    if area.stp.proposals.iter().all(|proposal| proposal.decision_on.is_none()) {
        return Vec::new();
    }
    // Only an explanation names them.
    let two_way = |audience: Audience| {
        let took = area.audience(audience).took.iter().copied();
        Unlinked::of(took.filter(|event| event.is_two_way()))
    };
    let two_way = Audience::SCORED.iter().map(|&audience| (audience, two_way(audience)));
    let two_way: Vec<(Audience, Unlinked<'r>)> = two_way.collect();
    let each = |proposal: &'r Proposal| two_way.iter().filter_map(move |(audience, rest)| judge_one(area, proposal, *audience, rest));
    area.stp.proposals.iter().flat_map(each).collect()
}

fn judge_one<'r>(area: &Area<'r>, proposal: &'r Proposal, audience: Audience, rest: &Unlinked<'r>) -> Option<Found<'r>> {
    let decision = proposal.decision_on?;
    let linked = area.linked.to_proposal(&proposal.id);
    let heard = || {
        let counts = |event: &Seen<'r>| area.counts(*event) && event.took_any(audience) && event.end() < decision;
        linked.iter().copied().filter(counts)
    };
    let (who, named) = (audience.phrase(), || wording::proposal(proposal));
    let is_past = decision <= area.as_at;
    let found = if heard().any(Seen::is_two_way) {
        area.met()
            .sentence(|| wording::sentence(format!("{who} were heard on {} before the decision.", named())))
            .counted(heard().filter(|event| event.is_two_way()))
    } else if heard().any(|event| event.level().is_none()) {
        area.unknown().sentence(|| {
            format!("The record does not say whether {who} were heard on {} or only told of it, before the decision.", named())
        })
    } else {
        let severity = if is_past && audience == Audience::Public && heard().next().is_none() {
            Severity::Critical
        } else if area.is_by(decision, NEAR) {
            Severity::High
        } else {
            Severity::Medium
        };
        area.gap(severity)
            .sentence(|| format!("No record of {who} being heard on {} before the decision of {}.", named(), wording::day(decision)))
            .not_counted(rest.last_before(decision, &proposal.id))
    };
    let is_theirs = |row: Row| row.audience() == audience;
    let nearly = |event: &Seen<'r>| {
        if !event.those_asked().meets(Groups::of(audience)) {
            return None;
        }
        let late = (event.end() >= decision).then_some(Why::AfterDecision);
        let why = area.bar(*event).or(event.attempt_of(is_theirs)).or(late).or(event.one_way())?;
        Some((*event, why))
    };
    let found = found
        .about(Subject::IdAudience(&proposal.id, audience))
        .closes(|| {
            if is_past {
                "The decision is past: this can be acknowledged, and never closed.".to_owned()
            } else {
                format!("A held two-way event about {} with {who}, before {}.", named(), wording::day(decision))
            }
        })
        .input("decision_on", decision)
        .input_of("events_before", || heard().count())
        .input_of("two_way_events_before", || heard().filter(|event| event.is_two_way()).count())
        .not_counted(linked.iter().filter_map(nearly));
    Some(found)
}
