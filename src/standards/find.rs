//! Versions of standards, read: the one in force, the one with a name, all of them.

use anyhow::Context as _;
use entity::{
    journal_entry,
    standard::{Column, Entity, Model},
};
use method::Standard;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

/// The journal's word for putting a version in force.
pub const ADOPT: &str = "adopt";

/// The version that was there before any was adopted.
const DEFAULT: &str = "stp-2017-1";

/// The version in force, for England or as an area's own. `until` is the number of the last journal entry that is
/// looked at; none for now.
pub async fn current(
    db: &impl ConnectionTrait,
    stp: Option<&str>,
    until: Option<i64>,
) -> Result<Option<Model>, DbErr> {
    use journal_entry::Column as C;
    let mut select = journal_entry::Entity::find()
        .select_only()
        .column(C::SubjectId)
        .filter(C::SubjectTable.eq("standards"))
        .filter(C::Action.eq(ADOPT))
        .order_by_desc(C::Seq);
    select = match stp {
        Some(stp) => select.filter(C::StpCode.eq(stp)),
        None => select.filter(C::StpCode.is_null()),
    };
    if let Some(until) = until {
        select = select.filter(C::Seq.lte(until));
    }
    let adopted: Option<String> = select.into_tuple().one(db).await?;
    match (adopted, stp) {
        (Some(id), _) => Entity::find_by_id(id).one(db).await,
        (None, None) => Entity::find_by_id(DEFAULT).one(db).await,
        (None, Some(_)) => Ok(None),
    }
}

/// The standard in force for England, by which all areas are judged. `until` as in [`current`].
pub async fn in_force(db: &impl ConnectionTrait, until: Option<i64>) -> anyhow::Result<Standard> {
    match current(db, None, until).await? {
        Some(row) => read(&row),
        // No table was filled: a database that was never migrated is refused long before.
        None => anyhow::bail!("no standard is in force"),
    }
}

/// The version with this name, or the one in force where none is named. `until` as in [`current`].
pub async fn chosen(
    db: &impl ConnectionTrait,
    label: Option<&str>,
    until: Option<i64>,
) -> anyhow::Result<Standard> {
    match label {
        None => in_force(db, until).await,
        Some(label) => named(db, label).await?.with_context(|| format!("no standard is called {label}")),
    }
}

/// The adopted version with this name.
pub async fn named(db: &impl ConnectionTrait, label: &str) -> anyhow::Result<Option<Standard>> {
    let select = Entity::find().filter(Column::Label.eq(label)).filter(Column::AdoptedAt.is_not_null());
    select.one(db).await?.as_ref().map(read).transpose()
}

/// The thresholds of a version.
pub fn read(row: &Model) -> anyhow::Result<Standard> {
    Standard::parse(row.document.as_bytes()).map_err(|problems| {
        let first = problems.first().map(ToString::to_string).unwrap_or_default();
        anyhow::anyhow!("the standard {} cannot be read: {first}", row.label)
    })
}

/// Every version of England or of an area, the newest first.
pub async fn list(db: &impl ConnectionTrait, stp: Option<&str>) -> Result<Vec<Model>, DbErr> {
    let select = match stp {
        Some(stp) => Entity::find().filter(Column::StpCode.eq(stp)),
        None => Entity::find().filter(Column::StpCode.is_null()),
    };
    select.order_by_desc(Column::CreatedAt).order_by_desc(Column::Id).all(db).await
}

/// Every version that was ever in force, of England and of areas, the newest first.
pub async fn adopted(db: &impl ConnectionTrait) -> Result<Vec<Model>, DbErr> {
    let select = Entity::find().filter(Column::AdoptedAt.is_not_null());
    select.order_by_desc(Column::AdoptedAt).order_by_desc(Column::Id).all(db).await
}

/// A version of England or of an area.
pub async fn one(db: &impl ConnectionTrait, stp: Option<&str>, id: &str) -> Result<Option<Model>, DbErr> {
    let row = Entity::find_by_id(id).one(db).await?;
    Ok(row.filter(|row| row.stp_code.as_deref() == stp))
}
