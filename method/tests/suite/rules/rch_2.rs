use method::record::{Event, Place, Stp};
use method::words::{Group, Publication};

use crate::make::{TODAY, check, county, district, event, id, place_count, row, said, stp};

/// Two counties of a thousand, one with a district, and a fringe with one.
fn footprint(events: Vec<Event>) -> Stp {
    let places = vec![
        county("county"),
        district("north", "county"),
        county("city"),
        Place { fringe: true, ..county("fringe") },
        district("edge", "fringe"),
    ];
    Stp { places, events, ..stp() }
}

fn came(name: &str, places: &[&str], people: Option<u32>) -> Event {
    let places = places.iter().map(|code| id(code)).collect();
    Event { places, participation: vec![row(Group::Users, true, people)], ..event(name) }
}

fn counted(name: &str, counts: &[(&str, u32)]) -> Event {
    let place_counts = counts.iter().map(|(code, people)| place_count(code, *people)).collect();
    Event { place_counts, ..came(name, &[], Some(500)) }
}

#[test]
fn verdicts() {
    check(
        "RCH-2",
        "county",
        &[
            ("nobody", footprint(vec![]), "unknown"),
            // Of 100, 50 would be expected from each; a quarter of all is half of that.
            ("a quarter", footprint(vec![counted("e", &[("county", 25), ("city", 75)])]), "met"),
            ("just below", footprint(vec![counted("e", &[("county", 30), ("city", 95)])]), "gap medium"),
            ("just not below", footprint(vec![counted("e", &[("county", 30), ("city", 90)])]), "met"),
            ("none of 100", footprint(vec![counted("e", &[("city", 100)])]), "gap medium"),
            ("twenty in all: ten expected", footprint(vec![counted("e", &[("city", 20)])]), "gap medium"),
            ("fifteen in all: too few", footprint(vec![counted("e", &[("city", 15)])]), "not_applicable"),
            (
                "a district's people are the county's",
                footprint(vec![counted("e", &[("north", 25), ("city", 75)])]),
                "met",
            ),
            (
                "people of the fringe are left out",
                footprint(vec![counted("e", &[("edge", 900), ("city", 15)])]),
                "not_applicable",
            ),
            (
                "the events' own place",
                footprint(vec![came("e", &["north"], Some(50)), came("f", &["city"], Some(50))]),
                "met",
            ),
            (
                "one place twice over",
                footprint(vec![came("e", &["north", "county"], Some(50)), came("f", &["city"], Some(50))]),
                "met",
            ),
            (
                "as many without a place as with",
                footprint(vec![came("e", &["city"], Some(50)), came("f", &["county", "city"], Some(50))]),
                "gap medium",
            ),
            (
                "more without a place",
                footprint(vec![came("e", &["city"], Some(50)), came("f", &["county", "city"], Some(55))]),
                "unknown",
            ),
            (
                "no place named",
                footprint(vec![came("e", &["city"], Some(50)), came("f", &[], Some(55))]),
                "unknown",
            ),
            (
                "an event at the fringe is no one's",
                footprint(vec![came("e", &["city"], Some(50)), came("f", &["edge"], Some(500))]),
                "gap medium",
            ),
            (
                "not counted there",
                footprint(vec![came("e", &["city"], Some(50)), came("f", &["north"], None)]),
                "unknown",
            ),
            (
                "not counted in no place",
                footprint(vec![came("e", &["city"], Some(50)), came("f", &[], None)]),
                "unknown",
            ),
            (
                "not counted elsewhere",
                footprint(vec![came("e", &["city"], Some(50)), came("f", &["city"], None)]),
                "gap medium",
            ),
            (
                "withheld there: its numbers are hidden",
                footprint(vec![
                    came("e", &["city"], Some(50)),
                    Event { publication: Publication::Withheld, ..counted("f", &[("county", 50)]) },
                ]),
                "unknown",
            ),
        ],
    );
}

#[test]
fn an_interval_is_read_as_it_makes_a_gap_less_likely() {
    let mut stp = footprint(vec![counted("e", &[("county", 5), ("city", 100)])]);
    assert_eq!(said(&stp, TODAY, "RCH-2", "county"), "gap medium");
    stp.events[0].place_counts[0].count.high = 40;
    assert_eq!(said(&stp, TODAY, "RCH-2", "county"), "met");
    stp.events[0].place_counts[0].count.high = 5;
    stp.events[0].place_counts[1].count.low = 15;
    assert_eq!(said(&stp, TODAY, "RCH-2", "county"), "met");
}

#[test]
fn neither_districts_nor_the_fringe_are_asked_about() {
    let stp = footprint(vec![counted("e", &[("city", 100)])]);
    for place in ["north", "edge", "fringe"] {
        assert_eq!(said(&stp, TODAY, "RCH-2", place), "-");
    }
    assert_eq!(said(&stp, TODAY, "RCH-2", "city"), "met");
}
