//! The engagement plan beside what came of it: groups with their level and waiver, activities planned and held, reach.

use std::collections::BTreeMap;

use anyhow::Context as _;
use chrono::{Days, NaiveDate};
use entity::{planned_activity, requirement};
use method::{
    Verdict, disclose,
    record::{Event, Stp, Waiver},
    words::Group,
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde::Serialize;

use crate::{
    assessments::{
        Area,
        heard::{People, counts},
        record::{self, Scope},
        standard,
    },
    entries::values::decimal,
    web::filters,
};

/// The plan as its pages show it.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub published: String,
    pub url: String,
    pub groups: Vec<GroupRow>,
    pub activities: Vec<Activity>,
    /// How many activities are overdue.
    pub overdue: usize,
    /// The target for reach; empty where there is none.
    pub target: String,
    /// What was reached so far, per 10,000 residents.
    pub reached: String,
}

/// A required group.
#[derive(Clone, Debug, Serialize)]
pub struct GroupRow {
    pub name: &'static str,
    /// Why it is required.
    pub because: &'static str,
    pub level: String,
    pub waiver: String,
    /// The verdict on whether it was ever heard.
    pub verdict: &'static str,
    /// Its entry among the requirements, where it has one.
    pub entry: String,
}

/// What is planned for a group in a quarter.
#[derive(Clone, Debug, Serialize)]
pub struct Activity {
    pub entry: String,
    pub group: String,
    pub quarter: String,
    pub planned: i32,
    /// The events of the group in that quarter.
    pub held: Vec<Held>,
    pub state: &'static str,
    pub colour: &'static str,
    pub overdue: bool,
    pub note: String,
}

/// An event that was held.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    pub id: String,
    pub when: String,
}

/// The plan of an STP as it stands on the day of `area`, disclosed.
pub async fn load(db: &impl ConnectionTrait, area: &Area) -> anyhow::Result<View> {
    let code = area.stp.code.clone();
    let record = record::load(db, Scope::Stps(std::slice::from_ref(&code)), standard()).await?;
    let stp = disclose(&record).stps.into_iter().next().context("the STP is not on the record")?;
    let entries: BTreeMap<String, String> = requirement::Entity::find()
        .filter(requirement::Column::StpCode.eq(&code))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (row.group_code, row.id))
        .collect();
    let planned =
        planned_activity::Entity::find().filter(planned_activity::Column::StpCode.eq(&code)).all(db).await?;
    let mut activities =
        planned.into_iter().map(|row| activity(row, &stp, area.as_at)).collect::<anyhow::Result<Vec<_>>>()?;
    activities.sort_by_key(|(order, _)| *order);
    let activities: Vec<Activity> = activities.into_iter().map(|(_, activity)| activity).collect();
    let day = |day: Option<NaiveDate>| day.map(filters::day).unwrap_or_default();
    Ok(View {
        published: day(area.stp.engagement_plan_published_on),
        url: area.stp.engagement_plan_url.clone().filter(|url| filters::is_web(url)).unwrap_or_default(),
        groups: groups(area, &stp, &entries),
        overdue: activities.iter().filter(|activity| activity.overdue).count(),
        activities,
        target: area.stp.reach_target_millionths.map(decimal).unwrap_or_default(),
        reached: reached(area.tally.public, area.tally.public_counted, stp.population),
    })
}

/// The groups that are required, in the order of the method page.
fn groups(area: &Area, stp: &Stp, entries: &BTreeMap<String, String>) -> Vec<GroupRow> {
    let verdicts: BTreeMap<&str, Verdict> =
        area.of_rule("COV-2").map(|found| (found.subject.as_str(), found.verdict)).collect();
    let of = |group: &&'static Group| {
        let verdict = verdicts.get(group.code())?;
        let own = stp.requirements.iter().find(|own| own.group == **group);
        Some(GroupRow {
            name: group.name(),
            because: if group.required_by_default() {
                "Required of every STP"
            } else if **group == Group::Districts && area.has_districts() {
                "Required where there are districts"
            } else {
                "Required by this plan"
            },
            level: own
                .and_then(|own| own.planned_level)
                .map(|level| level.name().to_owned())
                .unwrap_or_default(),
            waiver: own
                .and_then(|own| own.waiver.as_ref())
                .map(|waiver| state(waiver, area.as_at))
                .unwrap_or_default(),
            verdict: verdict.code(),
            entry: entries.get(group.code()).cloned().unwrap_or_default(),
        })
    };
    Group::ALL.iter().filter_map(|group| of(&group)).collect()
}

/// A waiver in words, as it stands on a day.
fn state(waiver: &Waiver, today: NaiveDate) -> String {
    let until = filters::day(waiver.until);
    let term = if waiver.until < today {
        format!("Ended on {until}")
    } else if waiver.made_on > today {
        format!("Waived from {} until {until}", filters::day(waiver.made_on))
    } else {
        format!("Waived until {until}")
    };
    format!("{term}: {} ({}, {})", waiver.reason, waiver.by, filters::day(waiver.made_on))
}

/// The first and the last day of a quarter.
fn quarter(year: i32, quarter: i32) -> anyhow::Result<(NaiveDate, NaiveDate)> {
    let month = u32::try_from(quarter - 1).context("a quarter before the first")? * 3 + 1;
    let first = NaiveDate::from_ymd_opt(year, month, 1).context("no such quarter")?;
    let next = first.checked_add_months(chrono::Months::new(3)).context("no such quarter")?;
    Ok((first, next - Days::new(1)))
}

/// What activities are sorted by: year, quarter, group.
type Order = (i32, i32, Option<Group>);

/// What was planned, beside the events that were held.
fn activity(row: planned_activity::Model, stp: &Stp, today: NaiveDate) -> anyhow::Result<(Order, Activity)> {
    let (first, last) = quarter(row.year, row.quarter)?;
    let group = Group::parse(&row.group_code);
    let took = |event: &&Event| {
        let in_time = (first..=last).contains(&event.starts_on);
        in_time
            && counts(event, today)
            && event.participation.iter().any(|part| part.took_part && Some(part.group) == group)
    };
    let mut events: Vec<&Event> = stp.events.iter().filter(took).collect();
    events.sort_by(|a, b| (a.starts_on, &a.id).cmp(&(b.starts_on, &b.id)));
    let held: Vec<Held> = events
        .into_iter()
        .map(|event| Held { id: event.id.to_string(), when: filters::day(event.starts_on) })
        .collect();
    let done = i32::try_from(held.len()).unwrap_or(i32::MAX) >= row.events;
    let (state, colour) = match () {
        () if done => ("Done", "green"),
        () if last < today => ("Overdue", "red"),
        () if first <= today => ("Under way", "blue"),
        () => ("To come", "grey"),
    };
    let name = group.map_or(row.group_code.clone(), |group| group.name().to_owned());
    let months = ["January to March", "April to June", "July to September", "October to December"];
    let months = usize::try_from(row.quarter - 1).ok().and_then(|at| months.get(at)).copied();
    let shown = Activity {
        entry: row.id,
        group: name,
        quarter: format!("{} {}", months.unwrap_or_default(), row.year),
        planned: row.events,
        overdue: state == "Overdue",
        held,
        state,
        colour,
        note: row.note.unwrap_or_default(),
    };
    Ok(((row.year, row.quarter, group), shown))
}

/// Whom was reached per 10,000 residents: an interval, since whoever came once may have come again.
fn reached(people: People, counted: usize, population: u32) -> String {
    if counted == 0 {
        return String::new();
    }
    let tenths = |people: u64| people * 100_000 / u64::from(population.max(1));
    let said = |tenths: u64| format!("{}.{}", tenths / 10, tenths % 10);
    let (low, high) = (said(tenths(people.low)), said(tenths(people.high)));
    if low == high { low } else { format!("{low} to {high}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_quarter_is_three_months() {
        assert_eq!(quarter(2017, 1).unwrap(), (day("2017-01-01"), day("2017-03-31")));
        assert_eq!(quarter(2016, 4).unwrap(), (day("2016-10-01"), day("2016-12-31")));
        assert!(quarter(2017, 0).is_err() && quarter(2017, 5).is_err());
    }

    #[test]
    fn a_waiver_says_how_it_stands() {
        let waiver = Waiver {
            reason: "Heard by the county".into(),
            by: "Programme director".into(),
            made_on: day("2017-01-01"),
            until: day("2017-06-30"),
        };
        assert!(state(&waiver, day("2017-06-30")).starts_with("Waived until 30 June 2017"));
        assert!(state(&waiver, day("2017-07-01")).starts_with("Ended on 30 June 2017"));
        assert!(state(&waiver, day("2016-12-31")).starts_with("Waived from 1 January 2017"));
    }

    #[test]
    fn reach_is_an_interval() {
        assert_eq!(reached(People { low: 40, high: 120 }, 3, 761_630), "0.5 to 1.5");
        assert_eq!(reached(People { low: 40, high: 40 }, 1, 10_000), "40.0");
        assert_eq!(reached(People::default(), 0, 10_000), "");
    }
}
