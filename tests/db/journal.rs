//! The journal never forgets: a row changed, removed, inserted or reordered is named.

use entity::{journal_entry, journal_value, user::Role};
use opendoor::{
    auth::users,
    journal::{Actor, Entry, changes, verify, versions},
};
use sea_orm::{
    ActiveModelTrait as _, ConnectionTrait as _, EntityTrait as _, IntoActiveModel as _, PaginatorTrait as _,
    QueryOrder as _,
};
use serde_json::json;

use crate::{
    both,
    harness::{Site, people::DORSET},
};

/// Ten entries about an event, one a commit.
async fn ten_entries(site: &Site) {
    for i in 0..10 {
        let mut w = site.app.write_as(Actor::System, &format!("request {i}")).await.unwrap();
        w.record(Entry {
            action: if i == 0 { "create" } else { "update" },
            table: "events",
            id: "an-event",
            stp: Some(DORSET),
            before: (i > 0).then(|| json!({"title": format!("Title {}", i - 1)})),
            after: Some(json!({"title": format!("Title {i}"), "venue": null})),
        });
        w.commit().await.unwrap();
    }
}

async fn broken_at(site: &Site) -> i64 {
    verify(site.app.db.read(), 1).await.unwrap().unwrap_err().seq
}

/// Changes the journal behind the product's back.
async fn tamper(site: &Site, sql: &str) {
    site.app.db.writer().execute_unprepared(sql).await.unwrap();
}

both!(every_way_to_alter_the_journal_is_named, |site| {
    ten_entries(&site).await;
    let whole = verify(site.app.db.read(), 1).await.unwrap().unwrap();
    assert_eq!(whole.entries, 10);
    let rows = journal_entry::Entity::find()
        .order_by_asc(journal_entry::Column::Seq)
        .all(site.app.db.read())
        .await
        .unwrap();

    for column in ["actor", "request", "action", "subject_table", "subject_id", "stp_code", "before", "after"]
    {
        tamper(&site, &format!("UPDATE journal SET \"{column}\" = 'forged' WHERE seq = 5")).await;
        assert_eq!(broken_at(&site).await, 5, "{column}");
        let was = rows[4].clone().into_active_model().reset_all();
        journal_entry::Entity::update(was).exec(site.app.db.writer()).await.unwrap();
        verify(site.app.db.read(), 1).await.unwrap().unwrap();
    }
    // Removed from the middle.
    tamper(&site, "DELETE FROM journal WHERE seq = 7").await;
    assert_eq!(broken_at(&site).await, 7);
    let back = rows[6].clone().into_active_model().reset_all();
    journal_entry::Entity::insert(back).exec_without_returning(site.app.db.writer()).await.unwrap();
    // Two of them changed places.
    tamper(&site, "UPDATE journal SET seq = 100 WHERE seq = 3").await;
    tamper(&site, "UPDATE journal SET seq = 3 WHERE seq = 4").await;
    tamper(&site, "UPDATE journal SET seq = 4 WHERE seq = 100").await;
    assert_eq!(broken_at(&site).await, 3);
    tamper(&site, "UPDATE journal SET seq = 100 WHERE seq = 3").await;
    tamper(&site, "UPDATE journal SET seq = 3 WHERE seq = 4").await;
    tamper(&site, "UPDATE journal SET seq = 4 WHERE seq = 100").await;
    // One more at the end, that nobody linked.
    let mut forged = rows[9].clone();
    forged.seq = 11;
    let forged = forged.into_active_model().reset_all();
    journal_entry::Entity::insert(forged).exec_without_returning(site.app.db.writer()).await.unwrap();
    assert_eq!(broken_at(&site).await, 11);
    tamper(&site, "DELETE FROM journal WHERE seq = 11").await;
    assert_eq!(verify(site.app.db.read(), 1).await.unwrap().unwrap(), whole);
    // From the middle on, the same end.
    let half = verify(site.app.db.read(), 6).await.unwrap().unwrap();
    assert_eq!((half.entries, &half.head), (5, &whole.head));
    site.done().await;
});

both!(personal_values_stand_beside_the_chain_and_can_be_erased, |site| {
    site.add_user("officer.dorset@example.org", Role::Officer, &[DORSET]).await;
    let entries = journal_entry::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(entries.len(), 1);
    let chained = entries[0].after.clone().unwrap();
    assert!(!chained.contains("officer.dorset") && chained.contains("sha256:"), "{chained}");
    let user = users::by_email(site.app.db.read(), "officer.dorset@example.org").await.unwrap().unwrap();
    let kept = versions(site.app.db.read(), "users", &user.id).await.unwrap();
    assert_eq!(kept[0].after.as_ref().unwrap()["email"], "officer.dorset@example.org");
    assert!(!chained.contains("argon2"), "a password's hash is not journalled");

    // A value altered is named; a value erased leaves the chain whole.
    assert_eq!(journal_value::Entity::find().count(site.app.db.read()).await.unwrap(), 2);
    tamper(&site, "UPDATE journal_values SET value = 'someone else' WHERE field = 'email'").await;
    assert_eq!(broken_at(&site).await, 1);
    tamper(&site, "DELETE FROM journal_values").await;
    site.done().await;
});

both!(a_write_without_an_entry_is_refused_and_leaves_nothing, |site| {
    let w = site.app.write_as(Actor::System, "test").await.unwrap();
    w.tx().execute_unprepared("UPDATE stps SET name = 'forged'").await.unwrap();
    let refused = w.commit().await.unwrap_err().to_string();
    assert!(refused.contains("without a journal entry"), "{refused}");
    let stps = entity::stp::Entity::find().all(site.app.db.read()).await.unwrap();
    assert_eq!(stps.len(), 44);
    assert!(stps.iter().all(|stp| stp.name != "forged"));
    site.done().await;
});

both!(versions_are_compared_field_by_field, |site| {
    ten_entries(&site).await;
    let all = versions(site.app.db.read(), "events", "an-event").await.unwrap();
    assert_eq!(all.len(), 10);
    let differ = changes(all[2].after.as_ref(), all[9].after.as_ref());
    assert_eq!(differ.len(), 1);
    assert_eq!(
        (differ[0].field.as_str(), differ[0].before.as_deref(), differ[0].after.as_deref()),
        ("title", Some("Title 2"), Some("Title 9"))
    );
    site.done().await;
});

both!(many_writers_at_once_make_one_chain, |site| {
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let app = site.app.clone();
        writers.spawn(async move {
            for i in 0..5 {
                let mut w = app.write_as(Actor::System, "at once").await.unwrap();
                let id = format!("{writer}-{i}");
                let after = Some(json!({"title": id}));
                w.record(Entry {
                    action: "create",
                    table: "events",
                    id: &id,
                    stp: None,
                    before: None,
                    after,
                });
                w.commit().await.unwrap();
            }
        });
    }
    while let Some(done) = writers.join_next().await {
        done.unwrap();
    }
    assert_eq!(verify(site.app.db.read(), 1).await.unwrap().unwrap().entries, 40);
    site.done().await;
});
