//! The page of one entry: what it says, what names it, how it came to be so; and taking it away.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse as _, Redirect, Response},
};
use entity::{stp, user};
use sea_orm::{ColumnTrait as _, DatabaseExecutor, EntityTrait, QueryFilter as _};
use serde::Serialize;

use super::{Called, address, known, note, page};
use crate::{
    app::App,
    auth::SignedIn,
    entries::{
        self, Choices, Kept, Noun, Values, choices, differences,
        field::{Kind, Source},
        read, save, shown,
    },
    fault::Fault,
    journal::{self, Version},
    web::{
        filters,
        form::Typed,
        page::{Notice, Page},
        request::RequestId,
        staff,
    },
};

#[derive(Serialize)]
struct View {
    page: Page,
    noun: Called,
    here: String,
    version: i32,
    sections: Vec<Facts>,
    parts: Vec<Part>,
    history: Vec<Change>,
    public: String,
    removed: bool,
    may_write: bool,
}

#[derive(Serialize)]
struct Facts {
    title: &'static str,
    rows: Vec<Fact>,
}

#[derive(Serialize)]
struct Fact {
    term: &'static str,
    text: String,
    href: String,
}

/// Entries of another noun that name this one.
#[derive(Serialize)]
struct Part {
    noun: Called,
    rows: Vec<Link>,
    /// Where another one is added.
    add: String,
}

#[derive(Serialize)]
struct Link {
    href: String,
    title: String,
}

/// One change of the entry.
#[derive(Serialize)]
struct Change {
    when: String,
    who: String,
    what: &'static str,
    fields: Vec<Differs>,
}

#[derive(Serialize)]
struct Differs {
    label: &'static str,
    before: String,
    after: String,
}

pub async fn show(
    noun: &'static dyn Noun,
    State(app): State<Arc<App>>,
    who: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let db = DatabaseExecutor::from(app.db.read());
    let versions = versions(&app, noun, &stp, &id).await?;
    let kept = entries::entry(noun, &db, &stp.code, &id).await?;
    let removed = kept.is_none();
    let kept = kept.or_else(|| gone(noun, &versions)).ok_or(Fault::NotFound)?;
    note(&app, noun, &who, &request, ("read", &stp.code, &id), &[&kept]).await?;
    let choices = known(&app, noun, &stp.code).await?;
    let title = noun.title(&kept.values, &choices);
    let said = Typed(query);
    let notice = said.has("saved").then(|| Notice {
        kind: "success",
        title: format!("The {} is saved", noun.about().one),
        text: String::new(),
    });
    let may_write = who.may(noun.about().write, &stp.code);
    let view = View {
        page: page(&title, noun, &who, &stp, true).noticed(notice),
        noun: Called::of(noun),
        here: format!("{}/{id}", address(noun, &stp)),
        version: kept.version,
        sections: facts(noun, &stp, &choices, &kept.values),
        parts: if removed { Vec::new() } else { parts(&app, noun, &who, &stp, &id).await? },
        history: history(&app, noun, &choices, &versions).await?,
        public: noun.public(&id).filter(|_| !removed).unwrap_or_default(),
        removed,
        may_write,
    };
    Ok(app.pages.render("pages/entries/show.html", &view))
}

/// Every version of an entry of this STP that was ever kept.
async fn versions(app: &App, noun: &dyn Noun, stp: &stp::Model, id: &str) -> Result<Vec<Version>, Fault> {
    let all = journal::versions(app.db.read(), noun.about().table, id).await?;
    let own = |version: &Version| {
        let code = version.after.as_ref().and_then(|after| after.get("stp_code"));
        code.is_none_or(|code| *code == *stp.code)
    };
    Ok(if all.iter().all(own) { all } else { Vec::new() })
}

/// What a removed entry last said.
fn gone(noun: &dyn Noun, versions: &[Version]) -> Option<Kept> {
    let last = versions.iter().rev().find_map(|version| version.after.clone())?;
    Some(Kept::of(noun.about(), last))
}

fn facts(noun: &dyn Noun, stp: &stp::Model, choices: &Choices, values: &Values) -> Vec<Facts> {
    let fact = |field: &'static entries::field::Field| Fact {
        term: field.label,
        text: shown(field, values, choices),
        href: match field.kind {
            Kind::Web => values.text(field.key).to_owned(),
            Kind::One(Source::Entries(key)) if !values.text(field.key).is_empty() => {
                format!("/work/stps/{}/{key}/{}", stp.code, values.text(field.key))
            }
            _ => String::new(),
        },
    };
    let sections = noun.about().sections.iter();
    sections
        .map(|section| Facts { title: section.title, rows: section.fields.iter().map(fact).collect() })
        .collect()
}

async fn parts(
    app: &App,
    noun: &dyn Noun,
    who: &SignedIn,
    stp: &stp::Model,
    id: &str,
) -> Result<Vec<Part>, Fault> {
    let db = DatabaseExecutor::from(app.db.read());
    let mut parts = Vec::new();
    for (other, field) in entries::naming(noun.about().key) {
        if !who.may(other.about().read, &stp.code) {
            continue;
        }
        let of_theirs = choices::load(other, &db, &stp.code).await?;
        let at = address(other, stp);
        let all = entries::entries(other, &db, &stp.code).await?;
        let rows = all.iter().filter(|kept| kept.values.text(field.key) == id).map(|kept| Link {
            href: format!("{at}/{}", kept.id),
            title: other.title(&kept.values, &of_theirs),
        });
        let may_add = who.may(other.about().write, &stp.code);
        parts.push(Part {
            noun: Called::of(other),
            rows: rows.collect(),
            add: if may_add { format!("{at}/new?{}={id}", field.key) } else { String::new() },
        });
    }
    Ok(parts)
}

/// The changes of an entry, last first.
async fn history(
    app: &App,
    noun: &dyn Noun,
    choices: &Choices,
    versions: &[Version],
) -> Result<Vec<Change>, Fault> {
    let ids: Vec<&str> = versions.iter().filter_map(|version| version.actor.strip_prefix("user:")).collect();
    let users = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(app.db.read()).await?;
    let names: BTreeMap<String, String> =
        users.into_iter().map(|user| (format!("user:{}", user.id), user.name)).collect();
    let mut before = Values::default();
    let mut all = Vec::new();
    for version in versions {
        let after =
            version.after.as_ref().map(|after| Values::of_document(noun.about(), after)).unwrap_or_default();
        let changed = if version.action == "update" {
            differences(noun.about(), choices, &before, &after)
        } else {
            Vec::new()
        };
        all.push(Change {
            when: filters::instant(&version.at),
            who: by(&names, &version.actor),
            what: match version.action.as_str() {
                "create" => "Added",
                "update" => "Changed",
                "remove" | "undo" => "Removed",
                "restore" => "Put back",
                _ => "Written",
            },
            fields: changed
                .into_iter()
                .map(|(label, before, after)| Differs { label, before, after })
                .collect(),
        });
        before = after;
    }
    all.reverse();
    Ok(all)
}

fn by(names: &BTreeMap<String, String>, actor: &str) -> String {
    match actor.split_once(':') {
        _ if names.contains_key(actor) => names[actor].clone(),
        Some(("command", name)) => format!("The command {name}"),
        Some(("user", _)) => "An account that is gone".into(),
        _ => "The service itself".into(),
    }
}

pub async fn remove(
    noun: &'static dyn Noun,
    State(app): State<Arc<App>>,
    who: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mut w = app.write(&who, &request).await?;
    let one = noun.about().one;
    let db = DatabaseExecutor::from(w.tx());
    let kept = entries::entry(noun, &db, &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    if let Some(why) = entries::held(noun, &db, &stp.code, &id).await? {
        return Err(Fault::Conflict(why));
    }
    let as_shown = typed.text("version") == kept.version.to_string();
    if !as_shown || !save::remove(noun, &mut w, &stp.code, &kept).await? {
        return Err(Fault::Conflict(format!(
            "Somebody else has changed this {one} since its page was shown."
        )));
    }
    w.commit().await?;
    Ok(Redirect::to(&format!("{}?removed=1", address(noun, &stp))).into_response())
}

/// Puts an entry back that was removed.
pub async fn restore(
    noun: &'static dyn Noun,
    State(app): State<Arc<App>>,
    who: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    _typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let versions = versions(&app, noun, &stp, &id).await?;
    let gone = gone(noun, &versions).ok_or(Fault::NotFound)?;
    let one = noun.about().one;
    let mut w = app.write(&who, &request).await?;
    let db = DatabaseExecutor::from(w.tx());
    let all = entries::entries(noun, &db, &stp.code).await?;
    if all.iter().all(|kept| kept.id != id) {
        if read::twin(noun, None, &gone.values, &all).is_some() {
            return Err(Fault::Conflict(format!("{}.", read::twin_problem(noun).1)));
        }
        // What it names may be gone as well.
        let choices = choices::load(noun, &db, &stp.code).await?;
        for field in noun.about().fields() {
            if entries::values::settle(field, Some(&choices), gone.values.list(field.key).to_vec()).is_err() {
                let why =
                    format!("What this {one} says of {} is no longer there. Add it anew.", field.named());
                return Err(Fault::Conflict(why));
            }
        }
        save::restore(noun, &mut w, &stp.code, &gone).await?;
        w.commit().await?;
    }
    Ok(Redirect::to(&format!("{}/{id}?saved=1", address(noun, &stp))).into_response())
}
