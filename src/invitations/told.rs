//! What a letter says of an event, as the event is known at one moment.

use chrono::NaiveDate;
use entity::{
    event::{self, Column, Precision, Status},
    event_place,
    mailing::{self, FollowUp},
    place,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, DbErr, EntityTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::web::filters;

/// What a letter says of an event. Two that are equal tell their readers the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub title: String,
    pub starts_on: Option<NaiveDate>,
    pub ends_on: Option<NaiveDate>,
    pub date_words: Option<String>,
    /// The days above are the event's, and not a time in which it will be.
    pub day_known: bool,
    pub venue: Option<String>,
    /// By name.
    pub places: Vec<String>,
    pub online: bool,
    /// It does not take place, or should never have been on record.
    pub cancelled: bool,
}

/// An event that a mailing invites to, with what is told of it.
#[derive(Clone, Debug)]
pub struct Invitation {
    pub event: event::Model,
    pub told: Told,
}

/// Whether anybody can be invited to an event: it takes place, and is not over.
pub fn may_invite(event: &event::Model, today: NaiveDate) -> bool {
    let comes = match event.ends_on.max(event.starts_on) {
        Some(last) => last >= today,
        None => event.status == Status::Planned,
    };
    comes && event.status != Status::Cancelled && event.withdrawn_at.is_none()
}

/// The events of `stp` that anybody can be invited to, the next first and those without a day last.
pub async fn open(
    conn: &impl ConnectionTrait,
    stp: &str,
    today: NaiveDate,
) -> Result<Vec<event::Model>, DbErr> {
    let comes = Condition::any()
        .add(Column::StartsOn.gte(today))
        .add(Column::EndsOn.gte(today))
        .add(Column::StartsOn.is_null());
    let mut events = event::Entity::find()
        .filter(Column::StpCode.eq(stp))
        .filter(Column::WithdrawnAt.is_null())
        .filter(Column::Status.ne(Status::Cancelled))
        .filter(comes)
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    events.retain(|event| may_invite(event, today));
    events.sort_by_key(|event| (event.starts_on.is_none(), event.starts_on));
    Ok(events)
}

impl Told {
    /// What is to be told of an event now.
    pub async fn of(conn: &impl ConnectionTrait, event: &event::Model) -> Result<Self, DbErr> {
        let codes: Vec<String> = event_place::Entity::find()
            .filter(event_place::Column::EventId.eq(&event.id))
            .filter(event_place::Column::Listed.eq(true))
            .all(conn)
            .await?
            .into_iter()
            .map(|row| row.place_code)
            .collect();
        let places = place::Entity::find().filter(place::Column::Code.is_in(codes)).all(conn).await?;
        let mut places: Vec<String> = places.into_iter().map(|place| place.name).collect();
        places.sort();
        Ok(Self {
            title: event.title.clone(),
            starts_on: event.starts_on,
            ends_on: event.ends_on,
            date_words: event.date_words.clone(),
            day_known: event.date_precision == Precision::Day,
            venue: event.venue.clone(),
            places,
            online: event.online,
            cancelled: event.status == Status::Cancelled || event.withdrawn_at.is_some(),
        })
    }

    /// The day or the days; the record's own words where the day is not known.
    pub fn when(&self) -> String {
        if let Some(words) = &self.date_words {
            return words.clone();
        }
        match (self.starts_on, self.ends_on) {
            (None, _) => "The day is not known yet".into(),
            (Some(starts), Some(ends)) if ends != starts => {
                format!("{} to {}", filters::day(starts), filters::day(ends))
            }
            (Some(starts), _) => filters::day(starts),
        }
    }

    /// Where it is; empty where nothing is recorded.
    pub fn whereabouts(&self) -> String {
        let mut all: Vec<String> = self.venue.iter().cloned().collect();
        let said = |all: &[String], place: &str| all.iter().any(|known| known.contains(place));
        for place in &self.places {
            if !said(&all, place) {
                all.push(place.clone());
            }
        }
        if self.online {
            all.push("online".into());
        }
        all.join(", ")
    }

    /// Whether its last day is before `today`.
    pub fn is_over(&self, today: NaiveDate) -> bool {
        self.ends_on.max(self.starts_on).is_some_and(|last| last < today)
    }

    /// Whether there is a day to put into a calendar.
    pub fn has_entry(&self) -> bool {
        self.day_known && self.starts_on.is_some()
    }

    /// The text that a mailing keeps of it.
    pub fn written(&self) -> String {
        serde_json::json!(self).to_string()
    }

    /// Whether this is what a mailing kept.
    pub fn is(&self, written: Option<&str>) -> bool {
        written.and_then(|text| serde_json::from_str::<Self>(text).ok()).is_some_and(|told| told == *self)
    }

    /// Its digest: what an answer was given to.
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(self.written()))
    }
}

impl Invitation {
    /// The event that a mailing names, as it is now; none where it names none.
    pub async fn of(conn: &impl ConnectionTrait, mailing: &mailing::Model) -> Result<Option<Self>, DbErr> {
        let Some(id) = &mailing.event_id else { return Ok(None) };
        let event = event::Entity::find_by_id(id)
            .filter(Column::StpCode.eq(&mailing.stp_code))
            .one(conn)
            .await?
            .ok_or_else(|| DbErr::RecordNotFound(format!("the event {id} that a mailing invites to")))?;
        let told = Told::of(conn, &event).await?;
        Ok(Some(Self { event, told }))
    }

    /// The same as a mailing that is frozen tells of it.
    pub async fn as_frozen(
        conn: &impl ConnectionTrait,
        mailing: &mailing::Model,
    ) -> anyhow::Result<Option<Self>> {
        let Some(mut invitation) = Self::of(conn, mailing).await? else { return Ok(None) };
        if let Some(told) = &mailing.event_told {
            invitation.told = serde_json::from_str(told)?;
        }
        Ok(Some(invitation))
    }

    /// Why a mailing about it cannot be frozen, if anything stands against it. Of a change people may always be told.
    pub fn refused(&self, follow_up: Option<FollowUp>, today: NaiveDate) -> Option<&'static str> {
        if follow_up == Some(FollowUp::Change) || may_invite(&self.event, today) {
            return None;
        }
        Some(if self.told.cancelled {
            "The event does not take place, so nobody can be invited to it"
        } else {
            "The event is over, so nobody can be invited to it"
        })
    }
}

/// A drop-in of one day.
#[cfg(test)]
pub(super) fn example() -> Told {
    Told {
        title: "Drop-in for carers".into(),
        starts_on: NaiveDate::from_ymd_opt(2018, 2, 14),
        ends_on: None,
        date_words: None,
        day_known: true,
        venue: Some("Village Hall, Dorchester".into()),
        places: vec!["Dorchester".into(), "Poole".into()],
        online: true,
        cancelled: false,
    }
}

#[cfg(test)]
mod tests {
    use super::{example as told, *};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn day_and_place_are_said_once() {
        assert_eq!(told().when(), "14 February 2018");
        assert_eq!(told().whereabouts(), "Village Hall, Dorchester, Poole, online");
        let days = Told { ends_on: Some(day("2018-02-16")), ..told() };
        assert_eq!(days.when(), "14 February 2018 to 16 February 2018");
        let spring = Told { date_words: Some("Spring".into()), ..told() };
        assert_eq!(spring.when(), "Spring");
        let nowhere = Told { venue: None, places: Vec::new(), online: false, ..told() };
        assert_eq!(nowhere.whereabouts(), "");
    }

    #[test]
    fn it_is_over_after_its_last_day() {
        let days = Told { ends_on: Some(day("2018-02-16")), ..told() };
        assert!(!days.is_over(day("2018-02-16")));
        assert!(days.is_over(day("2018-02-17")));
        assert!(!Told { starts_on: None, ..told() }.is_over(day("2030-01-01")));
    }

    #[test]
    fn what_was_kept_is_known_again_and_what_differs_is_not() {
        let kept = told().written();
        assert!(told().is(Some(&kept)));
        assert!(!Told { venue: None, ..told() }.is(Some(&kept)));
        assert!(!Told { cancelled: true, ..told() }.is(Some(&kept)));
        assert!(!told().is(None));
        assert_ne!(told().sha256(), Told { online: false, ..told() }.sha256());
    }
}
