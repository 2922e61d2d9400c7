//! RSP-1: a body that was asked and did not reply.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::{Domain, Duty, Earlier, Input, Threshold, Words};
use crate::area::{Area, days_between};
use crate::duties;
use crate::finding::{Found, Severity};
use crate::record::{Body, Request};
use crate::values::Id;
use crate::wording;

pub const WORDS: Words = Words {
    id: "RSP-1",
    title: "No reply",
    domain: Domain::Responses,
    subject: "Each request that was sent to a body and asked for an answer",
    words: "Met when the body replied, or when a held event about the STP names it and ended on the day of the request or later. Not \
            applicable until the standard's days are over, or when the body declined. Otherwise a gap.",
    duties: &[
        Duty {
            name: "Practice in keeping an engagement log",
            sentence: "A log keeps what was promised and what was asked, and whether an answer came.",
            sources: &[
                "https://socialway.angloamerican.com/en/toolkit/engagement-and-analysis/stakeholder-engagement/guidance/do/task-7-documentation",
            ],
        },
        duties::PROPOSED_DAYS,
    ],
    inputs: &[
        "requests.response_requested",
        "requests.sent_on",
        "requests.replied_on",
        "requests.declined",
        "bodies.statutory_consultee",
        "events.bodies",
        "events.ends_on",
    ],
    thresholds: &[Threshold { key: "reply_days", default: "21", unit: "days" }],
    severity: "Low; high when the body is one that statute asks to be consulted.",
    closes: "A reply of the body, its refusal, or a held event that names it.",
    risk: "The reply may lie in somebody's own mailbox. An unanswered letter is a reason to write again, and no engagement.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    if area.stp.requests.is_empty() {
        return Vec::new();
    }
    let bodies: HashMap<&Id, &Body> = area.stp.bodies.iter().map(|body| (&body.code, body)).collect();
    let asked = area.stp.requests.iter().filter(|request| request.response_requested);
    let sent = asked.filter_map(|request| Some((request, request.sent_on?)));
    sent.map(|(request, sent)| judge_one(area, request, bodies.get(&request.body).copied(), sent)).collect()
}

fn judge_one<'r>(area: &Area<'r>, request: &'r Request, body: Option<&'r Body>, sent: NaiveDate) -> Found<'r> {
    let name = || wording::one_line(body.map_or(request.body.as_str(), |body| &body.name));
    let allowed = i64::from(area.standard.reply_days);
    let days = days_between(sent, area.as_at);
    let met_since = area.linked.naming_body(&request.body);
    let met_since = &met_since[met_since.partition_point(|event| event.end() < sent)..];
    let asked = || format!("the request of {} to {}", wording::day(sent), name());
    let found = if let Some(replied) = request.replied_on {
        area.met()
            .sentence(|| format!("{} replied on {} to the request of {}.", name(), wording::day(replied), wording::day(sent)))
            .counted_ids([&request.id])
    } else if let Some(&event) = met_since.first() {
        area.met()
            .sentence(|| format!("{} had a part in {}, after the request of {}.", name(), wording::event(event), wording::day(sent)))
            .counted([event])
    } else if request.declined {
        area.not_applicable().sentence(|| format!("{} declined to answer the request of {}.", name(), wording::day(sent)))
    } else if days <= allowed {
        area.not_applicable().sentence(|| format!("Not due yet: {} can be answered within {allowed} days.", asked()))
    } else {
        let is_consultee = body.is_some_and(|body| body.statutory_consultee);
        area.gap(if is_consultee { Severity::High } else { Severity::Low })
            .sentence(|| format!("No record of a reply to {}.", asked()))
    };
    found
        .about(&request.id)
        .closes(|| format!("A reply of {}, its refusal, or a held event that names it.", name()))
        .input_of("organisation", || Input::Text(name().into_owned()))
        .input("sent_on", sent)
        .input("replied_on", request.replied_on)
        .input("declined", if request.declined { "yes" } else { "no" })
        .input("days", days)
        .input("reply_days", allowed)
}
