//! Publishes an edition.
//!
//! ```text
//! prepare: read the record, compose the files          no transaction is open
//! write:   the rows of the edition and of its files, the mails to readers, the journal's entry, in the caller's transaction
//! ```
//!
//! The number stands in the files, so it is chosen before they are made. Where another edition took it in the meantime,
//! nothing is written and the caller prepares anew.

use std::collections::BTreeSet;

use anyhow::Context as _;
use chrono::NaiveDate;
use entity::{edition, edition_file, reference_source, stp};
use sea_orm::{
    ActiveModelTrait as _, DatabaseConnection, EntityTrait as _, IntoActiveModel as _, QueryOrder as _,
    SqlErr,
};
use serde_json::{Map, Value, json};

use super::{
    changes::Before,
    compose::{ASSESSMENT, Composed, RECORD, changes_text, compose},
    edition::{ENGLAND, Heading, slug, title},
    find,
};
use crate::{
    alerts::queue,
    app::App,
    assessments::record::{self, Scope},
    journal::{self, Entry, Writer},
    standards,
};

/// How often a number that another edition took is chosen anew.
pub const TRIES: usize = 5;

/// What an edition is of.
#[derive(Clone, Debug)]
pub enum Area {
    England,
    Stp(Box<stp::Model>),
}

impl Area {
    /// Its name, as people call it.
    pub fn name(&self) -> &str {
        match self {
            Self::England => "England",
            Self::Stp(stp) => &stp.display_name,
        }
    }

    /// Its name in addresses.
    pub fn slug(&self) -> String {
        match self {
            Self::England => ENGLAND.to_owned(),
            Self::Stp(stp) => slug(&stp.display_name),
        }
    }

    /// The code of its STP; none for England.
    pub fn stp(&self) -> Option<&str> {
        match self {
            Self::England => None,
            Self::Stp(stp) => Some(&stp.code),
        }
    }
}

/// What is to be published.
#[derive(Clone, Debug)]
pub struct Asked {
    pub area: Area,
    /// The day on which the record is looked at.
    pub as_at: NaiveDate,
    /// None for the usual title.
    pub title: Option<String>,
    /// Who publishes it, where that is a member of staff.
    pub by: Option<String>,
}

/// An edition with its files, not yet written.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub edition: edition::Model,
    pub composed: Composed,
}

/// Reads the record and makes the edition, without publishing it.
pub async fn prepare(app: &App, asked: &Asked) -> anyhow::Result<Prepared> {
    let db = app.db.read();
    let slug = asked.area.slug();
    let number = find::last_number(db, &slug).await? + 1;
    let before = match find::last_standing(db, &slug).await? {
        Some(edition) => Some(before(db, edition).await?),
        None => None,
    };
    // The head comes first: whatever is written after it may be in the record, and whatever it covers is.
    let (_, journal_head) = journal::head(db).await?;
    let codes: Vec<String> = asked.area.stp().map(str::to_owned).into_iter().collect();
    let scope = if codes.is_empty() { Scope::England } else { Scope::Stps(&codes) };
    let record = record::load(db, scope, standards::in_force(db, None).await?).await?;
    let problems = record.validate();
    anyhow::ensure!(problems.is_empty(), "the record is not valid: {}", problems[0]);
    let sources =
        reference_source::Entity::find().order_by_asc(reference_source::Column::Name).all(db).await?;
    let attributions: BTreeSet<String> = sources.into_iter().map(|source| source.attribution).collect();
    let heading = Heading {
        slug,
        number: u32::try_from(number).context("numbering the edition")?,
        title: asked.title.clone().unwrap_or_else(|| title(asked.area.name(), asked.as_at)),
        area: asked.area.name().to_owned(),
        stp: asked.area.stp().map(str::to_owned),
        as_at: asked.as_at,
        published_at: app.clock.now(),
        journal_head,
        attributions: attributions.into_iter().collect(),
    };
    let composed = compose(&app.pages, &heading, &record, before.as_ref())?;
    let edition = edition::Model {
        id: app.chance.id(),
        slug: heading.slug,
        number,
        stp_code: heading.stp,
        as_at: heading.as_at,
        title: heading.title,
        published_at: heading.published_at,
        published_by: asked.by.clone(),
        journal_head: heading.journal_head,
        manifest_sha256: composed.manifest_sha256.clone(),
        changes: changes_text(composed.changes.as_ref())?,
        withdrawn_at: None,
        withdrawn_reason: None,
    };
    Ok(Prepared { edition, composed })
}

/// The edition before, as far as it is compared.
async fn before(db: &DatabaseConnection, edition: edition::Model) -> anyhow::Result<Before> {
    let bytes = async |name: &str| -> anyhow::Result<Vec<u8>> {
        let file = find::file(db, &edition.id, name).await?;
        Ok(file.with_context(|| format!("{} {} has no {name}", edition.slug, edition.number))?.bytes)
    };
    Ok(Before {
        record: bytes(RECORD).await?,
        assessment: bytes(ASSESSMENT).await?,
        number: u32::try_from(edition.number)?,
        as_at: edition.as_at,
        published_at: edition.published_at,
        manifest_sha256: edition.manifest_sha256,
    })
}

/// Writes an edition and its files. False where its number is taken: nothing was written then, and the transaction is
/// to be dropped.
pub async fn write(w: &mut Writer, prepared: &Prepared) -> anyhow::Result<bool> {
    let edition = &prepared.edition;
    if find::one(w.tx(), &edition.slug, edition.number).await?.is_some() {
        return Ok(false);
    }
    let row = edition.clone().into_active_model().reset_all();
    if let Err(error) = edition::Entity::insert(row).exec_without_returning(w.tx()).await {
        return match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Ok(false),
            _ => Err(error.into()),
        };
    }
    let mut hashes = Map::new();
    for file in &prepared.composed.files {
        let sha256 = file.sha256();
        hashes.insert(file.name.clone(), Value::from(sha256.as_str()));
        let row = edition_file::Model {
            edition_id: edition.id.clone(),
            name: file.name.clone(),
            media_type: file.media_type().to_owned(),
            size: i32::try_from(file.bytes.len()).context("a file of an edition is too large")?,
            bytes: file.bytes.clone(),
            sha256,
        };
        edition_file::Entity::insert(row.into_active_model().reset_all())
            .exec_without_returning(w.tx())
            .await?;
    }
    queue::publication(w, edition).await?;
    w.record(Entry {
        action: "publish",
        table: "editions",
        id: &edition.id,
        stp: edition.stp_code.as_deref(),
        before: None,
        after: Some(json!({
            "slug": edition.slug,
            "number": edition.number,
            "stp_code": edition.stp_code,
            "as_at": edition.as_at,
            "title": edition.title,
            "journal_head": edition.journal_head,
            "manifest_sha256": edition.manifest_sha256,
            "files": hashes,
        })),
    });
    Ok(true)
}
