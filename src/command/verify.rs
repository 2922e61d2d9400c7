//! `opendoor verify PACKAGE.zip | ADDRESS`.

use std::{fs::File, io::Read as _};

use anyhow::Context as _;
use clap::Args;

use super::Outcome;
use crate::reports::{
    download::{self, Place},
    package::LARGEST,
    verify::verify,
};

#[derive(Args, Debug)]
pub struct Verify {
    /// The package of an edition, or the address of an edition or of its package
    #[arg(value_name = "PACKAGE.zip | ADDRESS")]
    what: String,
}

impl Verify {
    /// Checks every hash, works the assessment and the tables out again and compares every byte. Opens no database.
    pub async fn run(self) -> anyhow::Result<Outcome> {
        let got =
            tokio::task::spawn_blocking(move || get(&self.what)).await.context("reading the package")?;
        let (zip, page) = match got {
            Ok(got) => got,
            Err(why) => {
                eprintln!("{why:#}");
                return Ok(Outcome::Refused);
            }
        };
        let mut problems = Vec::new();
        match verify(&zip) {
            Ok(verified) => {
                if page.is_some_and(|page| page != verified.page) {
                    problems.push(
                        "report.html: the page at the address is not the one in the package".to_owned(),
                    );
                } else {
                    let manifest = &verified.manifest;
                    println!("{} {}: {}", manifest.slug, manifest.number, manifest.title);
                    println!(
                        "{} files are as they were published, and the findings follow from the record.",
                        manifest.files.len()
                    );
                    println!("SHA-256 of its manifest: {}", verified.manifest_sha256);
                }
            }
            Err(found) => problems = found,
        }
        for problem in &problems {
            eprintln!("{problem}");
        }
        Ok(if problems.is_empty() { Outcome::Done } else { Outcome::Refused })
    }
}

/// The bytes of the package, and those of the page where an edition's address was given.
fn get(what: &str) -> anyhow::Result<(Vec<u8>, Option<Vec<u8>>)> {
    if download::is_address(what) {
        let Place { package, page } = download::place(what)?;
        let zip = download::get(&package)?;
        let page = page.map(|page| download::get(&page)).transpose()?;
        return Ok((zip, page));
    }
    let mut zip = Vec::new();
    let file = File::open(what).with_context(|| format!("{what} cannot be opened"))?;
    file.take(LARGEST as u64 + 1).read_to_end(&mut zip).with_context(|| format!("{what} cannot be read"))?;
    Ok((zip, None))
}
