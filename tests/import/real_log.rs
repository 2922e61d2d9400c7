//! The log that comes with the product: all of it in, the same again changes nothing, all of it out.

use entity::{
    consultation, event, event_place, evidence,
    import::{Noun, State},
    import_row,
    import_row::Outcome,
    journal_entry, participation, proposal, stp,
};
use opendoor::{
    import::{
        self,
        find::{self, Summary},
        map::Map,
        plans,
        progress::Progress,
        upload::{self, Upload},
    },
    journal::Actor,
};
use sea_orm::{ColumnTrait as _, EntityTrait, PaginatorTrait as _, QueryFilter as _, QueryOrder as _};

use crate::{both, harness::Site};

const LOG: &[u8] = include_bytes!("../../data/engagement-log/events.csv");
const PLANS: &[u8] = include_bytes!("../../data/engagement-log/plans.csv");
const BY: Actor = Actor::Command("test");

/// The log as someone sends it in.
pub fn log() -> Upload {
    let map = Map::own("engagement-log").unwrap();
    Upload { noun: Noun::Events, stp: None, file_name: "events.csv".into(), file: LOG.to_vec(), map }
}

/// Takes a file in and checks it.
pub async fn checked(site: &Site, upload: Upload) -> Summary {
    let mut w = site.app.write_as(BY, "test").await.unwrap();
    let id = upload::create(&mut w, upload).await.unwrap();
    w.commit().await.unwrap();
    import::advance(&site.app, &id, &BY, &Progress::Nobody).await.unwrap();
    summary(site, &id).await
}

pub async fn summary(site: &Site, id: &str) -> Summary {
    find::one(site.app.db.read(), id).await.unwrap().unwrap()
}

/// Takes an import its next step.
pub async fn step(site: &Site, import: &Summary, to: State) -> Summary {
    let mut w = site.app.write_as(BY, "test").await.unwrap();
    assert!(upload::step(&mut w, import, &[import.state], to, None).await.unwrap());
    w.commit().await.unwrap();
    import::advance(&site.app, &import.id, &BY, &Progress::Nobody).await.unwrap();
    summary(site, &import.id).await
}

async fn count<E>(site: &Site, _: E) -> u64
where
    E: EntityTrait,
    E::Model: Sync,
{
    E::find().count(site.app.db.read()).await.unwrap()
}

both!(all_287_rows_come_in_and_each_is_accounted_for, |site| {
    let before = count(&site, journal_entry::Entity).await;
    let import = checked(&site, log()).await;
    assert_eq!((import.state, import.rows_total), (State::Checked, 287));
    assert_eq!((import.n_created, import.n_planned), (236, 51));
    assert_eq!((import.n_unchanged, import.n_skipped, import.n_error), (0, 0, 0));
    assert_eq!(count(&site, import_row::Entity).await, 287);
    assert_eq!(count(&site, event::Entity).await, 0, "a check writes its report and nothing else");
    assert_eq!(count(&site, journal_entry::Entity).await, before + 2);

    let import = step(&site, &import, State::Accepting).await;
    assert_eq!(import.state, State::Accepted);
    assert_eq!(count(&site, event::Entity).await, 287);
    assert_eq!(count(&site, consultation::Entity).await, 57);
    assert_eq!(count(&site, proposal::Entity).await, 27);
    assert_eq!(count(&site, evidence::Entity).await, 328);
    let events = event::Entity::find().all(site.app.db.read()).await.unwrap();
    assert!(events.iter().all(|event| event.created_on.is_none() && !event.confirmed));
    assert_eq!(
        events.iter().map(|event| &event.stp_code).collect::<std::collections::BTreeSet<_>>().len(),
        44
    );
    // A row's place in the report leads to its record.
    let (rows, _) = find::rows(site.app.db.read(), &import.id, None, 0, 300).await.unwrap();
    assert_eq!(rows.len(), 287);
    for row in &rows {
        let id = row.subject_id.clone().unwrap();
        let found = match row.subject_table.as_deref() {
            Some("events") => event::Entity::find_by_id(id).count(site.app.db.read()).await.unwrap(),
            Some("consultations") => {
                consultation::Entity::find_by_id(id).count(site.app.db.read()).await.unwrap()
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(found, 1, "row {}", row.position);
    }
    site.done().await;
});

both!(the_same_file_again_changes_nothing, |site| {
    let first = checked(&site, log()).await;
    step(&site, &first, State::Accepting).await;
    let events = || event::Entity::find().order_by_asc(event::Column::Id).all(site.app.db.read());
    let before = events().await.unwrap();
    let again = checked(&site, log()).await;
    assert_eq!((again.n_unchanged, again.to_write()), (287, 0));
    let again = step(&site, &again, State::Accepting).await;
    assert_eq!((again.state, again.n_unchanged), (State::Accepted, 287));
    assert_eq!(events().await.unwrap(), before);
    site.done().await;
});

both!(two_checks_of_one_file_accepted_one_after_the_other_make_each_record_once, |site| {
    let (first, second) = (checked(&site, log()).await, checked(&site, log()).await);
    step(&site, &first, State::Accepting).await;
    let second = step(&site, &second, State::Accepting).await;
    assert_eq!((second.n_unchanged, second.to_write()), (287, 0));
    assert_eq!(count(&site, event::Entity).await, 287);
    site.done().await;
});

both!(the_whole_import_can_be_undone, |site| {
    let import = checked(&site, log()).await;
    let import = step(&site, &import, State::Accepting).await;
    let import = step(&site, &import, State::Undoing).await;
    assert_eq!((import.state, import.problem), (State::Undone, None));
    assert_eq!(count(&site, event::Entity).await, 0);
    assert_eq!(count(&site, consultation::Entity).await, 0);
    assert_eq!(count(&site, proposal::Entity).await, 0);
    assert_eq!(count(&site, participation::Entity).await, 0);
    assert_eq!(count(&site, event_place::Entity).await, 0);
    assert_eq!(count(&site, evidence::Entity).await, 0);
    // And it can come in again.
    let again = checked(&site, log()).await;
    assert_eq!((again.n_created, again.n_planned), (236, 51));
    site.done().await;
});

both!(what_was_changed_since_is_left_when_an_import_is_undone, |site| {
    let import = checked(&site, log()).await;
    let import = step(&site, &import, State::Accepting).await;
    let row = find::rows(site.app.db.read(), &import.id, None, 0, 300).await.unwrap().0;
    let row = row.into_iter().find(|row| row.external_id.as_deref() == Some("E41-03")).unwrap();
    let id = row.subject_id.unwrap();
    let event = opendoor::events::find::one(site.app.db.read(), "E54000041", &id).await.unwrap().unwrap();
    let mut draft = event.draft();
    draft.title = "Drop-in, Weymouth library".into();
    let mut w = site.app.write_as(BY, "test").await.unwrap();
    opendoor::events::record::update(&mut w, "E54000041", &id, 1, draft).await.unwrap();
    w.commit().await.unwrap();

    let again = checked(&site, log()).await;
    assert_eq!(again.n_unchanged, 287, "an event that was edited is not written over");
    let import = step(&site, &import, State::Undoing).await;
    // The drop-in, the consultation that it is part of, and that one's proposal.
    assert_eq!(
        import.problem.as_deref(),
        Some("3 records were changed or used after the import, and left as they are")
    );
    assert_eq!(count(&site, event::Entity).await, 1);
    assert_eq!(count(&site, consultation::Entity).await, 1);
    assert_eq!(count(&site, proposal::Entity).await, 1);
    let left = import_row::Entity::find().filter(import_row::Column::Reason.starts_with("Left as it is"));
    assert_eq!(left.count(site.app.db.read()).await.unwrap(), 2, "the drop-in's row and the consultation's");
    site.done().await;
});

both!(a_row_that_changed_since_is_skipped_and_says_so, |site| {
    let import = checked(&site, log()).await;
    step(&site, &import, State::Accepting).await;
    let text = std::str::from_utf8(LOG).unwrap().replace("Civic Centre, Hartlepool", "Town Hall, Hartlepool");
    let again = checked(&site, Upload { file: text.into_bytes(), ..log() }).await;
    assert_eq!((again.n_unchanged, again.n_skipped, again.to_write()), (286, 1, 0));
    let (skipped, _) =
        find::rows(site.app.db.read(), &again.id, Some(Outcome::Skipped), 0, 10).await.unwrap();
    assert!(skipped[0].reason.contains("the row has changed since"), "{}", skipped[0].reason);
    site.done().await;
});

both!(a_file_that_cannot_be_read_fails_with_its_reason, |site| {
    let import = checked(
        &site,
        Upload { file: b"PK\x03\x04 not a zip".to_vec(), file_name: "log.xlsx".into(), ..log() },
    )
    .await;
    assert_eq!(import.state, State::Failed);
    assert!(import.problem.unwrap().contains("damaged"));
    let import = checked(&site, Upload { file: b"What,When\nx,y\n".to_vec(), ..log() }).await;
    assert_eq!(import.state, State::Failed);
    assert!(import.problem.unwrap().contains("Choose the column that holds the title"));
    site.done().await;
});

both!(plans_come_in_once, |site| {
    let plans = plans::read(PLANS).unwrap();
    for expected in [44, 0] {
        let mut w = site.app.write_as(BY, "test").await.unwrap();
        let changed = plans::write(&mut w, &plans).await.unwrap();
        assert_eq!(changed, expected);
        if changed > 0 {
            w.commit().await.unwrap();
        }
    }
    let stps = stp::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(stps.iter().filter(|stp| stp.plan_published_on.is_some()).count(), 30);
    let lancashire = stps.iter().find(|stp| stp.code == "E54000048").unwrap();
    assert_eq!(lancashire.plan_published_words.as_deref(), Some("November 2016"));
    site.done().await;
});
