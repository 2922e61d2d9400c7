use method::record::{Event, Stp};
use method::values::{Count, Rate};
use method::words::{Audience, EventStatus, Group, Publication};

use crate::make::{check, counted, event, row, stp_with, took};

/// With a target for each 10,000 residents, in millionths, and a thousand residents.
fn aiming(target: u64, events: Vec<Event>) -> Stp {
    Stp { population: 1000, reach_target_per_10000: Rate::from_millionths(target), ..stp_with(events) }
}

fn came(name: &str, group: Group, people: Option<u32>) -> Event {
    Event { participation: vec![row(group, true, people)], ..event(name) }
}

#[test]
fn verdicts() {
    // Twenty of a thousand are 200 of 10,000.
    let twenty = || came("e", Group::Users, Some(20));
    let uncounted = || came("f", Group::Carers, None);
    let masked = || came("e", Group::Users, Some(1));
    check(
        "RCH-1",
        "stp",
        &[
            ("no target", Stp { reach_target_per_10000: None, ..aiming(0, vec![twenty()]) }, "unknown"),
            ("just the target", aiming(200_000_000, vec![twenty()]), "met"),
            ("a millionth short of it", aiming(200_000_001, vec![twenty()]), "gap medium"),
            ("a target of nobody", aiming(0, vec![]), "met"),
            ("nobody", aiming(1, vec![]), "gap medium < COV-1 PP"),
            ("short, and one not counted", aiming(200_000_001, vec![twenty(), uncounted()]), "unknown"),
            ("enough, and one not counted", aiming(200_000_000, vec![twenty(), uncounted()]), "met"),
            ("events add up", aiming(400_000_000, vec![twenty(), came("f", Group::Carers, Some(20))]), "met"),
            (
                "staff do not count",
                aiming(1, vec![came("e", Group::Nurses, Some(20))]),
                "gap medium < COV-1 PP",
            ),
            (
                "staff not counted",
                aiming(200_000_001, vec![twenty(), came("f", Group::Nurses, None)]),
                "gap medium",
            ),
            ("one person is up to four", aiming(40_000_000, vec![masked()]), "met"),
            ("and no more", aiming(40_000_001, vec![masked()]), "gap medium"),
            (
                "withheld: the number is hidden",
                aiming(1, vec![Event { publication: Publication::Withheld, ..twenty() }]),
                "unknown",
            ),
            (
                "planned",
                aiming(1, vec![Event { status: EventStatus::Planned, ..twenty() }]),
                "gap medium < COV-1 PP",
            ),
        ],
    );
}

#[test]
fn an_interval_counts_as_its_upper_end() {
    let mut event = took(event("e"), Group::Users);
    event.participation[0].attended = Some(Count { low: 10, high: 30 });
    check("RCH-1", "stp", &[("thirty of a thousand", aiming(300_000_000, vec![event]), "met")]);
}

#[test]
fn more_people_than_an_event_is_packed_with() {
    let public = Group::ALL.iter().filter(|group| group.audience() == Audience::Public).take(5);
    let all = Event {
        participation: public.map(|&group| row(group, true, Some(1_000_000_000))).collect(),
        ..event("e")
    };
    // Five thousand million of fifty thousand are a thousand million of 10,000.
    let aiming = |millionths| Stp { population: 50_000, ..aiming(millionths, vec![all.clone()]) };
    check("RCH-1", "stp", &[("just the target", aiming(1_000_000_000_000_000), "met")]);
}

#[test]
fn what_counted() {
    let (counted, near) = counted(&aiming(1, vec![came("e", Group::Users, Some(20))]), "RCH-1", "stp");
    assert_eq!((counted, near), (vec!["e".to_owned()], vec![]));
}
