//! STA-4: a recommendation of scrutiny without an answer.

use chrono::NaiveDate;

use super::{Domain, Duty, Earlier, Words};
use crate::area::{Area, days_between};
use crate::duties;
use crate::finding::{Found, Severity};
use crate::record::{Proposal, Recommendation};
use crate::wording;

/// Days for an answer.
const ALLOWED: i64 = 28;

pub const WORDS: Words = Words {
    id: "STA-4",
    title: "Scrutiny's recommendation unanswered",
    domain: Domain::Statutory,
    subject: "Each recommendation of a scrutiny committee that was received",
    words: "Met when it was answered, and marked late when that took more than 28 days. Not applicable until 28 days are over. \
            Otherwise a gap.",
    duties: &[
        Duty {
            name: "Answers to scrutiny",
            sentence: "The NHS answers the recommendations of a council's health scrutiny within 28 days.",
            sources: &["https://democracy.durham.gov.uk/ieListMeetings.aspx?CommitteeId=1326"],
        },
        duties::SCRUTINY_REGULATIONS,
    ],
    inputs: &["proposals.scrutiny.recommendations.received_on", "proposals.scrutiny.recommendations.answered_on"],
    thresholds: &[],
    severity: "High.",
    closes: "An answer to the recommendation, and its day.",
    risk: "The answer may have been given at a meeting of the committee and stand in its minutes alone.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let each = |proposal: &'r Proposal| {
        let all = proposal.scrutiny.iter().flat_map(|scrutiny| &scrutiny.recommendations);
        all.filter_map(move |one| Some((proposal, one, one.received_on?)))
    };
    let received = area.stp.proposals.iter().flat_map(each);
    received.map(|(proposal, one, received)| judge_one(area, proposal, one, received)).collect()
}

fn judge_one<'r>(area: &Area<'r>, proposal: &'r Proposal, one: &'r Recommendation, received: NaiveDate) -> Found<'r> {
    let named = || format!("scrutiny's recommendation of {} on {}", wording::day(received), wording::proposal(proposal));
    let days = days_between(received, area.as_at);
    let found = if let Some(answered) = one.answered_on {
        let took = days_between(received, answered);
        area.met()
            .late(took > ALLOWED)
            .sentence(|| {
                let late = if took > ALLOWED { ", late" } else { "" };
                wording::sentence(format!("{} was answered on {}{late}.", named(), wording::day(answered)))
            })
            .counted_ids([&one.id])
            .input("answered_after_days", took)
    } else if days <= ALLOWED {
        area.not_applicable().sentence(|| format!("Not due yet: {} can be answered within {ALLOWED} days.", named()))
    } else {
        area.gap(Severity::High).sentence(|| format!("No record of an answer to {}.", named()))
    };
    found
        .about(&one.id)
        .closes(|| format!("An answer to {}.", named()))
        .input("received_on", received)
        .input("answered_on", one.answered_on)
        .input("days", days)
}
