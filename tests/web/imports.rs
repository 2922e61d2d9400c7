//! An officer imports a spreadsheet: sends it in, reads the report, accepts it, and undoes it.

use axum::http::{StatusCode, header};
use entity::{event, participation, stakeholder, user::Role};
use opendoor::jobs;
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};

use crate::{
    both,
    harness::{
        Site,
        people::{DEVON, DORSET},
        site::{Answer, Visitor},
    },
};

const LOG: &str = "Ref,Date,Activity,Type,Audience,Area,No. attended,Key themes\n\
                   1,11/01/2017,Drop-in at the library,Drop-in,carers,Poole,c. 40,Beds\n\
                   2,12/01/2017,Workshop,Workshop,\"nurses, GPs\",Poole,20-30,\n\
                   3,13/01/2017,A day out,Balloon ride,carers,Poole,12,\n\
                   4,February 2018,Next meeting,Public meeting,public,Poole,,\n";

fn at(stp: &str) -> String {
    format!("/work/stps/{stp}/imports")
}

impl Visitor<'_> {
    /// Sends a file in by the form of its page.
    pub async fn send_file(&mut self, stp: &str, noun: &str, name: &str, file: &[u8]) -> Answer {
        let page = self.get(&format!("{}/new", at(stp))).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text());
        let key = page.form(&at(stp)).into_iter().find(|(name, _)| name == "form_key").unwrap().1;
        self.send_again(stp, noun, &key, name, file).await
    }

    pub async fn send_again(&mut self, stp: &str, noun: &str, key: &str, name: &str, file: &[u8]) -> Answer {
        let fields = [("form_key", key), ("noun", noun), ("list", "")];
        self.post_file(&at(stp), &fields, name, file).await
    }
}

async fn events(site: &Site) -> u64 {
    event::Entity::find().count(site.app.db.read()).await.unwrap()
}

both!(an_officer_imports_a_log_and_undoes_it, |site| {
    let mut officer = site.officer(DORSET).await;
    let report = officer.send_file(DORSET, "events", "log.csv", LOG.as_bytes()).await.led();
    let waiting = officer.get(&report).await;
    assert_eq!(
        waiting.attributes("meta[http-equiv=refresh]", "content"),
        ["3"],
        "the page asks for itself again"
    );
    assert_eq!(jobs::run_due(&site.app).await.unwrap(), 1);

    let checked = officer.get(&report).await;
    assert_eq!(checked.attributes("meta[http-equiv=refresh]", "content"), [] as [&str; 0]);
    assert_eq!(checked.each(".app-stat__n"), ["2", "1", "0", "0", "1"]);
    assert_eq!(checked.each("tbody tr").len(), 4);
    let words = checked.words("main");
    assert!(
        words.contains("Nothing has been written yet. If you accept, 3 rows of 4 will be written."),
        "{words}"
    );
    assert!(words.contains("The map does not know the kind “Balloon ride”."), "{words}");
    assert_eq!(events(&site).await, 0, "a check writes nothing to the record");
    let only = officer.get(&format!("{report}?outcome=error")).await;
    assert_eq!(only.each("tbody tr").len(), 1);

    let errors = officer.get(&format!("{report}/errors.csv")).await;
    assert_eq!(errors.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(
        errors.text(),
        "Row,Problem,Ref,Date,Activity,Type,Audience,Area,No. attended,Key themes\n\
         4,The map does not know the kind “Balloon ride”.,3,13/01/2017,A day out,Balloon ride,carers,Poole,12,\n"
    );

    officer.submit(&report, &format!("{report}/acceptances"), &[]).await.led();
    assert!(officer.get(&report).await.words("main").contains("Writing the records."));
    jobs::run_due(&site.app).await.unwrap();
    let accepted = officer.get(&format!("{report}?done=accepted")).await;
    assert!(accepted.words("main").contains("The import is accepted"));
    assert_eq!(accepted.each("tbody tr a").len(), 3, "each row that was written leads to its event");
    assert_eq!(events(&site).await, 3);
    let carers = participation::Entity::find().filter(participation::Column::GroupCode.eq("PP-CAR"));
    let carers = carers.one(site.app.db.read()).await.unwrap().unwrap();
    assert_eq!((carers.attended_low, carers.attended_words.as_deref()), (Some(40), Some("c. 40")));

    // The same file again has nothing to write, and nothing to accept.
    let again = officer.send_file(DORSET, "events", "log.csv", LOG.as_bytes()).await.led();
    jobs::run_due(&site.app).await.unwrap();
    let again = officer.get(&again).await;
    assert_eq!(again.each(".app-stat__n"), ["0", "0", "3", "0", "1"]);
    assert!(again.words("main").contains("There is nothing to write"));
    assert!(!again.text().contains("/acceptances"));

    officer.submit(&report, &format!("{report}/undoings"), &[]).await.led();
    jobs::run_due(&site.app).await.unwrap();
    assert!(
        officer.get(&format!("{report}?done=undone")).await.words("main").contains("The import is undone")
    );
    assert_eq!(events(&site).await, 0);
    let list = officer.get(&at(DORSET)).await;
    assert_eq!(list.each("tbody .nhsuk-tag"), ["Checked", "Undone"]);
    site.done().await;
});

both!(columns_are_chosen_where_their_names_say_nothing, |site| {
    let mut officer = site.officer(DORSET).await;
    let file = "What,When,Who\nDrop-in at the library,11/01/2017,carers\n";
    let report = officer.send_file(DORSET, "events", "log.csv", file.as_bytes()).await.led();
    jobs::run_due(&site.app).await.unwrap();
    let failed = officer.get(&report).await;
    assert!(failed.words("main").contains("Choose the column that holds the title"));

    let columns = format!("{report}/columns");
    let page = officer.get(&columns).await;
    assert_eq!(page.each("label"), ["What", "When", "Who"]);
    assert!(page.words("main").contains("“Drop-in at the library”"));
    let both = [("column_0", "title"), ("column_1", "title")];
    let refused = officer.submit(&columns, &columns, &both).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.words(".nhsuk-error-summary").contains("Another column is the title already"));
    let chosen = [("column_0", "title"), ("column_1", "starts_on"), ("column_2", "groups")];
    assert_eq!(officer.submit(&columns, &columns, &chosen).await.led(), report);
    jobs::run_due(&site.app).await.unwrap();
    assert_eq!(officer.get(&report).await.each(".app-stat__n")[0], "1");
    // The choice is kept.
    let page = officer.get(&columns).await;
    assert_eq!(page.attributes("select option[selected]", "value"), ["title", "starts_on", "groups"]);
    site.done().await;
});

both!(a_file_that_cannot_be_read_is_refused_beside_its_field, |site| {
    let mut officer = site.officer(DORSET).await;
    let files: [(&str, &[u8], &str); 5] = [
        ("", b"", "Choose a file"),
        ("log.csv", b"", "The file is empty"),
        ("log.pdf", b"%PDF", "CSV, XLSX or ODS"),
        ("log.xlsx", b"Date,Title", "not an Excel workbook"),
        ("log.csv", b"Date,Title\n\xFF,x", "not in UTF-8"),
    ];
    for (name, bytes, why) in files {
        let refused = officer.send_file(DORSET, "events", name, bytes).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(refused.words("#file-error").contains(why), "{}", refused.words("main"));
        assert_eq!(
            refused.attributes("input[name=noun][checked]", "value"),
            ["events"],
            "what was chosen stays"
        );
    }
    let huge = vec![b'a'; opendoor::import::sheet::BYTES + 1];
    let refused = officer.send_file(DORSET, "events", "log.csv", &huge).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.words("#file-error").contains("25 MB"));
    let refused = officer.send_file(DORSET, "weather", "log.csv", LOG.as_bytes()).await;
    assert!(refused.words("#noun-error").contains("Select what the file lists"), "{}", refused.words("main"));
    site.done().await;
});

both!(a_form_sent_twice_is_one_import, |site| {
    let mut officer = site.officer(DORSET).await;
    let key = "a-key-of-more-than-twenty-letters";
    let first = officer.send_again(DORSET, "events", key, "log.csv", LOG.as_bytes()).await.led();
    assert_eq!(officer.send_again(DORSET, "events", key, "log.csv", LOG.as_bytes()).await.led(), first);
    assert_eq!(jobs::run_due(&site.app).await.unwrap(), 1);
    assert_eq!(officer.get(&at(DORSET)).await.each("tbody tr").len(), 1);
    site.done().await;
});

both!(rows_of_another_area_are_errors_and_its_imports_do_not_exist, |site| {
    let mut officer = site.officer(DORSET).await;
    let file = "STP,Date,Title\nDevon,2017-01-11,Elsewhere\nDorset,2017-01-11,Here\n";
    let report = officer.send_file(DORSET, "events", "log.csv", file.as_bytes()).await.led();
    jobs::run_due(&site.app).await.unwrap();
    let words = officer.get(&report).await.words("main");
    assert!(words.contains("It is a row of Devon, and this is an import for Dorset."), "{words}");

    let mut other = site.officer(DEVON).await;
    let through_devon = report.replace(DORSET, DEVON);
    for address in [
        report.clone(),
        through_devon.clone(),
        format!("{through_devon}/errors.csv"),
        format!("{through_devon}/columns"),
    ] {
        assert_eq!(other.get(&address).await.status, StatusCode::NOT_FOUND, "{address}");
    }
    for address in ["acceptances", "undoings", "columns"] {
        let key = [("form_key", "a-key-of-more-than-twenty-letters")];
        let answer = other.post(&format!("{through_devon}/{address}"), &key).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{address}");
    }
    // Whoever only reads sees the report, and no way to write.
    let mut reader = site.signed_in(Role::Region, &[]).await;
    let page = reader.get(&report).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("/acceptances"));
    let answer = reader
        .post(&format!("{report}/acceptances"), &[("form_key", "a-key-of-more-than-twenty-letters")])
        .await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    site.done().await;
});

both!(an_import_is_accepted_once, |site| {
    let mut officer = site.officer(DORSET).await;
    let report = officer.send_file(DORSET, "events", "log.csv", LOG.as_bytes()).await.led();
    jobs::run_due(&site.app).await.unwrap();
    let accept = format!("{report}/acceptances");
    officer.submit(&report, &accept, &[]).await.led();
    let second = officer.post(&accept, &[("form_key", "another-key-of-twenty-letters")]).await;
    assert_eq!(second.status, StatusCode::CONFLICT);
    jobs::run_due(&site.app).await.unwrap();
    assert_eq!(events(&site).await, 3);
    site.done().await;
});

both!(a_list_of_stakeholders_leaves_no_name_behind, |site| {
    let mut officer = site.officer(DORSET).await;
    let list = "Group,Organisation,Email\nPP-HWT,Healthwatch Dorset,office@healthwatch.example.org\n\
                voluntary sector,Dorset Carers,carers@example.org\nWizards,Dorset Wizards,hat@example.org\n";
    let report = officer.send_file(DORSET, "stakeholders", "list.csv", list.as_bytes()).await.led();
    jobs::run_due(&site.app).await.unwrap();
    let page = officer.get(&report).await;
    assert_eq!(page.each(".app-stat__n"), ["2", "0", "0", "0", "1"]);
    let errors = officer.get(&format!("{report}/errors.csv")).await.text();
    assert_eq!(errors, "Row,Problem\n4,The map does not know its group.\n");
    for text in [page.text(), errors] {
        assert!(!text.contains("example.org") && !text.contains("Wizards"), "{text}");
    }
    officer.submit(&report, &format!("{report}/acceptances"), &[]).await.led();
    jobs::run_due(&site.app).await.unwrap();
    let db = site.app.db.read();
    assert_eq!(stakeholder::Entity::find().count(db).await.unwrap(), 2);
    let kept = entity::import::Entity::find().one(db).await.unwrap().unwrap();
    assert!(kept.file.is_empty(), "the file is not kept beside the stakeholders");
    for row in entity::import_row::Entity::find().all(db).await.unwrap() {
        assert_eq!((row.draft, row.source.as_str()), (None, "[]"));
    }
    let again = officer.send_file(DORSET, "stakeholders", "list.csv", list.as_bytes()).await.led();
    jobs::run_due(&site.app).await.unwrap();
    assert_eq!(officer.get(&again).await.each(".app-stat__n"), ["0", "0", "2", "0", "1"]);
    // A list that nobody accepts does not stay.
    site.app.clock.advance(chrono::TimeDelta::days(8));
    opendoor::import::sweep::run(&site.app).await.unwrap();
    assert!(officer.get(&again).await.words("main").contains("not accepted within 7 days"));

    officer.submit(&report, &format!("{report}/undoings"), &[]).await.led();
    jobs::run_due(&site.app).await.unwrap();
    assert_eq!(stakeholder::Entity::find().count(db).await.unwrap(), 0);
    site.done().await;
});
