//! Whom an STP writes to.

use axum::http::StatusCode;
use entity::{journal_entry, stakeholder, user::Role};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use crate::{
    both,
    harness::{
        Site,
        people::{DEVON, DORSET},
        site::Visitor,
    },
};

fn at(rest: &str) -> String {
    format!("/work/stps/{DORSET}/stakeholders{rest}")
}

/// Adds a stakeholder through the form and gives its address.
pub async fn add(officer: &mut Visitor<'_>, fields: &[(&str, &str)]) -> String {
    let mut all = vec![("basis", "Public task; the organisation's website")];
    all.extend_from_slice(fields);
    let led = officer.submit(&at("/new"), &at(""), &all).await.led();
    led.split('?').next().unwrap().to_owned()
}

async fn readings(site: &Site) -> u64 {
    let read = journal_entry::Entity::find()
        .filter(journal_entry::Column::Action.eq("read"))
        .filter(journal_entry::Column::SubjectTable.eq("stakeholders"));
    read.count(site.app.db.read()).await.unwrap()
}

both!(an_officer_adds_finds_corrects_and_withdraws_a_stakeholder, |site| {
    let mut officer = site.officer(DORSET).await;
    let healthwatch = add(
        &mut officer,
        &[
            ("group", "PP-HWT"),
            ("organisation", "Healthwatch Dorset"),
            ("name", "Volunteer co-ordinator"),
            ("email", "Office@healthwatch.example.org"),
        ],
    )
    .await;
    add(
        &mut officer,
        &[("group", "LA-HSC"), ("organisation", "100%_County Council"), ("name", "Scrutiny officer")],
    )
    .await;
    let page = officer.get(&at("")).await;
    assert_eq!(page.each("tbody tr").len(), 2);
    assert_eq!(officer.get(&at("?q=WATCH+volunteer")).await.each("tbody tr").len(), 1);
    assert_eq!(officer.get(&at("?q=100%25_")).await.each("tbody tr").len(), 1, "a pattern is taken as it is");
    assert_eq!(officer.get(&at("?q=%25%25")).await.each("tbody tr").len(), 0);
    assert_eq!(officer.get(&at("?group=LA-HSC")).await.each("tbody tr").len(), 1);
    assert_eq!(officer.get(&at("?group=PP-CAR")).await.each("tbody tr").len(), 0);

    let shown = officer.get(&healthwatch).await;
    assert_eq!(shown.words("h1"), "Volunteer co-ordinator");
    assert!(shown.words("dl").contains("Office@healthwatch.example.org"));

    officer.submit(&format!("{healthwatch}/edit"), &healthwatch, &[("role", "Co-ordinator")]).await.led();
    assert!(officer.get(&healthwatch).await.words("dl").contains("Co-ordinator"));

    officer.submit(&healthwatch, &format!("{healthwatch}/withdrawals"), &[]).await.led();
    assert_eq!(officer.get(&at("")).await.each("tbody tr").len(), 1);
    let kept = officer.get(&healthwatch).await;
    assert!(kept.words("main").contains("Withdrawn"));
    assert_eq!(officer.get(&format!("{healthwatch}/edit")).await.status, StatusCode::CONFLICT);
    site.done().await;
});

both!(bad_input_is_refused_beside_its_field_and_kept, |site| {
    let mut officer = site.officer(DORSET).await;
    let answer =
        officer.submit(&at("/new"), &at(""), &[("email", "nobody"), ("notes", "Rings on Mondays")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.each(".nhsuk-error-summary li").len(), 4, "{}", answer.words("main"));
    assert_eq!(answer.attributes("#email", "value"), ["nobody"]);
    assert_eq!(answer.words("#notes"), "Rings on Mondays");
    assert_eq!(stakeholder::Entity::find().count(site.app.db.read()).await.unwrap(), 0);
    site.done().await;
});

both!(the_same_address_asks_before_it_is_saved_again, |site| {
    let mut officer = site.officer(DORSET).await;
    let first =
        [("group", "PP-VCS"), ("organisation", "Carers Centre"), ("email", "hello@carers.example.org")];
    let first = add(&mut officer, &first).await;
    let fields = [
        ("group", "PP-CAR"),
        ("organisation", "Carers Centre"),
        ("email", "HELLO@carers.example.org"),
        ("basis", "Public task"),
    ];
    let asked = officer.submit(&at("/new"), &at(""), &fields).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(asked.attributes(".nhsuk-error-summary a", "href"), [first]);
    let mut again = asked.form(&at(""));
    again.push(("anyway".into(), "yes".into()));
    let pairs: Vec<_> = again.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    officer.post(&at(""), &pairs).await.led();
    assert_eq!(stakeholder::Entity::find().count(site.app.db.read()).await.unwrap(), 2);
    let reachable = opendoor::stakeholders::find::reachable(site.app.db.read(), DORSET).await.unwrap();
    assert_eq!(
        reachable.into_iter().collect::<Vec<_>>(),
        [("PP-CAR".to_owned(), 1), ("PP-VCS".to_owned(), 1)]
    );
    site.done().await;
});

both!(a_form_posted_twice_makes_one_stakeholder, |site| {
    let mut officer = site.officer(DORSET).await;
    let form = officer.get(&at("/new")).await.form(&at(""));
    let key = &form.iter().find(|(name, _)| name == "form_key").unwrap().1;
    let fields = [
        ("form_key", key.as_str()),
        ("group", "PP-PUB"),
        ("organisation", "A forum"),
        ("basis", "Public task"),
    ];
    let once = officer.post(&at(""), &fields).await.led();
    let twice = officer.post(&at(""), &fields).await.led();
    assert_eq!(once, twice);
    assert_eq!(stakeholder::Entity::find().count(site.app.db.read()).await.unwrap(), 1);
    site.done().await;
});

both!(a_stale_edit_is_shown_both_texts, |site| {
    let mut officer = site.officer(DORSET).await;
    let one = add(&mut officer, &[("group", "PP-PUB"), ("organisation", "A forum")]).await;
    let opened = officer.get(&format!("{one}/edit")).await.form(&one);
    officer.submit(&format!("{one}/edit"), &one, &[("organisation", "The forum of Poole")]).await.led();
    let mut mine = opened;
    mine.retain(|(name, _)| name != "organisation");
    mine.push(("organisation".into(), "Poole forum".into()));
    let pairs: Vec<_> = mine.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let stale = officer.post(&one, &pairs).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert_eq!(stale.words("tbody"), "Organisation The forum of Poole Poole forum");
    assert_eq!(stale.attributes("#organisation", "value"), ["Poole forum"]);
    let again = stale.form(&one);
    let pairs: Vec<_> = again.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    officer.post(&one, &pairs).await.led();
    assert!(officer.get(&one).await.words("dl").contains("Poole forum"));
    site.done().await;
});

both!(each_reading_is_journalled_once_without_values, |site| {
    let mut officer = site.officer(DORSET).await;
    officer.get(&at("")).await;
    assert_eq!(readings(&site).await, 0, "an empty list shows nobody");
    add(
        &mut officer,
        &[("group", "PP-PUB"), ("organisation", "A forum"), ("name", "Secretary of the forum")],
    )
    .await;
    officer.get(&at("")).await;
    assert_eq!(readings(&site).await, 1);
    let all = journal_entry::Entity::find().all(site.app.db.read()).await.unwrap();
    assert!(all.len() >= 3);
    let whole = serde_json::to_string(&all).unwrap();
    assert!(!whole.to_lowercase().contains("secretary of the forum"), "the chain holds no personal value");
    site.done().await;
});

both!(a_long_list_is_paged_by_key, |site| {
    let mut officer = site.officer(DORSET).await;
    for number in 0..52 {
        let name = format!("Office {number}");
        add(&mut officer, &[("group", if number % 2 == 0 { "PP-PUB" } else { "PP-CAR" }), ("name", &name)])
            .await;
    }
    let first = officer.get(&at("")).await;
    assert_eq!(first.each("tbody tr").len(), 50);
    let next = first.attributes("a[rel=next]", "href");
    assert_eq!(next.len(), 1);
    let second = officer.get(&next[0]).await;
    assert_eq!(second.each("tbody tr").len(), 2);
    let mut all = first.each("tbody tr a");
    all.extend(second.each("tbody tr a"));
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 52);
    site.done().await;
});

both!(another_area_sees_none_of_it, |site| {
    let mut dorset = site.officer(DORSET).await;
    let one = add(&mut dorset, &[("group", "PP-PUB"), ("organisation", "A forum")]).await;
    let mut devon = site.officer(DEVON).await;
    for path in [at(""), at("/new"), one.clone(), format!("{one}/edit")] {
        assert_eq!(devon.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in [at(""), one.clone(), format!("{one}/withdrawals")] {
        assert_eq!(devon.post(&path, &[("form_key", "x")]).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let under_devon = one.replace(DORSET, DEVON);
    assert_eq!(devon.get(&under_devon).await.status, StatusCode::NOT_FOUND);
    assert_eq!(devon.post(&format!("{under_devon}/withdrawals"), &[]).await.status, StatusCode::NOT_FOUND);
    let mut reader = site.signed_in(Role::National, &[]).await;
    assert_eq!(reader.get(&one).await.status, StatusCode::OK);
    assert_eq!(reader.get(&at("/new")).await.status, StatusCode::NOT_FOUND, "reads all, writes none");
    site.done().await;
});
