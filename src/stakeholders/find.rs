//! Reads stakeholders: one, a page of them, those with the same address, how many can be reached.

use std::collections::BTreeMap;

use entity::stakeholder::{self, Column, Model};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait, ExprTrait as _, QueryFilter as _,
    QueryOrder, QuerySelect,
    sea_query::{Expr, Func, LikeExpr},
};

/// How many a page shows.
pub const PAGE: u64 = 50;

/// Which stakeholders are asked for.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub group: Option<String>,
    /// Words that must all be found.
    pub words: String,
    /// The last one of the page before: (group, id).
    pub after: Option<(String, String)>,
}

/// One stakeholder of `stp`, withdrawn or not.
pub async fn one(conn: &impl ConnectionTrait, stp: &str, id: &str) -> Result<Option<Model>, DbErr> {
    stakeholder::Entity::find_by_id(id).filter(Column::StpCode.eq(stp)).one(conn).await
}

/// A page of the stakeholders of `stp` that are not withdrawn, by group and within it in order of adding; and
/// whether there are more.
pub async fn page(
    conn: &impl ConnectionTrait,
    stp: &str,
    asked: &Asked,
) -> Result<(Vec<Model>, bool), DbErr> {
    let mut query = stakeholder::Entity::find().filter(matching(stp, asked));
    if let Some((group, id)) = &asked.after {
        query = query.filter(
            Condition::any()
                .add(Column::GroupCode.gt(group))
                .add(Condition::all().add(Column::GroupCode.eq(group)).add(Column::Id.gt(id))),
        );
    }
    let mut rows =
        query.order_by_asc(Column::GroupCode).order_by_asc(Column::Id).limit(PAGE + 1).all(conn).await?;
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    Ok((rows, more))
}

/// How many there are in all, of those that [`page`] pages through.
pub async fn count(conn: &impl ConnectionTrait, stp: &str, asked: &Asked) -> Result<u64, DbErr> {
    use sea_orm::PaginatorTrait as _;
    stakeholder::Entity::find().filter(matching(stp, asked)).count(conn).await
}

fn matching(stp: &str, asked: &Asked) -> Condition {
    let mut all = Condition::all().add(Column::StpCode.eq(stp)).add(Column::WithdrawnAt.is_null());
    if let Some(group) = &asked.group {
        all = all.add(Column::GroupCode.eq(group));
    }
    for word in asked.words.to_lowercase().split_whitespace().take(10) {
        all = all.add(Expr::col(Column::Search).like(containing(word)));
    }
    all
}

/// `%word%` with what LIKE would read as a pattern taken as it is.
pub fn containing(word: &str) -> LikeExpr {
    let word = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    LikeExpr::new(format!("%{word}%")).escape('\\')
}

/// Stakeholders of `stp`, not withdrawn, with this address whatever the case; `but` is left out.
pub async fn twins(
    conn: &impl ConnectionTrait,
    stp: &str,
    email: &str,
    but: Option<&str>,
) -> Result<Vec<Model>, DbErr> {
    let mut query = stakeholder::Entity::find()
        .filter(Column::StpCode.eq(stp))
        .filter(Column::WithdrawnAt.is_null())
        .filter(Expr::expr(Func::lower(Expr::col(Column::Email))).eq(email.to_lowercase()));
    if let Some(but) = but {
        query = query.filter(Column::Id.ne(but));
    }
    query.order_by_asc(Column::Id).limit(20).all(conn).await
}

/// How many of each group can be written to, by group: the record's `reachable_contacts`. Two records with one
/// address are one contact.
pub async fn reachable(conn: &impl ConnectionTrait, stp: &str) -> Result<BTreeMap<String, i64>, DbErr> {
    let rows: Vec<(String, i64)> = stakeholder::Entity::find()
        .select_only()
        .column(Column::GroupCode)
        .column_as(Expr::expr(Func::count_distinct(Func::lower(Expr::col(Column::Email)))), "addresses")
        .filter(Column::StpCode.eq(stp))
        .filter(Column::WithdrawnAt.is_null())
        .filter(Column::Email.is_not_null())
        .group_by(Column::GroupCode)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(rows.into_iter().collect())
}
