//! STF-2: the staff side was missed before a decision that affects staff.

use chrono::NaiveDate;

use super::{Domain, Duty, Earlier, Words};
use crate::area::Area;
use crate::duties;
use crate::finding::{Found, Severity, Why};
use crate::linked::Unlinked;
use crate::record::Proposal;
use crate::seen::{Row, Seen};
use crate::wording;
use crate::words::Group;

/// A decision within so many days is near.
const NEAR: i64 = 42;

pub const WORDS: Words = Words {
    id: "STF-2",
    title: "Staff side missed",
    domain: Domain::Staff,
    subject: "Each proposal that affects staff and has a day of decision",
    words: "Met when a held event about the STP that is linked to the proposal, with trade unions or staff side taking part, ended \
            before the day of the decision. Otherwise a gap.",
    duties: &[
        duties::NHS_CONSTITUTION,
        Duty {
            name: "Staff and the plans, in Herefordshire",
            sentence: "A council heard that local NHS staff did not know of the exercise.",
            sources: &["https://councillors.herefordshire.gov.uk/mgAi.aspx?ID=46209"],
        },
    ],
    inputs: &[
        "proposals.staff_impact",
        "proposals.decision_on",
        "events.proposals",
        "events.participation",
        "events.starts_on",
        "events.ends_on",
    ],
    thresholds: &[],
    severity: "High when the day of the decision has come or is within 42 days; else medium.",
    closes: "A held event about the proposal with trade unions or staff side, before the decision.",
    risk: "Unions sit on partnership forums of single employers, which nobody enters as events of the STP.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let affecting = area.stp.proposals.iter().filter(|proposal| proposal.staff_impact);
    let mut decided = affecting.filter_map(|proposal| Some((proposal, proposal.decision_on?))).peekable();
    if decided.peek().is_none() {
        return Vec::new();
    }
    // Only an explanation names them.
    let took = area.group(Group::Unions).engagement.took.iter().copied();
    let all = Unlinked::of(took);
    decided.map(|(proposal, decision)| judge_one(area, proposal, decision, &all)).collect()
}

fn judge_one<'r>(area: &Area<'r>, proposal: &'r Proposal, decision: NaiveDate, all: &Unlinked<'r>) -> Found<'r> {
    let linked = area.linked.to_proposal(&proposal.id);
    let heard = || {
        let counts = |event: &Seen<'r>| area.counts(*event) && event.took(Group::Unions) && event.end() < decision;
        linked.iter().copied().filter(counts)
    };
    let (who, named) = (Group::Unions.phrase(), || wording::proposal(proposal));
    let found = if heard().next().is_some() {
        area.met()
            .sentence(|| wording::sentence(format!("{who} took part in events about {} before the decision.", named())))
            .counted(heard())
    } else {
        let severity = if area.is_by(decision, NEAR) { Severity::High } else { Severity::Medium };
        area.gap(severity)
            .sentence(|| format!("No record of {who} taking part in an event about {} before the decision.", named()))
            .not_counted(all.last_before(decision, &proposal.id))
    };
    let is_theirs = |row: Row| row.group == Group::Unions;
    let nearly = |event: &Seen<'r>| {
        if !event.those_asked().contains(Group::Unions) {
            return None;
        }
        let late = (event.end() >= decision).then_some(Why::AfterDecision);
        Some((*event, area.bar(*event).or(event.attempt_of(is_theirs)).or(late)?))
    };
    found
        .about(&proposal.id)
        .closes(|| format!("A held event about {} with {who}, before {}.", named(), wording::day(decision)))
        .input("decision_on", decision)
        .input_of("events_before", || heard().count())
        .not_counted(linked.iter().filter_map(nearly))
}
