//! Editions and their files, as they were published.

use entity::{edition, edition_file};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use serde::Serialize;

/// How many editions a page of the list holds.
pub const PAGE: u64 = 50;

/// Editions, the newest first: of one name, or all; from the one after `after` on.
#[derive(Clone, Debug, Default)]
pub struct Asked<'a> {
    pub slug: Option<&'a str>,
    /// The id of the last edition of the page before.
    pub after: Option<&'a str>,
}

/// A page of the list, and the id to go on from where there are more.
#[derive(Clone, Debug)]
pub struct Listed {
    pub editions: Vec<edition::Model>,
    pub next: Option<String>,
}

/// Lists editions. An `after` that is no edition gives the first page.
pub async fn list(db: &impl ConnectionTrait, asked: Asked<'_>) -> Result<Listed, DbErr> {
    let mut select = edition::Entity::find()
        .order_by_desc(edition::Column::PublishedAt)
        .order_by_desc(edition::Column::Id)
        .limit(PAGE + 1);
    if let Some(slug) = asked.slug {
        select = select.filter(edition::Column::Slug.eq(slug));
    }
    if let Some(after) = asked.after
        && let Some(last) = edition::Entity::find_by_id(after).one(db).await?
    {
        select = select.filter(
            Condition::any().add(edition::Column::PublishedAt.lt(last.published_at)).add(
                Condition::all()
                    .add(edition::Column::PublishedAt.eq(last.published_at))
                    .add(edition::Column::Id.lt(last.id)),
            ),
        );
    }
    let mut editions = select.all(db).await?;
    let more = editions.len() as u64 > PAGE;
    if more {
        editions.pop();
    }
    let next = editions.last().filter(|_| more).map(|last| last.id.clone());
    Ok(Listed { editions, next })
}

/// An edition by its name and number.
pub async fn one(
    db: &impl ConnectionTrait,
    slug: &str,
    number: i32,
) -> Result<Option<edition::Model>, DbErr> {
    edition::Entity::find()
        .filter(edition::Column::Slug.eq(slug))
        .filter(edition::Column::Number.eq(number))
        .one(db)
        .await
}

/// The number of the last edition of this name; 0 where there is none.
pub async fn last_number(db: &impl ConnectionTrait, slug: &str) -> Result<i32, DbErr> {
    let last = edition::Entity::find()
        .filter(edition::Column::Slug.eq(slug))
        .order_by_desc(edition::Column::Number)
        .one(db)
        .await?;
    Ok(last.map_or(0, |edition| edition.number))
}

/// The last edition of this name that still stands.
pub async fn last_standing(db: &impl ConnectionTrait, slug: &str) -> Result<Option<edition::Model>, DbErr> {
    edition::Entity::find()
        .filter(edition::Column::Slug.eq(slug))
        .filter(edition::Column::WithdrawnAt.is_null())
        .order_by_desc(edition::Column::Number)
        .one(db)
        .await
}

/// A file with its bytes.
pub async fn file(
    db: &impl ConnectionTrait,
    edition: &str,
    name: &str,
) -> Result<Option<edition_file::Model>, DbErr> {
    edition_file::Entity::find_by_id((edition.to_owned(), name.to_owned())).one(db).await
}

/// A file without its bytes.
#[derive(Clone, Debug, FromQueryResult, Serialize)]
pub struct FileFacts {
    pub name: String,
    pub media_type: String,
    pub sha256: String,
    pub size: i32,
}

/// The files of an edition, in the order of their names.
pub async fn files(db: &impl ConnectionTrait, edition: &str) -> Result<Vec<FileFacts>, DbErr> {
    edition_file::Entity::find()
        .select_only()
        .columns([
            edition_file::Column::Name,
            edition_file::Column::MediaType,
            edition_file::Column::Sha256,
            edition_file::Column::Size,
        ])
        .filter(edition_file::Column::EditionId.eq(edition))
        .order_by_asc(edition_file::Column::Name)
        .into_model::<FileFacts>()
        .all(db)
        .await
}
