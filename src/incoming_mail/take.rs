//! Takes a mail in.

use std::sync::Arc;

use anyhow::Context as _;
use entity::{
    delivery,
    incoming_mail::{self, Fate, Kind, Model},
};
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait, IntoActiveModel as _, QueryFilter as _};
use sha2::{Digest as _, Sha256};

use super::{act, record, whose::whose};
use crate::{
    alerts::returned,
    app::App,
    clocks::working_days_after,
    journal::{Actor, Writer},
    mail::{
        inbound::{self, Inbound, What},
        opt_out,
    },
    standards,
};

/// What became of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It had been taken in before.
    Known,
    /// Nobody knows whose letter it is about: it waits for a person.
    Held(Kind),
    /// It is with the area whose letter it is about; of a mail about alerts, done and not kept.
    Took(Kind, Option<Fate>),
}

/// Takes a mail in and does what follows from it. An error changes nothing: the mail can be handed over again.
pub async fn take(app: &Arc<App>, raw: Vec<u8>) -> anyhow::Result<Taken> {
    let sha256 = hex::encode(Sha256::digest(&raw));
    let mail = tokio::task::spawn_blocking(move || inbound::read(&raw)).await.context("reading the mail")?;
    let claims = opt_out::claims(&app.senders.return_paths(), &mail);
    if let Some(own) = returned::whose(app, &claims).await? {
        let (kind, fate, detail) = told(&mail, None);
        if returned::act(app, &own, kind, fate, &detail).await? {
            return Ok(Taken::Took(kind, fate));
        }
    }
    let mut w = app.write_as(Actor::System, "incoming mail").await?;
    if known(&w, &sha256).await? {
        return Ok(Taken::Known);
    }
    let letter = whose(w.tx(), &claims, &mail).await?;
    // The worker is about to write down what the server said of it.
    let sending = letter.as_ref().is_some_and(|letter| letter.state == delivery::State::Sending);
    anyhow::ensure!(!sending, "the letter that it is about is still being sent; try again in a minute");
    let row = row(&w, &sha256, &mail, letter.as_ref()).await?;
    incoming_mail::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(w.tx())
        .await?;
    record::note(&mut w, "create", None, &row);
    if let Some(letter) = &letter {
        act::act(&mut w, &row, letter).await?;
    }
    w.commit().await?;
    Ok(match letter {
        Some(_) => Taken::Took(row.kind, row.fate),
        None => Taken::Held(row.kind),
    })
}

async fn known(w: &Writer, sha256: &str) -> anyhow::Result<bool> {
    let found = incoming_mail::Entity::find().filter(incoming_mail::Column::Sha256.eq(sha256));
    Ok(found.one(w.tx()).await?.is_some())
}

async fn row(
    w: &Writer,
    sha256: &str,
    mail: &Inbound,
    letter: Option<&delivery::Model>,
) -> anyhow::Result<Model> {
    let at = w.origin().at;
    let (kind, fate, detail) = told(mail, letter);
    let waits = matches!(kind, Kind::Reply | Kind::Unknown) || letter.is_none();
    let due_on = if kind == Kind::Reply {
        let standard = standards::chosen(w.tx(), None, None).await?;
        let today = at.with_timezone(&chrono_tz::Europe::London).date_naive();
        Some(working_days_after(today, standard.answer_working_days, &standard.bank_holidays))
    } else {
        None
    };
    Ok(Model {
        id: w.id(),
        sha256: sha256.to_owned(),
        kind,
        fate,
        stp_code: letter.map(|letter| letter.stp_code.clone()),
        mailing_id: letter.map(|letter| letter.mailing_id.clone()),
        delivery_id: letter.map(|letter| letter.id.clone()),
        sender: mail.from.clone(),
        subject: mail.subject.clone(),
        body_text: mail.text.clone(),
        detail,
        due_on,
        received_at: at,
        done_at: (!waits).then_some(at),
        done_by: None,
        owner: None,
        request_id: None,
    })
}

/// What a mail is, as the table has it: of several fates that of the letter's own address, else the gravest.
fn told(mail: &Inbound, letter: Option<&delivery::Model>) -> (Kind, Option<Fate>, String) {
    let plain = |kind| (kind, None, String::new());
    match &mail.what {
        What::Bounce(failed) => {
            let own = |one: &&inbound::Failed| {
                letter.is_some_and(|letter| one.address.as_deref() == Some(letter.address.as_str()))
            };
            let one = failed.iter().find(own).or_else(|| failed.iter().min_by_key(|one| fate(one.fate)));
            (
                Kind::Bounce,
                one.map(|one| fate(one.fate)),
                one.map(|one| one.answer.clone()).unwrap_or_default(),
            )
        }
        What::Complaint { kind, .. } => (Kind::Complaint, None, kind.clone()),
        What::AutoReply(_) => plain(Kind::AutoReply),
        What::Unsubscribe => plain(Kind::Unsubscribe),
        What::Reply => plain(Kind::Reply),
        What::Unknown(why) => (Kind::Unknown, None, why.clone()),
    }
}

/// In the order of gravity.
const fn fate(fate: inbound::Fate) -> Fate {
    match fate {
        inbound::Fate::Hard => Fate::Hard,
        inbound::Fate::Soft => Fate::Soft,
        inbound::Fate::Refused => Fate::Refused,
        inbound::Fate::Delayed => Fate::Delayed,
        inbound::Fate::Delivered => Fate::Delivered,
    }
}
