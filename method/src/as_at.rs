//! The record as it stood on a day: facts dated later do not exist for an assessment.
//!
//! Done once, before the rules, so that no rule has to ask; for events, as their facts are gathered (`facts.rs`). Dates
//! that plan are facts about the future and stay: when a decision is due, when a consultation opens and closes, when an
//! event starts and ends, until when a waiver holds.

use chrono::NaiveDate;

use crate::record::{Record, Stp};

/// Takes away what is dated after `day`: a later date reads as not recorded; an event that was put on record later, a
/// later monitoring return and a later waiver are left out.
pub fn cut(record: &mut Record, day: NaiveDate) {
    for stp in &mut record.stps {
        cut_stp(stp, day);
    }
}

pub(crate) fn cut_stp(stp: &mut Stp, day: NaiveDate) {
    let forget = |date: &mut Option<NaiveDate>| *date = date.filter(|&date| date <= day);

    forget(&mut stp.plan_started_on);
    forget(&mut stp.plan_published_on);
    forget(&mut stp.engagement_plan_published_on);
    for requirement in &mut stp.requirements {
        requirement.waiver.take_if(|waiver| waiver.made_on > day);
    }
    stp.monitoring_returns.retain(|one| one.dated_on <= day);
    for proposal in &mut stp.proposals {
        forget(&mut proposal.equality_analysis_on);
        forget(&mut proposal.document_published_on);
        for scrutiny in &mut proposal.scrutiny {
            forget(&mut scrutiny.consulted_on);
            for recommendation in &mut scrutiny.recommendations {
                forget(&mut recommendation.received_on);
                forget(&mut recommendation.answered_on);
            }
        }
    }
    for consultation in &mut stp.consultations {
        forget(&mut consultation.considered_on);
        forget(&mut consultation.feedback_on);
    }
    stp.events.retain(|event| event.created_on.unwrap_or(event.starts_on) <= day);
    for event in &mut stp.events {
        forget(&mut event.minutes_published_on);
        forget(&mut event.feedback_on);
    }
    for request in &mut stp.requests {
        forget(&mut request.sent_on);
        forget(&mut request.replied_on);
    }
    for question in &mut stp.questions {
        forget(&mut question.received_on);
        forget(&mut question.answered_on);
    }
}
