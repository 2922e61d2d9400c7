//! What took place in Dorset, for editions to be about.

use chrono::NaiveDate;
use entity::{
    event::{Kind, Publication, Status},
    stp,
    theme::Outcome,
};
use opendoor::{
    events::{
        numbers::Attended,
        record::{self, Provenance},
        whole::{EventDraft, EventWhole, Part, Placed, Point, Source},
    },
    journal::Actor,
    reports::publish::{self, Area, Asked, Prepared},
};
use sea_orm::EntityTrait as _;

use crate::harness::{Site, people::DORSET};

/// The county of Dorset, as it was until 2019.
pub const COUNTY: &str = "E10000009";

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A group that took part, in this number where it was counted.
pub fn took(group: &str, people: Option<i32>) -> Part {
    let attended = people.map(|people| Attended { low: people, high: people, words: people.to_string() });
    Part { group: group.to_owned(), took_part: people != Some(0), invited: None, attended }
}

/// A public event that was held.
pub fn held(title: &str, on: &str, parts: &[Part]) -> EventDraft {
    let mut draft = EventDraft::new(title, Kind::DropIn, Status::Held, Some(day(on)));
    draft.venue = Some("Corn Exchange, Dorchester".into());
    draft.level = Some(2);
    draft.participations = parts.to_vec();
    draft.places = vec![Placed { place: COUNTY.into(), listed: true, count: None }];
    draft.evidence =
        vec![Source { id: None, url: "https://example.org/notes".into(), source_type: None, note: None }];
    draft
}

/// Puts an event on the record, as imported history is.
pub async fn log(site: &Site, draft: EventDraft) -> EventWhole {
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let kept = record::create(&mut w, DORSET, Provenance::default(), draft).await.unwrap();
    w.commit().await.unwrap();
    kept
}

/// Changes an event.
pub async fn change(site: &Site, event: &EventWhole, change: impl FnOnce(&mut EventDraft)) -> EventWhole {
    let mut draft = event.draft();
    change(&mut draft);
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let kept = record::update(&mut w, DORSET, &event.event.id, event.event.version, draft).await.unwrap();
    w.commit().await.unwrap();
    kept
}

/// Two public events, one that is withheld, one planned; hostile words and small numbers among them. The first two are
/// given back.
pub async fn history(site: &Site) -> [EventWhole; 2] {
    let mut drop_in = held(
        "=HYPERLINK(\"http://evil.example\") <script>alert(1)</script>",
        "2017-11-06",
        &[took("PP-CAR", Some(40)), took("PP-USR", Some(3)), took("ST-NUR", None)],
    );
    drop_in.themes = vec![
        Point {
            id: None,
            text: "The last bus leaves before visiting ends <b>".into(),
            outcome: Some(Outcome::Changed),
        },
        Point { id: None, text: "@Letters are hard to understand".into(), outcome: None },
    ];
    let drop_in = log(site, drop_in).await;
    let meeting =
        log(site, held("Public meeting in Dorchester", "2017-12-04", &[took("PP-PUB", Some(62))])).await;

    let mut private = held("Closed talk with a family", "2017-12-11", &[took("PP-SEL", Some(12))]);
    private.publication = Publication::Withheld;
    private.withheld_reason = Some("Those who came could be recognised".into());
    private.review_on = Some(day("2018-06-30"));
    private.themes = vec![Point { id: None, text: "Said behind closed doors".into(), outcome: None }];
    log(site, private).await;

    let mut planned =
        EventDraft::new("Spring workshop", Kind::Workshop, Status::Planned, Some(day("2018-03-12")));
    planned.participations = vec![Part { took_part: false, ..took("PP-PUB", None) }];
    log(site, planned).await;
    [drop_in, meeting]
}

/// Dorset, to publish about.
pub async fn dorset(site: &Site) -> Area {
    Area::Stp(Box::new(stp::Entity::find_by_id(DORSET).one(site.app.db.read()).await.unwrap().unwrap()))
}

/// Publishes an edition as at a day.
pub async fn publish(site: &Site, area: Area, as_at: &str) -> Prepared {
    let asked = Asked { area, as_at: day(as_at), title: None, by: None };
    let prepared = publish::prepare(&site.app, &asked).await.unwrap();
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    assert!(publish::write(&mut w, &prepared).await.unwrap());
    w.commit().await.unwrap();
    prepared
}

/// A file of an edition as text.
pub fn text(prepared: &Prepared, name: &str) -> String {
    String::from_utf8(prepared.composed.file(name).unwrap().to_vec()).unwrap()
}
