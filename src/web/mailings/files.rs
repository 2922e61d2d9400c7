//! The files that go with a mailing: added to a draft, taken away again, and read by staff.

use std::sync::Arc;

use axum::{
    extract::{Multipart, Path, State, multipart::MultipartRejection},
    http::{HeaderName, header},
    response::{IntoResponse as _, Redirect, Response},
};
use entity::mailing;
use serde::Serialize;

use super::{address, draft_of, known, show};
use crate::{
    app::App,
    auth::SignedIn,
    fault::Fault,
    mailings::{
        audience,
        files::{self, BYTES, File, Kind, MOST},
        find,
    },
    web::{imports::send, request::RequestId, staff},
};

/// How much of a file is read, in bytes, so that one which is too large is refused beside its field.
pub const READ: usize = 16 << 20;

/// A mailing's files, and what may be added.
#[derive(Serialize)]
pub struct Files {
    list: Vec<File>,
    /// Whether there is room for another.
    room: bool,
    most: usize,
    /// How many bytes they may have together.
    together: usize,
    /// The endings that a browser offers.
    accept: String,
}

impl Files {
    pub fn of(mailing: &mailing::Model) -> Self {
        let list = files::list(mailing);
        Self { room: list.len() < MOST, list, most: MOST, together: BYTES, accept: Kind::accepted() }
    }
}

pub async fn create(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mailing = draft_of(find::one(app.db.read(), &stp.code, &id).await?)?;
    let form =
        form.map_err(|_| Fault::BadRequest("This form could not be read. Open its page again.".into()))?;
    let sent = send::read(form).await?;
    let audience = audience::gather(app.db.read(), &mailing, &stp, &known(&app, &mailing).await?).await?;
    let to = audience.to.len();
    let (name, content) = sent.file.unwrap_or_default();
    let others = files::list(&mailing);
    let file = match () {
        () if sent.too_large => Err(files::too_large(&format!("larger than {}", files::size(READ)), to)),
        () if name.is_empty() && content.is_empty() => Err("Choose a file".to_owned()),
        () => File::read(app.chance.id(), &name, &content, &others, to),
    };
    let done = Redirect::to(&format!("{}/{id}?said=attached", address(&stp)));
    let file = match file {
        Ok(file) => file,
        // Sent twice, as by a button that was pressed twice, it is added once.
        Err(_) if others.iter().any(|other| other.is(&name, &content)) => return Ok(done.into_response()),
        Err(problem) => {
            return show::unattached(&app, &signed_in, &request, &stp, &mailing, &problem).await;
        }
    };
    let mut w = app.write(&signed_in, &request).await?;
    if files::add(&mut w, &mailing, file, content).await?.is_none() {
        return Err(changed());
    }
    w.commit().await?;
    Ok(done.into_response())
}

pub async fn remove(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id, file)): Path<(String, String, String)>,
) -> Result<Redirect, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mut w = app.write(&signed_in, &request).await?;
    let mailing = draft_of(find::one(w.tx(), &stp.code, &id).await?)?;
    // Taken away by somebody else meanwhile is taken away.
    if files::list(&mailing).iter().any(|one| one.id == file) {
        if files::remove(&mut w, &mailing, &file).await?.is_none() {
            return Err(changed());
        }
        w.commit().await?;
    }
    Ok(Redirect::to(&format!("{}/{id}?said=detached", address(&stp))))
}

fn changed() -> Fault {
    Fault::Conflict("Somebody else has just changed this mailing. Open it again.".into())
}

pub async fn show(
    State(app): State<Arc<App>>,
    Path((code, id, file)): Path<(String, String, String)>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mailing = find::one(app.db.read(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    let file = files::list(&mailing).into_iter().find(|one| one.id == file).ok_or(Fault::NotFound)?;
    let content = files::content(app.db.read(), &file.id).await?.ok_or(Fault::NotFound)?;
    // Handed over and never opened in the page: whatever is in it runs nowhere here.
    let name: String = url::form_urlencoded::byte_serialize(file.name.as_bytes()).collect();
    let disposition = format!("attachment; filename*=UTF-8''{}", name.replace('+', "%20"));
    let headers: [(HeaderName, String); 2] = [
        (header::CONTENT_TYPE, file.kind.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    Ok((headers, content).into_response())
}
