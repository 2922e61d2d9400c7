//! `opendoor export proposals --format csv --stp CODE -o FILE`: a noun of the record as a spreadsheet.

use std::{io::Write as _, path::PathBuf};

use clap::{Args, builder::PossibleValuesParser};
use entity::stp;
use sea_orm::{DatabaseExecutor, EntityTrait as _, QueryOrder as _};

use super::{Outcome, open};
use crate::{
    config::Store,
    entries::{self, table},
    export::Format,
    journal::Actor,
};

#[derive(Args, Debug)]
pub struct Export {
    #[command(flatten)]
    store: Store,
    /// What to write
    #[arg(value_parser = PossibleValuesParser::new(entries::all().iter().map(|noun| noun.about().key)))]
    noun: String,
    /// The kind of file
    #[arg(long, default_value = "csv", value_parser = PossibleValuesParser::new(Format::ALL.map(Format::ending)))]
    format: String,
    /// One STP; all of them otherwise
    #[arg(long, value_name = "CODE")]
    stp: Option<String>,
    /// Where to write it: standard output otherwise
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Export {
    pub async fn run(self) -> anyhow::Result<Outcome> {
        let app = open(&self.store).await?;
        let (Some(noun), Some(format)) = (entries::noun(&self.noun), Format::parse(&self.format)) else {
            return Ok(Outcome::Refused);
        };
        let all = stp::Entity::find().order_by_asc(stp::Column::Code).all(app.db.read()).await?;
        let stps: Vec<stp::Model> =
            all.into_iter().filter(|stp| self.stp.as_ref().is_none_or(|code| *code == stp.code)).collect();
        if stps.is_empty() {
            eprintln!("{}: there is no such STP", self.stp.unwrap_or_default());
            return Ok(Outcome::Refused);
        }
        let codes: Vec<String> = stps.into_iter().map(|stp| stp.code).collect();
        let loaded = table::load(noun, &DatabaseExecutor::from(app.db.read()), &codes).await?;
        if noun.about().personal && !loaded.ids.is_empty() {
            let mut w = app.write_as(Actor::Command("export"), "command").await?;
            for (stp, ids) in &loaded.ids {
                let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
                entries::save::shown(noun, &mut w, "export", stp, "export", &ids);
            }
            w.commit().await?;
        }
        let bytes = table::file(&app, noun, loaded, format)?;
        match &self.output {
            Some(file) => std::fs::write(file, bytes)?,
            None => std::io::stdout().lock().write_all(&bytes)?,
        }
        Ok(Outcome::Done)
    }
}
