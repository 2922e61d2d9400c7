//! The entries of an STP as a file of each kind.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use sea_orm::DatabaseExecutor;

use crate::{
    app::App,
    auth::SignedIn,
    entries::{Noun, save, table},
    export::Format,
    fault::Fault,
    web::{request::RequestId, staff},
};

pub async fn file(
    (noun, format): (&'static dyn Noun, Format),
    State(app): State<Arc<App>>,
    who: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let db = DatabaseExecutor::from(app.db.read());
    let loaded = table::load(noun, &db, std::slice::from_ref(&stp.code)).await?;
    if let Some(ids) = loaded.ids.get(&stp.code).filter(|_| noun.about().personal) {
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut w = app.write(&who, &request).await?;
        save::shown(noun, &mut w, "export", &stp.code, "export", &ids);
        w.commit().await?;
    }
    let key = noun.about().key;
    let name = format!("attachment; filename=\"{key}-{}.{}\"", stp.code.to_lowercase(), format.ending());
    let headers =
        [(header::CONTENT_TYPE, format.media_type().to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, table::file(&app, noun, loaded, format)?).into_response())
}
