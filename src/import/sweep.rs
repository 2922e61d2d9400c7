//! Lists of people that were sent in and never accepted do not stay.

use chrono::TimeDelta;
use entity::{
    import,
    import::{Noun, State},
    import_row,
};
use sea_orm::{
    ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _, sea_query::Expr,
};

use crate::app::App;

/// How long a list waits to be accepted.
const WAITS: TimeDelta = TimeDelta::days(7);

/// Empties the lists of stakeholders that have waited too long. Only the report's counts stay.
pub async fn run(app: &App) -> Result<(), DbErr> {
    let stale: Vec<String> = import::Entity::find()
        .select_only()
        .column(import::Column::Id)
        .filter(import::Column::Noun.eq(Noun::Stakeholders))
        .filter(import::Column::State.is_in([State::Checked, State::Failed]))
        .filter(import::Column::Sha256.ne(""))
        .filter(import::Column::CreatedAt.lt(app.clock.now() - WAITS))
        .into_tuple()
        .all(app.db.read())
        .await?;
    for id in stale {
        import_row::Entity::update_many()
            .col_expr(import_row::Column::Draft, Expr::value(Option::<String>::None))
            .col_expr(import_row::Column::Source, Expr::value("[]"))
            .filter(import_row::Column::ImportId.eq(&id))
            .exec(app.db.writer())
            .await?;
        import::Entity::update_many()
            .col_expr(import::Column::State, Expr::value(State::Failed))
            .col_expr(
                import::Column::Problem,
                Expr::value("It was not accepted within 7 days, so the list was removed"),
            )
            .col_expr(import::Column::File, Expr::value(Vec::<u8>::new()))
            .col_expr(import::Column::Sha256, Expr::value(""))
            .filter(import::Column::Id.eq(&id))
            .exec(app.db.writer())
            .await?;
    }
    Ok(())
}
