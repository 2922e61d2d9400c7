//! RSP-2: nobody to write to in a group.

use super::{Domain, Duty, Earlier, Words};
use crate::area::Area;
use crate::duties;
use crate::finding::{Found, Severity};
use crate::wording;
use crate::words::Group;

pub const WORDS: Words = Words {
    id: "RSP-2",
    title: "Nobody to write to",
    domain: Domain::Responses,
    subject: "Each required group",
    words: "Not applicable while a waiver holds. Gap when there is no contact of the group that can be written to. Otherwise met.",
    duties: &[
        duties::AA1000,
        Duty {
            name: "Checklists of commissioning groups",
            sentence: "Whoever plans engagement says why a stakeholder is left out.",
            sources: &["https://docsbay.net/how-to-use-the-checklists"],
        },
    ],
    inputs: &["requirements", "reachable_contacts", "places"],
    thresholds: &[],
    severity: "Medium.",
    closes: "A contact of the group, with an address that can be written to.",
    risk: "A partner may hold the contacts of the group and write to them for the STP.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    area.required.iter().map(|&group| judge_one(area, group)).collect()
}

fn judge_one<'r>(area: &Area<'r>, group: Group) -> Found<'r> {
    let who = group.phrase();
    let contacts = area.stp.reachable_contacts.as_ref().and_then(|known| known.0.get(&group)).copied().unwrap_or(0);
    let found = if let Some(waiver) = area.group(group).waiver {
        super::waived(area, group, waiver)
    } else if contacts == 0 {
        area.gap(Severity::Medium).sentence(|| format!("No record of a contact that can be written to for {who}."))
    } else {
        let written_to = || wording::number_of(contacts as usize, "contact");
        area.met().sentence(|| format!("There is a way to write to {who}: {}.", written_to()))
    };
    found
        .about(group)
        .closes(|| format!("A contact for {who}, with an address that can be written to."))
        .input("reachable_contacts", contacts)
}
