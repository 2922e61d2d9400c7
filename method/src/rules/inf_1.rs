//! INF-1: people were asked, and had nothing to respond to.

use super::{Domain, Duty, Earlier, Input, Words};
use crate::area::Area;
use crate::duties;
use crate::finding::{Found, Severity};
use crate::record::Proposal;
use crate::seen::Seen;
use crate::wording;

pub const WORDS: Words = Words {
    id: "INF-1",
    title: "Nothing to respond to",
    domain: Domain::Feedback,
    subject: "Each proposal to which a two-way held event about the STP is linked",
    words: "Gap when no day is recorded on which a document on the proposal was published, when that is after the first such event \
            began, or when no accessible format of it is recorded. Otherwise met.",
    duties: &[
        duties::GUNNING,
        Duty {
            name: "Statutory guidance on working with people and communities (NHS England, 2022)",
            sentence: "Information is clear and can be had in forms that people can use.",
            sources: &["https://www.nhssomerset.nhs.uk/get-involved/our-approach-to-public-involvement-and-engagement/"],
        },
    ],
    inputs: &[
        "proposals.document_published_on",
        "proposals.accessible_formats",
        "events.proposals",
        "events.level",
        "events.starts_on",
    ],
    thresholds: &[],
    severity: "Medium.",
    closes: "A document published before people are asked, in a format that all can use.",
    risk: "Early talks about what matters to people need no document, and are better for having none.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    area.stp.proposals.iter().filter_map(|proposal| judge_one(area, proposal)).collect()
}

fn judge_one<'r>(area: &Area<'r>, proposal: &'r Proposal) -> Option<Found<'r>> {
    let linked = area.linked.to_proposal(&proposal.id);
    let asked = || linked.iter().copied().filter(|&event| area.counts(event) && event.is_two_way());
    let first = asked().map(Seen::starts_on).min()?;
    let published = proposal.document_published_on;
    let has_formats = !proposal.accessible_formats.is_empty();
    let named = || wording::proposal(proposal);
    let found = match published {
        Some(day) if day <= first && has_formats => area.met().sentence(|| {
            format!("A document on {} was published on {}, before people were asked.", named(), wording::day(day))
        }),
        Some(day) if day <= first => {
            area.gap(Severity::Medium).sentence(|| format!("No record of an accessible format of the document on {}.", named()))
        }
        Some(_) | None => area
            .gap(Severity::Medium)
            .sentence(|| format!("No record of a document on {} by the day when people were first asked, {}.", named(), wording::day(first))),
    };
    let found = found
        .about(&proposal.id)
        .closes(|| "A document published before people are asked, in a format that all can use.")
        .input("first_asked_on", first)
        .input("document_published_on", published)
        .input_of("accessible_formats", || {
            let mut formats: Vec<_> = proposal.accessible_formats.iter().map(|format| wording::one_line(format)).collect();
            formats.sort_unstable();
            (!formats.is_empty()).then(|| Input::Text(formats.join(", ")))
        })
        .counted(asked());
    Some(found)
}
