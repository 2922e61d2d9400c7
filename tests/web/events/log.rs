//! The quick log, from a phone.

use axum::http::StatusCode;
use entity::{event, journal_entry, participation};
use opendoor::events::find;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

use super::{BOURNEMOUTH, DROP_IN, at, log};
use crate::{both, harness::people::DORSET};

both!(an_officer_logs_a_drop_in_with_carers_from_her_phone, |site| {
    let mut officer = site.officer(DORSET).await;
    let new = format!("{}/new", at());
    let page = officer.get(&new).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.attributes("#starts-day", "value"), ["15"], "today is filled in");
    assert!(page.words("aside").contains("Carers"), "the open gap is beside the form");

    let led = officer.submit(&new, &new, &DROP_IN).await.led();
    let shown = officer.get(&led).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert_eq!(shown.words("h1"), "Drop-in with carers, Bournemouth");
    assert!(
        shown.words(".nhsuk-notification-banner").contains("counts straight away"),
        "{}",
        shown.words("main")
    );
    assert!(shown.words(".nhsuk-notification-banner").contains("Carers"), "the gap it closes is named");
    assert!(shown.words("main table").contains("about 40 (counted as 40)"), "{}", shown.words("main table"));
    assert!(shown.words("main dl").contains("Parking costs too much Buses stop at six"));

    let kept = event::Entity::find().one(site.app.db.read()).await.unwrap().unwrap();
    assert_eq!((kept.status, kept.confirmed, kept.stp_discussed), (event::Status::Held, false, true));
    assert_eq!(kept.publication, event::Publication::Public);
    assert_eq!(kept.created_on, Some("2018-01-15".parse().unwrap()));
    assert_eq!(kept.level, None, "what was not asked is not guessed");
    let whole = find::one(site.app.db.read(), DORSET, &kept.id).await.unwrap().unwrap();
    assert_eq!(whole.places[0].place, BOURNEMOUTH);
    assert_eq!(whole.themes.len(), 2);

    let page = officer.get(&new).await;
    assert!(!page.words("aside").contains("Carers"), "the gap is closed: {}", page.words("aside"));
    site.done().await;
});

both!(nobody_came_so_it_is_an_attempt_and_the_gap_stays, |site| {
    let mut officer = site.officer(DORSET).await;
    let fields = [("kind", "drop_in"), ("place", BOURNEMOUTH), ("who", "PP-CAR"), ("people", "0")];
    log(&mut officer, &fields).await;
    let parts = participation::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(parts.len(), 1);
    assert!(!parts[0].took_part);
    assert_eq!(parts[0].attended_high, Some(0));
    assert!(officer.get(&format!("{}/new", at())).await.words("aside").contains("Carers"));
    site.done().await;
});

both!(what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost, |site| {
    let mut officer = site.officer(DORSET).await;
    let new = format!("{}/new", at());
    let fields = [
        ("people", "forty or so folk"),
        ("starts-month", "13"),
        ("said", "One\nTwo"),
        ("place", "E09000001"),
    ];
    let answer = officer.submit(&new, &new, &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let problems = answer.each(".nhsuk-error-summary li");
    assert_eq!(problems.len(), 5, "{problems:?}");
    let links = answer.attributes(".nhsuk-error-summary a", "href");
    assert_eq!(links, ["#kind", "#starts", "#place", "#who", "#people"], "in the order of the page");
    for (target, words) in [
        ("kind", "Select what it was"),
        ("starts", "real date"),
        ("place", "Select where it was"),
        ("who", "Select who took part"),
        ("people", "Enter a number of people"),
    ] {
        assert!(answer.words(&format!("#{target}-error")).contains(words), "{target}");
        assert_eq!(answer.each(&format!("[id='{target}']")).len(), 1, "the summary's link leads to {target}");
    }
    assert_eq!(answer.attributes("#people", "value"), ["forty or so folk"]);
    assert_eq!(answer.attributes("#starts-month", "value"), ["13"]);
    assert_eq!(answer.words("#said"), "One Two");
    assert!(answer.words("title").starts_with("Error: "));
    assert_eq!(event::Entity::find().count(site.app.db.read()).await.unwrap(), 0);
    site.done().await;
});

both!(numbers_are_kept_as_people_write_them, |site| {
    let mut officer = site.officer(DORSET).await;
    let cases = [
        ("40", Some((40, 40)), "40"),
        ("c. 40", Some((40, 40)), "c. 40 (counted as 40)"),
        ("20-30", Some((20, 30)), "20-30"),
        ("30+", Some((30, 30)), "30+ (counted as 30)"),
        ("over 1,600", Some((1600, 1600)), "over 1,600 (counted as 1,600)"),
        ("", None, "Not recorded"),
    ];
    for (words, interval, shown) in cases {
        let mut fields = DROP_IN.to_vec();
        fields[3].1 = words;
        let id = log(&mut officer, &fields).await;
        let whole = find::one(site.app.db.read(), DORSET, &id).await.unwrap().unwrap();
        assert_eq!(whole.participations.len(), 1);
        let attended = whole.participations[0].attended.clone();
        assert_eq!(attended.as_ref().map(|n| (n.low, n.high)), interval, "{words}");
        assert_eq!(attended.map(|n| n.words).unwrap_or_default(), words);
        let page = officer.get(&format!("{}/{id}", at())).await;
        assert_eq!(page.each("main td:nth-of-type(2)"), [format!("Attended: {shown}")], "{words}");
    }
    site.done().await;
});

both!(one_number_for_several_groups_is_a_note_and_is_never_split, |site| {
    let mut officer = site.officer(DORSET).await;
    let two = [("kind", "workshop"), ("place", "area"), ("who", "PP-CAR"), ("who", "PP-PUB")];
    let id = log(&mut officer, &[&two[..], &[("people", "about 60")]].concat()).await;
    let whole = find::one(site.app.db.read(), DORSET, &id).await.unwrap().unwrap();
    assert_eq!(whole.participations.len(), 2);
    assert!(whole.participations.iter().all(|part| part.took_part && part.attended.is_none()));
    assert_eq!(whole.event.attendance_note.as_deref(), Some("about 60 in all, not split by group"));
    assert!(whole.places.is_empty(), "across the area is no place in particular");
    assert_eq!(whole.event.title, "Workshop with residents and carers, Dorset");

    let id =
        log(&mut officer, &[&two[..], &[("attended_PP-CAR", "12"), ("attended_ST-NUR", "3")]].concat()).await;
    let whole = find::one(site.app.db.read(), DORSET, &id).await.unwrap().unwrap();
    let said: Vec<_> = whole
        .participations
        .iter()
        .map(|part| (part.group.as_str(), part.attended.as_ref().map(|n| n.high)))
        .collect();
    assert_eq!(said, [("PP-CAR", Some(12)), ("PP-PUB", None), ("ST-NUR", Some(3))]);

    let new = format!("{}/new", at());
    let more = [&two[..], &[("people", "10"), ("attended_PP-CAR", "12")]].concat();
    let answer = officer.submit(&new, &new, &more).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.words("[id='attended_PP-CAR-error']").contains("more than the number of people"));
    site.done().await;
});

both!(a_date_still_to_come_is_planned_and_nobody_has_come_yet, |site| {
    let mut officer = site.officer(DORSET).await;
    let fields = [&DROP_IN[..], &[("starts-month", "2")]].concat();
    let id = log(&mut officer, &fields).await;
    let whole = find::one(site.app.db.read(), DORSET, &id).await.unwrap().unwrap();
    assert_eq!(whole.event.status, event::Status::Planned);
    assert!(whole.participations.iter().all(|part| !part.took_part && part.attended.is_none()));
    assert_eq!(whole.event.attendance_note.as_deref(), Some("about 40 expected"));
    let page = officer.get(&format!("{}/{id}?saved=logged", at())).await;
    assert!(page.words(".nhsuk-notification-banner").contains("kept as planned"));
    site.done().await;
});

both!(a_form_posted_twice_makes_one_event, |site| {
    let mut officer = site.officer(DORSET).await;
    let new = format!("{}/new", at());
    let mut form = officer.get(&new).await.form(&new);
    form.retain(|(name, _)| DROP_IN.iter().all(|(known, _)| known != name));
    form.extend(DROP_IN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    let pairs: Vec<(&str, &str)> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let first = officer.post(&new, &pairs).await.led();
    let second = officer.post(&new, &pairs).await.led();
    assert_eq!(first, second);
    assert_eq!(event::Entity::find().count(site.app.db.read()).await.unwrap(), 1);
    let entries = journal_entry::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(entries.iter().filter(|entry| entry.subject_table == "events").count(), 1);
    site.done().await;
});

both!(a_gaps_link_fills_in_the_form_and_saving_can_lead_to_the_next, |site| {
    let mut officer = site.officer(DORSET).await;
    let new = format!("{}/new", at());
    let filled = format!("{new}?group=PP-CAR&kind=letter&place={BOURNEMOUTH}");
    let page = officer.get(&filled).await;
    assert_eq!(page.attributes("input[name=who][checked]", "value"), ["PP-CAR"]);
    assert_eq!(page.attributes("input[name=kind][checked]", "value"), ["letter"]);
    assert_eq!(page.attributes("details[open] input[name=kind]", "value").len(), 7, "its kind is not hidden");
    assert_eq!(page.attributes("#place option[selected]", "value"), [BOURNEMOUTH]);

    let led = officer.submit(&filled, &new, &[("people", "3"), ("next", "another")]).await.led();
    assert!(led.starts_with(&format!("{new}?logged=")), "{led}");
    let again = officer.get(&led).await;
    assert!(again.words(".nhsuk-notification-banner").contains("Saved: Letter with carers, Bournemouth"));
    assert_eq!(again.attributes("input[name=who][checked]", "value").len(), 0);
    site.done().await;
});

both!(add_more_takes_everything_along_to_the_full_record, |site| {
    let mut officer = site.officer(DORSET).await;
    let new = format!("{}/new", at());
    let full = format!("{new}/full");
    let mut form = officer.get(&new).await.form(&new);
    form.retain(|(name, _)| DROP_IN.iter().all(|(known, _)| known != name));
    form.extend(DROP_IN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())));
    form.push(("more".into(), "yes".into()));
    let pairs: Vec<(&str, &str)> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let page = officer.post(&full, &pairs).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(event::Entity::find().count(site.app.db.read()).await.unwrap(), 0, "nothing is saved yet");
    let mut carried = page.form(&full);
    let has = |name: &str, text: &str| carried.iter().any(|(n, t)| n == name && t == text);
    for (name, text) in [
        ("kind", "drop_in"),
        ("places", BOURNEMOUTH),
        ("part_PP-CAR", "yes"),
        ("attended_PP-CAR", "about 40"),
        ("point_1", "Parking costs too much"),
        ("point_2", "Buses stop at six"),
        ("starts-day", "15"),
        ("status", "held"),
    ] {
        assert!(has(name, text), "{name}: {carried:?}");
    }
    carried.retain(|(name, _)| name != "title");
    carried.push(("title".into(), "Drop-in for carers".into()));
    let pairs: Vec<(&str, &str)> =
        carried.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let led = officer.post(&full, &pairs).await.led();
    assert_eq!(officer.get(&led).await.words("h1"), "Drop-in for carers");
    assert_eq!(event::Entity::find().count(site.app.db.read()).await.unwrap(), 1);
    site.done().await;
});
