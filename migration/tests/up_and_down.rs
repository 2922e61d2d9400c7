//! The changes go up, down and up again, and leave the tables that the entities expect with the facts in them.
#![allow(clippy::unwrap_used)] // A test stops where it fails.

use std::collections::{BTreeMap, BTreeSet};

use entity::{audience_group, body, duty_holder, footprint, place, reference_source, stp};
use migration::{Migrator, MigratorTrait};
use sea_orm_migration::sea_orm::{
    ColumnTrait, Database, DatabaseConnection, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
};

async fn empty() -> DatabaseConnection {
    Database::connect("sqlite::memory:").await.unwrap()
}

async fn migrated() -> DatabaseConnection {
    let db = empty().await;
    Migrator::up(&db, None).await.unwrap();
    db
}

#[tokio::test]
async fn up_down_and_up_again() {
    let db = empty().await;
    Migrator::up(&db, None).await.unwrap();
    Migrator::down(&db, None).await.unwrap();
    assert!(stp::Entity::find().one(&db).await.is_err(), "down leaves no table");
    Migrator::up(&db, None).await.unwrap();
    assert_eq!(stp::Entity::find().count(&db).await.unwrap(), 44);
}

#[tokio::test]
async fn each_change_can_be_taken_back_alone() {
    let db = empty().await;
    for _ in Migrator::migrations() {
        Migrator::up(&db, Some(1)).await.unwrap();
        Migrator::down(&db, Some(1)).await.unwrap();
        Migrator::up(&db, Some(1)).await.unwrap();
    }
    assert!(Migrator::get_pending_migrations(&db).await.unwrap().is_empty());
}

#[tokio::test]
async fn every_entity_has_its_table_and_columns() {
    let db = migrated().await;
    macro_rules! read {
        ($($table:ident)+) => { $(
            entity::$table::Entity::find()
                .limit(1)
                .all(&db)
                .await
                .unwrap_or_else(|error| panic!("{}: {error}", stringify!($table)));
        )+ };
    }
    read!(stp place footprint body duty_holder audience_group reference_source);
    read!(user user_stp session sign_in_attempt journal_entry journal_value import import_row);
    read!(proposal proposal_place consultation event participation event_place event_body event_target);
    read!(event_proposal theme evidence requirement stakeholder suppression mailing delivery);
    read!(edition edition_file job submission nudge digest standard);
    read!(request question monitoring_return monitoring_answer monitoring_exception population_share);
    read!(planned_activity representative event_representative);
    read!(proposal_test consultation_theme scrutiny_record scrutiny_authority recommendation sheet);
}

#[tokio::test]
async fn the_facts_are_all_there() {
    let db = migrated().await;
    let stps = stp::Entity::find().all(&db).await.unwrap();
    assert_eq!(stps.len(), 44);
    assert_eq!(stps.iter().filter(|stp| stp.ods_code.is_none()).count(), 3);
    assert_eq!(stps.iter().map(|stp| i64::from(stp.population)).sum::<i64>(), 54_728_204);
    assert_eq!(stps.iter().map(|stp| (stp.tile_row, stp.tile_col)).collect::<BTreeSet<_>>().len(), 44);

    let upper = place::Entity::find().filter(place::Column::Tier.eq(place::Tier::Upper));
    assert_eq!(upper.count(&db).await.unwrap(), 152);
    let districts = place::Entity::find().filter(place::Column::Tier.eq(place::Tier::District));
    let districts = districts.all(&db).await.unwrap();
    assert_eq!(districts.len(), 201);
    assert!(districts.iter().all(|district| district.parent_code.is_some()));

    assert_eq!(body::Entity::find().count(&db).await.unwrap(), 4 * 152 + 207 + 137);
    assert_eq!(audience_group::Entity::find().count(&db).await.unwrap(), 33);
    let required = audience_group::Entity::find().filter(audience_group::Column::Required.eq(true));
    assert_eq!(required.count(&db).await.unwrap(), 13);
    assert_eq!(reference_source::Entity::find().count(&db).await.unwrap(), 6);
}

#[tokio::test]
async fn a_council_belongs_to_every_area_it_lies_in() {
    let db = migrated().await;
    let found = footprints(&db).await;
    let upper: Vec<_> = found.iter().filter(|(_, place)| place.tier == place::Tier::Upper).collect();
    assert_eq!(upper.len(), 170);
    assert_eq!(upper.iter().filter(|(footprint, _)| footprint.fringe).count(), 6);
    let mut areas = BTreeMap::<&str, usize>::new();
    for (footprint, _) in &upper {
        *areas.entry(&footprint.place_code).or_default() += 1;
    }
    assert_eq!(areas.values().filter(|areas| **areas > 1).count(), 14);
    assert_eq!(found.len(), 170 + 216);

    // The residents of an area's councils are the area's residents, and a county's are those of its districts.
    for stp in stp::Entity::find().all(&db).await.unwrap() {
        let residents = |tier| {
            let of_tier = found.iter().filter(|(f, p)| f.stp_code == stp.code && p.tier == tier);
            of_tier.map(|(f, _)| f.population).sum::<i32>()
        };
        assert_eq!(residents(place::Tier::Upper), stp.population, "{}", stp.name);
        let counties = found.iter().filter(|(f, p)| f.stp_code == stp.code && p.kind == "County council");
        assert_eq!(residents(place::Tier::District), counties.map(|(f, _)| f.population).sum::<i32>());
    }
}

#[tokio::test]
async fn every_area_has_its_duty_holders() {
    let db = migrated().await;
    let bodies = body::Entity::find().all(&db).await.unwrap();
    let bodies: BTreeMap<&str, &body::Model> = bodies.iter().map(|body| (body.code.as_str(), body)).collect();
    let mut offices = BTreeMap::<String, BTreeSet<&str>>::new();
    let mut pairs = BTreeMap::<&str, usize>::new();
    for holder in duty_holder::Entity::find().all(&db).await.unwrap() {
        let office = bodies[holder.body_code.as_str()].office.unwrap().code();
        offices.entry(holder.stp_code).or_default().insert(office);
        *pairs.entry(office).or_default() += 1;
    }
    assert_eq!(offices.len(), 44);
    assert!(offices.values().all(|offices| offices.len() == body::Office::ALL.len()));
    let four = ["council", "scrutiny", "wellbeing_board", "healthwatch"].map(|office| pairs[office]);
    assert_eq!(four, [170; 4]);
    assert_eq!((pairs["ccg"], pairs["trust"]), (207, 137));
    for body in bodies.values() {
        assert_eq!(body.employer, body.place_code.is_none(), "{}", body.name);
        assert_eq!(body.statutory_consultee, body.place_code.is_some(), "{}", body.name);
    }
}

/// Footprint rows, each with the place that it is a part of.
async fn footprints(db: &DatabaseConnection) -> Vec<(footprint::Model, place::Model)> {
    let places = place::Entity::find().all(db).await.unwrap();
    let places: BTreeMap<String, place::Model> =
        places.into_iter().map(|place| (place.code.clone(), place)).collect();
    let found = footprint::Entity::find().all(db).await.unwrap();
    found.into_iter().map(|footprint| (footprint.clone(), places[&footprint.place_code].clone())).collect()
}
