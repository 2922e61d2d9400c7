//! Reach against population: each area's people per 10,000 residents, with the limits within which chance alone would
//! put it if every area reached as many as England does.
//!
//! Reach is an interval (method, 5.1), so each area is a line and not a point, and England's rate is one as well: the
//! sum of the low ends, and the sum of the high ends, over the residents of the areas that counted anybody. An area is
//! outside a limit only where its whole line is.

use std::sync::Arc;

use serde::Serialize;

use super::{
    Area,
    counted::{What, Which},
    heard::People,
    said::Said,
    stp::interval,
};
use crate::web::filters;

/// How many standard errors 95% and 99.8% of what chance does lie within.
const LIMITS: [(f64, &str); 2] = [(1.959_964, "95%"), (3.090_232, "99.8%")];
/// Points of a drawn limit.
const POINTS: u32 = 48;
/// Where nought lies, from the top, in hundredths of the drawing: what is below is for the names of the axis.
const FLOOR: f64 = 92.0;

/// Where an area's line lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    Below998,
    Below95,
    Inside,
    Above95,
    Above998,
}

impl Place {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Below998 => "below the 99.8% limit",
            Self::Below95 => "below the 95% limit",
            Self::Inside => "within the limits",
            Self::Above95 => "above the 95% limit",
            Self::Above998 => "above the 99.8% limit",
        }
    }
}

/// People per 10,000 residents, at least and at most.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rate {
    pub low: f64,
    pub high: f64,
}

/// An area's line.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub code: String,
    pub name: String,
    pub letters: String,
    pub population: String,
    pub people: String,
    pub rate: String,
    pub place: &'static str,
    pub outside: bool,
    /// Events where patients and public were counted, of those held.
    pub counted: Said,
    /// In hundredths of the drawing.
    pub x: f64,
    pub top: f64,
    pub height: f64,
}

/// A limit, as the points of a line in hundredths of the drawing.
#[derive(Clone, Debug, Serialize)]
pub struct Limit {
    pub name: &'static str,
    pub upper: String,
    pub lower: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Tick {
    pub at: f64,
    pub text: String,
}

/// The drawing and its table.
#[derive(Clone, Debug, Serialize)]
pub struct Funnel {
    pub lines: Vec<Line>,
    /// Areas with no number of people at all.
    pub missing: Vec<String>,
    /// Areas where some events have no number of people: their line may be too low.
    pub partial: Vec<String>,
    pub rate: String,
    pub limits: Vec<Limit>,
    pub xs: Vec<Tick>,
    pub ys: Vec<Tick>,
}

fn float(number: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "people and residents are exact in a double")]
    let float = number as f64;
    float
}

/// The residents of an area.
fn population(area: &Area) -> u64 {
    u64::try_from(area.stp.population).unwrap_or(0)
}

/// People per 10,000.
pub fn rate(people: People, population: u64) -> Rate {
    let of = |number: u64| if population == 0 { 0.0 } else { float(number) / float(population) * 10_000.0 };
    Rate { low: of(people.low), high: of(people.high) }
}

/// Whether an area counted anybody at an event.
fn counted(area: &Area) -> bool {
    area.tally.public_counted > 0
}

/// England's rate over the areas that counted anybody: ΣU / ΣN.
pub fn england(areas: &[Arc<Area>]) -> Rate {
    let mut people = People::default();
    let mut residents = 0;
    for area in areas.iter().filter(|area| counted(area)) {
        people.low += area.tally.public.low;
        people.high += area.tally.public.high;
        residents += population(area);
    }
    rate(people, residents)
}

/// A limit around a rate for so many residents: `rate ± z √(rate / N)`, in people per 10,000.
fn limit(rate: f64, population: u64, z: f64) -> (f64, f64) {
    let error = z * (rate * 10_000.0 / float(population.max(1))).sqrt();
    ((rate - error).max(0.0), rate + error)
}

/// Where an area lies.
pub fn place(own: Rate, england: Rate, population: u64) -> Place {
    let [(inner, _), (outer, _)] = LIMITS;
    if own.low > limit(england.high, population, outer).1 {
        Place::Above998
    } else if own.low > limit(england.high, population, inner).1 {
        Place::Above95
    } else if own.high < limit(england.low, population, outer).0 {
        Place::Below998
    } else if own.high < limit(england.low, population, inner).0 {
        Place::Below95
    } else {
        Place::Inside
    }
}

/// A rate in words: "1.2", "0.4 to 1.2".
pub fn said(rate: Rate) -> String {
    let one = |number: f64| format!("{number:.1}");
    let (low, high) = (one(rate.low), one(rate.high));
    if low == high { low } else { format!("{low} to {high}") }
}

/// The drawing of these areas, which are all of England.
pub fn of(areas: &[Arc<Area>]) -> Funnel {
    let all = england(areas);
    let with: Vec<&Arc<Area>> = areas.iter().filter(|area| counted(area)).collect();
    let widest = with.iter().map(|area| population(area)).max().unwrap_or(1).max(1);
    let tallest = with
        .iter()
        .map(|area| rate(area.tally.public, population(area)).high)
        .fold(all.high * 1.2, f64::max)
        .max(1.0);
    let (xs, right) = ticks(float(widest));
    let (ys, top) = ticks(tallest);
    let hundredth = |number: f64| (number * 100.0).round() / 100.0;
    let x = |residents: f64| hundredth(residents / right * 100.0);
    let y = |rate: f64| hundredth(FLOOR - (rate / top * FLOOR).clamp(0.0, FLOOR));
    let lines = with
        .iter()
        .map(|area| {
            let own = rate(area.tally.public, population(area));
            let place = place(own, all, population(area));
            let held = Which::all(What::Held).figure(&area.stp.code, &area.look, area.tally.held);
            let public =
                Which::all(What::Public).figure(&area.stp.code, &area.look, area.tally.public_counted);
            Line {
                code: area.stp.code.clone(),
                name: area.stp.display_name.clone(),
                letters: area.stp.tile.clone(),
                population: filters::thousands(area.stp.population.into()),
                people: interval(area.tally.public),
                rate: said(own),
                place: place.name(),
                outside: place != Place::Inside,
                counted: public.plain().words(" of ").and(held.plain()),
                x: x(float(population(area))),
                top: y(own.high),
                height: hundredth((y(own.low) - y(own.high)).max(0.6)),
            }
        })
        .collect();
    let limits = LIMITS
        .iter()
        .map(|&(z, name)| {
            let points = |upper: bool| {
                let mut points = Vec::new();
                for step in 1..=POINTS {
                    let residents = right * f64::from(step) / f64::from(POINTS);
                    #[expect(
                        clippy::cast_possible_truncation,
                        clippy::cast_sign_loss,
                        reason = "residents are few and never negative"
                    )]
                    let number = residents as u64;
                    let at = if upper { limit(all.high, number, z).1 } else { limit(all.low, number, z).0 };
                    points.push(format!("{},{}", x(residents), y(at)));
                }
                points.join(" ")
            };
            Limit { name, upper: points(true), lower: points(false) }
        })
        .collect();
    let names = |wanted: &dyn Fn(&Area) -> bool| {
        areas.iter().filter(|area| wanted(area)).map(|area| area.stp.display_name.clone()).collect()
    };
    Funnel {
        lines,
        missing: names(&|area| !counted(area)),
        partial: names(&|area| counted(area) && area.tally.public_counted < area.tally.held),
        rate: said(all),
        limits,
        xs: xs
            .into_iter()
            .map(|number| Tick { at: x(number), text: format!("{:.1}m", number / 1e6) })
            .collect(),
        ys: ys.into_iter().map(|number| Tick { at: y(number), text: short(number) }).collect(),
    }
}

fn short(number: f64) -> String {
    if number.fract() == 0.0 { format!("{number:.0}") } else { format!("{number:.1}") }
}

/// Four or five round numbers from nought up, and where the axis ends.
fn ticks(most: f64) -> (Vec<f64>, f64) {
    let rough = most / 4.0;
    let scale = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().map(|of| of * scale).find(|step| *step >= rough);
    let step = step.unwrap_or(rough);
    let marks: Vec<f64> = (1..=5).map(|number| f64::from(number) * step).filter(|at| *at < most).collect();
    (marks, most * 1.15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_area_is_outside_only_where_its_whole_line_is() {
        let england = Rate { low: 10.0, high: 12.0 };
        // 1,000,000 residents: 12 ± 1.96 √(12 × 0.01) = 12.68; 10 − 0.62 = 9.38.
        let at = |low: f64, high: f64| place(Rate { low, high }, england, 1_000_000);
        assert_eq!(at(1.0, 30.0), Place::Inside);
        assert_eq!(at(12.6, 30.0), Place::Inside);
        assert_eq!(at(12.7, 30.0), Place::Above95);
        assert_eq!(at(13.2, 30.0), Place::Above998);
        assert_eq!(at(0.0, 9.4), Place::Inside);
        assert_eq!(at(0.0, 9.3), Place::Below95);
        assert_eq!(at(0.0, 8.9), Place::Below998);
    }

    #[test]
    fn axes_end_above_what_they_show() {
        let (marks, end) = ticks(2_900_000.0);
        assert_eq!(marks, [1_000_000.0, 2_000_000.0]);
        assert!(end > 2_900_000.0);
        assert_eq!(said(Rate { low: 0.44, high: 1.2 }), "0.4 to 1.2");
    }
}
