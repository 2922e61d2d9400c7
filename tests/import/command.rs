//! `opendoor import` as an operator runs it.

use std::{path::Path, process::Command};

/// Runs the program on a data folder. Gives its exit status, what it printed, and what it said on standard error.
fn opendoor(data: &Path, args: &[&str]) -> (i32, String, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_opendoor"))
        .args(["import", "--data"])
        .arg(data)
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (run.status.code().unwrap(), text(run.stdout), text(run.stderr))
}

fn last(text: &str) -> &str {
    text.trim_end().lines().last().unwrap_or_default()
}

#[test]
fn the_real_log_comes_in_once_and_goes_out_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let log = ["events", "data/engagement-log/events.csv", "--map", "engagement-log"];

    let (status, out, _) = opendoor(data, &[&log[..], &["--dry-run"]].concat());
    assert_eq!(status, 0);
    assert_eq!(out.lines().count(), 288, "a line a row, and the counts");
    assert!(out.starts_with("E01-01      created    A consultation that is not formal"), "{out}");
    let counts = "287 rows: 236 created, 51 planned, 0 unchanged, 0 skipped, 0 error.";
    assert_eq!(last(&out), format!("{counts} Nothing was written: this was a dry run."));
    assert_eq!(opendoor(data, &["list"]).1, "");

    let (status, out, _) = opendoor(data, &[&log[..], &["--json"]].concat());
    assert_eq!(status, 0);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["counts"]["created"], 236);
    assert_eq!(report["rows"].as_array().unwrap().len(), 287);
    let id = report["import"].as_str().unwrap();

    let (status, out, _) = opendoor(data, &log);
    assert_eq!(status, 0);
    assert_eq!(
        last(&out),
        "287 rows: 0 created, 0 planned, 287 unchanged, 0 skipped, 0 error. Nothing was written: there was nothing to write."
    );
    assert_eq!(
        opendoor(data, &["plans", "data/engagement-log/plans.csv"]).1,
        "44 rows: 44 STPs changed, 0 unchanged.\n"
    );
    assert_eq!(
        opendoor(data, &["plans", "data/engagement-log/plans.csv"]).1,
        "44 rows: 0 STPs changed, 44 unchanged.\n"
    );

    assert_eq!(
        opendoor(data, &["undo", id]),
        (0, "The import of events.csv is undone.\n".into(), String::new())
    );
    let (status, _, said) = opendoor(data, &["undo", id]);
    assert_eq!(status, 1);
    assert!(said.contains("this one is undone"), "{said}");
}

#[test]
fn what_cannot_be_imported_is_said_and_kept_for_correction() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let log = data.join("log.csv");
    std::fs::write(&log, "Ref,Date,Title,Audience\n1,11/01/2017,Drop-in,carers\n2,soon,Later,carers\n")
        .unwrap();
    let (log, errors) = (log.to_str().unwrap(), data.join("errors.csv"));
    let (status, out, _) =
        opendoor(data, &["events", log, "--stp", "E54000041", "--errors", errors.to_str().unwrap()]);
    assert_eq!(status, 1, "the data says no");
    assert!(out.contains("1 created") && out.contains("1 error"), "{out}");
    let kept = std::fs::read_to_string(&errors).unwrap();
    assert_eq!(kept.lines().count(), 2, "{kept}");
    assert!(kept.contains("“soon” cannot be read"), "{kept}");

    for (args, why) in [
        (vec!["events", log], "Choose the column that holds the STP"),
        (vec!["events", log, "--stp", "E99"], "there is no such STP"),
        (vec!["stakeholders", log, "--map", "events"], "is for events"),
        (vec!["undo", "nothing"], "there is no such import"),
    ] {
        let (status, _, said) = opendoor(data, &args);
        assert_eq!(status, 1, "{args:?}");
        assert!(said.contains(why), "{said}");
    }
}
