//! OPN-2: a plan that was not published.

use chrono::NaiveDate;

use super::{Domain, Duty, Earlier, Threshold, Words};
use crate::area::Area;
use crate::finding::{Found, Severity};
use crate::wording;

pub const WORDS: Words = Words {
    id: "OPN-2",
    title: "Plan not published",
    domain: Domain::Feedback,
    subject: "The plan, and the plan for engagement",
    words: "Not applicable up to the day on which the standard has it due. Gap when there is no date of publication.",
    duties: &[Duty {
        name: "NHS England's expectation of 2016",
        sentence: "Most areas were to publish a version of their plan by the end of 2016.",
        sources: &[
            "https://www.hsj.co.uk/commissioning/most-areas-should-publish-stps-by-end-of-the-year-says-nhs-england/7010542.article",
        ],
    }],
    inputs: &["plan_published_on", "engagement_plan_published_on"],
    thresholds: &[Threshold { key: "plan_due_on", default: "2016-12-31", unit: "date" }],
    severity: "High for the plan, medium for the plan for engagement.",
    closes: "The plan published, and the day recorded.",
    risk: "A plan may have been published by a council or a newspaper before the STP did.",
};

pub(super) fn judge<'r>(area: &Area<'r>, _: Earlier<'_, 'r>) -> Vec<Found<'r>> {
    let stp = area.stp;
    vec![
        judge_one(area, "plan", "the plan", stp.plan_published_on, Severity::High),
        judge_one(
            area,
            "engagement_plan",
            "the plan for engagement",
            stp.engagement_plan_published_on,
            Severity::Medium,
        ),
    ]
}

fn judge_one<'r>(
    area: &Area<'r>,
    subject: &'static str,
    name: &str,
    published_on: Option<NaiveDate>,
    severity: Severity,
) -> Found<'r> {
    let due = area.standard.plan_due_on;
    let found = if area.as_at <= due {
        area.not_applicable().sentence(|| format!("Not due yet: {name} is due by {}.", wording::day(due)))
    } else if let Some(published_on) = published_on {
        let published = wording::day(published_on);
        area.met().sentence(|| wording::sentence(format!("{name} was published on {published}.")))
    } else {
        area.gap(severity).sentence(|| format!("No record of {name} being published."))
    };
    found
        .about(subject)
        .closes(|| format!("The day on which {name} was published."))
        .input("published_on", published_on)
        .input("plan_due_on", due)
}
