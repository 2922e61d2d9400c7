//! STA-3: nobody has decided whether a proposal is a substantial change.

use super::{Domain, Duty, Earlier, Words};
use crate::area::Area;
use crate::duties;
use crate::finding::{Found, Severity};
use crate::record::Proposal;
use crate::wording;
use crate::words::Substantial;

/// The question is asked once the decision is within so many days.
const ASKED: i64 = 90;

pub const WORDS: Words = Words {
    id: "STA-3",
    title: "Substantial or not, undecided",
    domain: Domain::Statutory,
    subject: "Each proposal to change services",
    words: "Not applicable while there is no day of decision, or it is more than 90 days ahead. Gap when it is not decided whether \
            the change is substantial. Otherwise met.",
    duties: &[
        duties::SCRUTINY_REGULATIONS,
        Duty {
            name: "Proposed by this method",
            sentence: "Whether a change is substantial is settled in time to consult scrutiny on it: 90 days before the decision.",
            sources: &[],
        },
    ],
    inputs: &["proposals.service_change", "proposals.substantial", "proposals.decision_on"],
    thresholds: &[],
    severity: "High.",
    closes: "A recorded yes or no: is the change substantial?",
    risk: "The councils and the NHS may be talking about just that, and have nothing yet to record.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    area.stp.proposals.iter().filter(|proposal| proposal.service_change).map(|proposal| judge_one(area, proposal)).collect()
}

fn judge_one<'r>(area: &Area<'r>, proposal: &'r Proposal) -> Found<'r> {
    let named = || wording::proposal(proposal);
    let is_asked = proposal.decision_on.is_some_and(|decision| area.is_by(decision, ASKED));
    let found = if !is_asked {
        area.not_applicable().sentence(|| format!("Not due yet: no decision on {} is near.", named()))
    } else if proposal.substantial == Substantial::Undecided {
        area.gap(Severity::High).sentence(|| format!("No record of whether {} is a substantial change.", named()))
    } else {
        let is = if proposal.substantial == Substantial::Yes { "is" } else { "is not" };
        area.met().sentence(|| wording::sentence(format!("{} {is} a substantial change.", named())))
    };
    found
        .about(&proposal.id)
        .closes(|| "A recorded yes or no: is the change substantial?")
        .input("substantial", proposal.substantial.code())
        .input("decision_on", proposal.decision_on)
}
