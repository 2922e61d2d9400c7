use method::Input;
use method::record::{Consultation, ConsultationTheme, Event, EventTheme, Stp};
use method::values::Level;
use method::words::{Outcome, Publication};

use crate::make::{TODAY, assessed, check, consultation, day, event, id, proposal, stp, stp_with};

/// A two-way event that was fed back, with what became of its themes.
fn with(outcomes: &[Option<Outcome>]) -> Event {
    let theme = |(number, outcome): (usize, &Option<Outcome>)| EventTheme {
        id: id(&format!("t{number}")),
        text: Some("buses".to_owned()),
        outcome: *outcome,
    };
    let themes = outcomes.iter().enumerate().map(theme).collect();
    Event { feedback_on: Some(day(TODAY)), themes, ..event("e") }
}

#[test]
fn more_themes_than_an_event_is_packed_with() {
    for (themes, open) in [(254, 254), (255, 254), (255, 255), (300, 1), (300, 300)] {
        let outcomes: Vec<Option<Outcome>> =
            (0..themes).map(|at| (at >= open).then_some(Outcome::Changed)).collect();
        let assessed = assessed(stp_with([with(&outcomes)]), TODAY);
        let inputs = &assessed.finding("FBK-2", "e").expect("there is a finding").inputs;
        let told = ["themes", "themes_without_outcome"].map(|name| inputs.get(name).cloned());
        assert_eq!(told, [themes, open].map(|number| Some(Input::Number(number))));
    }
}

#[test]
fn verdicts_of_an_event() {
    let changed = Some(Outcome::Changed);
    check(
        "FBK-2",
        "e",
        &[
            ("no themes", stp_with([with(&[])]), "unknown"),
            ("one open", stp_with([with(&[changed, None])]), "gap medium"),
            (
                "none open",
                stp_with([with(&[changed, Some(Outcome::Unchanged), Some(Outcome::OutOfScope)])]),
                "met",
            ),
            (
                "withheld: the outcomes are seen",
                stp_with([Event { publication: Publication::Withheld, ..with(&[None]) }]),
                "gap medium",
            ),
            ("told tomorrow", stp_with([Event { feedback_on: Some(day("2017-07-01")), ..with(&[]) }]), "-"),
            ("not told", stp_with([Event { feedback_on: None, ..with(&[None]) }]), "-"),
            ("one-way", stp_with([Event { level: Some(Level::Inform), ..with(&[None]) }]), "-"),
        ],
    );
}

#[test]
fn verdicts_of_a_consultation() {
    let with = |closes_on: &str, outcomes: &[Option<Outcome>]| {
        let theme = |(number, outcome): (usize, &Option<Outcome>)| ConsultationTheme {
            id: id(&format!("t{number}")),
            outcome: *outcome,
        };
        let themes = outcomes.iter().enumerate().map(theme).collect();
        let one = consultation("c", "p", "2016-09-01", closes_on);
        let one = Consultation { feedback_on: Some(day(TODAY)), themes, ..one };
        Stp { proposals: vec![proposal("p")], consultations: vec![one], ..stp() }
    };
    check(
        "FBK-2",
        "c",
        &[
            ("no themes", with(TODAY, &[]), "unknown"),
            ("one open", with(TODAY, &[None]), "gap medium"),
            ("none open", with(TODAY, &[Some(Outcome::Changed)]), "met"),
            ("closes tomorrow", with("2017-07-01", &[None]), "-"),
        ],
    );
}
