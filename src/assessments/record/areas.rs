//! What a record holds of an STP beside its events: places, bodies, requirements, contacts, proposals, consultations.

use std::collections::HashMap;

use anyhow::Context as _;
use entity::{
    body, consultation, consultation_theme, duty_holder, event, footprint, place, proposal, proposal_place,
    recommendation, request, requirement, scrutiny_authority, scrutiny_record, stp as stp_row,
};
use method::{
    record::{
        Body, Consultation, ConsultationTheme, Contacts, Place, Proposal, Recommendation, Requirement,
        Scrutiny, Stp, Waiver,
    },
    values::{Id, Level, Rate, StpCode},
    words::{BodyKind, Group, Outcome, Substantial, Tier},
};
use sea_orm::ConnectionTrait;

use super::{Index, Source, id, said, stp, texts, whole};

pub(super) async fn stps(from: &Source<'_, impl ConnectionTrait>) -> anyhow::Result<Vec<Stp>> {
    let mut rows = from.all::<stp_row::Entity>(stp_row::Column::Code).await?;
    rows.sort_by(|a, b| a.code.cmp(&b.code));
    rows.into_iter().map(area).collect()
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
    from: &Source<'_, impl ConnectionTrait>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    let known: HashMap<String, place::Model> =
        from.every::<place::Entity>().await?.into_iter().map(|place| (place.code.clone(), place)).collect();
    for row in from.all::<footprint::Entity>(footprint::Column::StpCode).await? {
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
    from: &Source<'_, impl ConnectionTrait>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    let known: HashMap<String, body::Model> =
        from.every::<body::Entity>().await?.into_iter().map(|body| (body.code.clone(), body)).collect();
    let holders = from.all::<duty_holder::Entity>(duty_holder::Column::StpCode).await?;
    let mut of: Vec<(String, String)> =
        holders.into_iter().map(|holder| (holder.stp_code, holder.body_code)).collect();
    of.extend(from.bodies_of_events().await?);
    let asked = from.all::<request::Entity>(request::Column::StpCode).await?;
    of.extend(asked.into_iter().map(|row| (row.stp_code, row.body_code)));
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
    from: &Source<'_, impl ConnectionTrait>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    for row in from.all::<requirement::Entity>(requirement::Column::StpCode).await? {
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

/// How many contacts of each group can be written to: on the list, with an address, and the address not suppressed.
pub(super) async fn contacts(
    from: &Source<'_, impl ConnectionTrait>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    for row in from.reachable().await? {
        let Some(stp) = stp(stps, at, &row.stp_code) else { continue };
        if let Some(contacts) = &mut stp.reachable_contacts {
            contacts.0.insert(group(&row.group_code)?, u32::try_from(row.contacts)?);
        }
    }
    Ok(())
}

pub(super) async fn proposals(
    from: &Source<'_, impl ConnectionTrait>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    let mut places: HashMap<String, Vec<String>> = HashMap::new();
    for row in from.all::<proposal_place::Entity>(proposal_place::Column::StpCode).await? {
        places.entry(row.proposal_id).or_default().push(row.place_code);
    }
    let mut scrutiny = scrutiny(from).await?;
    for row in from.all::<proposal::Entity>(proposal::Column::StpCode).await? {
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
            scrutiny: scrutiny.remove(&row.id).unwrap_or_default(),
        });
    }
    Ok(())
}

pub(super) async fn consultations(
    from: &Source<'_, impl ConnectionTrait>,
    at: &Index,
    stps: &mut [Stp],
) -> anyhow::Result<()> {
    let mut themes: HashMap<String, Vec<ConsultationTheme>> = HashMap::new();
    for row in from.all::<consultation_theme::Entity>(consultation_theme::Column::StpCode).await? {
        let outcome = row.outcome.map(|outcome| {
            Outcome::parse(outcome.code()).with_context(|| format!("no outcome {}", outcome.code()))
        });
        let theme = ConsultationTheme { id: id(&row.id)?, outcome: outcome.transpose()? };
        themes.entry(row.consultation_id).or_default().push(theme);
    }
    for row in from.all::<consultation::Entity>(consultation::Column::StpCode).await? {
        if !row.formal || row.status == event::Status::Cancelled {
            continue;
        }
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
            themes: themes.remove(&row.id).unwrap_or_default(),
        });
    }
    Ok(())
}

/// How scrutiny was consulted, by the proposal.
async fn scrutiny(from: &Source<'_, impl ConnectionTrait>) -> anyhow::Result<HashMap<String, Vec<Scrutiny>>> {
    let mut recommendations: HashMap<String, Vec<Recommendation>> = HashMap::new();
    for row in from.all::<recommendation::Entity>(recommendation::Column::StpCode).await? {
        let one =
            Recommendation { id: id(&row.id)?, received_on: row.received_on, answered_on: row.answered_on };
        recommendations.entry(row.scrutiny_id).or_default().push(one);
    }
    let mut authorities: HashMap<String, Vec<Id>> = HashMap::new();
    for row in from.all::<scrutiny_authority::Entity>(scrutiny_authority::Column::StpCode).await? {
        authorities.entry(row.scrutiny_id).or_default().push(id(&row.place_code)?);
    }
    let mut all: HashMap<String, Vec<Scrutiny>> = HashMap::new();
    for row in from.all::<scrutiny_record::Entity>(scrutiny_record::Column::StpCode).await? {
        let one = Scrutiny {
            id: id(&row.id)?,
            authorities: authorities.remove(&row.id).unwrap_or_default(),
            joint: row.joint,
            consulted_on: row.consulted_on,
            decision_date_given: row.decision_date_given,
            comments_by: row.comments_by,
            published_url: said(row.published_url),
            recommendations: recommendations.remove(&row.id).unwrap_or_default(),
        };
        all.entry(row.proposal_id).or_default().push(one);
    }
    Ok(all)
}
