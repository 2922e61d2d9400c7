use method::record::{Body, Event, Request, Stp};
use method::words::{EventStatus, Group};

use crate::make::{TODAY, check, counted, day, employer, event, id, on, said, stp, took};

fn request(sent_on: Option<&str>) -> Request {
    Request {
        id: id("q"),
        body: id("RBD"),
        sent_on: sent_on.map(day),
        response_requested: true,
        replied_on: None,
        declined: false,
    }
}

fn with(request: Request, events: Vec<Event>) -> Stp {
    Stp { bodies: vec![employer("RBD"), employer("RXY")], requests: vec![request], events, ..stp() }
}

fn sent(sent_on: &str) -> Stp {
    with(request(Some(sent_on)), vec![])
}

#[test]
fn verdicts() {
    let at = |body: &str, starts_on: &str| on(Event { bodies: vec![id(body)], ..event("e") }, starts_on);
    let met = |event: Event| with(request(Some("2017-02-01")), vec![event]);
    let replied = |replied_on: &str| {
        with(Request { replied_on: Some(day(replied_on)), ..request(Some("2017-02-01")) }, vec![])
    };
    let declined = |replied_on: Option<&str>| {
        with(
            Request { declined: true, replied_on: replied_on.map(day), ..request(Some("2017-02-01")) },
            vec![],
        )
    };
    let consultee =
        Stp { bodies: vec![Body { statutory_consultee: true, ..employer("RBD") }], ..sent("2017-06-08") };
    check(
        "RSP-1",
        "q",
        &[
            ("21 days ago", sent("2017-06-09"), "not_applicable"),
            ("22 days ago", sent("2017-06-08"), "gap low"),
            ("22 days ago, a statutory consultee", consultee, "gap high"),
            ("replied", replied("2017-06-30"), "met"),
            ("replied tomorrow", replied("2017-07-01"), "gap low"),
            ("declined", declined(None), "not_applicable"),
            ("declined in a reply", declined(Some("2017-02-02")), "met"),
            ("met on the day", met(at("RBD", "2017-02-01")), "met"),
            ("met the day before", met(at("RBD", "2017-01-31")), "gap low"),
            (
                "met from before to after",
                met(Event { ends_on: Some(day("2017-02-01")), ..at("RBD", "2017-01-01") }),
                "met",
            ),
            ("another body met", met(at("RXY", "2017-02-01")), "gap low"),
            ("met, nobody recorded", met(at("RBD", "2017-03-01")), "met"),
            ("planned", met(Event { status: EventStatus::Planned, ..at("RBD", "2017-02-01") }), "gap low"),
            ("not about the STP", met(Event { stp_discussed: false, ..at("RBD", "2017-02-01") }), "gap low"),
            ("sent today", sent(TODAY), "not_applicable"),
            ("sent tomorrow", sent("2017-07-01"), "-"),
            ("not sent", with(request(None), vec![]), "-"),
            (
                "no answer wanted",
                with(Request { response_requested: false, ..request(Some("2017-02-01")) }, vec![]),
                "-",
            ),
        ],
    );
    assert_eq!(said(&stp(), TODAY, "RSP-1", "q"), "-");
}

#[test]
fn the_first_event_since_counts() {
    let at = |name: &str, starts_on: &str| {
        on(Event { bodies: vec![id("RBD")], ..took(event(name), Group::Nurses) }, starts_on)
    };
    let events = vec![at("a", "2017-05-01"), at("b", "2017-03-01"), at("c", "2017-01-01")];
    assert_eq!(counted(&with(request(Some("2017-02-01")), events), "RSP-1", "q").0, ["b"]);
}
