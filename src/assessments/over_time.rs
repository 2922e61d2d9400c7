//! Open gaps of each area at the ends of the last quarters, as a small drawing for each area on one scale.

use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;
use serde::Serialize;

use super::{
    Area,
    past::{self, Past},
    said::{Figure, Said},
};

/// Quarters that are shown, the day itself after them.
pub const QUARTERS: u32 = 8;

/// What an area came to on each day.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub code: String,
    pub name: String,
    pub bars: Vec<Bar>,
    pub gaps: Vec<Said>,
    /// "21 gaps on 31 March 2016, 14 on 31 December 2017".
    pub label: String,
}

/// A day's bar, in hundredths of the drawing.
#[derive(Clone, Debug, Serialize)]
pub struct Bar {
    pub at: f64,
    pub width: f64,
    pub top: f64,
    pub height: f64,
    /// The last: the day itself.
    pub now: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub days: Vec<String>,
    pub most: u32,
    pub rows: Vec<Row>,
    /// All of England, in the same shape.
    pub gaps: Vec<Said>,
}

/// The days that are shown before `as_at`.
pub fn days(as_at: NaiveDate) -> Vec<NaiveDate> {
    past::quarter_ends(as_at, QUARTERS)
}

/// Puts the days side by side: what was kept of each, oldest first, then the day itself.
pub fn view(areas: &[Arc<Area>], pasts: &[BTreeMap<String, Arc<Past>>]) -> View {
    let gaps = |area: &Area| -> Vec<(NaiveDate, u32)> {
        let earlier = pasts.iter().filter_map(|day| day.get(&area.stp.code));
        let now = (area.as_at, area.assessment.summary.gap);
        earlier.map(|past| (past.as_at, past.summary.gap)).chain([now]).collect()
    };
    let all: Vec<Vec<(NaiveDate, u32)>> = areas.iter().map(|area| gaps(area)).collect();
    let most = all.iter().flatten().map(|(_, gaps)| *gaps).max().unwrap_or(0).max(1);
    let days: Vec<NaiveDate> =
        all.first().map(|days| days.iter().map(|(day, _)| *day).collect()).unwrap_or_default();
    let rows = areas.iter().zip(&all).map(|(area, own)| row(area, own, most)).collect();
    let total = |at: usize| -> Option<Said> {
        let (day, _) = *all.first()?.get(at)?;
        let kept = areas.first()?.look.on(day).kept();
        let count = all.iter().filter_map(|own| own.get(at)).map(|(_, gaps)| *gaps as usize).sum();
        let href = format!("/gaps?verdict=gap&follows=own&{kept}");
        Some(Figure { count, href }.plain())
    };
    View {
        gaps: (0..days.len()).filter_map(total).collect(),
        days: days.iter().map(ToString::to_string).collect(),
        most,
        rows,
    }
}

fn row(area: &Area, own: &[(NaiveDate, u32)], most: u32) -> Row {
    let hundredth = |number: f64| (number * 100.0).round() / 100.0;
    let number = u32::try_from(own.len()).unwrap_or(1).max(1);
    let step = 100.0 / f64::from(number);
    let bars = (0..number)
        .zip(own)
        .map(|(at, (_, gaps))| {
            let height = hundredth(f64::from(*gaps) / f64::from(most) * 100.0);
            Bar {
                at: hundredth(f64::from(at) * step + step * 0.1),
                width: hundredth(step * 0.8),
                top: hundredth(100.0 - height),
                height,
                now: at + 1 == number,
            }
        })
        .collect();
    let said = |(day, gaps): &(NaiveDate, u32)| {
        let href =
            format!("/stps/{}/gaps?verdict=gap&follows=own&{}", area.stp.code, area.look.on(*day).kept());
        Figure { count: *gaps as usize, href }.plain()
    };
    let label = |(day, gaps): &(NaiveDate, u32)| format!("{gaps} on {}", crate::web::filters::day(*day));
    let ends = [own.first(), own.last()].into_iter().flatten().map(label).collect::<Vec<_>>();
    Row {
        code: area.stp.code.clone(),
        name: area.stp.display_name.clone(),
        bars,
        gaps: own.iter().map(said).collect(),
        label: format!("Open gaps: {}", ends.join(", ")),
    }
}
