//! `opendoor migrate`.

use clap::Args;

use super::{Outcome, open};
use crate::config::Store;

#[derive(Args, Debug)]
pub struct Migrate {
    #[command(flatten)]
    store: Store,
}

impl Migrate {
    /// Brings the tables up to date; with nothing to do it does nothing.
    pub async fn run(self) -> anyhow::Result<Outcome> {
        open(&self.store).await?;
        println!("The database is up to date.");
        Ok(Outcome::Done)
    }
}
