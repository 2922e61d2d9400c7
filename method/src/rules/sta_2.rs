//! STA-2: scrutiny that was not given the dates.

use super::{Domain, Duty, Earlier, Words};
use crate::area::Area;
use crate::duties;
use crate::finding::{Found, Input, Severity};
use crate::record::{Proposal, Scrutiny};
use crate::wording;

pub const WORDS: Words = Words {
    id: "STA-2",
    title: "Scrutiny not given the dates",
    domain: Domain::Statutory,
    subject: "Each consultation of a scrutiny committee",
    words: "Gap when one of three is missing: the day of the decision as the committee was told it, the day by which it was asked \
            to comment, and the address at which these were published. Otherwise met.",
    duties: &[
        duties::SCRUTINY_REGULATIONS,
        Duty {
            name: "Proposed by this method",
            sentence: "A committee that is consulted is told when the decision will be made and by when to comment, and anyone \
                       can read both.",
            sources: &[],
        },
    ],
    inputs: &[
        "proposals.scrutiny.consulted_on",
        "proposals.scrutiny.decision_date_given",
        "proposals.scrutiny.comments_by",
        "proposals.scrutiny.published_url",
    ],
    thresholds: &[],
    severity: "High.",
    closes: "The two dates given to the committee, and the address at which they were published.",
    risk: "The dates may stand in the papers of the committee, where nobody has copied them from.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let each = |proposal: &'r Proposal| proposal.scrutiny.iter().map(move |scrutiny| (proposal, scrutiny));
    let all = area.stp.proposals.iter().flat_map(each);
    let consulted = all.filter(|(_, scrutiny)| scrutiny.consulted_on.is_some());
    consulted.map(|(proposal, scrutiny)| judge_one(area, proposal, scrutiny)).collect()
}

fn judge_one<'r>(area: &Area<'r>, proposal: &'r Proposal, scrutiny: &'r Scrutiny) -> Found<'r> {
    let named = || wording::proposal(proposal);
    let told = [
        (scrutiny.decision_date_given.is_some(), "the day of the decision"),
        (scrutiny.comments_by.is_some(), "the day by which to comment"),
        (scrutiny.published_url.is_some(), "where the dates were published"),
    ];
    let missing = || told.iter().filter(|(is_told, _)| !is_told).map(|(_, what)| *what);
    let found = if missing().next().is_none() {
        area.met()
            .sentence(|| format!("Scrutiny was given the dates for {}, and they were published.", named()))
            .counted_ids([&scrutiny.id])
    } else {
        area.gap(Severity::High).sentence(|| {
            let missing: Vec<&str> = missing().collect();
            format!("No record, for scrutiny of {}, of {}.", named(), missing.join(", or of "))
        })
    };
    found
        .about(&scrutiny.id)
        .closes(|| "The two dates given to the committee, and the address at which they were published.")
        .input("consulted_on", scrutiny.consulted_on)
        .input("decision_date_given", scrutiny.decision_date_given)
        .input("comments_by", scrutiny.comments_by)
        .input_of("published_url", || scrutiny.published_url.as_deref().map(|url| Input::Text(wording::one_line(url).into_owned())))
}
