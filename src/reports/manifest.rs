//! What an edition is made of: `manifest.json`, and the same hashes as `sha256sum -c` reads them.
//!
//! ```text
//! what it is about + every file's name, size and SHA-256 ─► manifest.json ─► its own SHA-256 names the edition
//!                                                       └─► SHA256SUMS, of the manifest too
//! ```

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::edition::Heading;
use crate::journal::canonical;

/// The file that lists the others.
pub const MANIFEST: &str = "manifest.json";
/// The file that `sha256sum -c` reads.
pub const SUMS: &str = "SHA256SUMS";
/// The format that a manifest names.
pub const FORMAT: &str = "opendoor-edition/1";

/// What an edition is about and what it is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: String,
    /// The edition's name in addresses, with `number`.
    pub slug: String,
    pub number: u32,
    pub title: String,
    /// The STP's code; none for England.
    pub stp: Option<String>,
    pub as_at: NaiveDate,
    pub published_at: DateTime<Utc>,
    /// The version of the method that assessed the record.
    pub method: String,
    /// The version of the standard in force, which the record holds whole.
    pub standard: String,
    pub record_sha256: String,
    /// The hash of the journal's last entry before the edition was published.
    pub journal_head: String,
    /// Every file but this one and `SHA256SUMS`, in the order of their names.
    pub files: Vec<Listed>,
}

/// A file as the manifest lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    pub name: String,
    pub size: u64,
    pub sha256: String,
}

impl Manifest {
    /// The manifest of an edition with these files, in the order of their names.
    pub fn of<'a>(
        heading: &Heading,
        assessment: &method::Assessment,
        files: impl IntoIterator<Item = (&'a str, &'a [u8])>,
    ) -> Self {
        let mut files: Vec<Listed> = files
            .into_iter()
            .map(|(name, bytes)| Listed {
                name: name.to_owned(),
                size: bytes.len() as u64,
                sha256: sha256(bytes),
            })
            .collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            format: FORMAT.to_owned(),
            slug: heading.slug.clone(),
            number: heading.number,
            title: heading.title.clone(),
            stp: heading.stp.clone(),
            as_at: heading.as_at,
            published_at: heading.published_at,
            method: assessment.method.to_owned(),
            standard: assessment.standard.clone(),
            record_sha256: assessment.record_sha256.clone(),
            journal_head: heading.journal_head.clone(),
            files,
        }
    }

    /// Reads a manifest; says in words what is wrong with one that is not.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let manifest: Self = serde_json::from_slice(bytes).map_err(|why| format!("cannot be read: {why}"))?;
        if manifest.format != FORMAT {
            return Err(format!("is of the format {:?}, and this program reads {FORMAT}", manifest.format));
        }
        Ok(manifest)
    }

    /// Its bytes: sorted keys, no white space.
    pub fn to_bytes(&self) -> anyhow::Result<Vec<u8>> {
        let value: Value = serde_json::to_value(self)?;
        Ok(canonical(&value).into_bytes())
    }
}

/// The lines that `sha256sum -c` checks, in the order of the names.
pub fn sums<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut lines: Vec<(&str, String)> =
        files.into_iter().map(|(name, bytes)| (name, format!("{}  {name}\n", sha256(bytes)))).collect();
    lines.sort_unstable();
    lines.into_iter().map(|(_, line)| line).collect::<String>().into_bytes()
}

/// The SHA-256 of some bytes, in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
