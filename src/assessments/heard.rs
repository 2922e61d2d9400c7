//! When each group was heard, counted from the disclosed record: what the timeline and the tables draw on.

use chrono::NaiveDate;
use method::{
    record::{Event, Stp},
    words::{Audience, EventStatus, Group},
};

use super::counted::{What, Which};

/// People, from the disclosed record: at least `low` and at most `high`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct People {
    pub low: u64,
    pub high: u64,
}

/// What the record says of a group.
#[derive(Clone, Debug)]
pub struct Heard {
    pub group: Group,
    /// Whether the method asks for it.
    pub required: bool,
    /// Events that count, oldest first.
    pub marks: Vec<Mark>,
    /// Attendances at those of the events where they were counted.
    pub people: People,
    /// At how many of the events they were counted.
    pub counted: usize,
}

/// An event as a mark on a group's line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    pub from: NaiveDate,
    pub to: NaiveDate,
    /// How many of the group came, at most, where it is known.
    pub people: Option<u32>,
}

impl Heard {
    /// The last day on which the group was heard.
    pub fn last(&self) -> Option<NaiveDate> {
        self.marks.iter().map(|mark| mark.to).max()
    }
}

/// How many events there are, and how many people came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Held by the day, the STP discussed.
    pub held: usize,
    /// Held by the day without the STP being discussed: on record, and counted nowhere.
    pub beside: usize,
    pub planned: usize,
    pub cancelled: usize,
    /// Held, and not public: shown as stubs.
    pub stubs: usize,
    /// Unique patients and public who came: at least those of the largest event, at most the sum.
    pub public: People,
    /// Events where patients and public were counted.
    pub public_counted: usize,
    /// Of the events held: those with a level, with a number of people, with evidence, public.
    pub level: usize,
    pub numbers: usize,
    pub evidence: usize,
    pub published: usize,
    /// The last day of an event held.
    pub last: Option<NaiveDate>,
}

/// Whether the event exists for an assessment as at `day`.
pub fn exists(event: &Event, day: NaiveDate) -> bool {
    event.created_on.unwrap_or(event.starts_on) <= day
}

/// Whether the event counts as engagement as at `day`.
pub fn counts(event: &Event, day: NaiveDate) -> bool {
    exists(event, day) && event.status == EventStatus::Held && event.starts_on <= day && event.stp_discussed
}

/// The groups of an STP, in the order of the method page: those required, and whoever else took part.
pub fn groups(stp: &Stp, day: NaiveDate, required: &[Group]) -> Vec<Heard> {
    let mut all: Vec<Heard> = Group::ALL
        .iter()
        .map(|&group| Heard {
            group,
            required: required.contains(&group),
            marks: Vec::new(),
            people: People::default(),
            counted: 0,
        })
        .collect();
    for event in stp.events.iter().filter(|event| counts(event, day)) {
        for row in event.participation.iter().filter(|row| row.took_part) {
            let Some(heard) = all.iter_mut().find(|heard| heard.group == row.group) else { continue };
            heard.marks.push(Mark {
                from: event.starts_on,
                to: event.end(),
                people: row.attended.map(|count| count.high),
            });
            if let Some(count) = row.attended {
                heard.people.low += u64::from(count.low);
                heard.people.high += u64::from(count.high);
                heard.counted += 1;
            }
        }
    }
    for heard in &mut all {
        heard.marks.sort_by_key(|mark| (mark.from, mark.to));
    }
    all.retain(|heard| heard.required || !heard.marks.is_empty());
    all
}

/// The events of an STP, added up.
pub fn tally(stp: &Stp, day: NaiveDate) -> Tally {
    let mut tally = Tally::default();
    for event in &stp.events {
        let is = |what: What| usize::from(Which::all(what).holds(event, day));
        tally.held += is(What::Held);
        tally.beside += is(What::Beside);
        tally.planned += is(What::Planned);
        tally.cancelled += is(What::Cancelled);
        tally.stubs += is(What::Stubs);
        tally.public_counted += is(What::Public);
        tally.level += is(What::Level);
        tally.numbers += is(What::Numbers);
        tally.evidence += is(What::Evidence);
        tally.published += is(What::Published);
        if counts(event, day) {
            tally.last = tally.last.max(Some(event.end()));
            tally.add_public(event);
        }
    }
    tally
}

impl Tally {
    /// The four facts of each event held, as many as are on record.
    pub fn facts(&self) -> usize {
        self.level + self.numbers + self.evidence + self.published
    }

    /// Reach is an interval (method, 5.1): whoever came once may have come again.
    fn add_public(&mut self, event: &Event) {
        let public = event
            .participation
            .iter()
            .filter(|row| row.took_part && row.group.audience() == Audience::Public);
        let counts: Vec<_> = public.filter_map(|row| row.attended).collect();
        if counts.is_empty() {
            return;
        }
        let low: u64 = counts.iter().map(|count| u64::from(count.low)).sum();
        self.public.low = self.public.low.max(low);
        self.public.high += counts.iter().map(|count| u64::from(count.high)).sum::<u64>();
    }
}
