//! What was known at any instant is what the tables said at that instant.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    consultation,
    event::{Kind, Publication, Status},
    event_target::Characteristic,
    proposal::{self, Theme},
    suppression::{self, State},
    theme::Outcome,
};
use opendoor::{
    assessments::{
        KnownAt,
        record::{self, Scope},
        standard,
    },
    consultations,
    events::{
        self, EventDraft, EventWhole, Part, Placed, Point, Provenance, Source, numbers::Attended,
        record as event_record,
    },
    import::plans::{self, Plan},
    journal::{Actor, Entry, Writer},
    proposals, stakeholders,
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _, QueryOrder as _};
use serde_json::json;

use crate::{
    both,
    harness::{
        Site,
        people::{DEVON, DORSET},
    },
};

/// What the random edits have to choose from.
#[derive(Default)]
struct There {
    events: Vec<EventWhole>,
    stakeholders: Vec<entity::stakeholder::Model>,
    suppressions: Vec<suppression::Model>,
    proposals: Vec<proposal::Model>,
    consultations: Vec<consultation::Model>,
}

fn one<'a, T>(rng: &mut StdRng, all: &'a [T]) -> &'a T {
    &all[rng.random_range(0..all.len())]
}

fn maybe<T>(rng: &mut StdRng, value: T) -> Option<T> {
    rng.random_bool(0.5).then_some(value)
}

fn people(rng: &mut StdRng) -> Option<Attended> {
    let low = rng.random_range(0..60);
    let high = low + rng.random_range(0..9);
    maybe(rng, Attended { low, high, words: format!("{low} to {high}") })
}

/// An event of an area with some of everything.
fn draft(rng: &mut StdRng, places: &[String], bodies: &[String], there: &There, stp: &str) -> EventDraft {
    let day =
        chrono::NaiveDate::from_ymd_opt(2017, rng.random_range(1..13), rng.random_range(1..29)).unwrap();
    let status = *one(rng, &[Status::Planned, Status::Held]);
    let held = status == Status::Held;
    let dated = rng.random_bool(0.9);
    let mut draft = EventDraft::new(
        format!("Event {}", rng.random_range(0..1000)),
        Kind::DropIn,
        status,
        dated.then_some(day),
    );
    draft.kind = *one(rng, Kind::ALL);
    draft.online = rng.random_bool(0.2);
    draft.venue = maybe(rng, "Village hall".to_owned());
    draft.stp_discussed = rng.random_bool(0.8);
    draft.level = rng.random_bool(0.5).then(|| rng.random_range(1..6));
    draft.publication = if rng.random_bool(0.5) { Publication::Public } else { Publication::Unpublished };
    draft.feedback_on = (held && dated && rng.random_bool(0.3)).then_some(day);
    for group in ["PP-CAR", "PP-PUB", "ST-NUR", "LA-LDR"] {
        if rng.random_bool(0.4) {
            let attended = if held { people(rng) } else { None };
            let took_part = held && attended.as_ref().is_none_or(|n| n.high > 0);
            let attended = if took_part { attended } else { None };
            draft.participations.push(Part {
                group: group.into(),
                took_part,
                invited: people(rng),
                attended,
            });
        }
    }
    for place in places {
        if rng.random_bool(0.3) {
            let count = if held { people(rng) } else { None };
            draft.places.push(Placed {
                place: place.clone(),
                listed: rng.random_bool(0.7) || count.is_none(),
                count,
            });
        }
    }
    for body in bodies {
        if rng.random_bool(0.3) {
            draft.bodies.push(body.clone());
        }
    }
    for target in Characteristic::ALL {
        if rng.random_bool(0.1) {
            draft.targets.push(*target);
        }
    }
    for proposal in there.proposals.iter().filter(|proposal| proposal.stp_code == stp) {
        if rng.random_bool(0.3) {
            draft.proposals.push(proposal.id.clone());
        }
    }
    for number in 0..rng.random_range(0..3) {
        let outcome = Some(*one(rng, Outcome::ALL)).filter(|_| number == 0);
        draft.themes.push(Point { id: None, text: format!("Point {number}"), outcome });
        let url = format!("https://example.org/minutes/{number}");
        draft.evidence.push(Source { id: None, url, source_type: None, note: None });
    }
    draft
}

fn a_proposal(w: &Writer, rng: &mut StdRng, stp: &str) -> proposal::Model {
    let mut row: serde_json::Value = json!({
        "id": w.id(), "stp_code": stp, "title": "Stroke units", "service_change": rng.random_bool(0.5),
        "substantial": "undecided", "staff_impact": rng.random_bool(0.5), "accessible_formats": "[]",
        "decision_on": "2018-03-01", "version": 1, "created_at": w.origin().at, "updated_at": w.origin().at,
    });
    // Columns that later changes add may be empty.
    loop {
        match serde_json::from_value(row.clone()) {
            Ok(row) => return row,
            Err(error) => {
                let text = error.to_string();
                let field = text.split('`').nth(1).unwrap_or_else(|| panic!("{text}")).to_owned();
                assert!(text.contains("missing field"), "{text}");
                row[field] = json!(null);
            }
        }
    }
}

fn a_consultation(w: &Writer, rng: &mut StdRng, stp: &str, proposal: Option<String>) -> consultation::Model {
    serde_json::from_value(json!({
        "id": w.id(), "stp_code": stp, "proposal_id": proposal, "title": "On stroke units",
        "formal": rng.random_bool(0.8), "opens_on": "2017-05-01", "closes_on": "2017-07-31",
        "status": one(rng, Status::ALL), "version": 1, "created_at": w.origin().at, "updated_at": w.origin().at,
    }))
    .unwrap()
}

/// One edit, as the product makes it.
#[expect(clippy::too_many_lines, reason = "one arm for each kind of edit")]
async fn edit(
    site: &Site,
    rng: &mut StdRng,
    there: &mut There,
    kind: u32,
    places: &[(String, Vec<String>)],
    bodies: &[String],
) {
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let (stp, places) = one(rng, places);
    match kind {
        0 | 1 => {
            let draft = draft(rng, places, bodies, there, stp);
            let made = event_record::create(&mut w, stp, Provenance::default(), draft).await.unwrap();
            there.events.push(made);
        }
        2..=5 if !there.events.is_empty() => {
            let at = rng.random_range(0..there.events.len());
            let before = there.events.swap_remove(at);
            let (stp, id, version) = (&before.event.stp_code, &before.event.id, before.event.version);
            let draft = draft(rng, &[], bodies, there, stp);
            match kind {
                2 => there.events.push(event_record::update(&mut w, stp, id, version, draft).await.unwrap()),
                3 => there.events.push(event_record::cancel(&mut w, stp, id, version, "Snow").await.unwrap()),
                4 => {
                    event_record::withdraw(&mut w, stp, id, version, "A mistake").await.unwrap();
                }
                _ => events::remove(&mut w, &before).await.unwrap(),
            }
        }
        6 => {
            let draft = stakeholders::Draft {
                group_code: (*one(rng, &["PP-CAR", "LA-LDR"])).into(),
                name: None,
                organisation: Some("Healthwatch Dorset".into()),
                role: None,
                email: rng.random_bool(0.7).then(|| format!("Office.{}@example.org", rng.random_range(0..5))),
                notes: None,
                basis: "public task".into(),
                wording: None,
                obtained_on: None,
                evidence: None,
                confirmed_on: None,
                place_code: None,
                topics: Vec::new(),
            };
            let made =
                stakeholders::record::create(&mut w, stp, &draft, stakeholders::Origin::default()).await;
            there.stakeholders.push(made.unwrap());
        }
        7 if !there.stakeholders.is_empty() => {
            let row = there.stakeholders.swap_remove(0);
            if rng.random_bool(0.5) {
                stakeholders::record::withdraw(&mut w, &row).await.unwrap().unwrap();
            } else {
                stakeholders::record::remove(&mut w, &row).await.unwrap();
            }
        }
        8 => {
            // As the mail server or a link in a letter writes it.
            let before = maybe(rng, ()).and_then(|()| there.suppressions.pop());
            let lifted = before.as_ref().map(|_| w.origin().at);
            let row = before.clone().unwrap_or_else(|| suppression::Model {
                id: w.id(),
                address: format!("office.{}@example.org", rng.random_range(0..5)),
                stp_code: maybe(rng, stp.clone()),
                state: State::OptedOut,
                topic: maybe(rng, Theme::Cancer),
                source: "unsubscribe link".into(),
                reason: "A test".into(),
                created_at: w.origin().at,
                lifted_at: None,
                lifted_reason: None,
            });
            let row = suppression::Model { lifted_at: lifted, ..row };
            let whole = json!({
                "address": row.address, "state": row.state, "topic": row.topic, "source": row.source, "reason": row.reason,
                "lifted_at": row.lifted_at, "lifted_reason": row.lifted_reason,
            });
            let active = row.clone().into_active_model().reset_all();
            if before.is_some() {
                suppression::Entity::update(active).exec(w.tx()).await.unwrap();
            } else {
                suppression::Entity::insert(active).exec_without_returning(w.tx()).await.unwrap();
                there.suppressions.push(row.clone());
            }
            w.record(Entry {
                action: "create",
                table: "suppressions",
                id: &row.id,
                stp: row.stp_code.as_deref(),
                before: None,
                after: Some(whole),
            });
        }
        9 => {
            let made = a_proposal(&w, rng, stp);
            proposals::create(&mut w, &made).await.unwrap();
            there.proposals.push(made);
        }
        10 => {
            let own: Vec<_> = there.proposals.iter().filter(|proposal| proposal.stp_code == *stp).collect();
            let proposal = if own.is_empty() { None } else { Some(one(rng, &own).id.clone()) };
            let made = a_consultation(&w, rng, stp, proposal);
            consultations::create(&mut w, &made).await.unwrap();
            there.consultations.push(made);
        }
        11 if !there.consultations.is_empty() => {
            let row = there.consultations.pop().unwrap();
            consultations::remove(&mut w, &row).await.unwrap();
        }
        _ => {
            let day = chrono::NaiveDate::from_ymd_opt(2016, 11, rng.random_range(1..29)).unwrap();
            let plan = Plan {
                stp: stp.clone(),
                published_on: maybe(rng, day),
                words: None,
                url: None,
                note: Some(format!("Note {}", rng.random_range(0..1_000_000))),
            };
            assert_eq!(plans::write(&mut w, &[plan]).await.unwrap(), 1);
        }
    }
    w.commit().await.unwrap();
}

async fn standing(site: &Site) -> String {
    let record = record::load(site.app.db.read(), Scope::England, standard()).await.unwrap();
    assert_eq!(record.validate(), Vec::new());
    record.to_canonical()
}

async fn known(site: &Site, scope: Scope<'_>, at: DateTime<Utc>) -> String {
    let db = site.app.db.read();
    let until = KnownAt::Instant(at).until(db).await.unwrap();
    record::load_known(db, scope, until, standard()).await.unwrap().to_canonical()
}

both!(what_was_known_at_any_instant_is_what_the_tables_said_then, |site| {
    use entity::{duty_holder, footprint};
    let mut rng = StdRng::seed_from_u64(20_180_115);
    let db = site.app.db.read();
    let all = footprint::Entity::find().all(db).await.unwrap();
    let of = |stp: &str| {
        (
            stp.to_owned(),
            all.iter().filter(|row| row.stp_code == stp).map(|row| row.place_code.clone()).collect(),
        )
    };
    let places: Vec<(String, Vec<String>)> = vec![of(DORSET), of(DEVON)];
    let bodies =
        duty_holder::Entity::find().order_by_asc(duty_holder::Column::BodyCode).all(db).await.unwrap();
    let bodies: Vec<String> = bodies.into_iter().take(4).map(|row| row.body_code).collect();
    let mut there = There::default();
    let mut steps = vec![(site.app.clock.now() - TimeDelta::seconds(1), standing(&site).await)];
    for step in 0..60 {
        site.app.clock.advance(TimeDelta::milliseconds(rng.random_range(1..100_000_000)));
        let kind = if step < 13 { step } else { rng.random_range(0..13) };
        edit(&site, &mut rng, &mut there, kind, &places, &bodies).await;
        steps.push((site.app.clock.now(), standing(&site).await));
    }
    for (at, then) in &steps {
        assert_eq!(known(&site, Scope::England, *at).await, *then, "as known at {at}");
    }
    let dorset = [DORSET.to_owned()];
    let record = record::load(db, Scope::Stps(&dorset), standard()).await.unwrap();
    assert_eq!(known(&site, Scope::Stps(&dorset), site.app.clock.now()).await, record.to_canonical());
    site.done().await;
});
