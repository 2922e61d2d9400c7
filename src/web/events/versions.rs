//! Every version of an event, and any two compared field by field.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use entity::user;
use sea_orm::{ColumnTrait as _, EntityTrait, QueryFilter as _};
use serde::Serialize;

use super::{at, choices, options::Choice};
use crate::{
    app::App,
    auth::SignedIn,
    events::{facts, facts::Difference, find},
    fault::Fault,
    journal::{self, Version},
    web::{filters, form::Typed, page::Page},
};

#[derive(Serialize)]
struct Context {
    page: Page,
    here: String,
    title: String,
    rows: Vec<Row>,
    options: Vec<Choice>,
    from: String,
    to: String,
    /// None where there is one version alone.
    compared: Option<Vec<Difference>>,
}

#[derive(Serialize)]
struct Row {
    number: usize,
    when: String,
    who: String,
    what: &'static str,
    /// How it differs from the one before.
    changes: usize,
    href: String,
}

/// The list, and two versions compared: those asked for (`?from=1&to=3`), else the last two.
pub async fn index(
    State(app): State<Arc<App>>,
    Path((stp, id)): Path<(String, String)>,
    signed_in: SignedIn,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let choices = choices(&app, &stp).await?;
    let kept = find::whole(app.db.read(), &stp, &id).await?.ok_or(Fault::NotFound)?;
    let versions = journal::versions(app.db.read(), "events", &id).await?;
    let people = people(&app, &versions).await?;
    let names = choices.names();
    let here = format!("{}/{id}", at(&stp));
    let last = versions.len();
    let asked = Typed(asked);
    let number = |name: &str, otherwise: usize| {
        asked.text(name).parse().ok().filter(|n| (1..=last).contains(n)).unwrap_or(otherwise)
    };
    let (from, to) = (number("from", last.saturating_sub(1).max(1)), number("to", last));
    let compare = |from: usize, to: usize| {
        let document = |n: usize| {
            versions.get(n.wrapping_sub(1)).and_then(|version| version.after.clone()).unwrap_or_default()
        };
        facts::differences(&document(from), &document(to), &names)
    };
    let rows = versions
        .iter()
        .enumerate()
        .rev()
        .map(|(index, version)| (version, index + 1))
        .map(|(version, number)| Row {
            number,
            when: filters::instant(&version.at),
            who: who(&people, &version.actor),
            what: what(&version.action),
            changes: if number == 1 { 0 } else { compare(number - 1, number).len() },
            href: format!("{here}/versions?from={}&to={number}", (number - 1).max(1)),
        })
        .collect();
    let page = super::page(format!("Versions of {}", kept.event.title), &signed_in, &choices)
        .at(&at(&stp), false)
        .under("Events", at(&stp))
        .under(&kept.event.title, &here);
    let context = Context {
        page,
        title: kept.event.title.clone(),
        rows,
        options: (1..=last).map(|n| Choice::new(n.to_string(), format!("Version {n}"))).collect(),
        from: from.to_string(),
        to: to.to_string(),
        compared: (last > 1).then(|| compare(from, to)),
        here,
    };
    Ok(app.pages.render("pages/events/versions.html", &context))
}

/// Who changed an event last, in words.
pub async fn last_by(app: &Arc<App>, id: &str) -> Result<String, Fault> {
    let versions = journal::versions(app.db.read(), "events", id).await?;
    let people = people(app, &versions).await?;
    Ok(versions.last().map_or_else(|| "Somebody".into(), |version| who(&people, &version.actor)))
}

/// The names of those who made these versions, by actor.
async fn people(app: &Arc<App>, versions: &[Version]) -> Result<BTreeMap<String, String>, Fault> {
    let ids: Vec<&str> = versions.iter().filter_map(|version| version.actor.strip_prefix("user:")).collect();
    let users = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(app.db.read()).await?;
    Ok(users.into_iter().map(|user| (format!("user:{}", user.id), user.name)).collect())
}

fn who(people: &BTreeMap<String, String>, actor: &str) -> String {
    match actor.split_once(':') {
        _ if people.contains_key(actor) => people[actor].clone(),
        Some(("command", name)) => format!("The command {name}"),
        Some(("user", _)) => "An account that is gone".into(),
        _ => "The service itself".into(),
    }
}

fn what(action: &str) -> &'static str {
    match action {
        "create" => "Logged",
        "cancel" => "Cancelled",
        "withdraw" => "Withdrawn",
        "import" => "Imported",
        _ => "Changed",
    }
}
