//! Tables as files to keep: the same table at four addresses, one for each kind of file.

use std::sync::Arc;

use axum::{
    handler::Handler,
    http::header,
    response::{IntoResponse as _, Response},
};
use chrono::NaiveDate;
use serde::Serialize;

use super::routes::{Access, Routes};
use crate::{
    app::App,
    assessments::standard,
    export::{self, Book, Format, Table},
    fault::Fault,
};

/// Four addresses: what comes before the point, and each kind of file after it.
macro_rules! each_format {
    ($base:literal) => {
        [
            (concat!($base, ".csv"), $crate::export::Format::Csv),
            (concat!($base, ".xlsx"), $crate::export::Format::Xlsx),
            (concat!($base, ".ods"), $crate::export::Format::Ods),
            (concat!($base, ".json"), $crate::export::Format::Json),
        ]
    };
}
pub(crate) use each_format;

/// A handler for each kind of file.
pub fn each<H, T>(routes: Routes, at: [(&'static str, Format); 4], of: impl Fn(Format) -> H) -> Routes
where
    H: Handler<T, Arc<App>>,
    T: 'static,
{
    at.into_iter().fold(routes, |routes, (path, format)| routes.get(path, Access::Public, of(format)))
}

/// These tables as a file. `name` is what the file is called, without its ending.
pub fn answer(
    app: &App,
    name: &str,
    title: String,
    as_at: NaiveDate,
    tables: Vec<Table>,
    format: Format,
) -> Result<Response, Fault> {
    let face = &app.config.face;
    let said = |term: &str, text: String| (term.to_owned(), text);
    let mut facts = vec![said("From", face.service_name.clone()), said("Published by", face.owner.clone())];
    facts.push(said("Licence", "Open Government Licence v3.0".to_owned()));
    facts.push(said("Method", format!("{}, standard {}", method::METHOD, standard().version)));
    facts.push(said("Where to ask", face.contact.clone().unwrap_or_default()));
    facts.retain(|(_, text)| !text.is_empty());
    let notes = vec![
        "Numbers of people are disclosed before anything is worked out: 0 stays, 1 to 4 are masked, 5 and over go to the nearest 5.".to_owned(),
        "How each figure is worked out stands on the method page of the service.".to_owned(),
    ];
    let book = Book { title, as_at, facts, notes, tables };
    let bytes = export::write(&book, format)?;
    let disposition = format!("attachment; filename=\"{name}.{}\"", format.ending());
    Ok((
        [(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, disposition)],
        bytes,
    )
        .into_response())
}

/// A link to one kind of file, as `ui.files` shows it.
#[derive(Clone, Debug, Serialize)]
pub struct FileLink {
    pub href: String,
    pub name: &'static str,
}

/// Links to the four kinds of file of a table: `base` is its address up to the point, `query` what follows the ending.
pub fn links(base: &str, query: &str) -> Vec<FileLink> {
    let of =
        |format: Format| FileLink { href: format!("{base}.{}{query}", format.ending()), name: format.name() };
    Format::ALL.into_iter().map(of).collect()
}
