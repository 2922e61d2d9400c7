//! Signing up, twice: the form, then the link in the mail. The form does the same whoever the address belongs to; what the
//! mail says is decided when it is sent, by whoever sends it.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    alert, alert_choice, alert_departure,
    alert_mail::{self, Kind},
    alert_request, alert_sign_up,
    digest::State,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _, sea_query::OnConflict,
};

use super::{
    Draft, ENGLAND, Wanted, change, digest,
    find::{self, GOOD_FOR},
};
use crate::app::App;

/// How long a use of the form counts.
const WINDOW: TimeDelta = TimeDelta::hours(1);
/// Mails to one address in that time; what is asked beyond is not sent.
const PER_ADDRESS: u64 = 3;
/// Uses of the form from one machine in that time; what is asked beyond is refused.
const PER_PEER: u64 = 100;

/// Takes a sign-up. Gives false where too many came from there. The address is not looked up: known or not, the same is
/// written.
pub async fn ask(app: &App, draft: &Draft, peer: &str) -> anyhow::Result<bool> {
    let (folder, chance, now) = (&app.config.store.data, &app.chance, app.clock.now());
    let request = alert_request::Model {
        id: chance.id(),
        email_digest: digest(folder, chance, &draft.address)?,
        peer_digest: digest(folder, chance, &format!("from {peer}"))?,
        at: now,
    };
    let sign_up = alert_sign_up::Model {
        id: chance.id(),
        address: draft.address.clone(),
        choices: serde_json::to_string(&draft.wanted)?,
        created_at: now,
    };
    let tx = app.db.aside().await?;
    let recent = || alert_request::Entity::find().filter(alert_request::Column::At.gt(now - WINDOW));
    let from_there = recent().filter(alert_request::Column::PeerDigest.eq(&request.peer_digest));
    if from_there.count(&tx).await? >= PER_PEER {
        return Ok(false);
    }
    let same = recent().filter(alert_request::Column::EmailDigest.eq(&request.email_digest));
    let state = if same.count(&tx).await? < PER_ADDRESS { State::Queued } else { State::Dropped };
    let mail = alert_mail::Model {
        sign_up_id: Some(sign_up.id.clone()),
        state,
        ..super::queue::row(chance.id(), Kind::SignUp, now)
    };
    let insert = alert_request::Entity::insert(request.into_active_model().reset_all());
    insert.exec_without_returning(&tx).await?;
    let insert = alert_sign_up::Entity::insert(sign_up.into_active_model().reset_all());
    insert.exec_without_returning(&tx).await?;
    alert_mail::Entity::insert(mail.into_active_model().reset_all()).exec_without_returning(&tx).await?;
    tx.commit().await?;
    Ok(true)
}

/// Confirms the sign-up behind a link: from now on the address gets what was chosen, and nothing else. Gives false where
/// the link is no longer good.
pub async fn confirm(app: &App, link: &str) -> anyhow::Result<bool> {
    let now = app.clock.now();
    let tx = app.db.aside().await?;
    let Some(asked) = find::sign_up(&tx, link, now).await? else { return Ok(false) };
    // Of two who press at once, one finds it gone.
    if alert_sign_up::Entity::delete_by_id(&asked.id).exec(&tx).await?.rows_affected == 0 {
        return Ok(false);
    }
    let wanted: Wanted = serde_json::from_str(&asked.choices)?;
    let alert = alert::Model {
        id: app.chance.id(),
        address: asked.address.clone(),
        often: wanted.often,
        told_until: now,
        confirmed_at: now,
    };
    alert::Entity::insert(alert.into_active_model().reset_all())
        .on_conflict(
            OnConflict::column(alert::Column::Address).update_column(alert::Column::ConfirmedAt).to_owned(),
        )
        .exec_without_returning(&tx)
        .await?;
    let alert = alert::Entity::find().filter(alert::Column::Address.eq(&asked.address)).one(&tx).await?;
    let alert = alert.ok_or_else(|| DbErr::RecordNotFound("the alert that was just confirmed".into()))?;
    if !change::apply(app, &tx, &alert.id, &wanted).await? {
        return Ok(false);
    }
    let left = digest(&app.config.store.data, &app.chance, &asked.address)?;
    alert_departure::Entity::delete_by_id(left).exec(&tx).await?;
    tx.commit().await?;
    Ok(true)
}

/// Puts these choices in the place of an alert's own. A proposal that was taken away since is left out.
pub async fn choose(tx: &impl ConnectionTrait, alert_id: &str, wanted: &Wanted) -> Result<(), DbErr> {
    use alert_choice::{Column, Entity, Model};
    Entity::delete_many().filter(Column::AlertId.eq(alert_id)).exec(tx).await?;
    let row = |about: &str| Model {
        alert_id: alert_id.to_owned(),
        about: about.to_owned(),
        stp_code: None,
        proposal_id: None,
    };
    let there: Vec<String> = entity::proposal::Entity::find()
        .select_only()
        .column(entity::proposal::Column::Id)
        .filter(entity::proposal::Column::Id.is_in(&wanted.proposals))
        .into_tuple()
        .all(tx)
        .await?;
    let stps = wanted.stps.iter().map(|code| Model { stp_code: Some(code.clone()), ..row(code) });
    let proposals = there.iter().map(|id| Model { proposal_id: Some(id.clone()), ..row(id) });
    let rows: Vec<Model> =
        wanted.england.then(|| row(ENGLAND)).into_iter().chain(stps).chain(proposals).collect();
    if !rows.is_empty() {
        let rows = rows.into_iter().map(|row| row.into_active_model().reset_all());
        Entity::insert_many(rows).exec_without_returning(tx).await?;
    }
    Ok(())
}

/// Forgets what nobody confirmed, uses of the form that no longer count, and alerts about nothing that is left.
pub async fn sweep(app: &App) -> Result<u64, DbErr> {
    let now: DateTime<Utc> = app.clock.now();
    let old = alert_request::Column::At.lte(now - WINDOW);
    let mut gone =
        alert_request::Entity::delete_many().filter(old).exec(app.db.writer()).await?.rows_affected;
    let late = alert_sign_up::Column::CreatedAt.lte(now - GOOD_FOR);
    gone += alert_sign_up::Entity::delete_many().filter(late).exec(app.db.writer()).await?.rows_affected;
    let about = alert_choice::Entity::find().select_only().column(alert_choice::Column::AlertId).into_query();
    let nothing = alert::Column::Id.not_in_subquery(about);
    gone += alert::Entity::delete_many().filter(nothing).exec(app.db.writer()).await?.rows_affected;
    Ok(gone)
}
