//! Loads the reference facts: `reference/*.csv` → rows. What each file says, and where it comes from, is in
//! `reference/README.md`.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::prelude::Date;

#[derive(DeriveMigrationName)]
pub struct Migration;

/// Rows that go into one statement: well below the number of values that either database takes.
const BATCH: usize = 200;

/// A file, the table it fills, and what its columns hold.
struct Facts {
    table: &'static str,
    file: &'static str,
    columns: &'static [(&'static str, Holds)],
}

/// What a column of a file holds. An empty cell is null.
#[derive(Clone, Copy)]
enum Holds {
    Text,
    Whole,
    Decimal,
    YesNo,
    Day,
}

use Holds::{Day, Decimal, Text, Whole, YesNo};

const FACTS: &[Facts] = &[
    Facts {
        table: "stps",
        file: include_str!("../reference/stps.csv"),
        columns: &[
            ("code", Text),
            ("ods_code", Text),
            ("name", Text),
            ("display_name", Text),
            ("region", Text),
            ("population", Whole),
            ("lon", Decimal),
            ("lat", Decimal),
            ("tile", Text),
            ("tile_row", Whole),
            ("tile_col", Whole),
        ],
    },
    Facts {
        table: "places",
        file: include_str!("../reference/places.csv"),
        columns: &[
            ("code", Text),
            ("name", Text),
            ("tier", Text),
            ("kind", Text),
            ("parent_code", Text),
            ("ons_region", Text),
            ("population", Whole),
        ],
    },
    Facts {
        table: "footprints",
        file: include_str!("../reference/footprints.csv"),
        columns: &[
            ("stp_code", Text),
            ("place_code", Text),
            ("population", Whole),
            ("share", Decimal),
            ("fringe", YesNo),
        ],
    },
    Facts {
        table: "bodies",
        file: include_str!("../reference/bodies.csv"),
        columns: &[
            ("code", Text),
            ("name", Text),
            ("kind", Text),
            ("office", Text),
            ("place_code", Text),
            ("employer", YesNo),
            ("statutory_consultee", YesNo),
        ],
    },
    Facts {
        table: "duty_holders",
        file: include_str!("../reference/duty_holders.csv"),
        columns: &[("stp_code", Text), ("body_code", Text)],
    },
    Facts {
        table: "audience_groups",
        file: include_str!("../reference/groups.csv"),
        columns: &[("code", Text), ("audience", Text), ("name", Text), ("required", YesNo), ("sort", Whole)],
    },
    Facts {
        table: "reference_sources",
        file: include_str!("../reference/sources.csv"),
        columns: &[("name", Text), ("as_of", Day), ("source", Text), ("attribution", Text)],
    },
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for facts in FACTS {
            facts.load(manager).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for facts in FACTS.iter().rev() {
            manager.execute(Query::delete().from_table(facts.table).to_owned()).await?;
        }
        Ok(())
    }
}

/// The codes of all STPs.
pub fn stp_codes() -> impl Iterator<Item = &'static str> {
    let lines = include_str!("../reference/stps.csv").lines().skip(1);
    lines.filter_map(|line| line.split(',').next())
}

impl Facts {
    async fn load(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let mut reader = csv::Reader::from_reader(self.file.as_bytes());
        let header = reader.headers().map_err(|error| self.wrong(1, &error.to_string()))?;
        let expected: Vec<&str> = self.columns.iter().map(|(name, _)| *name).collect();
        if header.iter().ne(expected.iter().copied()) {
            return Err(self.wrong(1, &format!("the columns are not {}", expected.join(", "))));
        }
        let mut rows = Vec::new();
        for (number, record) in reader.records().enumerate() {
            let line = number + 2;
            let record = record.map_err(|error| self.wrong(line, &error.to_string()))?;
            let cells = self.columns.iter().zip(&record).map(|((name, holds), cell)| {
                holds.read(cell).ok_or_else(|| self.wrong(line, &format!("{name} cannot be read: {cell}")))
            });
            rows.push(cells.collect::<Result<Vec<Expr>, DbErr>>()?);
        }
        for batch in rows.chunks(BATCH) {
            let mut insert = Query::insert();
            insert.into_table(self.table).columns(expected.iter().copied());
            for row in batch {
                insert.values(row.iter().cloned()).map_err(|error| DbErr::Custom(error.to_string()))?;
            }
            manager.execute(insert).await?;
        }
        Ok(())
    }

    fn wrong(&self, line: usize, what: &str) -> DbErr {
        DbErr::Custom(format!("reference facts of {}, line {line}: {what}", self.table))
    }
}

impl Holds {
    fn read(self, cell: &str) -> Option<Expr> {
        let value = match (self, cell) {
            (Text, "") => Value::String(None),
            (Whole, "") => Value::Int(None),
            (Decimal, "") => Value::Double(None),
            (Day, "") => Value::ChronoDate(None),
            (Text, text) => text.into(),
            (Whole, text) => text.parse::<i32>().ok()?.into(),
            (Decimal, text) => text.parse::<f64>().ok()?.into(),
            (Day, text) => text.parse::<Date>().ok()?.into(),
            (YesNo, "yes") => true.into(),
            (YesNo, "no") => false.into(),
            (YesNo, _) => return None,
        };
        Some(Expr::val(value))
    }
}
