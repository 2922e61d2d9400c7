//! Forms: what was typed, what is wrong with it, and the key that makes a form posted twice one record.
//!
//! ```text
//! GET  form ─► a new form_key in a hidden field
//! POST ─► Typed ─► Draft::parse ─┬─ Err(problems) ─► the same page, 422, every text kept
//!                                └─ Ok(draft) ─► Writer ─► once(form_key) ─┬─ new ─► write ─► 303
//!                                                                          └─ seen ─► 303 to what it made
//! ```

use axum::{
    body::Body,
    extract::{FromRequest, Request},
};
use chrono::NaiveDate;
use entity::submission;
use sea_orm::{ActiveValue::Set, EntityTrait, sea_query::OnConflict};
use serde::Serialize;

use super::fields::Fields;
use crate::{auth::SignedIn, fault::Fault, journal::Writer};

/// A form as it was typed: names and texts, in order, names repeated where boxes were ticked.
#[derive(Clone, Debug, Default)]
pub struct Typed(pub Vec<(String, String)>);

impl Typed {
    /// The first text under `name`, without spaces around it; empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, text)| text.trim())
    }

    /// The same, or none where it is empty.
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    /// Every text under `name` that is not empty: ticked boxes.
    pub fn list(&self, name: &str) -> Vec<String> {
        let texts = self.0.iter().filter(|(n, _)| n == name).map(|(_, text)| text.trim());
        texts.filter(|text| !text.is_empty()).map(str::to_owned).collect()
    }

    /// Whether a box was ticked or a button of this name pressed.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// The day in the fields `NAME-day`, `NAME-month`, `NAME-year`: none when all three are blank. Refuses what is
    /// not a day between 1900 and 2199; `what` begins the sentence ("The date").
    pub fn day(&self, name: &str, what: &str) -> Result<Option<NaiveDate>, Problem> {
        let part = |suffix: &str| self.text(&format!("{name}-{suffix}"));
        let (day, month, year) = (part("day"), part("month"), part("year"));
        if [day, month, year].iter().all(|text| text.is_empty()) {
            return Ok(None);
        }
        for (text, suffix) in [(day, "day"), (month, "month"), (year, "year")] {
            if text.is_empty() {
                return Err(Problem::new(name, format!("{what} must include a {suffix}")));
            }
        }
        let read = || {
            let year: i32 = year.parse().ok().filter(|year| (1900..=2199).contains(year))?;
            NaiveDate::from_ymd_opt(year, month.parse().ok()?, day.parse().ok()?)
        };
        read()
            .map(Some)
            .ok_or_else(|| Problem::new(name, format!("{what} must be a real date, such as 11 1 2017")))
    }

    /// The form as its page shows it again: everything typed, the key kept, each problem beside its field.
    pub fn fields(&self, problems: &[Problem]) -> Fields {
        let typed = Fields::typed(self.text("form_key"), &self.0);
        problems.iter().fold(typed, |fields, problem| fields.wrong(&problem.field, &problem.message))
    }
}

impl<S: Send + Sync> FromRequest<S> for Typed {
    type Rejection = Fault;

    async fn from_request(request: Request<Body>, state: &S) -> Result<Self, Fault> {
        use axum::response::IntoResponse as _;
        match axum_extra::extract::Form::<Vec<(String, String)>>::from_request(request, state).await {
            // No database holds it, and no keyboard types it.
            Ok(axum_extra::extract::Form(fields)) if fields.iter().any(|(_, text)| text.contains('\0')) => {
                Err(Fault::BadRequest("This form could not be read.".into()))
            }
            Ok(axum_extra::extract::Form(fields)) => Ok(Self(fields)),
            Err(error) => {
                let response = error.into_response();
                if response.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
                    return Err(Fault::TooLarge("A form can hold 1 MB of text.".into()));
                }
                Err(Fault::BadRequest("This form could not be read.".into()))
            }
        }
    }
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// The field's name; for a date, the name of its three fields together.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into() }
    }
}

/// Remembers, in the same transaction as what a form makes, that the form was taken. Gives the address of what it
/// made when it was taken before: go there, and write nothing. A form without a key is refused.
pub async fn once(
    w: &Writer,
    form_key: &str,
    who: &SignedIn,
    location: &str,
) -> Result<Option<String>, Fault> {
    if form_key.len() < 20 || form_key.len() > 64 {
        return Err(Fault::BadRequest("This form has no key. Open its page again.".into()));
    }
    let row = submission::ActiveModel {
        form_key: Set(form_key.to_owned()),
        user_id: Set(Some(who.user_id.clone())),
        location: Set(location.to_owned()),
        created_at: Set(w.origin().at),
    };
    let added = submission::Entity::insert(row)
        .on_conflict(OnConflict::column(submission::Column::FormKey).do_nothing().to_owned())
        .exec_without_returning(w.tx())
        .await?;
    if added == 1 {
        return Ok(None);
    }
    let kept = submission::Entity::find_by_id(form_key).one(w.tx()).await?;
    // Someone else's key is no key of theirs.
    let kept = kept.filter(|kept| kept.user_id.as_deref() == Some(&who.user_id)).ok_or(Fault::NotFound)?;
    Ok(Some(kept.location))
}
