//! Documents as PDF: tagged as PDF/UA-1 asks, so that a screen reader reads headings and tables as such.
//!
//! ```text
//! a layout of ours (Typst) + data (JSON) ─► legible ─► World: those two files and two fonts ─► typeset ─► PDF
//! ```
//!
//! What people wrote comes as data alone: a text is set as it is, and never read as the layout's language. The world has
//! no clock, no network and no folder, so the same data gives the same bytes and a layout can read nothing else.

mod legible;
mod world;

use anyhow::Context as _;
use serde_json::Value;
use tokio::sync::Semaphore;
use typst::{comemo, diag::SourceDiagnostic, foundations::Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use self::world::Desk;

/// One at a time: each holds its whole document while it is made.
static TURN: Semaphore = Semaphore::const_new(1);

/// Makes the document that `layout` says of `data`, away from the threads that answer requests. `identity` tells it from
/// all other documents.
pub async fn make(layout: &'static str, data: Value, identity: String) -> anyhow::Result<Vec<u8>> {
    let turn = TURN.acquire().await?;
    let made = tokio::task::spawn_blocking(move || {
        // Held until it is done, also when nobody waits for it any more.
        let _turn = turn;
        set(layout, data, identity)
    });
    made.await?
}

fn set(layout: &str, mut data: Value, identity: String) -> anyhow::Result<Vec<u8>> {
    legible::make(&mut data);
    let desk = Desk::new(layout, &data)?;
    let set = typst::compile::<PagedDocument>(&desk);
    for warning in &set.warnings {
        tracing::warn!(said = %warning.message, "a document was set with a warning");
    }
    let document = set.output.map_err(|errors| anyhow::anyhow!(said(&errors))).context("setting a document");
    let options = PdfOptions {
        ident: Smart::Custom(identity),
        creator: Smart::Custom(Some("Open Door".to_owned())),
        standards: PdfStandards::new(&[PdfStandard::Ua_1])
            .map_err(|error| anyhow::anyhow!("{}", error.message()))?,
        ..PdfOptions::default()
    };
    let pdf = typst_pdf::pdf(&document?, &options)
        .map_err(|errors| anyhow::anyhow!(said(&errors)))
        .context("writing a document as PDF");
    // What was remembered for the next version of the same document: there is none.
    comemo::evict(0);
    pdf
}

fn said(errors: &[SourceDiagnostic]) -> String {
    let each: Vec<String> = errors.iter().map(|error| error.message.to_string()).collect();
    each.join("; ")
}
