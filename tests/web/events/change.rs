//! Events completed, corrected, cancelled and withdrawn; every version kept.

use axum::http::StatusCode;
use chrono::TimeDelta;
use entity::event;
use opendoor::{events::find, journal};
use sea_orm::EntityTrait as _;

use super::{BOURNEMOUTH, DROP_IN, at, log};
use crate::{
    both,
    harness::people::{DEVON, DORSET},
};

both!(the_full_record_holds_every_field, |site| {
    let mut officer = site.officer(DORSET).await;
    let id = log(&mut officer, &DROP_IN).await;
    let edit = format!("{}/{id}/edit", at());
    let fields = [
        ("title", "Drop-in for carers at the library"),
        ("ends-day", "16"),
        ("ends-month", "1"),
        ("ends-year", "2018"),
        ("venue", "Bournemouth Library"),
        ("venue_capacity", "1,200"),
        ("places", BOURNEMOUTH),
        ("places", "E07000048"),
        ("count_E06000029", "5"),
        ("part_PP-PUB", "no"),
        ("invited_PP-PUB", "about 200"),
        ("attended_ST-NUR", "3"),
        ("level", "3"),
        ("level_basis", "Carers wrote the questions"),
        ("bodies", "E06000028-HSC"),
        ("targets", "DIS"),
        ("targets", "CAR"),
        ("support", "Hearing loop"),
        ("support_other", "Quiet room\nRespite care"),
        ("summary", "Where the minor injuries unit goes"),
        ("outcome_1", "changed"),
        ("point_3", "The lift is broken"),
        ("outcome", "The car park is free for carers"),
        ("feedback-day", "15"),
        ("feedback-month", "1"),
        ("feedback-year", "2018"),
        ("source_url_1", "https://example.org/minutes?a=1&b=2"),
        ("source_type_1", "minutes"),
        ("publication", "withheld"),
        ("withheld_reason", "Carers asked for it"),
        ("review-day", "1"),
        ("review-month", "6"),
        ("review-year", "2018"),
        ("confirmed", "yes"),
    ];
    let led = officer.submit(&edit, &edit, &fields).await.led();
    let whole = find::one(site.app.db.read(), DORSET, &id).await.unwrap().unwrap();
    let event = &whole.event;
    assert_eq!((event.version, event.venue_capacity, event.level), (2, Some(1200), Some(3)));
    assert_eq!(event.ends_on, Some("2018-01-16".parse().unwrap()));
    assert_eq!((event.publication, event.confirmed), (event::Publication::Withheld, true));
    assert_eq!(event.accessibility, r#"["Hearing loop","Quiet room","Respite care"]"#);
    let parts: Vec<_> =
        whole.participations.iter().map(|part| (part.group.as_str(), part.took_part)).collect();
    assert_eq!(parts, [("PP-CAR", true), ("PP-PUB", false), ("ST-NUR", true)]);
    let places: Vec<_> = whole.places.iter().map(|placed| (placed.place.as_str(), placed.listed)).collect();
    assert_eq!(places, [("E06000028", true), ("E06000029", false), ("E07000048", true)]);
    assert_eq!(whole.bodies, ["E06000028-HSC"]);
    assert_eq!(whole.targets.len(), 2);
    assert_eq!(whole.themes.len(), 3);
    assert_eq!(whole.evidence.len(), 1);

    let page = officer.get(&led).await;
    assert!(page.words(".nhsuk-notification-banner").contains("Your changes are saved"));
    assert_eq!(page.attributes("main ul a[rel]", "href"), ["https://example.org/minutes?a=1&b=2"]);
    for words in ["Withheld", "Bournemouth Library", "Involved", "Quiet room", "Caring responsibilities"] {
        assert!(page.words("main").contains(words), "{words}");
    }
    // The form as it now stands changes nothing when it is sent as it is.
    officer.submit(&edit, &edit, &[]).await.led();
    let again = find::one(site.app.db.read(), DORSET, &id).await.unwrap().unwrap();
    assert!(again.draft().says_the_same(&whole.draft()));
    assert_eq!(again.themes, whole.themes, "points keep their identities");
    assert_eq!(again.event.search, whole.event.search);
    assert!(again.event.search.contains("quiet") || again.event.search.contains("the lift is broken"));
    site.done().await;
});

both!(the_rules_of_the_record_are_said_beside_their_fields, |site| {
    let mut officer = site.officer(DORSET).await;
    let full = format!("{}/new/full", at());
    let fields = [
        ("title", ""),
        ("kind", "drop_in"),
        ("ends-day", "1"),
        ("ends-month", "1"),
        ("ends-year", "2018"),
        ("attended_PP-CAR", "a few"),
        ("part_PP-PUB", "no"),
        ("attended_PP-PUB", "4"),
        ("invited_PP-USR", "lots"),
        ("venue_capacity", "many"),
        ("publication", "withheld"),
        ("source_url_1", "javascript:alert(1)"),
        ("outcome_2", "changed"),
        ("status", "cancelled"),
    ];
    let answer = officer.submit(&full, &full, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = [
        "title",
        "ends",
        "attended_PP-CAR",
        "attended_PP-PUB",
        "invited_PP-USR",
        "venue_capacity",
        "withheld_reason",
        "review",
        "source_url_1",
        "point_2",
        "cancelled_reason",
    ];
    for field in wrong {
        assert_eq!(
            answer.each(&format!("[id='{field}-error']")).len(),
            1,
            "{field}: {}",
            answer.words(".nhsuk-error-summary")
        );
        assert_eq!(answer.each(&format!("[id='{field}']")).len(), 1, "the summary's link leads to {field}");
    }
    assert_eq!(answer.each(".nhsuk-error-summary li").len(), wrong.len());
    assert_eq!(answer.attributes("[id='attended_PP-PUB']", "value"), ["4"]);
    assert_eq!(answer.attributes("#source_url_1", "value"), ["javascript:alert(1)"]);
    site.done().await;
});

both!(a_stale_edit_shows_both_texts_and_a_way_to_go_on, |site| {
    let mut first = site.officer(DORSET).await;
    let id = log(&mut first, &DROP_IN).await;
    let mut second = site.signed_in(entity::user::Role::Lead, &[DORSET]).await;
    let edit = format!("{}/{id}/edit", at());
    let opened = second.get(&edit).await.form(&edit);
    first.submit(&edit, &edit, &[("venue", "The library"), ("attended_PP-CAR", "45")]).await.led();

    let mut late = opened;
    late.retain(|(name, _)| name != "venue");
    late.push(("venue".into(), "The church hall".into()));
    let pairs: Vec<(&str, &str)> = late.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let answer = second.post(&edit, &pairs).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert!(
        answer.words(".nhsuk-error-summary").contains("officer e54000041"),
        "{}",
        answer.words(".nhsuk-error-summary")
    );
    let rows = answer.each(".app-versions tbody tr");
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(rows[0], "Venue As it is now The library Your text The church hall");
    assert!(rows[1].starts_with("Carers As it is now Took part Attended: 45"), "{}", rows[1]);
    assert_eq!(answer.attributes("#venue", "value"), ["The church hall"], "what was typed is kept");
    let now = find::one(site.app.db.read(), DORSET, &id).await.unwrap().unwrap();
    assert_eq!(now.event.venue.as_deref(), Some("The library"), "nothing was written");

    // Going on: the same form sent again writes it.
    let form = answer.form(&edit);
    let pairs: Vec<(&str, &str)> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    second.post(&edit, &pairs).await.led();
    let now = find::one(site.app.db.read(), DORSET, &id).await.unwrap().unwrap();
    assert_eq!((now.event.venue.as_deref(), now.event.version), (Some("The church hall"), 3));
    site.done().await;
});

both!(an_event_is_cancelled_with_a_reason, |site| {
    let mut officer = site.officer(DORSET).await;
    let id = log(&mut officer, &[&DROP_IN[..], &[("starts-month", "2")]].concat()).await;
    let here = format!("{}/{id}", at());
    let cancel = format!("{here}/cancellations");
    let answer = officer.submit(&here, &cancel, &[("cancelled_reason", "  ")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.each("details[open] #cancelled_reason-error").len(), 1);
    let led = officer.submit(&here, &cancel, &[("cancelled_reason", "Snow")]).await.led();
    let page = officer.get(&led).await;
    assert!(page.words(".nhsuk-inset-text").contains("Cancelled. Snow"), "{}", page.words("main"));
    assert!(page.words(".nhsuk-notification-banner").contains("cancelled"));
    let kept = find::one(site.app.db.read(), DORSET, &id).await.unwrap().unwrap();
    assert_eq!((kept.event.status, kept.event.version), (event::Status::Cancelled, 2));
    site.done().await;
});

both!(a_withdrawn_event_is_in_no_list_and_in_the_journal, |site| {
    let mut officer = site.officer(DORSET).await;
    let id = log(&mut officer, &DROP_IN).await;
    assert_eq!(officer.get(&at()).await.each("main tbody tr").len(), 1);
    let here = format!("{}/{id}", at());
    let withdraw = format!("{here}/withdrawals");
    let stale = [("withdrawn_reason", "Logged twice"), ("version", "7")];
    assert_eq!(officer.submit(&here, &withdraw, &stale).await.status, StatusCode::CONFLICT);
    let led = officer.submit(&here, &withdraw, &[("withdrawn_reason", "Logged twice")]).await.led();
    let list = officer.get(&led).await;
    assert_eq!(list.each("main tbody tr").len(), 0);
    assert!(list.words(".nhsuk-notification-banner").contains("withdrawn"));

    let row = event::Entity::find_by_id(&id).one(site.app.db.read()).await.unwrap().unwrap();
    assert!(row.withdrawn_at.is_some(), "the row stays");
    assert!(find::one(site.app.db.read(), DORSET, &id).await.unwrap().is_none());
    let versions = journal::versions(site.app.db.read(), "events", &id).await.unwrap();
    assert_eq!(versions.iter().map(|v| v.action.as_str()).collect::<Vec<_>>(), ["create", "withdraw"]);
    let page = officer.get(&here).await;
    assert!(page.words(".nhsuk-inset-text").contains("Logged twice"));
    assert_eq!(officer.get(&format!("{here}/edit")).await.status, StatusCode::NOT_FOUND);
    assert!(officer.get(&format!("{}/new", at())).await.words("aside").contains("Carers"), "the gap is back");
    site.done().await;
});

both!(any_two_versions_are_compared_in_plain_words, |site| {
    let mut officer = site.officer(DORSET).await;
    let id = log(&mut officer, &DROP_IN).await;
    let (here, edit) = (format!("{}/{id}", at()), format!("{}/{id}/edit", at()));
    let one = officer.get(&format!("{here}/versions")).await;
    assert_eq!(one.each("#versions tbody tr").len(), 1);
    assert!(one.words("main").contains("nothing was changed since"));
    site.app.clock.advance(TimeDelta::hours(1));
    let second = [("level", "2"), ("attended_PP-CAR", "0"), ("part_PP-CAR", "no")];
    officer.submit(&edit, &edit, &second).await.led();
    officer.submit(&edit, &edit, &[("venue", "The library"), ("point_1", "Parking is dear")]).await.led();

    let page = officer.get(&format!("{here}/versions")).await;
    let rows = page.each("#versions tbody tr");
    assert_eq!(rows.len(), 3);
    assert!(rows[0].starts_with("Version 3"), "latest first: {rows:?}");
    assert!(rows[1].contains("11:00") || rows[1].contains("15 January 2018"), "{rows:?}");
    assert!(rows[1].contains("2 fields changed"), "{rows:?}");
    assert_eq!(page.each("#compared tbody tr").len(), 2, "the last two are compared");

    let page = officer.get(&format!("{here}/versions?from=1&to=3")).await;
    let rows = page.each("#compared tbody tr");
    assert_eq!(rows.len(), 4, "{rows:?}");
    assert_eq!(rows[0], "Venue Version 1 Not recorded Version 3 The library");
    assert_eq!(
        rows[1],
        "Carers Version 1 Took part Attended: about 40 (counted as 40) Version 3 Did not take part Attended: 0"
    );
    assert!(rows[2].contains("Asked: we asked what people think"), "{rows:?}");
    assert!(rows[3].contains("Parking is dear"), "{rows:?}");
    let odd = officer.get(&format!("{here}/versions?from=99&to=-1")).await;
    assert_eq!(odd.status, StatusCode::OK);
    site.done().await;
});

both!(another_areas_event_is_not_found, |site| {
    let mut dorset = site.officer(DORSET).await;
    let id = log(&mut dorset, &DROP_IN).await;
    let mut devon = site.officer(DEVON).await;
    let theirs = at();
    let own = format!("/work/stps/{DEVON}/events");
    let gets = ["", "/new", "/new/full", "/ID", "/ID/edit", "/ID/versions"];
    let posts = ["/new", "/new/full", "/ID/edit", "/ID/cancellations", "/ID/withdrawals"];
    let form = [
        ("form_key", "a-key-that-is-long-enough"),
        ("version", "1"),
        ("cancelled_reason", "x"),
        ("withdrawn_reason", "x"),
    ];
    for path in gets {
        let path = path.replace("ID", &id);
        assert_eq!(devon.get(&format!("{theirs}{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in posts {
        let path = path.replace("ID", &id);
        assert_eq!(
            devon.post(&format!("{theirs}{path}"), &form).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    for path in gets.iter().filter(|path| path.contains("ID")) {
        let path = path.replace("ID", &id);
        assert_eq!(devon.get(&format!("{own}{path}")).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in posts.iter().filter(|path| path.contains("ID")) {
        let path = path.replace("ID", &id);
        assert_eq!(devon.post(&format!("{own}{path}"), &form).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    // A place of another area cannot be named either.
    let new = format!("{own}/new");
    let answer = devon.submit(&new, &new, &DROP_IN).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.each("#place-error").len(), 1);
    site.done().await;
});

both!(a_reader_of_all_areas_sees_events_and_changes_none, |site| {
    let mut officer = site.officer(DORSET).await;
    let id = log(&mut officer, &DROP_IN).await;
    let mut reader = site.signed_in(entity::user::Role::National, &[]).await;
    let page = reader.get(&format!("{}/{id}", at())).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.attributes("main form", "action").len(), 0);
    assert_eq!(reader.get(&format!("{}/{id}/edit", at())).await.status, StatusCode::NOT_FOUND);
    assert_eq!(reader.get(&format!("{}/new", at())).await.status, StatusCode::NOT_FOUND);
    site.done().await;
});
