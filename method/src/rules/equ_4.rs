//! EQU-4: no equality analysis before a decision.

use super::{Domain, Duty, Earlier, Words};
use crate::area::Area;
use crate::duties;
use crate::finding::{Found, Severity};
use crate::record::Proposal;
use crate::wording;

/// A decision within so many days is near.
const NEAR: i64 = 28;

pub const WORDS: Words = Words {
    id: "EQU-4",
    title: "No equality analysis before the decision",
    domain: Domain::Equality,
    subject: "Each proposal with a day of decision",
    words: "Met when an equality analysis is dated before the decision. Otherwise a gap.",
    duties: &[
        duties::EQUALITY_ACT,
        Duty {
            name: "R (Buckingham) v Corby CCG [2018] EWHC 2080 (Admin)",
            sentence: "A decision was quashed where, among other things, the analysis of its effect on equality was not \
                       complete.",
            sources: &["https://caselaw.nationalarchives.gov.uk/ewhc/admin/2018/2080"],
        },
    ],
    inputs: &["proposals.decision_on", "proposals.equality_analysis_on"],
    thresholds: &[],
    severity: "Critical when the decision is past or within 28 days, but high when there is an analysis that came too late; \
               else medium.",
    closes: "An equality analysis dated before the decision.",
    risk: "The analysis may be one part of another paper and have no date of its own.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    area.stp.proposals.iter().filter_map(|proposal| judge_one(area, proposal)).collect()
}

fn judge_one<'r>(area: &Area<'r>, proposal: &'r Proposal) -> Option<Found<'r>> {
    let decision = proposal.decision_on?;
    let named = || wording::proposal(proposal);
    let found = match proposal.equality_analysis_on {
        Some(analysis) if analysis < decision => area.met().sentence(|| {
            format!("The equality analysis of {} is dated {}, before the decision.", named(), wording::day(analysis))
        }),
        Some(analysis) => area.gap(Severity::High).sentence(|| {
            format!(
                "No record of an equality analysis of {} before the decision: it is dated {}.",
                named(),
                wording::day(analysis)
            )
        }),
        None => {
            let severity = if area.is_by(decision, NEAR) { Severity::Critical } else { Severity::Medium };
            area.gap(severity).sentence(|| format!("No record of an equality analysis of {}.", named()))
        }
    };
    let found = found
        .about(&proposal.id)
        .closes(|| format!("An equality analysis dated before the decision of {}.", wording::day(decision)))
        .input("decision_on", decision)
        .input("equality_analysis_on", proposal.equality_analysis_on);
    Some(found)
}
