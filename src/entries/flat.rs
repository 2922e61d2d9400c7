//! Nouns whose entries are one row each: a [`Flat`] noun says how its row is made of what an entry says, and the rest of
//! a [`Noun`] follows.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use sea_orm::{
    ActiveModelBehavior, DatabaseExecutor, DbErr, EntityTrait, IntoActiveModel, Order, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _},
};
use serde::Serialize;
use serde_json::Value;

use super::{About, Choices, Noun, Put, Values, rows, shown};
use crate::journal::Writer;

/// When the row was made and when it is written.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// A noun whose entries are one row each, with an `id`, an `stp_code`, a `version`, `created_at` and `updated_at`.
#[async_trait]
pub trait Flat: Send + Sync {
    type Entity: EntityTrait;
    const ABOUT: &'static About;

    /// The row that an entry is kept as.
    fn row(put: &Put<'_>, times: Times) -> <Self::Entity as EntityTrait>::Model;

    /// Adds to the document what the row keeps in another shape than the form.
    fn document(_document: &mut Value) {}

    /// See [`Noun::check`].
    fn check(_values: &Values) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// See [`Noun::held`].
    async fn held(_db: &DatabaseExecutor<'_>, _stp: &str, _id: &str) -> Result<Option<String>, DbErr> {
        Ok(None)
    }

    /// See [`Noun::title`].
    fn title(values: &Values, choices: &Choices) -> String {
        let first = Self::ABOUT.fields().next();
        first.map(|field| brief(&shown(field, values, choices))).unwrap_or_default()
    }
}

#[async_trait]
impl<T> Noun for T
where
    T: Flat,
    <T::Entity as EntityTrait>::Model: IntoActiveModel<<T::Entity as EntityTrait>::ActiveModel> + Serialize,
    <T::Entity as EntityTrait>::ActiveModel: ActiveModelBehavior + Send,
{
    fn about(&self) -> &'static About {
        T::ABOUT
    }

    async fn read(
        &self,
        db: &DatabaseExecutor<'_>,
        stp: &str,
        id: Option<&str>,
    ) -> Result<Vec<Value>, DbErr> {
        let mut select = T::Entity::find().filter(Expr::col("stp_code").eq(stp));
        if let Some(id) = id {
            select = select.filter(Expr::col("id").eq(id));
        }
        let select = select.order_by(Expr::col("created_at"), Order::Asc);
        let rows = select.order_by(Expr::col("id"), Order::Asc).all(db).await?;
        let document = |row| {
            let mut document = rows::document(&row)?;
            T::document(&mut document);
            Ok(document)
        };
        rows.into_iter().map(document).collect()
    }

    async fn write(&self, w: &mut Writer, put: Put<'_>) -> Result<bool, DbErr> {
        let times = times::<T::Entity>(w, &put).await?;
        rows::put::<T::Entity>(w, &put, T::row(&put, times)).await
    }

    async fn remove(&self, w: &mut Writer, stp: &str, id: &str, version: i32) -> Result<bool, DbErr> {
        rows::remove::<T::Entity>(w, stp, id, version).await
    }

    fn check(&self, values: &Values) -> Vec<(&'static str, String)> {
        T::check(values)
    }

    async fn held(&self, db: &DatabaseExecutor<'_>, stp: &str, id: &str) -> Result<Option<String>, DbErr> {
        T::held(db, stp, id).await
    }

    fn title(&self, values: &Values, choices: &Choices) -> String {
        T::title(values, choices)
    }
}

/// When a row was made, where there is one, and when it is written.
pub async fn times<E: EntityTrait>(w: &Writer, put: &Put<'_>) -> Result<Times, DbErr> {
    let updated_at = w.origin().at;
    let made: Option<DateTime<Utc>> = E::find()
        .select_only()
        .expr_as(Expr::col("created_at"), "created_at")
        .filter(Expr::col("id").eq(put.id))
        .into_tuple()
        .one(w.tx())
        .await?;
    Ok(Times { created_at: made.unwrap_or(updated_at), updated_at })
}

/// The beginning of a text, for a title: its first line, and no more than fits on one.
pub fn brief(text: &str) -> String {
    const MOST: usize = 90;
    let line = text.lines().next().unwrap_or_default();
    if line.chars().count() <= MOST {
        return line.to_owned();
    }
    let cut: String = line.chars().take(MOST).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{whole} …")
}

/// The day of `later` must not lie before the day of `earlier`.
pub fn in_order(
    values: &Values,
    earlier: &str,
    later: &'static str,
    message: &str,
) -> Option<(&'static str, String)> {
    let backwards = values.day(earlier).zip(values.day(later)).is_some_and(|(from, to)| to < from);
    backwards.then(|| (later, message.to_owned()))
}
