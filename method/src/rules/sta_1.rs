//! STA-1: health scrutiny that was not consulted.

use std::collections::BTreeSet;

use super::{Domain, Duty, Earlier, Input, Words};
use crate::area::Area;
use crate::duties;
use crate::finding::{Found, Severity, Subject, Why};
use crate::record::{Place, Proposal, Scrutiny};
use crate::wording;
use crate::words::{Substantial, Tier};

/// A decision within so many days is near.
const NEAR: i64 = 28;

pub const WORDS: Words = Words {
    id: "STA-1",
    title: "Scrutiny not consulted",
    domain: Domain::Statutory,
    subject: "Each proposal that is a substantial change, and each county or unitary authority that it affects: those among its \
              places and the counties of its districts; all of the footprint when it names no place",
    words: "Not applicable when a reason of urgency is recorded. Met when a scrutiny committee of the authority, its own or a \
            joint one, was consulted, and before the decision where there is a day of decision. Unknown when the proposal names \
            no place. Otherwise a gap.",
    duties: &[
        duties::SCRUTINY_REGULATIONS,
        Duty {
            name: "Which councils scrutinise",
            sentence: "Health scrutiny is a task of counties, unitary authorities and boroughs, and usually not of districts.",
            sources: &["https://www.landmarkchambers.co.uk/news-and-cases/changes-on-the-way-to-reconfiguration-of-local-nhs-services"],
        },
        Duty {
            name: "Joint scrutiny in Durham and the Tees Valley",
            sentence: "Councils across one plan kept a standing joint committee to scrutinise it.",
            sources: &["https://democracy.durham.gov.uk/ieListDocuments.aspx?CId=1112&MId=10505&Ver=4"],
        },
    ],
    inputs: &[
        "proposals.substantial",
        "proposals.places",
        "proposals.decision_on",
        "proposals.urgency_exemption",
        "proposals.scrutiny.authorities",
        "proposals.scrutiny.consulted_on",
        "places",
    ],
    thresholds: &[],
    severity: "Critical when the decision is past or within 28 days; else high.",
    closes: "The scrutiny committee of the authority consulted before the decision, or the reason why it was too urgent.",
    risk: "Scrutiny may have looked at the proposal of its own accord, or agreed that it need not be consulted.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let substantial = area.stp.proposals.iter().filter(|proposal| proposal.substantial == Substantial::Yes);
    let each = |proposal: &'r Proposal| affected(area, proposal).into_iter().map(move |place| judge_one(area, proposal, place));
    substantial.flat_map(each).collect()
}

fn judge_one<'r>(area: &Area<'r>, proposal: &'r Proposal, place: &'r Place) -> Found<'r> {
    let (named, council) = (|| wording::proposal(proposal), || wording::one_line(&place.name));
    let decision = proposal.decision_on;
    let own = || proposal.scrutiny.iter().filter(|one| one.authorities.contains(&place.code));
    let is_in_time = |one: &&Scrutiny| {
        one.consulted_on.is_some_and(|consulted| decision.is_none_or(|decision| consulted < decision))
    };
    let found = if let Some(reason) = &proposal.urgency_exemption {
        area.not_applicable()
            .sentence(|| format!("Too urgent to consult scrutiny on {}: {}", named(), wording::one_line(reason)))
    } else if own().any(|one| is_in_time(&one)) {
        area.met()
            .sentence(|| format!("Scrutiny of {} was consulted on {}.", council(), named()))
            .counted_ids(own().filter(is_in_time).map(|one| &one.id))
    } else if proposal.places.is_empty() {
        area.unknown().sentence(|| format!("The record does not say whether {} affects {}.", named(), council()))
    } else {
        let is_near = decision.is_some_and(|decision| area.is_by(decision, NEAR));
        let before = if decision.is_some() { " before the decision" } else { "" };
        area.gap(if is_near { Severity::Critical } else { Severity::High })
            .sentence(|| format!("No record of scrutiny of {} being consulted on {}{before}.", council(), named()))
    };
    found
        .about(Subject::IdId(&proposal.id, &place.code))
        .closes(|| format!("Scrutiny of {} consulted on {} before the decision.", council(), named()))
        .input_of("place", || Input::Text(council().into_owned()))
        .input("decision_on", decision)
        .input_of("consulted_on", || own().filter_map(|one| one.consulted_on).min())
        .not_counted_ids(own().filter(|one| one.consulted_on.is_some() && !is_in_time(one)).map(|one| (&one.id, Why::AfterDecision)))
}

/// The upper-tier places that a proposal affects: every core one when it names none.
fn affected<'r>(area: &Area<'r>, proposal: &Proposal) -> Vec<&'r Place> {
    if proposal.places.is_empty() {
        let core = area.places.iter().map(|core| core.place);
        return core.filter(|place| place.tier == Tier::Upper).collect();
    }
    let named = area.stp.places.iter().filter(|place| proposal.places.contains(&place.code));
    let codes: BTreeSet<_> = named.map(|place| place.parent.as_ref().unwrap_or(&place.code)).collect();
    area.stp.places.iter().filter(|place| place.tier == Tier::Upper && codes.contains(&place.code)).collect()
}
