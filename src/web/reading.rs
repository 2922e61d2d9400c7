//! What a page shows of people is journalled before it is shown.

use serde_json::json;

use super::request::RequestId;
use crate::{app::App, auth::SignedIn, fault::Fault, journal::Entry};

/// People of whom a page is about to show something.
pub struct Reading<'a> {
    /// The page, in a word or two.
    pub page: &'static str,
    /// The table that what is shown lies in.
    pub table: &'a str,
    /// What the page is of: an identity, `list`, or an STP's code.
    pub id: &'a str,
    pub stp: Option<&'a str>,
}

impl Reading<'_> {
    /// Writes down that these were shown. A page that shows nobody is no reading.
    pub async fn note(
        &self,
        app: &App,
        signed_in: &SignedIn,
        request: &RequestId,
        shown: &[String],
    ) -> Result<(), Fault> {
        if shown.is_empty() {
            return Ok(());
        }
        let mut w = app.write(signed_in, request).await?;
        w.record(Entry {
            action: "read",
            table: self.table,
            id: self.id,
            stp: self.stp,
            before: None,
            after: Some(json!({ "shown": shown, "page": self.page })),
        });
        w.commit().await?;
        Ok(())
    }
}
