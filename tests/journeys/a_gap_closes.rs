//! An officer logs a drop-in from her phone; the gap closes; the public page shows it; a correction opens it again.

use axum::http::StatusCode;

use crate::{both, harness::people::DORSET};

both!(a_drop_in_with_carers_closes_the_gap_and_a_correction_opens_it_again, |site| {
    let public = format!("/stps/{DORSET}/gaps/COV-2/PP-CAR");
    let events = format!("/work/stps/{DORSET}/events");
    let mut stranger = site.visitor();
    let before = stranger.get(&public).await;
    assert_eq!(before.status, StatusCode::OK);
    assert!(before.words("main .app-verdict").contains("Gap"), "{}", before.words("main"));

    // From the gap's own page to the form, filled in as far as the page knows.
    let mut officer = site.officer(DORSET).await;
    let gap = officer.get(&format!("/work{public}")).await;
    let links = gap.attributes("main a", "href");
    let log = links.iter().find(|href| href.contains("/events/new")).expect("a way to log an event");
    let fields = [("kind", "drop_in"), ("place", "E06000028"), ("people", "about 40")];
    let led = officer.submit(log, &format!("{events}/new"), &fields).await.led();
    let saved = officer.get(&led).await;
    assert!(saved.words(".nhsuk-notification-banner").contains("closes gaps"), "{}", saved.words("main"));

    let after = stranger.get(&public).await;
    assert!(after.words("main .app-verdict").contains("Met"), "{}", after.words("main"));
    assert!(after.words("main").contains("Drop-in with carers, Bournemouth"), "what counted is named");
    let list = stranger.get(&format!("/stps/{DORSET}/events")).await;
    assert!(list.words("main").contains("Drop-in with carers, Bournemouth"));

    // Nobody came after all: an attempt is not engagement.
    let here = led.split('?').next().unwrap();
    let edit = format!("{here}/edit");
    let correction = [("part_PP-CAR", "no"), ("attended_PP-CAR", "0")];
    officer.submit(&edit, &edit, &correction).await.led();
    let again = stranger.get(&public).await;
    assert!(again.words("main .app-verdict").contains("Gap"), "{}", again.words("main"));
    let words = again.words("main");
    assert!(words.contains("Drop-in with carers, Bournemouth"), "what nearly counted is named: {words}");
    assert!(words.to_lowercase().contains("nobody"), "and why it does not count: {words}");
    site.done().await;
});
