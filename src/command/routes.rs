//! `opendoor routes`.

use clap::Args;
use serde::Serialize;

use super::Outcome;
use crate::{
    app::App, chance::Chance, clock::Clock, config::Config, config::Store, db::Db, web, web::routes::Verb,
};

#[derive(Args, Debug)]
pub struct Routes {
    /// As JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    method: &'static str,
    address: &'static str,
    who: String,
}

impl Routes {
    /// Prints every address, what is done there and who may.
    pub async fn run(self) -> anyhow::Result<Outcome> {
        let config = Config::defaults(Store { data: std::path::PathBuf::new(), database_url: None });
        let db = Db::open("sqlite::memory:").await?;
        let app = App::new(db, Clock::System, Chance::system(Clock::System), config)?;
        let rows: Vec<Row> = web::listed(&app)
            .into_iter()
            .map(|route| Row {
                method: match route.verb {
                    Verb::Get => "GET",
                    Verb::Post => "POST",
                },
                address: route.path,
                who: route.access.to_string(),
            })
            .collect();
        if self.json {
            println!("{}", serde_json::to_string_pretty(&rows)?);
        } else {
            let width = rows.iter().map(|row| row.address.len()).max().unwrap_or(0);
            for row in rows {
                println!("{:4} {:width$}  {}", row.method, row.address, row.who);
            }
        }
        Ok(Outcome::Done)
    }
}
