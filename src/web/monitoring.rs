//! Equality monitoring as anyone may see it: `/stps/{stp}/monitoring`. The numbers are those of the disclosed record.

use std::{collections::BTreeMap, sync::Arc};

use anyhow::Context as _;
use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};
use entity::population_share;
use method::{
    disclose,
    record::MonitoringReturn,
    representation::{Hidden, Representativeness, representativeness},
    values::Count,
    words::Characteristic,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Serialize;

use super::{
    filters, kept,
    page::Page,
    routes::{Access, Routes},
    staff,
};
use crate::{
    app::App,
    assessments::{
        record::{self, Scope},
        standard,
    },
    entries::values::decimal,
    fault::Fault,
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/stps/{stp}/monitoring", Access::Public, index)
}

#[derive(Serialize)]
struct Index {
    page: Page,
    name: String,
    returns: Vec<Return>,
    alike: Vec<Alike>,
    exceptions: Vec<Exception>,
}

/// The totals of one characteristic and year.
#[derive(Serialize)]
struct Return {
    /// Its anchor.
    id: String,
    title: String,
    dated: String,
    rows: Vec<Row>,
    not_stated: String,
    /// Whether the residents' shares are known for any of its answers.
    compared: bool,
}

#[derive(Serialize)]
struct Row {
    category: String,
    people: String,
    /// The share of all residents, with where the figure comes from.
    residents: String,
}

/// How like the residents those who answered are.
#[derive(Serialize)]
struct Alike {
    name: &'static str,
    percent: String,
    known: String,
    not_stated: String,
}

#[derive(Serialize)]
struct Exception {
    name: &'static str,
    reason: String,
}

/// What is known of the residents, by characteristic and category.
type Residents = BTreeMap<(String, String), String>;

async fn index(
    State(app): State<Arc<App>>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let address = format!("/stps/{code}/monitoring");
    kept::answer(&app, address, &headers, async || {
        let stp = staff::stp(&app, &code).await?;
        let record =
            record::load(app.db.read(), Scope::Stps(std::slice::from_ref(&code)), standard()).await?;
        let own = disclose(&record).stps.into_iter().next().context("the STP is not on the record")?;
        let shares = population_share::Entity::find()
            .filter(population_share::Column::StpCode.eq(&code))
            .all(app.db.read())
            .await?;
        let residents: Residents = shares
            .into_iter()
            .map(|row| {
                let said = format!("{}% ({})", decimal(row.share_millionths * 100), row.source);
                ((row.characteristic.code().to_owned(), row.category), said)
            })
            .collect();
        let today = app.clock.today();
        let mut returns: Vec<&MonitoringReturn> =
            own.monitoring_returns.iter().filter(|one| one.dated_on <= today).collect();
        returns.sort_by_key(|one| (one.characteristic, std::cmp::Reverse(one.year)));
        let exception = |one: &method::record::MonitoringException| Exception {
            name: one.characteristic.name(),
            reason: one.reason.clone(),
        };
        let name = stp.display_name;
        let page = Page::public(format!("Equality monitoring, {name}"))
            .at("/", false)
            .under("England", "/")
            .under(&name, format!("/stps/{code}"))
            .described(format!("Who took part in engagement on the plan for {name}, in totals."));
        let context = Index {
            page,
            name,
            returns: returns.into_iter().map(|one| shown(one, &residents)).collect(),
            alike: representativeness(&own, today).into_iter().map(|(of, how)| alike(of, how)).collect(),
            exceptions: own.monitoring_exceptions.iter().map(exception).collect(),
        };
        Ok(app.pages.render("pages/monitoring/index.html", &context))
    })
    .await
}

fn shown(one: &MonitoringReturn, residents: &Residents) -> Return {
    let code = one.characteristic.code();
    let mut answers: Vec<_> = one.answers.iter().collect();
    answers.sort_by(|a, b| a.category.cmp(&b.category));
    let row = |answer: &method::record::Answer| Row {
        category: answer.category.clone(),
        people: masked(answer.count),
        residents: residents.get(&(code.to_owned(), answer.category.clone())).cloned().unwrap_or_default(),
    };
    let rows: Vec<Row> = answers.into_iter().map(row).collect();
    Return {
        id: format!("{code}-{}", one.year),
        title: format!("{}, {}", one.characteristic.name(), one.year),
        dated: filters::day(one.dated_on),
        not_stated: masked(one.not_stated),
        compared: rows.iter().any(|row| !row.residents.is_empty()),
        rows,
    }
}

fn alike(of: Characteristic, how: Result<Representativeness, Hidden>) -> Alike {
    let (percent, known, not_stated) = match how {
        Ok(how) => (
            format!("{}%", how.percent),
            filters::thousands(i64::try_from(how.known).unwrap_or(i64::MAX)),
            how.not_stated.map_or_else(|| "Few".to_owned(), |share| format!("{share}%")),
        ),
        Err(why) => {
            let said = match why {
                Hidden::Masked => "Not shown: a number that it is made of is below 8",
                Hidden::Few => "Not shown: fewer than 20 known answers",
                Hidden::NoShares => "Not known: the residents’ shares of these answers are not on record",
            };
            (said.to_owned(), "–".to_owned(), "–".to_owned())
        }
    };
    Alike { name: of.name(), percent, known, not_stated }
}

/// A disclosed number of people with a characteristic: fewer than 8 are "<8".
fn masked(count: Count) -> String {
    match (count.low, count.high) {
        (_, 1..=7) => "<8".to_owned(),
        (low, high) if low == high => filters::thousands(high.into()),
        (low, high) => format!("{} to {}", filters::thousands(low.into()), filters::thousands(high.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_than_eight_are_never_told_apart() {
        for (low, high, said) in [
            (0, 0, "0"),
            (1, 7, "<8"),
            (0, 7, "<8"),
            (10, 10, "10"),
            (1, 10, "1 to 10"),
            (1200, 1200, "1,200"),
        ] {
            assert_eq!(masked(Count { low, high }), said);
        }
    }
}
