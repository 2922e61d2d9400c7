//! STF-1: an employer whose staff were missed.

use super::{Domain, Duty, Earlier, Input, Words, cov_1};
use crate::area::Area;
use crate::duties;
use crate::finding::{Found, Severity, Why};
use crate::record::Body;
use crate::seen::Seen;
use crate::wording;
use crate::words::Audience;

pub const WORDS: Words = Words {
    id: "STF-1",
    title: "Employer missed",
    domain: Domain::Staff,
    subject: "Each organisation that employs staff whom the plan affects",
    words: "Of the held events about the STP in which staff took part, that name the organisation and ended within the last 365 \
            days: met when one was two-way, unknown when the level of one is not recorded, otherwise a gap; nested under COV-1 \
            when staff were never engaged.",
    duties: &[
        duties::NHS_CONSTITUTION,
        Duty {
            name: "What doctors said (British Medical Association, 2016)",
            sentence: "Of the doctors in London who answered, more than half had not heard of the plans, and most consultants had \
                       been told nothing by their own trust.",
            sources: &[
                "https://www.bma.org.uk/news/media-centre/press-releases/2016/november/half-of-london-doctors-havent-heard-of-stps-survey-finds",
            ],
        },
    ],
    inputs: &["bodies.employer", "events.bodies", "events.participation", "events.level", "events.ends_on"],
    thresholds: &[],
    severity: "Medium.",
    closes: "A held two-way event with staff that names the organisation.",
    risk: "Staff of one organisation come to events of another, and nobody writes down whose staff they were.",
};

pub(super) fn judge<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    area.stp.bodies.iter().filter(|body| body.employer).map(|body| judge_one(area, earlier, body)).collect()
}

fn judge_one<'r>(area: &Area<'r>, earlier: Earlier<'_, 'r>, body: &'r Body) -> Found<'r> {
    let name = || wording::one_line(&body.name);
    let with_staff = || area.linked.naming_body(&body.code).iter().copied().filter(|event| event.took_any(Audience::Staff));
    let recent = || with_staff().filter(|&event| area.is_in_year(event));
    let found = if recent().any(Seen::is_two_way) {
        area.met()
            .sentence(|| format!("Staff took part in a two-way event with {} in the last year.", name()))
            .counted(recent().filter(|event| event.is_two_way()))
    } else if recent().any(|event| event.level().is_none()) {
        area.unknown().sentence(|| {
            format!("The record does not say whether staff were heard at events with {} in the last year.", name())
        })
    } else {
        area.gap(Severity::Medium)
            .under(earlier.gap(&cov_1::WORDS, Audience::Staff))
            .sentence(|| format!("No record of staff taking part in a two-way event with {} in the last year.", name()))
    };
    let nearly = |event: Seen<'r>| {
        let why = if area.is_in_year(event) { event.one_way()? } else { Why::OutsideWindow };
        Some((event, why))
    };
    let attempts = area.linked.naming_body(&body.code).iter().filter_map(|event| {
        Some((*event, event.attempt_of(|row| row.audience() == Audience::Staff)?))
    });
    found
        .about(&body.code)
        .closes(|| format!("A held two-way event with staff that names {}.", name()))
        .input_of("organisation", || Input::Text(name().into_owned()))
        .input_of("events_in_the_year", || recent().count())
        .input_of("two_way_events_in_the_year", || recent().filter(|event| event.is_two_way()).count())
        .not_counted(with_staff().filter_map(nearly))
        .not_counted(attempts)
}
