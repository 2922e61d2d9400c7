//! Disclosure: what may be shown. Applied before the rules and before anything public, so that nothing hidden can be
//! worked out from a verdict.
//!
//! Counts of people from 1 to 4 are masked, as are counts of characteristics from 1 to 7; greater ones go to the nearest
//! 5. An event that is not public keeps that it was held, when, for whom and at what level, and loses its content.

use std::borrow::Cow;

use crate::record::{Event, MonitoringReturn, Participation, PlaceCount, Record, Stp};
use crate::values::Count;
use crate::words::Publication;

/// The largest masked number of people.
const FEW_PEOPLE: u32 = 4;
/// The largest masked number of people with a characteristic.
const FEW_MONITORED: u32 = 7;

/// Gives the record as it may be shown. The disclosed form of a disclosed record is itself.
pub fn disclose(record: &Record) -> Record {
    disclose_own(record.clone())
}

/// The same of a record that nobody needs as it was: nothing of it is copied.
pub fn disclose_own(mut disclosed: Record) -> Record {
    disclosed.disclosed = true;
    for stp in &mut disclosed.stps {
        mask_returns(stp);
        for event in &mut stp.events {
            if event.publication == Publication::Public {
                event.participation.iter_mut().for_each(mask_part);
                event.place_counts.iter_mut().for_each(|row| mask(&mut row.count, FEW_PEOPLE));
            } else {
                make_stub(event);
            }
        }
    }
    disclosed
}

/// An event as it is written where nothing hidden may be: a stub where it is not public. Its parts are masked as they
/// are written.
pub(crate) fn shown_event(event: &Event) -> Cow<'_, Event> {
    if event.publication == Publication::Public {
        return Cow::Borrowed(event);
    }
    let mut stub = event.clone();
    make_stub(&mut stub);
    Cow::Owned(stub)
}

/// A group's part in an event as it may be shown.
pub(crate) fn shown_part(row: &Participation) -> Cow<'_, Participation> {
    let mut shown = row.clone();
    mask_part(&mut shown);
    Cow::Owned(shown)
}

/// Where people came from, as it may be shown.
pub(crate) fn shown_place(row: &PlaceCount) -> Cow<'_, PlaceCount> {
    Cow::Owned(PlaceCount { place: row.place.clone(), count: people(row.count) })
}

/// A return as it may be shown.
pub(crate) fn shown_return(one: &MonitoringReturn) -> Cow<'_, MonitoringReturn> {
    let mut shown = one.clone();
    mask_return(&mut shown);
    Cow::Owned(shown)
}

/// Masks the counts of people with a characteristic.
pub(crate) fn mask_returns(stp: &mut Stp) {
    stp.monitoring_returns.iter_mut().for_each(mask_return);
}

fn mask_return(one: &mut MonitoringReturn) {
    mask(&mut one.not_stated, FEW_MONITORED);
    for answer in &mut one.answers {
        mask(&mut answer.count, FEW_MONITORED);
    }
}

fn mask_part(row: &mut Participation) {
    for count in [&mut row.invited, &mut row.attended].into_iter().flatten() {
        mask(count, FEW_PEOPLE);
    }
}

/// Takes away what a stub does not show. All else stays, because a rule reads it and it tells of no person.
fn make_stub(event: &mut Event) {
    for row in std::mem::take(&mut event.place_counts) {
        if row.count.high >= 1 && !event.places.contains(&row.place) {
            event.places.push(row.place);
        }
    }
    event.title = None;
    event.venue = None;
    event.venue_capacity = None;
    event.confirmed = false;
    for theme in &mut event.themes {
        theme.text = None;
    }
    for row in &mut event.participation {
        row.invited = None;
        row.attended = None;
    }
}

/// A count of people as it may be shown.
pub(crate) fn people(mut count: Count) -> Count {
    mask(&mut count, FEW_PEOPLE);
    count
}

/// Masks both ends of a count: those from 1 to `few` become 1 and `few`, greater ones go to the nearest 5.
fn mask(count: &mut Count, few: u32) {
    let end = |number: u32, masked: u32| match number {
        0 => 0,
        1.. if number <= few => masked,
        _ => number.saturating_add(2) / 5 * 5,
    };
    *count = Count { low: end(count.low, 1), high: end(count.high, few) };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(low: u32, high: u32, few: u32) -> (u32, u32) {
        let mut count = Count { low, high };
        mask(&mut count, few);
        (count.low, count.high)
    }

    #[test]
    fn small_numbers_are_masked_and_others_rounded() {
        let people =
            [((0, 0), (0, 0)), ((1, 1), (1, 4)), ((4, 4), (1, 4)), ((5, 5), (5, 5)), ((7, 7), (5, 5))];
        let more = [((8, 8), (10, 10)), ((0, 3), (0, 4)), ((4, 6), (1, 5)), ((12, 13), (10, 15))];
        for ((low, high), expected) in people.into_iter().chain(more) {
            assert_eq!(masked(low, high, FEW_PEOPLE), expected, "{low} to {high} people");
        }
        let monitored =
            [((0, 0), (0, 0)), ((1, 7), (1, 7)), ((5, 5), (1, 7)), ((8, 8), (10, 10)), ((12, 12), (10, 10))];
        for ((low, high), expected) in monitored {
            assert_eq!(masked(low, high, FEW_MONITORED), expected, "{low} to {high} monitored");
        }
    }

    #[test]
    fn masking_twice_changes_nothing() {
        for few in [FEW_PEOPLE, FEW_MONITORED] {
            for low in 0..60 {
                for high in low..60 {
                    let once = masked(low, high, few);
                    assert!(once.0 <= once.1);
                    assert_eq!(masked(once.0, once.1, few), once);
                }
            }
        }
    }
}
