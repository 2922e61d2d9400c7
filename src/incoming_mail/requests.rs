//! Which request of the record a mail may answer.

use std::collections::HashMap;

use entity::{body, delivery, incoming_mail, request, stakeholder};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _};

/// A request that nobody has answered yet.
#[derive(Clone, Debug)]
pub struct Open {
    pub request: request::Model,
    /// The name of the body that was asked.
    pub body: String,
    /// Whether the mail comes from somebody of that body.
    pub theirs: bool,
}

/// The requests of an area that wait for an answer: those of the body that the mail comes from first, then as they were
/// sent.
pub async fn open(
    conn: &impl ConnectionTrait,
    stp: &str,
    mail: &incoming_mail::Model,
) -> Result<Vec<Open>, DbErr> {
    let found = request::Entity::find()
        .filter(request::Column::StpCode.eq(stp))
        .filter(request::Column::RepliedOn.is_null())
        .filter(request::Column::Declined.eq(false))
        .all(conn)
        .await?;
    let codes = found.iter().map(|request| request.body_code.as_str());
    let bodies = body::Entity::find().filter(body::Column::Code.is_in(codes)).all(conn).await?;
    let names: HashMap<String, String> = bodies.into_iter().map(|body| (body.code, body.name)).collect();
    let writer = writer(conn, mail).await?;
    let mut open: Vec<Open> = found
        .into_iter()
        .map(|request| {
            let body = names.get(&request.body_code).unwrap_or(&request.body_code).clone();
            let theirs = writer.contains(&body.to_lowercase());
            Open { request, body, theirs }
        })
        .collect();
    open.sort_by_cached_key(|one| (!one.theirs, one.request.sent_on, one.request.id.clone()));
    Ok(open)
}

/// What the stakeholder whom the letter went to that a mail answers is called, in small letters: the office or the
/// person, and the organisation.
async fn writer(conn: &impl ConnectionTrait, mail: &incoming_mail::Model) -> Result<Vec<String>, DbErr> {
    let Some(id) = &mail.delivery_id else { return Ok(Vec::new()) };
    let letter = delivery::Entity::find_by_id(id).one(conn).await?;
    let Some(id) = letter.and_then(|letter| letter.stakeholder_id) else { return Ok(Vec::new()) };
    let Some(known) = stakeholder::Entity::find_by_id(id).one(conn).await? else { return Ok(Vec::new()) };
    Ok([known.name, known.organisation].into_iter().flatten().map(|name| name.to_lowercase()).collect())
}
