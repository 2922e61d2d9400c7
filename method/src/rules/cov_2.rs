//! COV-2: a group that was never engaged.

use super::{Domain, Duty, Earlier, Words, cov_1};
use crate::area::Area;
use crate::finding::{Found, Severity};
use crate::wording;
use crate::words::Group;

pub const WORDS: Words = Words {
    id: "COV-2",
    title: "Group never engaged",
    domain: Domain::Coverage,
    subject: "Each required group",
    words: "Not applicable while a waiver holds. Gap when no held event at which the STP was discussed has the group \
            taking part; nested under COV-1 when its whole audience was never engaged.",
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
            name: "Local Authority (Public Health, Health and Wellbeing Boards and Health Scrutiny) Regulations 2013",
            sentence: "A body that plans a substantial change to services consults the council's health scrutiny on it.",
            sources: &["https://www.legislation.gov.uk/uksi/2013/218/part/4/made"],
        },
        Duty {
            name: "Councillors' perceptions (Local Government Association, 2017)",
            sentence: "Of those who answered, about one in five thought councillors sufficiently engaged, and nearly \
                       four in five that senior officers were: one group of a council does not speak for another.",
            sources: &["https://pdfslide.net/documents/councillors-perceptions-of.html"],
        },
    ],
    inputs: &["requirements", "places", "events.status", "events.starts_on", "events.stp_discussed", "events.participation"],
    thresholds: &[],
    severity: "High for the scrutiny committee, the health and wellbeing board and local Healthwatch; medium for others.",
    closes: "A held event about the STP in which the group took part, or a waiver with its reason.",
    risk: "Events whose participants were recorded only as “the public” or “staff” hide the groups that came.",
};

pub(super) fn judge<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    area.required.iter().map(|&group| judge_one(area, earlier, group)).collect()
}

fn judge_one<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>, group: Group) -> Found<'r> {
    let standing = area.group(group);
    let engagement = &standing.engagement;
    let who = group.phrase();
    let found = if let Some(waiver) = standing.waiver {
        super::waived(area, group, waiver)
    } else if engagement.events == 0 {
        let severity = if group.is_named_consultee() { Severity::High } else { Severity::Medium };
        area.gap(severity)
            .under(earlier.gap(&cov_1::WORDS, group.audience()))
            .sentence(|| format!("No record of {who} taking part in any event."))
    } else {
        let events = || wording::number_of(engagement.events, "event");
        area.met().sentence(|| wording::sentence(format!("{who} took part in {}.", events())))
    };
    found
        .about(group)
        .closes(|| format!("A held event in which {who} took part."))
        .input("events", engagement.events)
        .counted(engagement.took.iter().copied())
        .not_counted(engagement.near.iter().copied())
}
