//! Imports read: one, an area's, a page of a report.

use entity::{
    import,
    import::{Noun, State},
    import_row,
    import_row::Outcome,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, DerivePartialModel, EntityTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, entity::prelude::DateTimeUtc,
};

/// How many rows a page of a report shows.
pub const PAGE: u64 = 100;
/// How many imports a list shows.
const LIST: u64 = 100;

/// An import without its file.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "import::Entity")]
pub struct Summary {
    pub id: String,
    pub noun: Noun,
    pub stp_code: Option<String>,
    pub file_name: String,
    pub map_name: String,
    pub state: State,
    pub rows_total: i32,
    pub n_created: i32,
    pub n_planned: i32,
    pub n_unchanged: i32,
    pub n_skipped: i32,
    pub n_error: i32,
    pub problem: Option<String>,
    pub user_id: Option<String>,
    pub created_at: DateTimeUtc,
    pub accepted_at: Option<DateTimeUtc>,
    pub undone_at: Option<DateTimeUtc>,
}

impl Summary {
    /// Whether something is being done to it in the background.
    pub fn running(&self) -> bool {
        matches!(self.state, State::Checking | State::Accepting | State::Undoing)
    }

    /// How many rows are to be written when it is accepted, or were.
    pub fn to_write(&self) -> i32 {
        self.n_created + self.n_planned
    }
}

/// One import.
pub async fn one(conn: &impl ConnectionTrait, id: &str) -> Result<Option<Summary>, DbErr> {
    import::Entity::find_by_id(id).into_partial_model().one(conn).await
}

/// The latest imports of an area.
pub async fn of_stp(conn: &impl ConnectionTrait, stp: &str) -> Result<Vec<Summary>, DbErr> {
    list(conn, Some(stp)).await
}

/// The latest imports, of one area or of all.
pub async fn list(conn: &impl ConnectionTrait, stp: Option<&str>) -> Result<Vec<Summary>, DbErr> {
    let mut query = import::Entity::find();
    if let Some(stp) = stp {
        query = query.filter(import::Column::StpCode.eq(stp));
    }
    query
        .order_by_desc(import::Column::CreatedAt)
        .order_by_desc(import::Column::Id)
        .limit(LIST)
        .into_partial_model()
        .all(conn)
        .await
}

/// Rows of an import's report after a position, of one outcome or of all, and whether there are more.
pub async fn rows(
    conn: &impl ConnectionTrait,
    id: &str,
    outcome: Option<Outcome>,
    after: i32,
    limit: u64,
) -> Result<(Vec<import_row::Model>, bool), DbErr> {
    let mut query = import_row::Entity::find()
        .filter(import_row::Column::ImportId.eq(id))
        .filter(import_row::Column::Position.gt(after));
    if let Some(outcome) = outcome {
        query = query.filter(import_row::Column::Outcome.eq(outcome));
    }
    let mut rows = query.order_by_asc(import_row::Column::Position).limit(limit + 1).all(conn).await?;
    let shown = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > shown;
    rows.truncate(shown);
    Ok((rows, more))
}
