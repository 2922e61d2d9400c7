//! COV-1: a whole audience that was never engaged.

use super::{Domain, Duty, Earlier, Words};
use crate::area::Area;
use crate::finding::{Found, Severity};
use crate::wording;
use crate::words::Audience;

pub const WORDS: Words = Words {
    id: "COV-1",
    title: "Audience never engaged",
    domain: Domain::Coverage,
    subject: "Each audience: patients and the public, staff, local authorities",
    words: "Gap when no held event at which the STP was discussed has anyone of the audience taking part.",
    duties: &[
        Duty {
            name: "Engaging local people (NHS England, September 2016)",
            sentence: "The 44 areas were to show whom they had engaged and whom they had still to engage, and how they \
                       would involve staff, clinicians, patients and health and wellbeing boards.",
            sources: &[
                "https://www.england.nhs.uk/publication/engaging-local-people-a-guide-for-local-areas-developing-sustainability-and-transformation-plans/",
                "https://questions-statements.parliament.uk/written-questions/detail/2017-01-25/HL5003/",
            ],
        },
        Duty {
            name: "NHS Act 2006, sections 14Z2 and 242",
            sentence: "Commissioners and trusts involve the people who use services in planning, in proposals for change \
                       and in decisions. The duty rests on these bodies: an STP is not a legal body.",
            sources: &[
                "https://www.bailii.org/ew/cases/EWCA/Civ/2020/46.html",
                "https://www.legislation.gov.uk/ukpga/2006/41/part/12",
            ],
        },
    ],
    inputs: &["events.status", "events.starts_on", "events.stp_discussed", "events.participation"],
    thresholds: &[],
    severity: "High.",
    closes: "A held event about the STP in which someone of the audience took part.",
    risk: "Engagement by a partner that nobody entered, or events imported without who took part, look the same as none.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    Audience::SCORED.iter().map(|&audience| judge_one(area, audience)).collect()
}

fn judge_one<'r>(area: &Area<'r>, audience: Audience) -> Found<'r> {
    let engagement = area.audience(audience);
    let who = audience.phrase();
    let found = if engagement.events == 0 {
        area.gap(Severity::High).sentence(|| format!("No record of {who} taking part in any event."))
    } else {
        let events = || wording::number_of(engagement.events, "event");
        area.met().sentence(|| wording::sentence(format!("{who} took part in {}.", events())))
    };
    found
        .about(audience)
        .closes(|| format!("A held event in which {who} took part."))
        .input("events", engagement.events)
        .counted(engagement.took.iter().copied())
        .not_counted(engagement.near.iter().copied())
}
