//! What an event of one STP can name: its groups, places, bodies, proposals and consultations.
//!
//! Forms show these and take no others, so that no event can name another STP's place or proposal.

use std::collections::BTreeMap;

use entity::{
    audience_group, body, consultation, duty_holder, footprint, place, place::Tier, proposal, representative,
    requirement, stp,
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, QueryFilter as _, QueryOrder};

use crate::representatives;

/// The district councils: required where the footprint has a district of its own.
const DISTRICTS: &str = "LA-DIS";

/// Everything that an event of the STP can name.
#[derive(Clone, Debug)]
pub struct Choices {
    pub stp: stp::Model,
    /// In the order of the method.
    pub groups: Vec<Group>,
    /// Upper tier first, each followed by its districts; those on the fringe last.
    pub places: Vec<Place>,
    /// The duty-holders, by name.
    pub bodies: Vec<body::Model>,
    /// By title.
    pub proposals: Vec<proposal::Model>,
    /// Latest first.
    pub consultations: Vec<consultation::Model>,
    /// By group, then office.
    pub representatives: Vec<representative::Model>,
}

/// A group, and whether this STP must hear it.
#[derive(Clone, Debug)]
pub struct Group {
    pub row: audience_group::Model,
    pub required: bool,
}

/// A place of the STP.
#[derive(Clone, Debug)]
pub struct Place {
    pub row: place::Model,
    /// Neither it nor its county lies on the fringe.
    pub core: bool,
}

impl Choices {
    /// What an event of `stp` can name; none where there is no such STP.
    pub async fn of(conn: &impl ConnectionTrait, stp: &str) -> Result<Option<Self>, DbErr> {
        let Some(stp) = stp::Entity::find_by_id(stp).one(conn).await? else { return Ok(None) };
        let places = places(conn, &stp.code).await?;
        let groups = groups(conn, &stp.code, &places).await?;
        let codes: Vec<String> = duty_holder::Entity::find()
            .filter(duty_holder::Column::StpCode.eq(&stp.code))
            .all(conn)
            .await?
            .into_iter()
            .map(|row| row.body_code)
            .collect();
        let mut bodies = body::Entity::find().filter(body::Column::Code.is_in(codes)).all(conn).await?;
        bodies.sort_by(|a, b| (&a.name, &a.code).cmp(&(&b.name, &b.code)));
        let mut proposals =
            proposal::Entity::find().filter(proposal::Column::StpCode.eq(&stp.code)).all(conn).await?;
        proposals.sort_by(|a, b| (&a.title, &a.id).cmp(&(&b.title, &b.id)));
        let mut consultations = consultation::Entity::find()
            .filter(consultation::Column::StpCode.eq(&stp.code))
            .all(conn)
            .await?;
        consultations.sort_by(|a, b| (b.opens_on, &a.title, &a.id).cmp(&(a.opens_on, &b.title, &b.id)));
        let representatives = representatives::find::all(conn, &stp.code).await?;
        Ok(Some(Self { stp, groups, places, bodies, proposals, consultations, representatives }))
    }

    pub fn group(&self, code: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.row.code == code)
    }

    pub fn place(&self, code: &str) -> Option<&Place> {
        self.places.iter().find(|place| place.row.code == code)
    }

    /// Codes and identities with their names: groups, places, bodies, proposals, consultations, representatives.
    pub fn names(&self) -> BTreeMap<String, String> {
        let groups = self.groups.iter().map(|group| (group.row.code.clone(), group.row.name.clone()));
        let places = self.places.iter().map(|place| (place.row.code.clone(), place.row.name.clone()));
        // A council's body has the code of its place: the body's name stands under a key of its own.
        let bodies = self.bodies.iter().map(|body| (format!("body:{}", body.code), body.name.clone()));
        let proposals = self.proposals.iter().map(|proposal| (proposal.id.clone(), proposal.title.clone()));
        let consultations = self.consultations.iter().map(|known| (known.id.clone(), known.title.clone()));
        let representatives =
            self.representatives.iter().map(|known| (known.id.clone(), known.office.clone()));
        let all = groups.chain(places).chain(bodies).chain(proposals);
        all.chain(consultations).chain(representatives).collect()
    }
}

/// The places of `stp`: upper tier first, each followed by its districts; those on the fringe last.
pub async fn places(conn: &impl ConnectionTrait, stp: &str) -> Result<Vec<Place>, DbErr> {
    let prints: BTreeMap<String, footprint::Model> = footprint::Entity::find()
        .filter(footprint::Column::StpCode.eq(stp))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| (row.place_code.clone(), row))
        .collect();
    let codes: Vec<&str> = prints.keys().map(String::as_str).collect();
    let rows = place::Entity::find().filter(place::Column::Code.is_in(codes)).all(conn).await?;
    let fringe = |code: &str| prints.get(code).is_some_and(|print| print.fringe);
    let mut places: Vec<Place> = rows
        .into_iter()
        .map(|row| Place { core: !fringe(&row.code) && !row.parent_code.as_deref().is_some_and(fringe), row })
        .collect();
    let county: BTreeMap<String, String> =
        places.iter().map(|place| (place.row.code.clone(), place.row.name.clone())).collect();
    places.sort_by_cached_key(|place| {
        let above = place.row.parent_code.as_ref().and_then(|parent| county.get(parent));
        let first = above.unwrap_or(&place.row.name).clone();
        (!place.core, first, place.row.tier == Tier::District, place.row.name.clone())
    });
    Ok(places)
}

async fn groups(conn: &impl ConnectionTrait, stp: &str, places: &[Place]) -> Result<Vec<Group>, DbErr> {
    let own: Vec<String> = requirement::Entity::find()
        .filter(requirement::Column::StpCode.eq(stp))
        .all(conn)
        .await?
        .into_iter()
        .map(|row| row.group_code)
        .collect();
    let districts = places.iter().any(|place| place.core && place.row.tier == Tier::District);
    let rows = audience_group::Entity::find().order_by_asc(audience_group::Column::Sort).all(conn).await?;
    Ok(rows
        .into_iter()
        .map(|row| Group {
            required: row.required || own.contains(&row.code) || row.code == DISTRICTS && districts,
            row,
        })
        .collect())
}
