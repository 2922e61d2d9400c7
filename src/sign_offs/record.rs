//! Signs a mailing's ledger off.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context as _;
use entity::{
    delivery,
    mailing::{self, State},
    mailing_proof,
    mailing_sign_off::{self, Column, Model},
    stp, user,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel,
    QueryFilter as _, QueryOrder, QuerySelect, sea_query::Expr,
};
use serde_json::json;

use super::{
    STATEMENT,
    rows::{self, Digest},
    snapshot::{Facts, Packing, Step},
};
use crate::{
    auth::SignedIn,
    config::Face,
    journal::{self, Entry, Writer},
    mailings::{files, find, optouts},
};

/// How signing off ended. Anything but `Done` has changed nothing.
#[derive(Debug)]
pub enum Signed {
    Done(Box<Model>),
    /// The ledger is not what was looked at.
    Changed,
    /// There is nothing to sign off; says why.
    Refused(&'static str),
}

/// Why a mailing cannot be signed off as proof, where it cannot; `counts` is how many deliveries stand where.
pub fn refusal(mailing: &mailing::Model, counts: &BTreeMap<&'static str, i64>) -> Option<&'static str> {
    let any = |states: &[delivery::State]| states.iter().any(|state| counts.get(state.code()) > Some(&0));
    if any(&[delivery::State::Sending]) {
        return Some("A letter is on its way to the mail server. Look again in a moment.");
    }
    let went = [
        delivery::State::Accepted,
        delivery::State::Rejected,
        delivery::State::Bounced,
        delivery::State::Uncertain,
    ];
    match mailing.state {
        State::Done => None,
        State::Cancelled if any(&went) => None,
        State::Cancelled => Some("This mailing was cancelled before any letter of it was sent."),
        State::Draft | State::Frozen => Some("No letter of this mailing has been sent yet."),
        State::Sending | State::Paused => Some("This mailing is not over: letters of it still wait."),
    }
}

/// Signs off the ledger of `mailing`, if its digest is `seen`, what whoever signs was shown.
pub async fn sign(
    w: &mut Writer,
    face: &Face,
    stp: &stp::Model,
    mailing: &mailing::Model,
    by: &SignedIn,
    seen: &str,
    note: Option<String>,
) -> anyhow::Result<Signed> {
    let counts = find::counts(w.tx(), &mailing.id).await?;
    if let Some(why) = refusal(mailing, &counts) {
        return Ok(Signed::Refused(why));
    }
    let facts = facts(w.tx(), face, stp, mailing, &counts).await?;
    let (mut digest, mut packing) = (Digest::default(), Packing::new(&facts)?);
    rows::each(w.tx(), &mailing.id, |row| {
        digest.add(&row);
        packing.add(&row)
    })
    .await?;
    let deliveries = i32::try_from(digest.rows)?;
    let ledger_sha256 = digest.finish();
    if ledger_sha256 != seen {
        return Ok(Signed::Changed);
    }
    let row = Model {
        id: w.id(),
        mailing_id: mailing.id.clone(),
        stp_code: stp.code.clone(),
        number: last(w.tx(), &mailing.id).await? + 1,
        statement: STATEMENT.to_owned(),
        note,
        signed_by: by.user_id.clone(),
        signer_name: by.name.clone(),
        signer_role: by.role,
        signed_at: w.origin().at,
        ledger_sha256,
        deliveries,
    };
    mailing_sign_off::Entity::insert(row.clone().into_active_model().reset_all())
        .exec_without_returning(w.tx())
        .await?;
    let proof = mailing_proof::Model { sign_off_id: row.id.clone(), snapshot: packing.finish()?, pdf: None };
    mailing_proof::Entity::insert(proof.into_active_model().reset_all())
        .exec_without_returning(w.tx())
        .await?;
    w.record(Entry {
        action: "sign off",
        table: "mailing_sign_offs",
        id: &row.id,
        stp: Some(&row.stp_code),
        before: None,
        after: Some(json!({
            "mailing_id": row.mailing_id,
            "number": row.number,
            "statement": row.statement,
            "note": row.note,
            "signed_by": row.signed_by,
            "signer_name": row.signer_name,
            "signer_role": row.signer_role.code(),
            "ledger_sha256": row.ledger_sha256,
            "deliveries": row.deliveries,
        })),
    });
    Ok(Signed::Done(Box::new(row)))
}

/// Keeps the PDF of a sign-off, unless one is kept already. Gives the one that is.
pub async fn keep(w: &Writer, of: &Model, pdf: Vec<u8>) -> anyhow::Result<Vec<u8>> {
    use mailing_proof::Column;
    let kept = mailing_proof::Entity::update_many()
        .col_expr(Column::Pdf, Expr::value(Some(pdf.clone())))
        .filter(Column::SignOffId.eq(&of.id))
        .filter(Column::Pdf.is_null())
        .exec(w.tx())
        .await?;
    if kept.rows_affected == 1 {
        return Ok(pdf);
    }
    let other = mailing_proof::Entity::find_by_id(&of.id).one(w.tx()).await?;
    other.and_then(|other| other.pdf).context("the proof is gone")
}

/// The number of a mailing's last sign-off; 0 before the first.
async fn last(conn: &impl ConnectionTrait, mailing: &str) -> Result<i32, DbErr> {
    let numbers = mailing_sign_off::Entity::find()
        .select_only()
        .column(Column::Number)
        .filter(Column::MailingId.eq(mailing))
        .order_by_desc(Column::Number)
        .into_tuple();
    Ok(numbers.one(conn).await?.unwrap_or(0))
}

/// The mailing as it stands, in words.
async fn facts(
    conn: &impl ConnectionTrait,
    face: &Face,
    stp: &stp::Model,
    mailing: &mailing::Model,
    counts: &BTreeMap<&'static str, i64>,
) -> anyhow::Result<Facts> {
    let states = delivery::State::ALL.iter().filter_map(|state| {
        let number = *counts.get(state.code())?;
        Some((state.name().to_owned(), number))
    });
    let told = mailing.event_told.clone().unwrap_or_default();
    Ok(Facts {
        owner: face.owner.clone(),
        service: face.service_name.clone(),
        area: stp.display_name.clone(),
        area_code: stp.code.clone(),
        mailing: mailing.id.clone(),
        subject: mailing.subject.clone(),
        body: mailing.body_text.clone(),
        purpose: mailing.purpose.name().to_owned(),
        relies_on: optouts::relies_on(mailing.purpose).to_owned(),
        state: mailing.state.name().to_owned(),
        text_sha256: mailing.text_sha256.clone().unwrap_or_default(),
        sent_from: mailing.sent_from.clone().unwrap_or_default(),
        sender: mailing.sender.clone(),
        event: mailing.event_id.clone().map(|event| (event, told)),
        files: files::list(mailing),
        files_hashed: mailing.files.clone(),
        steps: steps(conn, &mailing.id).await?,
        states: states.collect(),
        left_out: find::exclusions(conn, &mailing.id).await?.into_iter().collect(),
    })
}

/// What was done to the mailing, when and by whom, as the journal has it.
async fn steps(conn: &impl ConnectionTrait, mailing: &str) -> Result<Vec<Step>, DbErr> {
    let done = |action: &str| {
        Some(match action {
            "create" => "Written",
            "freeze" => "Text and list frozen",
            "approve" => "Approved",
            "dispatch" => "Sent off",
            "pause" => "Paused",
            "resume" => "Gone on with",
            "reopen" => "Gone on with: a letter in doubt is sent again",
            "cancel" => "Cancelled",
            "finish" => "Ended: no letter waits any more",
            _ => return None,
        })
    };
    let versions = journal::versions(conn, "mailings", mailing).await?;
    let ids: Vec<&str> = versions.iter().filter_map(|version| version.actor.strip_prefix("user:")).collect();
    let users = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(conn).await?;
    let names: HashMap<String, String> = users.into_iter().map(|user| (user.id, user.name)).collect();
    let by = |actor: &str| match actor.strip_prefix("user:") {
        Some(id) => names.get(id).cloned().unwrap_or_else(|| "Somebody whose account is gone".to_owned()),
        None => "The service itself".to_owned(),
    };
    let steps = versions.iter().filter_map(|version| {
        Some(Step { at: version.at, done: done(&version.action)?.to_owned(), by: by(&version.actor) })
    });
    Ok(steps.collect())
}
