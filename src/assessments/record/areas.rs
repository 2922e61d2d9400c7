//! What a record holds of an STP beside its events: places, bodies, requirements, contacts, proposals, consultations.

use std::collections::HashMap;

use anyhow::Context as _;
use entity::{
    body, consultation, duty_holder, event, event_body, footprint, place, proposal, proposal_place, request,
    requirement, stakeholder, stp as stp_row, suppression,
};
use method::{
    record::{Body, Consultation, Contacts, Place, Proposal, Requirement, Stp, Waiver},
    values::{Level, Rate, StpCode},
    words::{BodyKind, Group, Substantial, Tier},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _, Func, Query},
};

use super::{Index, Scope, id, said, stp, texts, whole};

pub(super) async fn stps(db: &impl ConnectionTrait, scope: Scope<'_>) -> anyhow::Result<Vec<Stp>> {
    let select = scope.of(stp_row::Entity::find(), stp_row::Column::Code).order_by_asc(stp_row::Column::Code);
    select.all(db).await?.into_iter().map(area).collect()
}

fn area(row: stp_row::Model) -> anyhow::Result<Stp> {
    let target = row.reach_target_millionths.map(|millionths| {
        u64::try_from(millionths).ok().and_then(Rate::from_millionths).context("a target for reach below 0")
    });
    Ok(Stp {
        code: StpCode::parse(&row.code).with_context(|| format!("`{}` cannot be an STP's code", row.code))?,
        name: row.display_name,
        population: whole(row.population)?,
        plan_started_on: row.plan_started_on,
        plan_published_on: row.plan_published_on,
        engagement_plan_published_on: row.engagement_plan_published_on,
        reach_target_per_10000: target.transpose()?,
        places: Vec::new(),
        bodies: Vec::new(),
        requirements: Vec::new(),
        reachable_contacts: Some(Contacts::default()),
        monitoring_returns: Vec::new(),
        monitoring_exceptions: Vec::new(),
        population_shares: Vec::new(),
        proposals: Vec::new(),
        consultations: Vec::new(),
        events: Vec::new(),
        requests: Vec::new(),
        questions: Vec::new(),
    })
}

pub(super) async fn places(
    db: &impl ConnectionTrait,
    scope: Scope<'_>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    let known: HashMap<String, place::Model> =
        place::Entity::find().all(db).await?.into_iter().map(|place| (place.code.clone(), place)).collect();
    for row in scope.of(footprint::Entity::find(), footprint::Column::StpCode).all(db).await? {
        let Some(stp) = stp(stps, at, &row.stp_code) else { continue };
        let place = known.get(&row.place_code).with_context(|| format!("no place {}", row.place_code))?;
        stp.places.push(Place {
            code: id(&place.code)?,
            name: place.name.clone(),
            tier: match place.tier {
                place::Tier::Upper => Tier::Upper,
                place::Tier::District => Tier::District,
            },
            parent: place.parent_code.as_deref().map(id).transpose()?,
            population: whole(row.population)?,
            fringe: row.fringe,
        });
    }
    Ok(())
}

/// The duty-holders of the STP, and whatever other body had to do with one of its events or was asked something.
pub(super) async fn bodies(
    db: &impl ConnectionTrait,
    scope: Scope<'_>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    let known: HashMap<String, body::Model> =
        body::Entity::find().all(db).await?.into_iter().map(|body| (body.code.clone(), body)).collect();
    let mut of: Vec<(String, String)> = scope
        .of(duty_holder::Entity::find(), duty_holder::Column::StpCode)
        .select_only()
        .columns([duty_holder::Column::StpCode, duty_holder::Column::BodyCode])
        .into_tuple()
        .all(db)
        .await?;
    let named = scope.of(event_body::Entity::find(), event_body::Column::StpCode).select_only();
    let named = named.columns([event_body::Column::StpCode, event_body::Column::BodyCode]).distinct();
    of.extend(named.into_tuple::<(String, String)>().all(db).await?);
    let asked = scope.of(request::Entity::find(), request::Column::StpCode).select_only();
    let asked = asked.columns([request::Column::StpCode, request::Column::BodyCode]).distinct();
    of.extend(asked.into_tuple::<(String, String)>().all(db).await?);
    of.sort();
    of.dedup();
    for (stp_code, code) in of {
        let Some(stp) = stp(stps, at, &stp_code) else { continue };
        let body = known.get(&code).with_context(|| format!("no body {code}"))?;
        stp.bodies.push(Body {
            code: id(&body.code)?,
            name: body.name.clone(),
            kind: BodyKind::parse(body.kind.code())
                .with_context(|| format!("no kind {}", body.kind.code()))?,
            employer: body.employer,
            statutory_consultee: body.statutory_consultee,
        });
    }
    Ok(())
}

pub(super) async fn requirements(
    db: &impl ConnectionTrait,
    scope: Scope<'_>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    for row in scope.of(requirement::Entity::find(), requirement::Column::StpCode).all(db).await? {
        let Some(stp) = stp(stps, at, &row.stp_code) else { continue };
        let waiver = match (row.waiver_reason, row.waiver_by, row.waiver_made_on, row.waiver_until) {
            (Some(reason), Some(by), Some(made_on), Some(until)) => {
                Some(Waiver { reason, by, made_on, until })
            }
            _ => None,
        };
        let level = row.planned_level.map(whole).transpose()?;
        stp.requirements.push(Requirement {
            group: group(&row.group_code)?,
            planned_level: level
                .map(|level| Level::from_number(level).context("no such level"))
                .transpose()?,
            waiver,
        });
    }
    Ok(())
}

pub(super) fn group(code: &str) -> anyhow::Result<Group> {
    Group::parse(code).with_context(|| format!("the method has no group {code}"))
}

#[derive(FromQueryResult)]
struct Reachable {
    stp_code: String,
    group_code: String,
    contacts: i64,
}

/// How many contacts of each group can be written to: on the list, with an address, and the address not suppressed.
pub(super) async fn contacts(
    db: &impl ConnectionTrait,
    scope: Scope<'_>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    let suppressed = Query::select()
        .expr(Expr::val(1))
        .from(suppression::Entity)
        .and_where(
            Expr::col((suppression::Entity, suppression::Column::Address))
                .eq(Func::lower(Expr::col((stakeholder::Entity, stakeholder::Column::Email)))),
        )
        .and_where(Expr::col((suppression::Entity, suppression::Column::LiftedAt)).is_null())
        .and_where(
            Expr::col((suppression::Entity, suppression::Column::StpCode)).is_null().or(Expr::col((
                suppression::Entity,
                suppression::Column::StpCode,
            ))
            .equals((stakeholder::Entity, stakeholder::Column::StpCode))),
        )
        .to_owned();
    let rows = scope
        .of(stakeholder::Entity::find(), stakeholder::Column::StpCode)
        .select_only()
        .columns([stakeholder::Column::StpCode, stakeholder::Column::GroupCode])
        .column_as(stakeholder::Column::Id.count(), "contacts")
        .filter(stakeholder::Column::WithdrawnAt.is_null())
        .filter(stakeholder::Column::Email.ne(""))
        .filter(Expr::exists(suppressed).not())
        .group_by(stakeholder::Column::StpCode)
        .group_by(stakeholder::Column::GroupCode)
        .into_model::<Reachable>()
        .all(db)
        .await?;
    for row in rows {
        let Some(stp) = stp(stps, at, &row.stp_code) else { continue };
        if let Some(contacts) = &mut stp.reachable_contacts {
            contacts.0.insert(group(&row.group_code)?, u32::try_from(row.contacts)?);
        }
    }
    Ok(())
}

pub(super) async fn proposals(
    db: &impl ConnectionTrait,
    scope: Scope<'_>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    let mut places: HashMap<String, Vec<String>> = HashMap::new();
    for row in scope.of(proposal_place::Entity::find(), proposal_place::Column::StpCode).all(db).await? {
        places.entry(row.proposal_id).or_default().push(row.place_code);
    }
    for row in scope.of(proposal::Entity::find(), proposal::Column::StpCode).all(db).await? {
        let Some(stp) = stp(stps, at, &row.stp_code) else { continue };
        let named = places.remove(&row.id).unwrap_or_default();
        let named = named.iter().map(|code| id(code)).collect::<anyhow::Result<Vec<_>>>()?;
        stp.proposals.push(Proposal {
            id: id(&row.id)?,
            title: said(Some(row.title)),
            service_change: row.service_change,
            substantial: match row.substantial {
                proposal::Substantial::Yes => Substantial::Yes,
                proposal::Substantial::No => Substantial::No,
                proposal::Substantial::Undecided => Substantial::Undecided,
            },
            staff_impact: row.staff_impact,
            decision_on: row.decision_on,
            equality_analysis_on: row.equality_analysis_on,
            document_published_on: row.document_published_on,
            accessible_formats: texts(&row.accessible_formats)?,
            places: named
                .into_iter()
                .filter(|code| stp.places.iter().any(|place| place.code == *code))
                .collect(),
            urgency_exemption: said(row.urgency_exemption),
            scrutiny: Vec::new(),
        });
    }
    Ok(())
}

pub(super) async fn consultations(
    db: &impl ConnectionTrait,
    scope: Scope<'_>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    let select = scope
        .of(consultation::Entity::find(), consultation::Column::StpCode)
        .filter(consultation::Column::Formal.eq(true))
        .filter(consultation::Column::ProposalId.is_not_null())
        .filter(consultation::Column::Status.ne(event::Status::Cancelled));
    for row in select.all(db).await? {
        let Some(stp) = stp(stps, at, &row.stp_code) else { continue };
        let Some(proposal) = row.proposal_id.as_deref() else { continue };
        stp.consultations.push(Consultation {
            id: id(&row.id)?,
            proposal: id(proposal)?,
            opens_on: row.opens_on,
            closes_on: row.closes_on,
            short_reason: said(row.short_reason),
            timing_reason: said(row.timing_reason),
            considered_on: row.considered_on,
            feedback_on: row.feedback_on,
            themes: Vec::new(),
        });
    }
    Ok(())
}
