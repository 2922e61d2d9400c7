use method::record::{Event, Place, Stp};
use method::words::Group;

use crate::make::{TODAY, asked, check, counted, county, district, event, id, place_count, said, stp, took};

/// Two counties, one of them with two districts, and a fringe.
fn footprint(events: Vec<Event>) -> Stp {
    let fringe = Place { fringe: true, ..county("fringe") };
    let places = vec![
        district("north", "county"),
        county("county"),
        district("south", "county"),
        county("city"),
        fringe,
        district("edge", "fringe"),
    ];
    Stp { places, events, ..stp() }
}

fn in_place(name: &str, place: &str) -> Event {
    Event { places: vec![id(place)], ..took(event(name), Group::Carers) }
}

#[test]
fn verdicts_of_a_county() {
    let online = || Event { online: true, places: vec![], ..took(event("online"), Group::Users) };
    let lived_in =
        |place, people| Event { places: vec![], place_counts: vec![place_count(place, people)], ..online() };
    let perhaps_one = || {
        let mut event = lived_in("county", 0);
        event.place_counts[0].count.high = 3;
        event
    };
    let staff = Event { places: vec![id("county")], ..took(event("e"), Group::Nurses) };
    check(
        "GEO-1",
        "county",
        &[
            ("nothing at all", footprint(vec![]), "gap high < COV-1 PP"),
            ("an event elsewhere", footprint(vec![in_place("e", "city")]), "gap high"),
            ("an event with staff", footprint(vec![staff, in_place("f", "city")]), "gap high"),
            ("an event there", footprint(vec![in_place("e", "county")]), "met"),
            ("an event in a district of it", footprint(vec![in_place("e", "north")]), "met"),
            (
                "people asked, nobody known to have come",
                footprint(vec![asked(event("e"), Group::Carers)]),
                "gap high < COV-1 PP",
            ),
            ("an online event that names no place", footprint(vec![online()]), "unknown"),
            ("an online event, and one there", footprint(vec![online(), in_place("e", "county")]), "met"),
            (
                "an online event for elsewhere",
                footprint(vec![Event { online: true, ..in_place("e", "city") }]),
                "gap high",
            ),
            ("people who live there", footprint(vec![lived_in("county", 1)]), "met"),
            ("people who live in a district of it", footprint(vec![lived_in("south", 9)]), "met"),
            ("somebody who may live there", footprint(vec![perhaps_one()]), "met"),
            ("nobody who lives there: it names no place", footprint(vec![lived_in("county", 0)]), "unknown"),
            ("no place named, not online", footprint(vec![Event { online: false, ..online() }]), "gap high"),
        ],
    );
}

#[test]
fn verdicts_of_a_district() {
    check(
        "GEO-1",
        "north",
        &[
            ("nothing at all: under its county", footprint(vec![]), "gap medium < GEO-1 county"),
            (
                "an event in another county",
                footprint(vec![in_place("e", "city")]),
                "gap medium < GEO-1 county",
            ),
            ("an event in the county", footprint(vec![in_place("e", "county")]), "gap medium"),
            ("an event in another district", footprint(vec![in_place("e", "south")]), "gap medium"),
            ("an event there", footprint(vec![in_place("e", "north")]), "met"),
        ],
    );
}

#[test]
fn the_fringe_is_not_asked_about() {
    let stp = footprint(vec![]);
    assert_eq!(said(&stp, TODAY, "GEO-1", "fringe"), "-");
    assert_eq!(said(&stp, TODAY, "GEO-1", "edge"), "-");
    assert_eq!(said(&stp, TODAY, "GEO-1", "city"), "gap high < COV-1 PP");
}

#[test]
fn a_fringe_district_still_speaks_for_its_county() {
    let mut stp = footprint(vec![in_place("e", "north")]);
    stp.places[0].fringe = true;
    assert_eq!(said(&stp, TODAY, "GEO-1", "north"), "-");
    assert_eq!(said(&stp, TODAY, "GEO-1", "county"), "met");
}

#[test]
fn what_counted() {
    let both = Event { places: vec![id("county"), id("north")], ..in_place("both", "north") };
    let none_came = Event { places: vec![id("north")], ..asked(event("none"), Group::Carers) };
    let (made_it, near) = counted(&footprint(vec![both, none_came]), "GEO-1", "county");
    assert_eq!(made_it, ["both"]);
    assert_eq!(near, ["none invited_only"]);
}
