//! Re-runs a published edition from its package alone: no database, no network, no trust in the site.
//!
//! ```text
//! zip ─► unpack ─► manifest: every file there, no other, each with its hash
//!              └─► record.json ─► assess ─► assessment.json, gaps.csv, events.csv, byte for byte
//! ```

use std::collections::{BTreeMap, BTreeSet};

use method::{METHOD, Record, assess, disclose};

use super::{
    compose::{ASSESSMENT, EVENTS, GAPS, MARK, PAGE, README, RECORD, STYLE},
    manifest::{MANIFEST, Manifest, SUMS, sha256, sums},
    package::{self, Packed},
    tables,
};

/// The files that every edition has.
const ALWAYS: [&str; 8] = [ASSESSMENT, EVENTS, GAPS, MARK, PAGE, README, RECORD, STYLE];
/// The most problems of a record that are listed.
const SHOWN: usize = 20;

/// A package that is whole.
#[derive(Clone, Debug)]
pub struct Verified {
    pub manifest: Manifest,
    /// What names the edition: the same stands on the site's page of it.
    pub manifest_sha256: String,
    /// Its page, to be compared with what a site serves.
    pub page: Vec<u8>,
}

/// Checks a package. Gives every problem on a line of its own, each naming its file.
pub fn verify(zip: &[u8]) -> Result<Verified, Vec<String>> {
    let files = package::unpack(zip).map_err(|damage| vec![damage.to_string()])?;
    let files = Named(&files);
    let mut problems = Problems::default();
    let Some(bytes) = files.get(MANIFEST) else {
        return Err(vec![format!("{MANIFEST}: is missing, and it lists what there has to be")]);
    };
    let manifest = Manifest::parse(bytes).map_err(|why| vec![format!("{MANIFEST}: {why}")])?;
    if manifest.to_bytes().ok().as_deref() != Some(bytes) {
        problems.add(MANIFEST, "is not written as a manifest is: its keys or its white space were changed");
    }
    check_files(files, &manifest, &mut problems);
    check_record(files, &manifest, &mut problems);
    if problems.0.is_empty() {
        let page = files.get(PAGE).unwrap_or_default().to_owned();
        Ok(Verified { manifest_sha256: sha256(bytes), manifest, page })
    } else {
        Err(problems.lines())
    }
}

/// Every file of the manifest is there with its size and hash, and no other.
fn check_files(files: Named<'_>, manifest: &Manifest, problems: &mut Problems) {
    let mut listed = BTreeSet::new();
    for file in &manifest.files {
        if !listed.insert(file.name.as_str()) {
            problems.add(MANIFEST, format!("lists {} twice", file.name));
        }
        match files.get(&file.name) {
            None => problems.add(&file.name, "is missing"),
            Some(bytes) if bytes.len() as u64 != file.size => problems
                .add(&file.name, format!("has {} bytes, and the manifest says {}", bytes.len(), file.size)),
            Some(bytes) if sha256(bytes) != file.sha256 => {
                problems
                    .add(&file.name, "is not what was published: its SHA-256 is not that of the manifest");
            }
            Some(_) => {}
        }
    }
    for name in ALWAYS.iter().filter(|name| !listed.contains(*name)) {
        problems.add(name, "is not in the manifest, and every edition has it");
    }
    for file in files.0.iter().filter(|file| file.name != MANIFEST && file.name != SUMS) {
        if !listed.contains(file.name.as_str()) {
            problems.add(&file.name, "was added: the manifest does not list it");
        }
    }
    let summed = files.0.iter().filter(|file| file.name != SUMS);
    let expected = sums(summed.map(|file| (file.name.as_str(), file.bytes.as_slice())));
    match files.get(SUMS) {
        None => problems.add(SUMS, "is missing"),
        Some(found) => problems.compare(SUMS, found, &expected, "the hashes of the files"),
    }
}

/// The record is sound and disclosed, and gives the assessment and the tables again.
fn check_record(files: Named<'_>, manifest: &Manifest, problems: &mut Problems) {
    let Some(bytes) = files.get(RECORD) else { return };
    let record = match Record::parse(bytes) {
        Ok(record) => record,
        Err(found) => {
            for problem in found.iter().take(SHOWN) {
                problems.add(RECORD, format!("is not a valid record: {problem}"));
            }
            if found.len() > SHOWN {
                problems.add(RECORD, format!("and {} more problems", found.len() - SHOWN));
            }
            return;
        }
    };
    if record.to_canonical().as_bytes() != bytes {
        problems.add(RECORD, "is not in the canonical form: its order or its white space was changed");
    }
    if disclose(&record) != record {
        problems.add(RECORD, "holds what may not be shown: it is not disclosed");
    }
    if manifest.method != METHOD {
        problems.add(
            MANIFEST,
            format!("names version {} of the method, and this program has version {METHOD}", manifest.method),
        );
        return;
    }
    let assessment = assess(&record, manifest.as_at);
    if assessment.record_sha256 != manifest.record_sha256 {
        problems.add(MANIFEST, "names another record than the one that is here");
    }
    if assessment.standard != manifest.standard {
        problems.add(MANIFEST, "names another standard than the record's");
    }
    let built = [
        (ASSESSMENT, Ok(assessment.to_json().into_bytes())),
        (GAPS, tables::gaps(&record, &assessment)),
        (EVENTS, tables::events(&record, manifest.as_at)),
    ];
    for (name, built) in built {
        match (built, files.get(name)) {
            (Ok(built), Some(found)) => problems.compare(name, found, &built, "what the record gives"),
            (Err(why), _) => problems.add(name, format!("cannot be built again: {why:#}")),
            (Ok(_), None) => {}
        }
    }
}

/// The files of a package by their names.
#[derive(Clone, Copy)]
struct Named<'a>(&'a [Packed]);

impl<'a> Named<'a> {
    fn get(self, name: &str) -> Option<&'a [u8]> {
        self.0.iter().find(|file| file.name == name).map(|file| file.bytes.as_slice())
    }
}

/// What is wrong, by file.
#[derive(Default)]
struct Problems(BTreeMap<String, Vec<String>>);

impl Problems {
    fn add(&mut self, file: &str, why: impl Into<String>) {
        self.0.entry(file.to_owned()).or_default().push(why.into());
    }

    /// Says where two texts part, if they do.
    fn compare(&mut self, file: &str, found: &[u8], expected: &[u8], what: &str) {
        if found == expected {
            return;
        }
        let same = found.iter().zip(expected).take_while(|(a, b)| a == b).count();
        let line = found[..same].split(|&byte| byte == b'\n').count();
        self.add(file, format!("differs from {what}, first at byte {same} (line {line})"));
    }

    fn lines(self) -> Vec<String> {
        let lines =
            |(file, whys): (String, Vec<String>)| whys.into_iter().map(move |why| format!("{file}: {why}"));
        self.0.into_iter().flat_map(lines).collect()
    }
}
