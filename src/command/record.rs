//! `opendoor record`: the record as the database holds it, in its canonical form.

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::NaiveDate;
use clap::Args;
use entity::stp;
use sea_orm::EntityTrait as _;

use super::{Outcome, open, output};
use crate::{
    assessments::{
        KnownAt,
        record::{self, Scope},
    },
    config::Store,
    standards,
};

#[derive(Args, Debug)]
pub struct Record {
    #[command(flatten)]
    store: Store,
    /// Only this STP; may be given more than once  [default: all]
    #[arg(long, value_name = "CODE")]
    stp: Vec<String>,
    /// Leave out what is dated after this day
    #[arg(long, value_name = "DATE")]
    as_at: Option<NaiveDate>,
    /// As it was known at the end of this day in England, or at this instant  [default: as it stands]
    #[arg(long, value_name = "DATE or INSTANT")]
    known_at: Option<KnownAt>,
    /// Embed the standard with this name, such as stp-2017/1  [default: the one in force]
    #[arg(long, value_name = "VERSION")]
    standard: Option<String>,
    /// As it may be shown: small numbers masked, events that are not public as stubs
    #[arg(long)]
    disclosed: bool,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Record {
    pub async fn run(mut self) -> anyhow::Result<Outcome> {
        let app = open(&self.store).await?;
        let db = app.db.read();
        self.stp.sort();
        self.stp.dedup();
        let mut unknown = false;
        for code in &self.stp {
            if stp::Entity::find_by_id(code).one(db).await?.is_none() {
                eprintln!("{code}: there is no such STP");
                unknown = true;
            }
        }
        if unknown {
            return Ok(Outcome::Refused);
        }
        let scope = if self.stp.is_empty() { Scope::England } else { Scope::Stps(&self.stp) };
        let until = match self.known_at {
            None => None,
            Some(known) => Some(known.until(db).await?),
        };
        let standard = match &self.standard {
            None => standards::in_force(db, until).await?,
            Some(label) => {
                let Some(standard) = standards::named(db, label).await? else {
                    eprintln!("{label}: there is no such standard");
                    return Ok(Outcome::Refused);
                };
                standard
            }
        };
        let mut record = match until {
            None => record::load(db, scope, standard).await?,
            Some(until) => record::load_known(db, scope, until, standard).await?,
        };
        let problems = record.validate();
        if !problems.is_empty() {
            for problem in problems {
                eprintln!("{problem}");
            }
            return Ok(Outcome::Refused);
        }
        if let Some(day) = self.as_at {
            method::as_at::cut(&mut record, day);
        }
        if self.disclosed {
            record = method::disclose(&record);
        }
        output(self.output.as_deref(), &record.to_canonical()).context("the record could not be written")?;
        Ok(Outcome::Done)
    }
}
