//! Proposals, and all that every noun has: form, list, page, history, removal, spreadsheet.

use axum::http::StatusCode;
use entity::{journal_entry, proposal, proposal_place, user::Role};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use super::{add, at, bring, check, counts, dorset, id, send};
use crate::{
    both,
    harness::people::{DEVON, DORSET},
};

const EMERGENCY: &[(&str, &str)] = &[
    ("title", "One emergency department for Dorset"),
    ("theme", "urgent_care"),
    ("places", "E06000028"),
    ("places", "E06000029"),
    ("service_change", "yes"),
    ("substantial", "yes"),
    ("accessible_formats", "easy read\nlarge print"),
    ("decision_on-day", "20"),
    ("decision_on-month", "9"),
    ("decision_on-year", "2017"),
];

both!(an_officer_puts_a_proposal_on_record_and_corrects_it, |site| {
    let mut officer = site.officer(DORSET).await;
    let one = add(&mut officer, "proposals", EMERGENCY).await;
    let record = dorset(&site).await;
    let kept = &record["proposals"][0];
    assert_eq!(kept["title"], "One emergency department for Dorset");
    assert_eq!(kept["substantial"], "yes");
    assert_eq!(kept["service_change"], true);
    assert_eq!(kept["decision_on"], "2017-09-20");
    assert_eq!(kept["accessible_formats"], serde_json::json!(["easy read", "large print"]));
    assert_eq!(kept["places"], serde_json::json!(["E06000028", "E06000029"]));

    let page = officer.get(&one).await;
    assert_eq!(page.words("h1"), "One emergency department for Dorset");
    assert!(page.words("dl").contains("Urgent care") && page.words("dl").contains("20 September 2017"));
    officer
        .submit(&format!("{one}/edit"), &one, &[("staff_impact", "yes"), ("theme", "hospital")])
        .await
        .led();
    assert_eq!(dorset(&site).await["proposals"][0]["staff_impact"], true);
    assert_eq!(
        proposal_place::Entity::find().count(site.app.db.read()).await.unwrap(),
        2,
        "boxes stay ticked"
    );
    let page = officer.get(&one).await;
    let history = page.words("#history");
    assert!(history.contains("Theme : Urgent care became Hospital services"), "{history}");
    assert!(history.contains("Would affect staff : No became Yes"), "{history}");

    // The list is found, narrowed and sorted by its address.
    add(&mut officer, "proposals", &[("title", "Community hubs"), ("theme", "community")]).await;
    assert_eq!(
        officer.get(&at("proposals")).await.each("tbody th"),
        ["Community hubs", "One emergency department for Dorset"]
    );
    assert_eq!(officer.get(&at("proposals?q=HUBS")).await.each("tbody tr").len(), 1);
    assert_eq!(officer.get(&at("proposals?theme=hospital")).await.each("tbody tr").len(), 1);
    assert_eq!(
        officer.get(&at("proposals?sort=-decision_on")).await.each("tbody th")[0],
        "One emergency department for Dorset"
    );
    assert!(officer.get(&at("record")).await.words("tbody").contains("Proposals On record: 2"));
    site.done().await;
});

both!(bad_input_is_kept_and_the_same_form_makes_one, |site| {
    let mut officer = site.officer(DORSET).await;
    let bad = [
        ("description", "Two become one"),
        ("theme", "astrology"),
        ("places", "E06000026"),
        ("document_url", "javascript:alert(1)"),
        ("decision_on-day", "31"),
        ("decision_on-month", "2"),
        ("decision_on-year", "2017"),
        ("nhs_view", "It is substantial"),
    ];
    let answer = officer.submit(&at("proposals/new"), &at("proposals"), &bad).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.each(".nhsuk-error-summary li").len(), 6, "{}", answer.words(".nhsuk-error-summary"));
    assert_eq!(answer.words("#description"), "Two become one");
    assert_eq!(answer.attributes("#decision_on-day", "value"), ["31"]);
    for target in answer.attributes(".nhsuk-error-summary a", "href") {
        assert_eq!(answer.each(&format!("[id='{}']", &target[1..])).len(), 1, "{target}");
    }
    assert_eq!(proposal::Entity::find().count(site.app.db.read()).await.unwrap(), 0);

    let mut form = officer.get(&at("proposals/new")).await.form(&at("proposals"));
    form.retain(|(name, _)| name != "title");
    form.push(("title".into(), "Community hubs".into()));
    let pairs: Vec<_> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let once = officer.post(&at("proposals"), &pairs).await.led();
    assert_eq!(officer.post(&at("proposals"), &pairs).await.led(), once);
    let twin = officer.submit(&at("proposals/new"), &at("proposals"), &[("title", "community HUBS")]).await;
    assert_eq!(twin.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(proposal::Entity::find().count(site.app.db.read()).await.unwrap(), 1);
    site.done().await;
});

both!(a_stale_edit_shows_both_texts, |site| {
    let mut officer = site.officer(DORSET).await;
    let one = add(&mut officer, "proposals", EMERGENCY).await;
    let mut mine = officer.get(&format!("{one}/edit")).await.form(&one);
    officer.submit(&format!("{one}/edit"), &one, &[("description", "Theirs")]).await.led();
    mine.retain(|(name, _)| name != "description");
    mine.push(("description".into(), "Mine".into()));
    let pairs: Vec<_> = mine.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let stale = officer.post(&one, &pairs).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert_eq!(stale.words("#conflict tbody"), "What is proposed Theirs Mine");
    assert_eq!(stale.words("#description"), "Mine");
    let again = stale.form(&one);
    let pairs: Vec<_> = again.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    officer.post(&one, &pairs).await.led();
    assert!(officer.get(&one).await.words("dl").contains("Mine"));
    site.done().await;
});

both!(what_is_removed_can_be_put_back, |site| {
    let mut officer = site.officer(DORSET).await;
    let one = add(&mut officer, "proposals", EMERGENCY).await;
    let before = dorset(&site).await["proposals"].clone();
    officer.submit(&one, &format!("{one}/removals"), &[]).await.led();
    assert_eq!(dorset(&site).await["proposals"], serde_json::json!([]));
    let page = officer.get(&one).await;
    assert!(page.words("main").contains("Removed") && page.words("dl").contains("Urgent care"));
    let mut devon = site.officer(DEVON).await;
    assert_eq!(devon.get(&one.replace(DORSET, DEVON)).await.status, StatusCode::NOT_FOUND);
    officer.submit(&one, &format!("{one}/restorations"), &[]).await.led();
    assert_eq!(dorset(&site).await["proposals"], before);
    site.done().await;
});

both!(a_spreadsheet_is_looked_at_and_then_accepted, |site| {
    let mut officer = site.officer(DORSET).await;
    let one = add(&mut officer, "proposals", EMERGENCY).await;
    let csv = officer.get(&at("proposals/export.csv")).await;
    assert!(csv.text().starts_with("id,title,description,theme"), "{}", csv.text());
    let (_, page) = check(&mut officer, "proposals", &csv.body).await;
    assert_eq!(counts(&page), [0, 0, 1, 0], "what was exported comes in unchanged");

    let entries = journal_entry::Entity::find().filter(journal_entry::Column::SubjectTable.eq("proposals"));
    let before = entries.clone().count(site.app.db.read()).await.unwrap();
    let file = format!(
        "ID,Title,Theme,Places affected,Decision on,Note\n\
         {},One emergency department for Dorset,Hospital services,Poole; Bournemouth,2017-09-20,a note\n\
         ,Community hubs,community,E10000009,1 March 2018,\n\
         ,Community HUBS,community,,,\n\
         no-such-id,A wing,estates,,,\n\
         ,,cancer,Atlantis,soon,\n",
        id(&one)
    );
    let (here, page) = check(&mut officer, "proposals", file.as_bytes()).await;
    assert_eq!(counts(&page), [1, 1, 0, 3], "{}", page.words("main"));
    assert!(page.words("main").contains("nothing is read from: Note"), "{}", page.words("main"));
    assert!(page.words("#rows").contains("Theme: “Urgent care” becomes “Hospital services”"));
    assert_eq!(entries.clone().count(site.app.db.read()).await.unwrap(), before, "nothing is written yet");
    let problems = officer.get(&format!("{here}/problems.csv")).await.text();
    assert_eq!(
        problems.lines().collect::<Vec<_>>(),
        [
            "Row,Column,What is wrong",
            "4,title,There is another proposal with the same title",
            "5,id,This STP has no proposal with this id. Leave it empty to add a new one",
            "6,title,Enter title",
            "6,places,Places affected: this STP has no “Atlantis”",
            "6,decision_on,\"Decision on must be a real date, such as 2017-01-11 or 11 January 2017\"",
        ]
    );
    let form = page.form(&here);
    let pairs: Vec<_> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    officer.post(&here, &pairs).await.led();
    assert_eq!(entries.clone().count(site.app.db.read()).await.unwrap(), before + 2);
    assert_eq!(officer.get(&here).await.status, StatusCode::NOT_FOUND, "the file is gone");
    assert!(officer.get(&one).await.words("dl").contains("Two").eq(&false));
    assert!(officer.get(&one).await.words("dl").contains("easy read"), "a column that the file lacks stays");

    let again = "title,theme,places,decision_on\nCommunity hubs,community,E10000009,2018-03-01\n";
    let (_, page) = check(&mut officer, "proposals", again.as_bytes()).await;
    assert_eq!(counts(&page), [0, 0, 1, 0], "the same row again is the same proposal");
    let nothing = send(&mut officer, "proposals", "a.csv", b"colour\nred\n").await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let nothing = send(&mut officer, "proposals", "a.pdf", b"%PDF").await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    site.done().await;
});

both!(what_changed_since_the_page_is_shown_again, |site| {
    let mut officer = site.officer(DORSET).await;
    let one = add(&mut officer, "proposals", EMERGENCY).await;
    let file = format!("id,description\n{},From the file\n", id(&one));
    let (here, page) = check(&mut officer, "proposals", file.as_bytes()).await;
    officer.submit(&format!("{one}/edit"), &one, &[("description", "From a colleague")]).await.led();
    let form = page.form(&here);
    let pairs: Vec<_> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let stale = officer.post(&here, &pairs).await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    assert!(stale.words("#rows").contains("“From a colleague” becomes “From the file”"));
    bring(&mut officer, "proposals", file.as_bytes()).await;
    assert!(officer.get(&one).await.words("dl").contains("From the file"));
    site.done().await;
});

both!(another_area_reaches_none_of_it, |site| {
    let mut officer = site.officer(DORSET).await;
    let one = add(&mut officer, "proposals", EMERGENCY).await;
    let (here, page) = check(&mut officer, "proposals", b"title\nCommunity hubs\n").await;
    let mut devon = site.officer(DEVON).await;
    for path in [one.clone(), format!("{one}/edit"), here.clone(), at("proposals/export.csv"), at("record")] {
        assert_eq!(devon.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    for path in [&one, &here] {
        let own = path.replace(DORSET, DEVON);
        assert_eq!(devon.get(&own).await.status, StatusCode::NOT_FOUND, "{own}");
        let form = page.form(&here);
        let pairs: Vec<_> = form.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(devon.post(&own, &pairs).await.status, StatusCode::NOT_FOUND, "{own}");
    }
    let mut reader = site.signed_in(Role::Region, &[]).await;
    assert_eq!(reader.get(&one).await.status, StatusCode::OK);
    assert_eq!(
        reader.get(&at("proposals/new")).await.status,
        StatusCode::NOT_FOUND,
        "reads all, writes none"
    );
    site.done().await;
});
