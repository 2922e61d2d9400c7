use method::record::{Event, Stp};
use method::values::Level;
use method::words::{EventStatus, Group};

use crate::make::{TODAY, asked, check, counted, day, decided, event, linked, on, proposal, said, stp, took};

fn with(decision_on: &str, events: Vec<Event>) -> Stp {
    Stp { proposals: vec![decided("p", decision_on)], events, ..stp() }
}

fn heard() -> Event {
    linked(took(event("e"), Group::Users), "p")
}

fn at(level: Option<Level>) -> Event {
    Event { level, ..heard() }
}

#[test]
fn verdicts_for_the_public() {
    let past = "2017-06-30";
    let one_way = || at(Some(Level::Inform));
    check(
        "TIM-1",
        "p/PP",
        &[
            ("nobody, decided today", with(past, vec![]), "gap critical"),
            ("nobody, decided tomorrow", with("2017-07-01", vec![]), "gap high"),
            ("nobody, decided in 42 days", with("2017-08-11", vec![]), "gap high"),
            ("nobody, decided in 43 days", with("2017-08-12", vec![]), "gap medium"),
            ("heard", with(past, vec![heard()]), "met"),
            ("told only, decided", with(past, vec![one_way()]), "gap high"),
            ("told only, decided in 43 days", with("2017-08-12", vec![one_way()]), "gap medium"),
            ("level unknown", with(past, vec![at(None)]), "unknown"),
            (
                "level unknown, and heard",
                with(past, vec![Event { id: crate::make::id("f"), ..at(None) }, heard()]),
                "met",
            ),
            ("the day before the decision", with("2017-01-12", vec![heard()]), "met"),
            ("on the day of the decision", with("2017-01-11", vec![heard()]), "gap critical"),
            (
                "began before, ended on the day",
                with("2017-01-12", vec![Event { ends_on: Some(day("2017-01-12")), ..heard() }]),
                "gap critical",
            ),
            ("not linked", with(past, vec![took(event("e"), Group::Users)]), "gap critical"),
            ("staff only", with(past, vec![linked(took(event("e"), Group::Nurses), "p")]), "gap critical"),
            ("asked only", with(past, vec![linked(asked(event("e"), Group::Users), "p")]), "gap critical"),
            ("planned", with(past, vec![Event { status: EventStatus::Planned, ..heard() }]), "gap critical"),
            (
                "not about the STP",
                with(past, vec![Event { stp_discussed: false, ..heard() }]),
                "gap critical",
            ),
        ],
    );
}

#[test]
fn other_audiences_are_never_critical() {
    for audience in ["p/ST", "p/LA"] {
        let cases = [
            ("nobody, decided", with("2017-01-01", vec![]), "gap high"),
            ("nobody, decided in 42 days", with("2017-08-11", vec![heard()]), "gap high"),
            ("nobody, decided in 43 days", with("2017-08-12", vec![heard()]), "gap medium"),
        ];
        check("TIM-1", audience, &cases);
    }
    let staff = with(TODAY, vec![linked(took(event("e"), Group::Nurses), "p")]);
    assert_eq!(said(&staff, TODAY, "TIM-1", "p/ST"), "met");
    assert_eq!(said(&staff, TODAY, "TIM-1", "p/XP"), "-");
}

#[test]
fn without_a_day_nothing_is_asked() {
    let stp = Stp { proposals: vec![proposal("p")], ..stp() };
    assert_eq!(said(&stp, TODAY, "TIM-1", "p/PP"), "-");
}

#[test]
fn what_nearly_counted() {
    let named = |name: &str, event: Event| Event { id: crate::make::id(name), ..event };
    let events = vec![
        named("asked", linked(asked(event("e"), Group::Users), "p")),
        named("told", at(Some(Level::Inform))),
        named("late", on(heard(), TODAY)),
        named("planned", Event { status: EventStatus::Planned, ..heard() }),
        named("unlinked", took(event("e"), Group::Carers)),
        named("staff", linked(took(event("e"), Group::Nurses), "p")),
    ];
    let (made_it, near) = counted(&with("2017-06-30", events), "TIM-1", "p/PP");
    assert!(made_it.is_empty());
    let expected = [
        "asked invited_only",
        "late after_decision",
        "planned not_held",
        "told one_way",
        "unlinked not_linked",
    ];
    assert_eq!(near, expected);
}
