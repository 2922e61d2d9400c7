//! What is published stays; the next edition says what changed.

use entity::event::Publication;
use opendoor::reports::find;

use crate::{
    both,
    reports::log::{self, text},
};

both!(an_edited_event_leaves_the_edition_and_the_next_one_says_what_changed, |site| {
    let [drop_in, meeting] = log::history(&site).await;
    let dorset = log::dorset(&site).await;
    let first = log::publish(&site, dorset.clone(), "2018-01-15").await;

    site.app.clock.advance(chrono::TimeDelta::days(1));
    log::change(&site, &drop_in, |draft| {
        draft.participations.retain(|part| part.group != "PP-CAR");
        draft.participations.push(log::took("PP-CAR", Some(0)));
    })
    .await;
    log::change(&site, &meeting, |draft| {
        draft.publication = Publication::Withheld;
        draft.withheld_reason = Some("Those who came could be recognised".into());
        draft.review_on = Some(log::day("2018-06-30"));
    })
    .await;
    log::log(&site, log::held("Evening for GPs", "2018-01-10", &[log::took("ST-GPS", Some(25))])).await;

    for file in &first.composed.files {
        let stored = find::file(site.app.db.read(), &first.edition.id, &file.name).await.unwrap().unwrap();
        assert!(stored.bytes == file.bytes, "{}", file.name);
        assert_eq!(stored.sha256, file.sha256());
    }

    let second = log::publish(&site, dorset, "2018-01-16").await;
    assert_eq!(second.edition.number, 2);
    let changes = second.composed.changes.clone().unwrap();
    assert_eq!(changes.since.number, 1);
    assert_eq!(changes.since.manifest_sha256, first.edition.manifest_sha256);
    assert_eq!(changes.stps.len(), 1);
    let dorset = &changes.stps[0];
    let named = |rows: &[opendoor::reports::changes::FindingChange], rule: &str, subject: &str| {
        rows.iter().filter(|row| row.rule == rule && row.subject == subject).count()
    };
    assert_eq!(named(&dorset.opened, "COV-2", "PP-CAR"), 1, "{:?}", dorset.opened);
    assert_eq!(named(&dorset.closed, "COV-2", "ST-GPS"), 1, "{:?}", dorset.closed);
    assert_eq!(dorset.events_added.len(), 1);
    assert_eq!(dorset.events_removed.len(), 0);
    assert_eq!(dorset.events_changed.len(), 2);
    let withheld = dorset.events_changed.iter().find(|event| event.id == meeting.event.id).unwrap();
    assert!(withheld.fields.contains(&"publication"));
    assert_eq!(withheld.name, "Drop-in", "a title that was taken back is not repeated");

    let page = text(&second, "report.html");
    assert!(page.contains("What changed since edition 1"));
    assert!(page.contains("Evening for GPs"));
    assert!(!page.contains("Public meeting in Dorchester"));
    assert!(!text(&second, "changes.json").contains("Public meeting in Dorchester"));
    site.done().await;
});

both!(a_small_number_that_changes_shows_no_change, |site| {
    let [drop_in, _] = log::history(&site).await;
    let dorset = log::dorset(&site).await;
    log::publish(&site, dorset.clone(), "2018-01-15").await;
    log::change(&site, &drop_in, |draft| {
        draft.participations.retain(|part| part.group != "PP-USR");
        draft.participations.push(log::took("PP-USR", Some(4)));
    })
    .await;
    let second = log::publish(&site, dorset, "2018-01-15").await;
    assert!(second.composed.changes.as_ref().unwrap().stps.is_empty());
    assert!(text(&second, "report.html").contains("Nothing changed"));
    site.done().await;
});

both!(a_withdrawn_edition_is_not_compared_with, |site| {
    log::history(&site).await;
    let dorset = log::dorset(&site).await;
    log::publish(&site, dorset.clone(), "2018-01-15").await;
    let mut w = site.app.write_as(opendoor::journal::Actor::Command("test"), "test").await.unwrap();
    let done = opendoor::reports::withdraw::withdraw(&mut w, "dorset", 1, "Named a person").await.unwrap();
    assert_eq!(done, opendoor::reports::withdraw::Done::Withdrawn);
    w.commit().await.unwrap();
    let second = log::publish(&site, dorset, "2018-01-15").await;
    assert_eq!((second.edition.number, second.composed.changes), (2, None));
    site.done().await;
});
