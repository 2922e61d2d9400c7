//! Changing what one gets, and leaving.

use entity::{alert, alert_departure, alert_mail, alert_sign_up};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel as _,
    QueryFilter as _, QuerySelect as _,
    sea_query::{Expr, OnConflict},
};

use super::{Wanted, digest, find, gather, news::Happened, sign_up::choose};
use crate::app::App;

/// Sets what an alert is about, and how often. Gives false where the alert is gone.
pub async fn set(app: &App, id: &str, wanted: &Wanted) -> anyhow::Result<bool> {
    let tx = app.db.aside().await?;
    if !apply(app, &tx, id, wanted).await? {
        return Ok(false);
    }
    tx.commit().await?;
    Ok(true)
}

/// The same in a transaction. What had gathered until now goes out at once, so that nothing falls between the old way and
/// the new.
pub async fn apply(app: &App, tx: &DatabaseTransaction, id: &str, wanted: &Wanted) -> Result<bool, DbErr> {
    let now = app.clock.now();
    // Whoever gathers for this reader meanwhile waits, and finds it done.
    let Some(alert) = alert::Entity::find_by_id(id).lock_exclusive().one(tx).await? else { return Ok(false) };
    let before = find::wanted(tx, &alert).await?;
    let happened = Happened::read(tx, alert.told_until, now).await?;
    gather::put(app, tx, &alert, &happened.news(&before, alert.told_until, now)).await?;
    alert::Entity::update_many()
        .col_expr(alert::Column::Often, Expr::value(wanted.often))
        .col_expr(alert::Column::ToldUntil, Expr::value(now))
        .filter(alert::Column::Id.eq(id))
        .exec(tx)
        .await?;
    choose(tx, id, wanted).await?;
    Ok(true)
}

/// Forgets a reader: the address, what they chose, what waits to be sent and what was sent. A digest of the address stays,
/// so that nothing that comes back from elsewhere reaches them; signing up again takes it away.
pub async fn leave(app: &App, alert: &alert::Model) -> anyhow::Result<()> {
    let left = alert_departure::Model {
        address_digest: digest(&app.config.store.data, &app.chance, &alert.address)?,
        left_at: app.clock.now(),
    };
    let tx = app.db.aside().await?;
    alert_departure::Entity::insert(left.into_active_model().reset_all())
        .on_conflict(
            OnConflict::column(alert_departure::Column::AddressDigest)
                .update_column(alert_departure::Column::LeftAt)
                .to_owned(),
        )
        .exec_without_returning(&tx)
        .await?;
    alert_sign_up::Entity::delete_many()
        .filter(alert_sign_up::Column::Address.eq(&alert.address))
        .exec(&tx)
        .await?;
    // Choices and mails go with it.
    alert::Entity::delete_by_id(&alert.id).exec(&tx).await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets whom a mail cannot reach, since their server says that there is no such address.
pub async fn undeliverable(app: &App, mail_id: &str) -> anyhow::Result<()> {
    let Some(mail) = alert_mail::Entity::find_by_id(mail_id).one(app.db.read()).await? else { return Ok(()) };
    if let Some(id) = &mail.sign_up_id {
        alert_sign_up::Entity::delete_by_id(id).exec(app.db.writer()).await?;
    }
    if let Some(id) = &mail.alert_id
        && let Some(alert) = alert::Entity::find_by_id(id).one(app.db.read()).await?
    {
        leave(app, &alert).await?;
    }
    Ok(())
}
