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
use sea_orm::ConnectionTrait;

use super::{Index, Source, id, people, stp, whole};

pub(super) async fn load(
    from: &Source<'_, impl ConnectionTrait>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    requests(from, at, stps).await?;
    questions(from, at, stps).await?;
    returns(from, at, stps).await?;
    exceptions(from, at, stps).await?;
    shares(from, at, stps).await
}

async fn requests(
    from: &Source<'_, impl ConnectionTrait>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    for row in from.all::<request::Entity>(request::Column::StpCode).await? {
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
    from: &Source<'_, impl ConnectionTrait>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    for row in from.all::<question::Entity>(question::Column::StpCode).await? {
        let Some(stp) = stp(stps, at, &row.stp_code) else { continue };
        let id = id(&row.id)?;
        stp.questions.push(Question { id, received_on: row.received_on, answered_on: row.answered_on });
    }
    Ok(())
}

async fn returns(
    from: &Source<'_, impl ConnectionTrait>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    let mut answers: HashMap<String, Vec<Answer>> = HashMap::new();
    for row in from.all::<monitoring_answer::Entity>(monitoring_answer::Column::StpCode).await? {
        let count = counted(row.count_low, row.count_high)?;
        answers.entry(row.return_id).or_default().push(Answer { category: row.category, count });
    }
    for row in from.all::<monitoring_return::Entity>(monitoring_return::Column::StpCode).await? {
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
    from: &Source<'_, impl ConnectionTrait>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    for row in from.all::<monitoring_exception::Entity>(monitoring_exception::Column::StpCode).await? {
        let Some(stp) = stp(stps, at, &row.stp_code) else { continue };
        let characteristic = characteristic(row.characteristic)?;
        stp.monitoring_exceptions.push(MonitoringException { characteristic, reason: row.reason });
    }
    Ok(())
}

async fn shares(from: &Source<'_, impl ConnectionTrait>, at: &Index, stps: &mut [Stp]) -> anyhow::Result<()> {
    for row in from.all::<population_share::Entity>(population_share::Column::StpCode).await? {
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
