//! FBK-2: feedback that does not show what difference people made.

use std::fmt::Display;

use super::{Domain, Duty, Earlier, Words, fbk_1};
use crate::area::Area;
use crate::duties;
use crate::finding::{Found, Severity, Subject};
use crate::wording;

pub const WORDS: Words = Words {
    id: "FBK-2",
    title: "Influence not shown",
    domain: Domain::Feedback,
    subject: "Each two-way held event about the STP, and each closed formal consultation, on which people were told what came of it",
    words: "Unknown when no themes are recorded. Gap when there is a theme of which it is not recorded what became of it: the plan \
            changed, it did not, or the theme was out of scope. Otherwise met.",
    duties: &[
        duties::FIVE_STEPS_INFLUENCE,
        Duty {
            name: "“You said, we did”",
            sentence: "Commissioners set what people said beside what was done about it.",
            sources: &["https://www.lincolnshireeastccg.nhs.uk/get-involved/engagement-on-our-approach-to-public-involvement"],
        },
    ],
    inputs: &["events.feedback_on", "events.themes", "consultations.feedback_on", "consultations.themes"],
    thresholds: &[],
    severity: "Medium.",
    closes: "What became of each theme.",
    risk: "What people said may still be under discussion, so that nothing has become of it yet.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let told = area.two_way.iter().copied().filter(|event| event.feedback_on().is_some());
    let events = told.map(|event| {
        judge_one(area, event.into(), event.themes(), || wording::event(event))
    });
    let consultations = fbk_1::closed(area).filter(|(one, _)| one.feedback_on.is_some()).map(|(one, _)| {
        let open = one.themes.iter().filter(|theme| theme.outcome.is_none()).count();
        judge_one(area, (&one.id).into(), (one.themes.len(), open), || wording::consultation(one))
    });
    super::gathered(area.two_way.len() + area.stp.consultations.len(), events.chain(consultations))
}

fn judge_one<'r, N: Display>(
    area: &Area<'r>,
    about: Subject<'r>,
    (themes, open): (usize, usize),
    named: impl Fn() -> N,
) -> Found<'r> {
    let found = if themes == 0 {
        area.unknown().sentence(|| format!("The record does not say what people said in {}.", named()))
    } else if open > 0 {
        area.gap(Severity::Medium)
            .sentence(|| format!("No record of what became of {} from {}.", wording::number_of(open, "theme"), named()))
    } else {
        area.met()
            .sentence(|| format!("It is recorded what became of {} from {}.", wording::number_of(themes, "theme"), named()))
            .counted_ids(about.id())
    };
    found
        .about(about)
        .closes(|| "What became of each theme: the plan changed, it did not, or it was out of scope.")
        .input("themes", themes)
        .input("themes_without_outcome", open)
}
