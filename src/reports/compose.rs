//! Makes the files of an edition: everything that is published, as bytes.
//!
//! ```text
//! record ─► disclose ─► assess ─┬─► record.json  assessment.json  gaps.csv  events.csv
//!                               ├─► changes.json (against the edition before) ─► report.html
//!                               └─► README.txt  report.css  mark.svg
//! all of them ─► manifest.json ─► SHA256SUMS ─► one zip
//! ```
//!
//! A pure function of what it is given and of the templates: no clock, no database. The style sheet of the page is one of
//! the files, so that the page needs nothing that a later version of the product serves.

use method::{Record, assess, disclose};
use serde::Serialize;
use serde_json::Value;

use super::{
    changes::{Before, Changes},
    edition::{self, Heading},
    manifest::{MANIFEST, Manifest, SUMS, sha256, sums},
    package,
    page::{FileRow, Report},
    tables,
};
use crate::{journal::canonical, web::page::Pages};

/// The page of the edition, as a file.
pub const PAGE: &str = "report.html";
pub const RECORD: &str = "record.json";
pub const ASSESSMENT: &str = "assessment.json";
pub const GAPS: &str = "gaps.csv";
pub const EVENTS: &str = "events.csv";
pub const CHANGES: &str = "changes.json";
pub const README: &str = "README.txt";
/// How the page looks.
pub const STYLE: &str = "report.css";
/// Its mark, for the browser's tab.
pub const MARK: &str = "mark.svg";

/// A file of an edition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// An edition, ready to be published.
#[derive(Clone, Debug)]
pub struct Composed {
    /// In the order of their names; the package stands among them.
    pub files: Vec<File>,
    /// The SHA-256 of its manifest, which names the edition.
    pub manifest_sha256: String,
    pub changes: Option<Changes>,
    /// What it found, in a few sentences.
    pub finding: String,
}

impl Composed {
    /// The bytes of a file.
    pub fn file(&self, name: &str) -> Option<&[u8]> {
        self.files.iter().find(|file| file.name == name).map(|file| file.bytes.as_slice())
    }
}

/// Makes the files of the edition that `heading` is about, compared with the edition before it, if there is one.
pub fn compose(
    pages: &Pages,
    heading: &Heading,
    record: &Record,
    before: Option<&Before>,
) -> anyhow::Result<Composed> {
    let record = disclose(record);
    let assessment = assess(&record, heading.as_at);
    let mut files = Files::default();
    files.add(RECORD, record.to_canonical());
    files.add(ASSESSMENT, assessment.to_json());
    files.add(GAPS, tables::gaps(&record, &assessment)?);
    files.add(EVENTS, tables::events(&record, heading.as_at)?);
    let changes = match before {
        Some(before) => Some(Changes::between(before, &record, files.bytes(ASSESSMENT))?),
        None => None,
    };
    if let Some(changes) = &changes {
        files.add(CHANGES, canonical(&serde_json::to_value(changes)?));
    }

    let rows = |page: usize| {
        let mut rows: Vec<FileRow> =
            files.0.iter().map(|file| FileRow::new(&file.name, file.bytes.len(), false)).collect();
        let all = page + rows.iter().map(|row| row.size).sum::<usize>();
        rows.push(FileRow::new(&heading.package(), all, true));
        rows
    };
    let mut report = Report::of(heading, &record, &assessment, changes.clone(), rows(0))?;
    let draft = pages.text("reports/report.html", &Model { report: &report })?;
    // The package holds the page, which says how large the package is: nearly, then.
    report.files = rows(draft.len());
    let page = pages.text("reports/report.html", &Model { report: &report })?;
    let finding = report.finding.clone();
    let readme = pages.text("reports/README.txt", &Model { report: &report })?;
    files.add(PAGE, page);
    files.add(README, readme);
    files.add(MARK, *include_bytes!("../../assets/mark.svg"));
    files.add(STYLE, pages.text("reports/report.css", &Model { report: &report })?);

    let manifest = Manifest::of(heading, &assessment, files.named()).to_bytes()?;
    let manifest_sha256 = sha256(&manifest);
    files.add(MANIFEST, manifest);
    let sums = sums(files.named());
    files.add(SUMS, sums);
    let package = package::pack(files.named())?;
    files.add(&heading.package(), package);
    files.0.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Composed { files: files.0, manifest_sha256, changes, finding })
}

/// How the templates see an edition.
#[derive(Serialize)]
struct Model<'a> {
    report: &'a Report,
}

/// The files made so far.
#[derive(Default)]
struct Files(Vec<File>);

impl Files {
    fn add(&mut self, name: &str, bytes: impl Into<Vec<u8>>) {
        self.0.push(File { name: name.to_owned(), bytes: bytes.into() });
    }

    fn bytes(&self, name: &str) -> &[u8] {
        self.0.iter().find(|file| file.name == name).map_or(&[], |file| file.bytes.as_slice())
    }

    fn named(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|file| (file.name.as_str(), file.bytes.as_slice()))
    }
}

impl File {
    pub fn media_type(&self) -> &'static str {
        edition::media_type(&self.name)
    }

    pub fn sha256(&self) -> String {
        sha256(&self.bytes)
    }
}

/// What changed, as the database keeps it: `null` for a first edition.
pub fn changes_text(changes: Option<&Changes>) -> anyhow::Result<String> {
    Ok(canonical(&changes.map_or(Ok(Value::Null), serde_json::to_value)?))
}
