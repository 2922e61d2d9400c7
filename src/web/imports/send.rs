//! A file sent in.

use std::sync::Arc;

use axum::{
    extract::{Multipart, Path, State, multipart::MultipartError},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use entity::{import::Noun, stp};
use serde::Serialize;

use super::{Choice, address, base, needed};
use crate::{
    app::App,
    auth::SignedIn,
    fault::Fault,
    import::{
        self,
        map::Map,
        sheet,
        upload::{self, Upload},
    },
    web::{
        fields::Fields,
        form::{self, Problem, Typed},
        page::Page,
        request::RequestId,
        staff,
    },
};

/// The longest name of a list.
const NAME: usize = 40;

#[derive(Serialize)]
struct New {
    page: Page,
    at: String,
    form: Fields,
    nouns: Vec<Choice>,
}

/// What the person may import into this STP.
fn nouns(signed_in: &SignedIn, stp: &stp::Model) -> Vec<Choice> {
    let all = Noun::ALL.iter().filter(|noun| signed_in.may(needed(**noun), &stp.code));
    let hint = |noun: &Noun| match noun {
        Noun::Events => "An engagement log: one event a row, with a title and a date",
        Noun::Stakeholders => "People and offices to write to: one a row, with a group",
    };
    all.map(|noun| Choice { value: noun.code().into(), label: noun.name().into(), hint: hint(noun).into() })
        .collect()
}

fn view(signed_in: &SignedIn, stp: &stp::Model, form: Fields) -> New {
    let page = base("Import a spreadsheet", signed_in, stp, false).under("Imports", address(stp));
    New { page: page.wrong(form.is_wrong()), at: address(stp), form, nouns: nouns(signed_in, stp) }
}

pub async fn new(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let view = view(&signed_in, &stp, Fields::new(app.chance.id()).with("noun", Noun::Events.code()));
    // Whoever may import nothing is told what another area's page would tell.
    if view.nouns.is_empty() {
        return Err(Fault::NotFound);
    }
    Ok(app.pages.render("pages/imports/new.html", &view))
}

/// What was sent: the fields that were typed, and the file.
pub struct Sent {
    pub typed: Typed,
    pub file: Option<(String, Vec<u8>)>,
    /// The file was larger than is taken.
    pub too_large: bool,
}

pub async fn create(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
    form: Multipart,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    if nouns(&signed_in, &stp).is_empty() {
        return Err(Fault::NotFound);
    }
    let sent = read(form).await?;
    let refused = |problems: &[Problem], typed: &Typed| {
        let view = view(&signed_in, &stp, typed.fields(problems));
        app.pages.render_as(StatusCode::UNPROCESSABLE_ENTITY, "pages/imports/new.html", &view)
    };
    let upload = match draft(&sent, &signed_in, &stp) {
        Ok(upload) => upload,
        Err(problems) => return Ok(refused(&problems, &sent.typed)),
    };
    // Read once here, so that a file that cannot be read is refused beside its field.
    let (file, name) = (upload.file.clone(), upload.file_name.clone());
    let read = tokio::task::spawn_blocking(move || sheet::read(&file, &name).map(|_| ()));
    if let Err(why) = read.await.map_err(anyhow::Error::from)? {
        return Ok(refused(&[Problem::new("file", why.to_string())], &sent.typed));
    }
    let mut w = app.write(&signed_in, &request).await?;
    let id = upload::create(&mut w, upload).await?;
    let location = format!("{}/{id}", address(&stp));
    if let Some(seen) = form::once(&w, sent.typed.text("form_key"), &signed_in, &location).await? {
        return Ok(Redirect::to(&seen).into_response());
    }
    import::enqueue(&w, &id).await?;
    w.commit().await?;
    Ok(Redirect::to(&location).into_response())
}

fn draft(sent: &Sent, signed_in: &SignedIn, stp: &stp::Model) -> Result<Upload, Vec<Problem>> {
    let mut problems = Vec::new();
    let noun = Noun::parse(sent.typed.text("noun")).filter(|noun| signed_in.may(needed(*noun), &stp.code));
    if noun.is_none() {
        problems.push(Problem::new("noun", "Select what the file lists"));
    }
    let list = sent.typed.text("list");
    if list.chars().count() > NAME {
        problems.push(Problem::new("list", "The name of the list must be 40 characters or fewer"));
    }
    let file = sent.file.clone().filter(|(name, bytes)| !name.is_empty() || !bytes.is_empty());
    if sent.too_large {
        problems.push(Problem::new("file", "The file must be 25 MB or smaller"));
    } else if file.is_none() {
        problems.push(Problem::new("file", "Choose a file"));
    }
    match (noun, file) {
        (Some(noun), Some((file_name, file))) if problems.is_empty() => {
            let mut map = Map::plain(noun);
            map.name = named(&map.name, list);
            Ok(Upload { noun, stp: Some(stp.code.clone()), file_name, file, map })
        }
        _ => Err(problems),
    }
}

/// The name of a map for one list among several.
fn named(map: &str, list: &str) -> String {
    let plain: String =
        list.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let plain = plain.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    if plain.is_empty() { map.to_owned() } else { format!("{map}-{plain}") }
}

/// Reads the form. The file comes last, so that what was typed is there when the file is too large.
pub async fn read(mut form: Multipart) -> Result<Sent, Fault> {
    let mut sent = Sent { typed: Typed::default(), file: None, too_large: false };
    loop {
        let field = match form.next_field().await {
            Ok(Some(field)) => field,
            Ok(None) => return Ok(sent),
            Err(error) => return over(sent, &error),
        };
        let name = field.name().unwrap_or_default().to_owned();
        if name == "file" {
            // Browsers send a name alone; a path would be no name.
            let file_name = field.file_name().unwrap_or_default();
            let file_name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
            let file_name: String = file_name.chars().filter(|c| !c.is_control()).take(200).collect();
            match field.bytes().await {
                Ok(bytes) => sent.file = Some((file_name, bytes.to_vec())),
                Err(error) => return over(sent, &error),
            }
        } else {
            match field.text().await {
                Ok(text) => sent.typed.0.push((name, text)),
                Err(error) => return over(sent, &error),
            }
        }
    }
}

fn over(mut sent: Sent, error: &MultipartError) -> Result<Sent, Fault> {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        sent.too_large = true;
        return Ok(sent);
    }
    Err(Fault::BadRequest("This form could not be read. Open its page and send the file again.".into()))
}
