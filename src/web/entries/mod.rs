//! Entries of the record, whatever the noun: `/work/stps/{stp}/proposals` and the like.
//!
//! ```text
//! list ─► new ─► (POST) ─► page ─► edit ─► (POST) ─► page, history ─► removals ─► restorations
//!   ├─► import ─► (POST the file) ─► what would become of each row ─► (POST) accepted
//!   └─► export.csv, .xlsx, .ods, .json
//! ```
//!
//! The addresses of each noun are made from the list of [`entries::all`]; a handler takes its noun from its route.

mod export;
mod import;
mod index;
mod one;
mod write;

use std::sync::{Arc, LazyLock};

use axum::{
    extract::{DefaultBodyLimit, State},
    routing::{MethodFilter, on},
};
use entity::stp;
use sea_orm::DatabaseExecutor;
use serde::Serialize;

use super::{
    page::Page,
    request::RequestId,
    routes::{Access, Routes, Verb},
    staff,
};
use crate::{
    app::App,
    auth::{Action, SignedIn},
    entries::{self, Choices, Kept, Noun, choices, save},
    export::Format,
    fault::Fault,
    import::sheet,
};

/// A noun and the addresses of its pages.
struct Addresses {
    noun: &'static dyn Noun,
    list: &'static str,
    new: &'static str,
    one: &'static str,
    edit: &'static str,
    removals: &'static str,
    restorations: &'static str,
    import: &'static str,
    sheet: &'static str,
    problems: &'static str,
    export: [(&'static str, Format); 4],
}

/// Made once from the list of nouns, and kept as long as the program runs.
static ADDRESSES: LazyLock<Vec<Addresses>> = LazyLock::new(|| {
    let of = |noun: &'static dyn Noun| {
        let at = |rest: &str| -> &'static str {
            String::leak(format!("/work/stps/{{stp}}/{}{rest}", noun.about().key))
        };
        Addresses {
            noun,
            list: at(""),
            new: at("/new"),
            one: at("/{id}"),
            edit: at("/{id}/edit"),
            removals: at("/{id}/removals"),
            restorations: at("/{id}/restorations"),
            import: at("/import"),
            sheet: at("/import/{id}"),
            problems: at("/import/{id}/problems.csv"),
            export: Format::ALL.map(|format| (at(&format!("/export.{}", format.ending())), format)),
        }
    };
    entries::all().iter().copied().map(of).collect()
});

pub fn routes(routes: Routes) -> Routes {
    let routes = routes.get("/work/stps/{stp}/record", Access::Area(Action::ReadArea), index::record);
    ADDRESSES.iter().fold(routes, |routes, at| {
        let noun = at.noun;
        let read = Access::Area(noun.about().read);
        let write = Access::Area(noun.about().write);
        let file = DefaultBodyLimit::max(sheet::BYTES + (1 << 20));
        let send = on(MethodFilter::POST, move |s: State<Arc<App>>, who, request, path, form| {
            import::send(noun, s, who, request, path, form)
        });
        let routes = routes
            .get(at.list, read, move |s, who, request, path, query| {
                index::index(noun, s, who, request, path, query)
            })
            .post(at.list, write, move |s, who, request, path, typed| {
                write::create(noun, s, who, request, path, typed)
            })
            .get(at.new, write, move |s, who, path, query| write::new(noun, s, who, path, query))
            .get(at.one, read, move |s, who, request, path, query| {
                one::show(noun, s, who, request, path, query)
            })
            .post(at.one, write, move |s, who, request, path, typed| {
                write::update(noun, s, who, request, path, typed)
            })
            .get(at.edit, write, move |s, who, request, path| write::edit(noun, s, who, request, path))
            .post(at.removals, write, move |s, who, request, path, typed| {
                one::remove(noun, s, who, request, path, typed)
            })
            .post(at.restorations, write, move |s, who, request, path, typed| {
                one::restore(noun, s, who, request, path, typed)
            })
            .get(at.import, write, move |s, who, path| import::new(noun, s, who, path))
            .add(Verb::Post, at.import, write, send.layer(file))
            .get(at.sheet, write, move |s, who, path| import::show(noun, s, who, path))
            .post(at.sheet, write, move |s, who, request, path, typed| {
                import::accept(noun, s, who, request, path, typed)
            })
            .get(at.problems, write, move |s, path| import::problems(noun, s, path));
        at.export.into_iter().fold(routes, |routes, (path, format)| {
            routes.get(path, read, move |s, who, request, path| {
                export::file((noun, format), s, who, request, path)
            })
        })
    })
}

/// Where an STP's entries of a noun are.
fn address(noun: &dyn Noun, stp: &stp::Model) -> String {
    format!("/work/stps/{}/{}", stp.code, noun.about().key)
}

fn record(stp: &stp::Model) -> String {
    format!("/work/stps/{}/record", stp.code)
}

/// A page of a noun. `within` says that it is below the list.
fn page(title: &str, noun: &dyn Noun, who: &SignedIn, stp: &stp::Model, within: bool) -> Page {
    let page = staff::page(title, who, Some(stp))
        .at(&record(stp), false)
        .under(stp.display_name.clone(), format!("/work/stps/{}", stp.code))
        .under("Record", record(stp));
    if within { page.under(noun.about().title(), address(noun, stp)) } else { page }
}

/// The choices of a noun's fields, as they stand.
async fn known(app: &App, noun: &dyn Noun, stp: &str) -> Result<Choices, Fault> {
    Ok(choices::load(noun, &DatabaseExecutor::from(app.db.read()), stp).await?)
}

/// One entry of this STP.
async fn found(app: &App, noun: &dyn Noun, stp: &str, id: &str) -> Result<Kept, Fault> {
    let found = entries::entry(noun, &DatabaseExecutor::from(app.db.read()), stp, id).await?;
    found.ok_or(Fault::NotFound)
}

/// Journals what a page or a file shows, where it is personal data.
async fn note(
    app: &App,
    noun: &dyn Noun,
    who: &SignedIn,
    request: &RequestId,
    (action, stp, page): (&str, &str, &str),
    shown: &[&Kept],
) -> Result<(), Fault> {
    if noun.about().personal && !shown.is_empty() {
        let ids: Vec<&str> = shown.iter().map(|kept| kept.id.as_str()).collect();
        let mut w = app.write(who, request).await?;
        save::shown(noun, &mut w, action, stp, page, &ids);
        w.commit().await?;
    }
    Ok(())
}

/// What a noun is called, for its pages.
#[derive(Serialize)]
struct Called {
    key: &'static str,
    one: &'static str,
    many: &'static str,
    title: String,
    lede: &'static str,
}

impl Called {
    fn of(noun: &dyn Noun) -> Self {
        let about = noun.about();
        Self { key: about.key, one: about.one, many: about.many, title: about.title(), lede: about.lede }
    }
}
