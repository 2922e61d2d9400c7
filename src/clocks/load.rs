//! The clocks of one STP from the database: its record, cut to a day, and who logged what they are about.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{event, user};
use method::{Record, StpAssessment, as_at, assess_stp, disclose, record::Stp};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QuerySelect as _,
};

use super::due::{self, Clock};
use crate::assessments::{stp::Links, what_if};

/// Who may see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Anyone: made of the disclosed record.
    ByAnyone,
    /// The STP's staff: made of the whole record.
    ByStaff,
}

/// The clocks of one STP as at a day.
#[derive(Debug)]
pub struct Clocks {
    /// The record that they were read from, as at the day.
    pub stp: Stp,
    pub assessment: StpAssessment,
    pub all: Vec<Clock>,
}

/// The clocks of an STP; none where there is no such STP.
pub async fn clocks(
    db: &impl ConnectionTrait,
    code: &str,
    today: NaiveDate,
    seen: Seen,
) -> anyhow::Result<Option<Clocks>> {
    let Some((stp, standard)) = what_if::load(db, code, Links::Staff).await? else { return Ok(None) };
    Ok(Some(tokio::task::spawn_blocking(move || read(stp, standard, today, seen)).await??))
}

fn read(stp: Stp, standard: method::Standard, today: NaiveDate, seen: Seen) -> anyhow::Result<Clocks> {
    let assessment = assess_stp(&stp, &standard, today);
    let format = method::words::Format::V1;
    let mut record = Record { format, disclosed: false, stps: vec![stp], standard };
    if seen == Seen::ByAnyone {
        record = disclose(&record);
    }
    as_at::cut(&mut record, today);
    let stp = record.stps.pop().ok_or_else(|| anyhow::anyhow!("the record lost its STP"))?;
    let all = due::due(&stp, &record.standard, &assessment, today);
    Ok(Clocks { stp, assessment, all })
}

/// Who logged these events: identity and name, by event. Imported events were logged by nobody.
pub async fn loggers(
    db: &impl ConnectionTrait,
    stp: &str,
) -> Result<HashMap<String, (String, String)>, DbErr> {
    let rows: Vec<(String, Option<String>)> = event::Entity::find()
        .select_only()
        .columns([event::Column::Id, event::Column::CreatedBy])
        .filter(event::Column::StpCode.eq(stp))
        .filter(event::Column::CreatedBy.is_not_null())
        .into_tuple()
        .all(db)
        .await?;
    let users: Vec<(String, String)> = user::Entity::find()
        .select_only()
        .columns([user::Column::Id, user::Column::Name])
        .into_tuple()
        .all(db)
        .await?;
    let names: HashMap<String, String> = users.into_iter().collect();
    let of = |(event, by): (String, Option<String>)| {
        let by = by?;
        let name = names.get(&by)?.clone();
        Some((event, (by, name)))
    };
    Ok(rows.into_iter().filter_map(of).collect())
}
