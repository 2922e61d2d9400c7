//! Which column of a file feeds which field.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use entity::{import::Noun, import::State as Stage, stp};
use sea_orm::EntityTrait as _;
use serde::Serialize;

use super::{Choice, address, base, known, needed};
use crate::{
    app::App,
    auth::SignedIn,
    fault::Fault,
    import::{
        self,
        field::{Columns, Field},
        map::Map,
        sheet::{self, Sheet},
        upload,
    },
    web::{
        fields::Fields,
        form::{self, Problem, Typed},
        page::Page,
        request::RequestId,
        staff,
    },
};

#[derive(Serialize)]
struct View {
    page: Page,
    at: String,
    form: Fields,
    columns: Vec<Column>,
    choices: Vec<Choice>,
}

/// A column of the file.
#[derive(Serialize)]
struct Column {
    /// The name of its field in the form.
    field: String,
    name: String,
    /// The first texts in it.
    sample: String,
}

/// An import's file, read, and the map that it was read by.
struct Opened {
    stp: stp::Model,
    noun: Noun,
    sheet: Sheet,
    map: Map,
}

async fn open(app: &App, signed_in: &SignedIn, code: &str, id: &str) -> Result<Opened, Fault> {
    let stp = staff::stp(app, code).await?;
    let summary = known(app, &stp, id).await?;
    signed_in.permit(needed(summary.noun), &stp.code)?;
    if !matches!(summary.state, Stage::Checked | Stage::Failed) {
        return Err(Fault::Conflict("Columns can be chosen only before an import is accepted.".into()));
    }
    let import = entity::import::Entity::find_by_id(id).one(app.db.read()).await?.ok_or(Fault::NotFound)?;
    let (file, name) = (import.file, import.file_name);
    let sheet =
        tokio::task::spawn_blocking(move || sheet::read(&file, &name)).await.map_err(anyhow::Error::from)?;
    let sheet = sheet.map_err(|refused| Fault::Conflict(refused.to_string()))?;
    let map = Map::parse(&import.map).map_err(|problem| anyhow::anyhow!("the import's map: {problem}"))?;
    Ok(Opened { stp, noun: import.noun, sheet, map })
}

impl Opened {
    fn view(&self, id: &str, signed_in: &SignedIn, form: Fields) -> View {
        let at = format!("{}/{id}", address(&self.stp));
        let page = base("Choose what each column holds", signed_in, &self.stp, false)
            .under("Imports", address(&self.stp))
            .under("Report", at.clone());
        let column = |(number, name): (usize, &String)| Column {
            field: format!("column_{number}"),
            name: if name.is_empty() { format!("Column {}", number + 1) } else { name.clone() },
            sample: self.sample(number),
        };
        let choice = |field: &Field| Choice {
            value: field.code().into(),
            label: field.label().into(),
            hint: String::new(),
        };
        View {
            page: page.wrong(form.is_wrong()),
            at,
            columns: self.sheet.header.iter().enumerate().map(column).collect(),
            choices: Field::of(self.noun).iter().map(choice).collect(),
            form,
        }
    }

    /// The first texts of a column. Those of a list of people are not shown.
    fn sample(&self, column: usize) -> String {
        if self.noun == Noun::Stakeholders {
            return String::new();
        }
        let texts = self.sheet.rows.iter().filter_map(|row| row.cells.get(column));
        let texts = texts.filter(|text| !text.is_empty()).take(2);
        let short = |text: &String| {
            let first: String = text.chars().take(40).collect();
            if first.len() < text.len() { format!("“{first}…”") } else { format!("“{first}”") }
        };
        texts.map(short).collect::<Vec<_>>().join(", ")
    }
}

pub async fn show(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path((code, id)): Path<(String, String)>,
) -> Result<Response, Fault> {
    let opened = open(&app, &signed_in, &code, &id).await?;
    let found = Columns::find(&opened.map, &opened.sheet.header);
    let form = (0..opened.sheet.header.len()).fold(Fields::new(app.chance.id()), |form, column| match found
        .fed_by(column)
    {
        Some(field) => form.with(&format!("column_{column}"), field.code()),
        None => form,
    });
    Ok(app.pages.render("pages/imports/columns.html", &opened.view(&id, &signed_in, form)))
}

pub async fn choose(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Fault> {
    let opened = open(&app, &signed_in, &code, &id).await?;
    let columns = match read(&opened.sheet, &typed) {
        Ok(columns) => columns,
        Err(problems) => {
            let view = opened.view(&id, &signed_in, typed.fields(&problems));
            return Ok(app.pages.render_as(
                StatusCode::UNPROCESSABLE_ENTITY,
                "pages/imports/columns.html",
                &view,
            ));
        }
    };
    let summary = known(&app, &opened.stp, &id).await?;
    let location = format!("{}/{id}", address(&opened.stp));
    let mut w = app.write(&signed_in, &request).await?;
    if let Some(seen) = form::once(&w, typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    if !upload::reread(&mut w, &summary, &opened.map.with_columns(columns)).await? {
        return Err(Fault::Conflict("This import is no longer as the page showed it.".into()));
    }
    import::enqueue(&w, &id).await?;
    w.commit().await?;
    Ok(Redirect::to(&location).into_response())
}

fn read(sheet: &Sheet, typed: &Typed) -> Result<BTreeMap<Field, Vec<String>>, Vec<Problem>> {
    let mut columns = BTreeMap::<Field, Vec<String>>::new();
    let mut problems = Vec::new();
    for (number, name) in sheet.header.iter().enumerate() {
        let at = format!("column_{number}");
        let code = typed.text(&at);
        if code.is_empty() {
            continue;
        }
        let Some(field) = Field::parse(code) else {
            problems.push(Problem::new(at, "Select a field from the list"));
            continue;
        };
        if name.is_empty() {
            problems.push(Problem::new(at, "Give this column a name in the file first"));
        } else if !field.many() && columns.contains_key(&field) {
            problems.push(Problem::new(
                at,
                format!("Another column is the {} already", field.label().to_lowercase()),
            ));
        }
        columns.entry(field).or_default().push(name.clone());
    }
    if problems.is_empty() { Ok(columns) } else { Err(problems) }
}
