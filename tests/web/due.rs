//! What falls due, as staff and anyone see it, and the calendar.

use axum::http::StatusCode;
use entity::event::{Publication, Status};
use icalendar::{Calendar, Component as _};
use opendoor::{
    events::{Provenance, record},
    journal::Actor,
};

use super::register::{day, drop_in, log};
use crate::{
    both,
    harness::people::{DEVON, DORSET},
};

both!(staff_see_what_falls_due_and_anyone_what_is_not_private, |site| {
    log(&site, DORSET, drop_in("Drop-in of December", "2017-12-20", "PP-USR", 20)).await;
    let mut secret = drop_in("Nothing to tell", "2017-11-01", "PP-USR", 20);
    secret.publication = Publication::Unpublished;
    log(&site, DORSET, secret).await;
    let mut late = drop_in("Fed back in the end", "2017-09-01", "PP-USR", 20);
    late.feedback_on = Some(day("2017-12-01"));
    log(&site, DORSET, late).await;
    log(&site, DEVON, drop_in("Drop-in of Devon", "2018-01-08", "PP-USR", 20)).await;

    let mut officer = site.officer(DORSET).await;
    let work = officer.get(&format!("/work/stps/{DORSET}/due")).await;
    assert_eq!(work.status, StatusCode::OK);
    let overdue = work.words("section[aria-labelledby=overdue]");
    assert!(overdue.contains("Nothing to tell") && overdue.contains("Publication of an event"), "{overdue}");
    assert!(overdue.contains("Officers of the area"), "{overdue}");
    let soon = work.words("section[aria-labelledby=soon]");
    assert!(soon.contains("Drop-in of December") && soon.contains("31 January 2018"), "{soon}");
    let done = work.words("section[aria-labelledby=late]");
    assert!(done.contains("Fed back in the end") && done.contains("49 days late"), "{done}");
    assert!(!work.text().contains("Drop-in of Devon"));

    let public = site.visitor().get(&format!("/stps/{DORSET}/due")).await;
    assert_eq!(public.status, StatusCode::OK);
    assert!(!public.text().contains("Nothing to tell"), "what is not published has no title");
    assert!(public.words("section[aria-labelledby=late]").contains("Late"), "a late mark stays");
    assert!(!public.text().contains("Officers of the area"));
    let of_one_kind = officer.get(&format!("/work/stps/{DORSET}/due?what=publication")).await;
    assert_eq!(of_one_kind.each("tbody tr").len(), 1);
    site.done().await;
});

both!(a_calendar_programme_can_read_the_calendar, |site| {
    log(&site, DORSET, drop_in("Drop-in, with tea; and \u{2013} cake", "2018-01-08", "PP-USR", 20)).await;
    let mut planned = drop_in("Coming up", "2018-02-08", "PP-USR", 0);
    planned.status = Status::Planned;
    planned.participations.clear();
    let mut w = site.app.write_as(Actor::Command("test"), "test").await.unwrap();
    let from = Provenance { created_on: Some(day("2018-01-10")), ..Provenance::default() };
    let coming = record::create(&mut w, DORSET, from, planned).await.unwrap();
    w.commit().await.unwrap();
    let mut secret = drop_in("Nothing to tell", "2018-01-01", "PP-USR", 20);
    secret.publication = Publication::Unpublished;
    log(&site, DORSET, secret).await;
    let mut stranger = site.visitor();
    let address = format!("/stps/{DORSET}/calendar.ics");
    let answer = stranger.get(&address).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "text/calendar; charset=utf-8");
    assert!(!stranger.has_cookie());
    let calendar: Calendar = answer.text().parse().unwrap();
    let titles: Vec<_> = calendar.events().filter_map(|event| event.get_summary()).collect();
    assert!(titles.contains(&"Drop-in, with tea; and \u{2013} cake"), "{titles:?}");
    assert!(titles.contains(&"Coming up"), "{titles:?}");
    assert!(!answer.text().contains("Nothing to tell"));
    let uid = format!("{DORSET}-event-{}@opendoor", coming.event.id);
    assert!(calendar.events().any(|event| event.get_uid() == Some(&uid)));
    assert_eq!(answer.body, stranger.get(&address).await.body, "the same record, the same bytes");
    assert_eq!(stranger.get("/stps/E99999999/calendar.ics").await.status, StatusCode::NOT_FOUND);
    site.done().await;
});
