//! Nudges: four weeks before, one week before, on the day, and to the lead a week after; once each, whoever works.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::{
    digest,
    event::Status,
    nudge::{self, Step},
    user::Role,
};
use opendoor::{
    app::App,
    auth::users,
    chance::Chance,
    clocks::nudge::{gather, send},
    db::Db,
    events::{Provenance, record},
    journal::Actor,
    mail::mailbox::{Kept, Mailbox},
    mailings::armed,
};
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use crate::{
    both,
    harness::{
        Site,
        people::{DEVON, DORSET},
    },
    web::register::{day, drop_in},
};

const OFFICER: &str = "officer.dorset@example.org";
const LEAD: &str = "lead.dorset@example.org";

/// Dorset with an officer and a lead, its plans published, and an event withheld until 1 March 2018.
pub(super) async fn dorset(site: &Site) -> String {
    site.add_user(OFFICER, Role::Officer, &[DORSET]).await;
    site.add_user(LEAD, Role::Lead, &[DORSET]).await;
    site.add_user("officer.devon@example.org", Role::Officer, &[DEVON]).await;
    plans_published(site).await;
    armed::check(&site.app).await.unwrap();
    let mut draft = drop_in("Withheld for now", "2018-01-10", "PP-USR", 20);
    draft.level = Some(1);
    draft.publication = entity::event::Publication::Withheld;
    draft.withheld_reason = Some("Commercial".into());
    draft.review_on = Some(day("2018-03-01"));
    draft.evidence = vec![opendoor::events::Source {
        id: None,
        url: "https://example.org/notes".into(),
        source_type: None,
        note: None,
    }];
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let from = Provenance { created_on: Some(day("2018-01-10")), ..Provenance::default() };
    let made = record::create(&mut w, DORSET, from, draft).await.unwrap();
    w.commit().await.unwrap();
    made.event.id
}

/// The plans of both areas are published: nothing is due of them.
async fn plans_published(site: &Site) {
    use entity::stp;
    use sea_orm::{ColumnTrait as _, QueryFilter as _, sea_query::Expr};
    let on = Expr::value(day("2016-12-01"));
    stp::Entity::update_many()
        .col_expr(stp::Column::PlanPublishedOn, on.clone())
        .col_expr(stp::Column::EngagementPlanPublishedOn, on)
        .filter(stp::Column::Code.is_in([DORSET, DEVON]))
        .exec(site.app.db.writer())
        .await
        .unwrap();
}

/// Works through today, twice, and gives the letters that Dorset's mailbox holds, the first first.
async fn today(site: &Site) -> Vec<Kept> {
    for _ in 0..2 {
        gather(&site.app).await.unwrap();
        send(&site.app).await.unwrap();
    }
    letters(site).await
}

async fn letters(site: &Site) -> Vec<Kept> {
    let mailbox = Mailbox::of(&site.app.config);
    let mut all = Vec::new();
    for name in mailbox.names(DORSET, None, 100).await.unwrap() {
        all.extend(mailbox.read(DORSET, &name).await.unwrap());
    }
    all.reverse();
    all
}

pub(super) async fn to(site: &Site, on: &str) -> Vec<Kept> {
    let days = (day(on) - site.app.clock.today()).num_days();
    site.app.clock.advance(TimeDelta::days(days));
    today(site).await
}

both!(mail_comes_four_weeks_before_one_week_before_on_the_day_and_then_to_the_lead, |site| {
    dorset(&site).await;
    assert!(to(&site, "2018-01-31").await.is_empty());
    let first = to(&site, "2018-02-01").await;
    assert_eq!(first.len(), 1);
    assert!(
        first[0].to.contains(OFFICER) && first[0].subject.contains("1 thing falls due in Dorset"),
        "{first:?}"
    );
    assert!(first[0].text.contains("Review of what is withheld: Withheld for now"), "{}", first[0].text);
    assert!(first[0].text.contains("due on 1 March 2018, in 28 days"), "{}", first[0].text);
    assert!(first[0].text.contains(&format!("/work/stps/{DORSET}/due")));
    assert_eq!(to(&site, "2018-02-21").await.len(), 1);
    assert!(to(&site, "2018-02-22").await[1].text.contains("in 7 days"));
    assert_eq!(to(&site, "2018-02-28").await.len(), 2);
    assert!(to(&site, "2018-03-01").await[2].text.contains("due today"));
    assert_eq!(to(&site, "2018-03-07").await.len(), 3);
    let last = to(&site, "2018-03-08").await;
    assert_eq!(last.len(), 4);
    assert!(last[3].to.contains(LEAD) && last[3].text.contains("told as the lead"), "{:?}", last[3]);
    assert_eq!(to(&site, "2018-06-08").await.len(), 4, "and then nobody is told again");
    let steps: Vec<Step> = nudge::Entity::find()
        .all(site.app.db.read())
        .await
        .unwrap()
        .into_iter()
        .map(|row| row.step)
        .collect();
    assert_eq!(steps.len(), 4);
    site.done().await;
});

both!(two_workers_and_a_restart_tell_nothing_twice, |site| {
    dorset(&site).await;
    site.app.clock.advance(TimeDelta::days(17));
    let other = second(&site).await;
    let (one, two) = tokio::join!(gather(&site.app), gather(&other));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    let (one, two) = tokio::join!(send(&site.app), send(&other));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(letters(&site).await.len(), 1);
    let restarted = second(&site).await;
    assert_eq!(gather(&restarted).await.unwrap(), 0);
    assert_eq!(send(&restarted).await.unwrap(), 0);
    assert_eq!(digest::Entity::find().count(site.app.db.read()).await.unwrap(), 1);
    for app in [other, restarted] {
        app.db.clone().close().await.unwrap();
    }
    site.done().await;
});

/// Another process on the same database.
async fn second(site: &Site) -> Arc<App> {
    let db = Db::open(&site.url).await.unwrap();
    let clock = site.app.clock.clone();
    let chance = Chance::system(clock.clone());
    App::new(db, clock, chance, site.app.config.clone()).unwrap()
}

both!(what_was_slept_through_is_one_mail_and_no_flood, |site| {
    dorset(&site).await;
    for number in 1..=60 {
        let mut draft = drop_in(&format!("Planned {number}"), "2018-01-20", "PP-USR", 0);
        draft.status = Status::Planned;
        draft.participations.clear();
        let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
        let from = Provenance { created_on: Some(day("2018-01-10")), ..Provenance::default() };
        record::create(&mut w, DORSET, from, draft).await.unwrap();
        w.commit().await.unwrap();
    }
    let after = to(&site, "2018-02-23").await;
    assert_eq!(after.len(), 2, "the officer's review, and the lead's sixty outcomes");
    let lead = after.iter().find(|letter| letter.to.contains(LEAD)).unwrap();
    assert!(lead.subject.contains("60 things fall due"), "{}", lead.subject);
    assert!(lead.text.contains("and 20 more"), "{}", lead.text);
    assert_eq!(today(&site).await.len(), 2);
    site.done().await;
});

both!(a_disabled_account_is_not_written_to_and_who_logged_it_is_first, |site| {
    dorset(&site).await;
    site.add_user("second.dorset@example.org", Role::Officer, &[DORSET]).await;
    let second = users::by_email(site.app.db.read(), "second.dorset@example.org").await.unwrap().unwrap();
    let mut draft = drop_in("Planned by the second", "2018-01-20", "PP-USR", 0);
    draft.status = Status::Planned;
    draft.participations.clear();
    let mut w = site.app.write_as(Actor::User(second.id), "test").await.unwrap();
    let from = Provenance { created_on: Some(day("2018-01-10")), ..Provenance::default() };
    record::create(&mut w, DORSET, from, draft).await.unwrap();
    w.commit().await.unwrap();
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    users::disable(&mut w, OFFICER).await.unwrap();
    w.commit().await.unwrap();
    // The outcome is due on 3 February, so a week before is 27 January.
    let letters = to(&site, "2018-01-27").await;
    assert_eq!(letters.len(), 1);
    assert!(letters[0].to.contains("second.dorset@example.org"), "{letters:?}");
    // Disabled between the two steps: what waits is not sent.
    site.app.clock.advance(TimeDelta::days(5));
    gather(&site.app).await.unwrap();
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    users::disable(&mut w, "second.dorset@example.org").await.unwrap();
    w.commit().await.unwrap();
    assert_eq!(send(&site.app).await.unwrap(), 0);
    assert_eq!(today(&site).await.len(), 1);
    site.done().await;
});
