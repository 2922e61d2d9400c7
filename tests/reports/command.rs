//! `opendoor report` and `opendoor verify`, as an operator and a stranger run them.

use std::process::{Command, Output};

use opendoor::web;

use crate::{both, harness::Site, reports::log};

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_opendoor")).args(args).output().unwrap()
}

fn report(site: &Site, args: &[&str]) -> Output {
    run(&[&["report", "--database-url", &site.url], args].concat())
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

both!(an_operator_publishes_lists_and_withdraws, |site| {
    log::history(&site).await;
    let done =
        report(&site, &["publish", "--stp", "E54000041", "--as-at", "2018-01-15", "--title", "Winter"]);
    assert!(done.status.success(), "{}", said(&done));
    assert!(said(&done).contains("/reports/dorset/1"), "{}", said(&done));
    let done = report(&site, &["publish", "--stp", "england", "--as-at", "2018-01-15"]);
    assert!(done.status.success(), "{}", said(&done));

    let listed = report(&site, &["list", "--json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 2);
    assert_eq!(listed[1]["title"], "Winter");

    for (args, why) in [
        (["publish", "--stp", "E54999999", "--as-at", "2018-01-15"].as_slice(), "no such STP"),
        (&["publish", "--stp", "E54000041", "--as-at", "2199-01-15"], "yet to come"),
        (&["withdraw", "dorset", "7", "--reason", "No"], "no such edition"),
        (&["withdraw", "dorset", "1", "--reason", "  "], "say why"),
    ] {
        let refused = report(&site, args);
        assert_eq!(refused.status.code(), Some(1));
        assert!(said(&refused).contains(why), "{}", said(&refused));
    }
    assert_eq!(report(&site, &["publish"]).status.code(), Some(2));

    assert!(report(&site, &["withdraw", "dorset", "1", "--reason", "Named a person"]).status.success());
    assert_eq!(report(&site, &["withdraw", "dorset", "1", "--reason", "Again"]).status.code(), Some(1));
    assert!(said(&report(&site, &["list"])).contains("withdrawn"));
    site.done().await;
});

both!(a_stranger_verifies_a_file_and_an_address, |site| {
    log::history(&site).await;
    let edition = log::publish(&site, log::dorset(&site).await, "2018-01-15").await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dorset-1.zip");
    let path = file.to_str().unwrap();
    let zip = edition.composed.file("dorset-1.zip").unwrap();
    std::fs::write(&file, zip).unwrap();
    let done = run(&["verify", path]);
    assert_eq!(done.status.code(), Some(0), "{}", said(&done));
    assert!(said(&done).contains(&edition.edition.manifest_sha256));

    let start = zip.windows(15).position(|bytes| bytes == b"stp_code,stp_na").unwrap();
    let mut changed = zip.to_vec();
    changed[start + 3] = b'-';
    std::fs::write(&file, changed).unwrap();
    let refused = run(&["verify", path]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(said(&refused).starts_with("events.csv: "), "{}", said(&refused));
    std::fs::write(&file, b"PK").unwrap();
    assert_eq!(run(&["verify", path]).status.code(), Some(1));
    assert_eq!(run(&["verify", "nothing.zip"]).status.code(), Some(1));
    assert_eq!(run(&["verify"]).status.code(), Some(2));

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (router, app) = (web::router(&site.app), site.app.clone());
    site.app.tasks.start("serve", async move {
        let stop = async move { app.tasks.stopped().await };
        Ok(axum::serve(listener, router).with_graceful_shutdown(stop).await?)
    });
    for (address, code) in [
        ("/reports/dorset/1", 0),
        ("/reports/dorset/1/files/dorset-1.zip", 0),
        ("/reports/dorset/2", 1),
        ("/reports/dorset", 1),
    ] {
        let address = format!("{base}{address}");
        let done = tokio::task::spawn_blocking(move || run(&["verify", &address])).await.unwrap();
        assert_eq!(done.status.code(), Some(code), "{}", said(&done));
    }
    site.done().await;
});
