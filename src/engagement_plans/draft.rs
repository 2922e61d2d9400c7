//! What a form says of the two plans and of the target for reach.

use chrono::NaiveDate;
use entity::stp;
use method::values::Rate;

use crate::{
    entries::values::decimal,
    events::check,
    web::{
        fields::Fields,
        form::{Problem, Typed},
    },
};

/// What can be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub plan_published_on: Option<NaiveDate>,
    pub plan_published_url: Option<String>,
    pub engagement_plan_published_on: Option<NaiveDate>,
    pub engagement_plan_url: Option<String>,
    /// People to reach per 10,000 residents, in millionths.
    pub reach_target_millionths: Option<i64>,
}

impl Draft {
    /// What the STP's row says.
    pub fn of(stp: &stp::Model) -> Self {
        Self {
            plan_published_on: stp.plan_published_on,
            plan_published_url: stp.plan_published_url.clone(),
            engagement_plan_published_on: stp.engagement_plan_published_on,
            engagement_plan_url: stp.engagement_plan_url.clone(),
            reach_target_millionths: stp.reach_target_millionths,
        }
    }

    /// Reads the form. Refuses with every problem at once.
    pub fn parse(typed: &Typed) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut day = |field: &str, what: &str| {
            typed.day(field, what).unwrap_or_else(|problem| {
                problems.push(problem);
                None
            })
        };
        let plan_published_on = day("plan_published_on", "The day of the plan");
        let engagement_plan_published_on =
            day("engagement_plan_published_on", "The day of the engagement plan");
        let mut web = |field: &str| {
            let address = typed.some(field);
            if address.as_deref().is_some_and(|address| !check::on_the_web(address)) {
                problems.push(Problem::new(field, check::WEB));
            }
            address
        };
        let plan_published_url = web("plan_published_url");
        let engagement_plan_url = web("engagement_plan_url");
        let reach_target_millionths = typed.some("reach_target").and_then(|text| {
            let read = rate(&text);
            if read.is_none() {
                let message = "The target must be a number with six decimals at most, such as 50 or 12.5";
                problems.push(Problem::new("reach_target", message));
            }
            read
        });
        let draft = Self {
            plan_published_on,
            plan_published_url,
            engagement_plan_published_on,
            engagement_plan_url,
            reach_target_millionths,
        };
        if problems.is_empty() { Ok(draft) } else { Err(problems) }
    }

    /// The form filled.
    pub fn fields(&self, key: &str) -> Fields {
        let texts = [
            ("plan_published_url", self.plan_published_url.clone()),
            ("engagement_plan_url", self.engagement_plan_url.clone()),
            ("reach_target", self.reach_target_millionths.map(decimal)),
        ];
        let form = Fields::new(key)
            .with_day("plan_published_on", self.plan_published_on)
            .with_day("engagement_plan_published_on", self.engagement_plan_published_on);
        texts.into_iter().fold(form, |form, (field, text)| match text {
            Some(text) => form.with(field, text),
            None => form,
        })
    }
}

/// "12.5" in millionths.
fn rate(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || part.len() > 6 || !digits(whole) || !digits(part) {
        return None;
    }
    let part: u64 = format!("{part:0<6}").parse().ok()?;
    let millionths = whole.parse::<u64>().ok()?.checked_mul(1_000_000)?.checked_add(part)?;
    Rate::from_millionths(millionths)?;
    i64::try_from(millionths).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_has_six_decimals_at_most() {
        assert_eq!(rate("50"), Some(50_000_000));
        assert_eq!(rate("12.5"), Some(12_500_000));
        assert_eq!(rate("0.000001"), Some(1));
        for bad in ["", ".5", "1.0000001", "-1", "1e3", "many", "99999999999999999999"] {
            assert_eq!(rate(bad), None, "{bad:?}");
        }
    }
}
