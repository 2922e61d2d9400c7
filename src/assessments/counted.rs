//! Which events a number counts: one test of an event, for the number and for the list that it opens.
//!
//! ```text
//! disclosed record ─► Which::holds ─┬─► heard::Tally, heard::Heard ─► numbers
//!                                   └─► events ─► the list
//! ```

use chrono::NaiveDate;
use entity::event;
use method::{
    record::Event,
    words::{Audience, EventStatus, Group, Publication},
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::{
    Look,
    heard::{counts, exists},
    record::{self, Scope, past::Past},
    said::Figure,
    standard,
    subject::Brief,
};

/// STPs whose records are in memory at once.
const AT_ONCE: usize = 11;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// Held by the day, the plan discussed.
    Held,
    /// Held by the day, the plan not discussed.
    Beside,
    Planned,
    Cancelled,
    /// Held, and not public.
    Stubs,
    /// On the register without a known day.
    Undated,
    /// Those that count, with the level of participation.
    Level,
    /// Those that count, with a number of people.
    Numbers,
    /// Those that count, with evidence.
    Evidence,
    /// Those that count, public.
    Published,
    /// Those that count, with a number of patients and public.
    Public,
}

impl What {
    pub const ALL: [Self; 11] = [
        Self::Held,
        Self::Beside,
        Self::Planned,
        Self::Cancelled,
        Self::Stubs,
        Self::Undated,
        Self::Level,
        Self::Numbers,
        Self::Evidence,
        Self::Published,
        Self::Public,
    ];

    /// What the address says.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Beside => "not-discussed",
            Self::Planned => "planned",
            Self::Cancelled => "cancelled",
            Self::Stubs => "not-published",
            Self::Undated => "undated",
            Self::Level => "with-level",
            Self::Numbers => "with-numbers",
            Self::Evidence => "with-evidence",
            Self::Published => "published",
            Self::Public => "public-counted",
        }
    }

    /// What people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Held => "Events that count: held, and the plan was discussed",
            Self::Beside => "Events held without the plan being discussed",
            Self::Planned => "Events planned",
            Self::Cancelled => "Events cancelled",
            Self::Stubs => "Events held and not published",
            Self::Undated => "Events without a known day",
            Self::Level => "Events that count, with their level of participation",
            Self::Numbers => "Events that count, with a number of people",
            Self::Evidence => "Events that count, with evidence",
            Self::Published => "Events that count, published",
            Self::Public => "Events that count, with a number of patients and public",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.code() == code)
    }
}

/// Which events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Which {
    pub what: What,
    /// Only those in which this group took part; with [`What::Numbers`], those where its people were counted.
    pub group: Option<Group>,
}

impl Which {
    pub const fn all(what: What) -> Self {
        Self { what, group: None }
    }

    pub const fn of(what: What, group: Group) -> Self {
        Self { what, group: Some(group) }
    }

    /// Whether an event of the disclosed record is one of these as at `day`.
    pub fn holds(self, event: &Event, day: NaiveDate) -> bool {
        let took = |group: Group| event.participation.iter().any(|row| row.group == group && row.took_part);
        if !exists(event, day) || self.group.is_some_and(|group| !took(group)) {
            return false;
        }
        let held = event.status == EventStatus::Held;
        match self.what {
            What::Held => counts(event, day),
            What::Beside => held && event.starts_on <= day && !event.stp_discussed,
            What::Planned => event.status == EventStatus::Planned,
            What::Cancelled => event.status == EventStatus::Cancelled,
            What::Stubs => held && event.publication != Publication::Public,
            What::Undated => false,
            What::Level => counts(event, day) && event.level.is_some(),
            What::Numbers => {
                let numbered = |group: Option<Group>| match group {
                    Some(group) => event
                        .participation
                        .iter()
                        .any(|row| row.group == group && row.took_part && row.attended.is_some()),
                    None => event.participation.iter().any(|row| row.attended.is_some()),
                };
                counts(event, day) && numbered(self.group)
            }
            What::Evidence => counts(event, day) && event.evidence_count.is_some_and(|pieces| pieces > 0),
            What::Published => counts(event, day) && event.publication == Publication::Public,
            What::Public => {
                counts(event, day)
                    && event.participation.iter().any(|row| {
                        row.took_part && row.attended.is_some() && row.group.audience() == Audience::Public
                    })
            }
        }
    }

    /// A number of these events with their list; `stp` empty is all of England.
    pub fn figure(self, stp: &str, look: &Look, count: usize) -> Figure {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("what", self.what.code());
        if let Some(group) = self.group {
            query.append_pair("group", group.code());
        }
        if !stp.is_empty() {
            query.append_pair("stp", stp);
        }
        Figure { count, href: format!("/events/counted?{}&{}", query.finish(), look.kept()) }
    }

    /// These events in these STPs, latest first, as the record that is looked at has them.
    pub async fn events(
        self,
        db: &impl ConnectionTrait,
        codes: &[String],
        look: &Look,
    ) -> anyhow::Result<Vec<Brief>> {
        if self.what == What::Undated {
            return undated(db, codes, look).await;
        }
        let mut found: Vec<(NaiveDate, Brief)> = Vec::new();
        for some in codes.chunks(AT_ONCE) {
            let scope = Scope::Stps(some);
            let mut record = match look.known {
                None => record::load(db, scope, standard()).await?,
                Some(until) => record::load_known(db, scope, until, standard()).await?,
            };
            method::as_at::cut(&mut record, look.as_at);
            let shown = method::disclose(&record);
            let events = shown.stps.iter().flat_map(|stp| &stp.events);
            let own = events.filter(|event| self.holds(event, look.as_at));
            found.extend(own.map(|event| (event.starts_on, event.into())));
        }
        found.sort_unstable_by(|(a, one), (b, other)| (b, &other.id).cmp(&(a, &one.id)));
        Ok(found.into_iter().map(|(_, event)| event).collect())
    }
}

/// The events without a known day, whichever day is asked about.
async fn undated(db: &impl ConnectionTrait, codes: &[String], look: &Look) -> anyhow::Result<Vec<Brief>> {
    let ids: Vec<String> = match look.known {
        None => {
            event::Entity::find()
                .select_only()
                .column(event::Column::Id)
                .filter(event::Column::StpCode.is_in(codes))
                .filter(event::Column::StartsOn.is_null())
                .filter(event::Column::WithdrawnAt.is_null())
                .order_by_desc(event::Column::Id)
                .into_tuple()
                .all(db)
                .await?
        }
        Some(until) => Past::read(db, Scope::Stps(codes), until).await?.undated_ids(),
    };
    Ok(ids.iter().map(|id| Brief::unread(id)).collect())
}
