//! Recipients whom a mailing would ask once too often, since other mailings, of any area, have asked them lately.

use chrono::NaiveDate;
use sea_orm::{ConnectionTrait, DbErr};
use serde::Serialize;

use super::audience::{self, Audience};
use crate::approaches::{self, Frequency, Limit};

/// A recipient who was asked often lately.
#[derive(Clone, Debug, Serialize)]
pub struct Worn {
    pub title: String,
    pub frequency: Frequency,
}

/// The recipients whom one more letter would ask once too often, those asked most first.
pub async fn worn(
    conn: &impl ConnectionTrait,
    audience: &Audience,
    limit: Limit,
    today: NaiveDate,
) -> Result<Vec<Worn>, DbErr> {
    let addresses: Vec<String> = audience.to.iter().map(|recipient| recipient.address.clone()).collect();
    let mut known = approaches::of_addresses(conn, &addresses, limit, today).await?;
    let mut worn: Vec<Worn> = audience
        .to
        .iter()
        .filter_map(|recipient| {
            let frequency = known.remove(&recipient.address).filter(|known| known.is_full(limit))?;
            Some(Worn { title: audience::title(&recipient.stakeholder), frequency })
        })
        .collect();
    worn.sort_by(|a, b| (b.frequency.times, &a.title).cmp(&(a.frequency.times, &b.title)));
    Ok(worn)
}
