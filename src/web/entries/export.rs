//! The entries of an STP as a file.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
};
use sea_orm::DatabaseExecutor;

use super::note;
use crate::{
    app::App,
    auth::SignedIn,
    entries::{self, Noun, table},
    fault::Fault,
    web::{request::RequestId, staff},
};

pub async fn csv(
    noun: &'static dyn Noun,
    State(app): State<Arc<App>>,
    who: SignedIn,
    request: RequestId,
    Path(code): Path<String>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let db = DatabaseExecutor::from(app.db.read());
    if noun.about().personal {
        let all = entries::entries(noun, &db, &stp.code).await?;
        let shown: Vec<&entries::Kept> = all.iter().collect();
        note(&app, noun, &who, &request, ("export", &stp.code, "export"), &shown).await?;
    }
    let table = table::load(noun, &db, std::slice::from_ref(&stp.code)).await?;
    let name = format!("attachment; filename=\"{}-{}.csv\"", noun.about().key, stp.code.to_lowercase());
    let headers =
        [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, table::csv(&table)?).into_response())
}
