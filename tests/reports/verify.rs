//! A stranger with a package.

use std::process::Command;

use opendoor::reports::{
    manifest::{Manifest, sha256, sums},
    package::{Packed, pack, unpack},
    verify::verify,
};

use crate::{both, reports::log};

fn packed(files: &[Packed]) -> Vec<u8> {
    pack(files.iter().map(|file| (file.name.as_str(), file.bytes.as_slice()))).unwrap()
}

/// The files with one of them changed, and the manifest and the sums made to agree.
fn forged(files: &[Packed], name: &str, change: impl FnOnce(String) -> String) -> Vec<u8> {
    let mut files = files.to_vec();
    let at = |files: &[Packed], name: &str| files.iter().position(|file| file.name == name).unwrap();
    let target = at(&files, name);
    let text = String::from_utf8(std::mem::take(&mut files[target].bytes)).unwrap();
    files[target].bytes = change(text).into_bytes();
    let manifest = at(&files, "manifest.json");
    let mut listed = Manifest::parse(&files[manifest].bytes).unwrap();
    for one in &mut listed.files {
        let bytes = &files[at(&files, &one.name)].bytes;
        (one.size, one.sha256) = (bytes.len() as u64, sha256(bytes));
    }
    files[manifest].bytes = listed.to_bytes().unwrap();
    let hashes = at(&files, "SHA256SUMS");
    let others = files.iter().filter(|file| file.name != "SHA256SUMS");
    files[hashes].bytes = sums(others.map(|file| (file.name.as_str(), file.bytes.as_slice())));
    packed(&files)
}

both!(a_package_verifies_and_no_byte_of_it_can_change, |site| {
    log::history(&site).await;
    let edition = log::publish(&site, log::dorset(&site).await, "2018-01-15").await;
    let zip = edition.composed.file("dorset-1.zip").unwrap().to_vec();
    let verified = verify(&zip).unwrap();
    assert_eq!(verified.manifest_sha256, edition.edition.manifest_sha256);
    assert_eq!(verified.manifest.files.len(), 8);

    // A byte in the middle of each file, and bytes all over the package.
    let files = unpack(&zip).unwrap();
    assert_eq!(files.len(), 10);
    for file in &files {
        let start = zip.windows(file.bytes.len()).position(|bytes| bytes == file.bytes).unwrap();
        let mut changed = zip.clone();
        changed[start + file.bytes.len() / 2] ^= 1;
        let said = verify(&changed).unwrap_err().join("\n");
        assert!(said.starts_with(&format!("{}: ", file.name)), "{said}");
    }
    for at in (0..zip.len()).step_by(zip.len() / 150) {
        let mut changed = zip.clone();
        changed[at] ^= 0x20;
        assert!(!verify(&changed).unwrap_err().is_empty(), "byte {at}");
        assert!(verify(&zip[..at]).is_err(), "cut at {at}");
    }
    site.done().await;
});

both!(a_forged_package_is_found_out_by_running_it_again, |site| {
    log::history(&site).await;
    let edition = log::publish(&site, log::dorset(&site).await, "2018-01-15").await;
    let files = unpack(edition.composed.file("dorset-1.zip").unwrap()).unwrap();
    let refused = |zip: Vec<u8>| verify(&zip).unwrap_err().join("\n");

    let said = refused(forged(&files, "gaps.csv", |text| text.replace("medium", "low")));
    assert!(said.starts_with("gaps.csv: differs from what the record gives, first at byte"), "{said}");
    let said = refused(forged(&files, "events.csv", |text| text.replace(",40,", ",45,")));
    assert!(said.starts_with("events.csv: differs"), "{said}");
    let said = refused(forged(&files, "assessment.json", |text| text.replacen("\"gap\"", "\"met\"", 1)));
    assert!(said.starts_with("assessment.json: differs"), "{said}");
    let said = refused(forged(&files, "record.json", |text| text.replacen("\"high\":40", "\"high\":41", 1)));
    assert!(said.contains("record.json: holds what may not be shown"), "{said}");
    let said = refused(forged(&files, "record.json", |text| format!(" {text}")));
    assert!(said.contains("record.json: is not in the canonical form"), "{said}");
    let said = refused(forged(&files, "record.json", |text| text.replace("stps", "stsp")));
    assert!(said.contains("record.json: is not a valid record"), "{said}");

    let mut more = files.clone();
    more.push(Packed { name: "notes.txt".into(), bytes: b"x".to_vec() });
    assert!(refused(packed(&more)).contains("notes.txt: was added"));
    let fewer: Vec<Packed> = files.iter().filter(|file| file.name != "events.csv").cloned().collect();
    assert!(refused(packed(&fewer)).contains("events.csv: is missing"));
    let none: Vec<Packed> = files.iter().filter(|file| file.name != "manifest.json").cloned().collect();
    assert!(refused(packed(&none)).contains("manifest.json: is missing"));
    site.done().await;
});

both!(sha256sum_agrees, |site| {
    log::history(&site).await;
    let edition = log::publish(&site, log::dorset(&site).await, "2018-01-15").await;
    let folder = tempfile::tempdir().unwrap();
    let bytes = edition.composed.file("dorset-1.zip").unwrap().to_vec();
    zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap().extract(folder.path()).unwrap();
    let checked =
        Command::new("sha256sum").args(["-c", "SHA256SUMS"]).current_dir(folder.path()).output().unwrap();
    let said = String::from_utf8(checked.stdout).unwrap();
    assert!(checked.status.success(), "{said}");
    assert_eq!(said.lines().filter(|line| line.ends_with(": OK")).count(), 9);

    let record = folder.path().join("record.json");
    let text = std::fs::read_to_string(&record).unwrap();
    std::fs::write(&record, text.replacen(':', ": ", 1)).unwrap();
    let checked =
        Command::new("sha256sum").args(["-c", "SHA256SUMS"]).current_dir(folder.path()).output().unwrap();
    assert!(!checked.status.success());
    assert!(String::from_utf8(checked.stdout).unwrap().contains("record.json: FAILED"));
    site.done().await;
});
