use method::record::{Event, Proposal, Stp};
use method::values::Level;
use method::words::EventStatus;

use crate::make::{check, counted, day, event, linked, on, proposal, stp};

fn with(published_on: Option<&str>, formats: &[&str], events: Vec<Event>) -> Stp {
    let proposal = Proposal {
        document_published_on: published_on.map(day),
        accessible_formats: formats.iter().map(|format| (*format).to_owned()).collect(),
        ..proposal("p")
    };
    Stp { proposals: vec![proposal], events, ..stp() }
}

/// Two-way, of 11 January 2017.
fn asked() -> Event {
    linked(event("e"), "p")
}

#[test]
fn verdicts() {
    let easy: &[&str] = &["easy read"];
    let later = on(Event { id: crate::make::id("f"), ..asked() }, "2017-03-01");
    let one_way = on(Event { id: crate::make::id("g"), level: Some(Level::Inform), ..asked() }, "2016-12-01");
    check(
        "INF-1",
        "p",
        &[
            ("on the day", with(Some("2017-01-11"), easy, vec![asked()]), "met"),
            ("a day late", with(Some("2017-01-12"), easy, vec![asked()]), "gap medium"),
            ("no document", with(None, easy, vec![asked()]), "gap medium"),
            ("to be published tomorrow", with(Some("2017-07-01"), easy, vec![asked()]), "gap medium"),
            ("no accessible format", with(Some("2017-01-11"), &[], vec![asked()]), "gap medium"),
            (
                "before the second only",
                with(Some("2017-02-01"), easy, vec![asked(), later.clone()]),
                "gap medium",
            ),
            ("after a one-way event", with(Some("2017-01-11"), easy, vec![asked(), one_way.clone()]), "met"),
            ("one-way only", with(None, &[], vec![one_way]), "-"),
            ("not linked", with(None, &[], vec![event("e")]), "-"),
            ("planned", with(None, &[], vec![Event { status: EventStatus::Planned, ..asked() }]), "-"),
            ("level unknown", with(None, &[], vec![Event { level: None, ..asked() }]), "-"),
        ],
    );
    assert_eq!(counted(&with(None, &[], vec![asked(), later]), "INF-1", "p").0, ["e", "f"]);
}
