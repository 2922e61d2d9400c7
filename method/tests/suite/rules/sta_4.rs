use method::record::{Proposal, Recommendation, Scrutiny, Stp};

use crate::make::{check, counted, day, id, proposal, stp};

fn with(received_on: Option<&str>, answered_on: Option<&str>) -> Stp {
    let one =
        Recommendation { id: id("r"), received_on: received_on.map(day), answered_on: answered_on.map(day) };
    let scrutiny = Scrutiny {
        id: id("s"),
        authorities: vec![id("county")],
        joint: false,
        consulted_on: None,
        decision_date_given: None,
        comments_by: None,
        published_url: None,
        recommendations: vec![one],
    };
    Stp { proposals: vec![Proposal { scrutiny: vec![scrutiny], ..proposal("p") }], ..stp() }
}

#[test]
fn verdicts() {
    check(
        "STA-4",
        "r",
        &[
            ("28 days ago", with(Some("2017-06-02"), None), "not_applicable"),
            ("29 days ago", with(Some("2017-06-01"), None), "gap high"),
            ("answered after 28 days", with(Some("2017-03-01"), Some("2017-03-29")), "met"),
            ("answered after 29 days", with(Some("2017-03-01"), Some("2017-03-30")), "met late"),
            ("answered tomorrow", with(Some("2017-06-01"), Some("2017-07-01")), "gap high"),
            ("received tomorrow", with(Some("2017-07-01"), None), "-"),
            ("no day of receipt", with(None, Some("2017-03-01")), "-"),
        ],
    );
    assert_eq!(counted(&with(Some("2017-03-01"), Some("2017-03-30")), "STA-4", "r").0, ["r"]);
}
