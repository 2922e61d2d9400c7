use method::record::{Proposal, Scrutiny, Stp};

use crate::make::{TODAY, check, day, id, proposal, stp};

fn with(change: impl Fn(&mut Scrutiny)) -> Stp {
    let mut scrutiny = Scrutiny {
        id: id("s"),
        authorities: vec![id("county")],
        joint: false,
        consulted_on: Some(day(TODAY)),
        decision_date_given: Some(day("2018-01-01")),
        comments_by: Some(day("2017-12-01")),
        published_url: Some("https://example.org/".to_owned()),
        recommendations: Vec::new(),
    };
    change(&mut scrutiny);
    Stp { proposals: vec![Proposal { scrutiny: vec![scrutiny], ..proposal("p") }], ..stp() }
}

#[test]
fn verdicts() {
    check(
        "STA-2",
        "s",
        &[
            ("everything", with(|_| ()), "met"),
            ("no decision date", with(|one| one.decision_date_given = None), "gap high"),
            ("no date for comments", with(|one| one.comments_by = None), "gap high"),
            ("not published", with(|one| one.published_url = None), "gap high"),
            ("consulted tomorrow", with(|one| one.consulted_on = Some(day("2017-07-01"))), "-"),
            ("not consulted", with(|one| one.consulted_on = None), "-"),
        ],
    );
}
