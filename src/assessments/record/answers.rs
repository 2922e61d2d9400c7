//! What a record holds of requests, questions and equality monitoring, and of the residents that it is held against.

use std::collections::HashMap;

use anyhow::Context as _;
use entity::{
    event_target, monitoring_answer, monitoring_exception, monitoring_return, population_share, question,
    request,
};
use method::{
    record::{Answer, MonitoringException, MonitoringReturn, PopulationShare, Question, Request, Stp},
    values::{Count, Share},
    words::Characteristic,
};
use sea_orm::{ConnectionTrait, EntityTrait as _};

use super::{Index, Scope, id, people, stp, whole};

pub(super) async fn load(
    db: &impl ConnectionTrait,
    scope: Scope<'_>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    requests(db, scope, at, stps).await?;
    questions(db, scope, at, stps).await?;
    returns(db, scope, at, stps).await?;
    exceptions(db, scope, at, stps).await?;
    shares(db, scope, at, stps).await
}

async fn requests(
    db: &impl ConnectionTrait,
    scope: Scope<'_>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    for row in scope.of(request::Entity::find(), request::Column::StpCode).all(db).await? {
        let Some(stp) = stp(stps, at, &row.stp_code) else { continue };
        stp.requests.push(Request {
            id: id(&row.id)?,
            body: id(&row.body_code)?,
            sent_on: row.sent_on,
            response_requested: row.response_requested,
            replied_on: row.replied_on,
            declined: row.declined,
        });
    }
    Ok(())
}

async fn questions(
    db: &impl ConnectionTrait,
    scope: Scope<'_>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    for row in scope.of(question::Entity::find(), question::Column::StpCode).all(db).await? {
        let Some(stp) = stp(stps, at, &row.stp_code) else { continue };
        let id = id(&row.id)?;
        stp.questions.push(Question { id, received_on: row.received_on, answered_on: row.answered_on });
    }
    Ok(())
}

async fn returns(
    db: &impl ConnectionTrait,
    scope: Scope<'_>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    let mut answers: HashMap<String, Vec<Answer>> = HashMap::new();
    for row in scope.of(monitoring_answer::Entity::find(), monitoring_answer::Column::StpCode).all(db).await?
    {
        let count = counted(row.count_low, row.count_high)?;
        answers.entry(row.return_id).or_default().push(Answer { category: row.category, count });
    }
    for row in scope.of(monitoring_return::Entity::find(), monitoring_return::Column::StpCode).all(db).await?
    {
        let Some(stp) = stp(stps, at, &row.stp_code) else { continue };
        stp.monitoring_returns.push(MonitoringReturn {
            characteristic: characteristic(row.characteristic)?,
            year: whole(row.year)?,
            dated_on: row.dated_on,
            not_stated: counted(row.not_stated_low, row.not_stated_high)?,
            answers: answers.remove(&row.id).unwrap_or_default(),
        });
    }
    Ok(())
}

async fn exceptions(
    db: &impl ConnectionTrait,
    scope: Scope<'_>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    let rows = scope.of(monitoring_exception::Entity::find(), monitoring_exception::Column::StpCode);
    for row in rows.all(db).await? {
        let Some(stp) = stp(stps, at, &row.stp_code) else { continue };
        let characteristic = characteristic(row.characteristic)?;
        stp.monitoring_exceptions.push(MonitoringException { characteristic, reason: row.reason });
    }
    Ok(())
}

async fn shares(
    db: &impl ConnectionTrait,
    scope: Scope<'_>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    for row in scope.of(population_share::Entity::find(), population_share::Column::StpCode).all(db).await? {
        let Some(stp) = stp(stps, at, &row.stp_code) else { continue };
        let share = u32::try_from(row.share_millionths).ok().and_then(Share::from_millionths);
        stp.population_shares.push(PopulationShare {
            characteristic: characteristic(row.characteristic)?,
            category: row.category,
            share: share.context("a share of the residents outside 0 to 1")?,
        });
    }
    Ok(())
}

fn characteristic(word: event_target::Characteristic) -> anyhow::Result<Characteristic> {
    let code = word.code();
    Characteristic::parse(code).with_context(|| format!("no characteristic {code}"))
}

/// A count of a return: one is always there.
fn counted(low: Option<i32>, high: Option<i32>) -> anyhow::Result<Count> {
    people(low, high)?.context("a return without a count")
}
