//! The lists of the record on the command line: in and out again.

use std::{path::Path, process::Command};

use crate::harness::people::DORSET;

/// Runs the program on a data folder. Gives its exit status and what it printed.
fn opendoor(command: &str, data: &Path, args: &[&str]) -> (i32, String) {
    let run = Command::new(env!("CARGO_BIN_EXE_opendoor"))
        .args([command, "--data"])
        .arg(data)
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    (run.status.code().unwrap(), String::from_utf8(run.stdout).unwrap())
}

#[test]
fn proposals_come_in_and_go_out_as_every_kind_of_file() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("proposals.csv");
    std::fs::write(
        &file,
        "title,theme,substantial,decision_on\nCommunity hubs,community,no,2018-03-01\nA wing,moon,,\n",
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let errors = folder.path().join("errors.csv");

    let (status, out) = opendoor("import", &data, &["proposals", file, "--stp", DORSET, "--dry-run"]);
    assert_eq!(status, 1, "a row cannot be imported");
    assert!(
        out.ends_with(
            "2 rows: 1 created, 0 changed, 0 unchanged, 1 error. Nothing was written: this was a dry run.\n"
        ),
        "{out}"
    );
    let args = ["proposals", file, "--stp", DORSET, "--errors", errors.to_str().unwrap(), "--json"];
    let (_, out) = opendoor("import", &data, &args);
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(report["counts"]["created"], 1);
    assert_eq!(report["rows"][1]["problems"][0]["column"], "theme");
    assert!(std::fs::read_to_string(&errors).unwrap().starts_with("Row,Column,What is wrong\n3,theme,"));
    let (_, out) = opendoor("import", &data, &["proposals", file, "--stp", DORSET]);
    assert!(out.contains("2 rows: 0 created, 0 changed, 1 unchanged, 1 error."), "{out}");

    for ending in ["csv", "xlsx", "ods"] {
        let to = folder.path().join(format!("out.{ending}"));
        let to = to.to_str().unwrap();
        let (status, _) =
            opendoor("export", &data, &["proposals", "--format", ending, "--stp", DORSET, "-o", to]);
        assert_eq!(status, 0);
        let (status, out) = opendoor("import", &data, &["proposals", to, "--stp", DORSET]);
        assert_eq!(status, 0, "{out}");
        assert!(out.contains("1 rows: 0 created, 0 changed, 1 unchanged, 0 error."), "{ending}: {out}");
    }
    let (_, out) = opendoor("export", &data, &["proposals", "--format", "json"]);
    let all: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(all[0]["stp_code"], DORSET);
    assert_eq!(all[0]["title"], "Community hubs");
    assert_eq!(opendoor("import", &data, &["proposals", file, "--stp", "E54999999"]).0, 1);
    assert_eq!(opendoor("export", &data, &["proposals", "--stp", "E54999999"]).0, 1);
    assert_eq!(opendoor("export", &data, &["moons"]).0, 2);
}
