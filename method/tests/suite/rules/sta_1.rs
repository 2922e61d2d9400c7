use method::record::{Place, Proposal, Scrutiny, Stp};
use method::words::Substantial;

use crate::make::{TODAY, check, counted, county, day, district, id, proposal, said, stp};

fn substantial(places: &[&str], decision_on: Option<&str>, scrutiny: Vec<Scrutiny>) -> Proposal {
    Proposal {
        substantial: Substantial::Yes,
        places: places.iter().map(|code| id(code)).collect(),
        decision_on: decision_on.map(day),
        scrutiny,
        ..proposal("p")
    }
}

fn consulted(name: &str, authorities: &[&str], consulted_on: Option<&str>) -> Scrutiny {
    Scrutiny {
        id: id(name),
        authorities: authorities.iter().map(|code| id(code)).collect(),
        joint: authorities.len() > 1,
        consulted_on: consulted_on.map(day),
        decision_date_given: None,
        comments_by: None,
        published_url: None,
        recommendations: Vec::new(),
    }
}

fn footprint(proposal: Proposal) -> Stp {
    let places = vec![
        county("county"),
        district("north", "county"),
        county("city"),
        Place { fringe: true, ..county("fringe") },
        district("edge", "fringe"),
    ];
    Stp { places, proposals: vec![proposal], ..stp() }
}

#[test]
fn verdicts() {
    let here = |decision_on, scrutiny| footprint(substantial(&["county"], decision_on, scrutiny));
    let on = |day| vec![consulted("s", &["county"], Some(day))];
    let urgent = Proposal {
        urgency_exemption: Some("unsafe".to_owned()),
        ..substantial(&["county"], Some(TODAY), vec![])
    };
    check(
        "STA-1",
        "p/county",
        &[
            ("nothing, no decision", here(None, vec![]), "gap high"),
            ("nothing, in 28 days", here(Some("2017-07-28"), vec![]), "gap critical"),
            ("nothing, in 29 days", here(Some("2017-07-29"), vec![]), "gap high"),
            ("nothing, decided", here(Some("2017-01-01"), vec![]), "gap critical"),
            ("urgent", footprint(urgent), "not_applicable"),
            ("consulted, no decision", here(None, on(TODAY)), "met"),
            ("to be consulted tomorrow", here(None, on("2017-07-01")), "gap high"),
            ("consulted the day before", here(Some("2017-06-20"), on("2017-06-19")), "met"),
            ("consulted on the day", here(Some("2017-06-20"), on("2017-06-20")), "gap critical"),
            ("no day of consulting", here(None, vec![consulted("s", &["county"], None)]), "gap high"),
            ("another authority", here(None, vec![consulted("s", &["city"], Some(TODAY))]), "gap high"),
            ("its district only", here(None, vec![consulted("s", &["north"], Some(TODAY))]), "gap high"),
            ("a joint committee", here(None, vec![consulted("s", &["city", "county"], Some(TODAY))]), "met"),
            ("names a district of it", footprint(substantial(&["north"], None, vec![])), "gap high"),
            ("names another", footprint(substantial(&["city"], None, vec![])), "-"),
            ("names no place", footprint(substantial(&[], Some(TODAY), vec![])), "unknown"),
            ("names no place, consulted", footprint(substantial(&[], None, on(TODAY))), "met"),
            (
                "undecided",
                footprint(Proposal {
                    substantial: Substantial::Undecided,
                    ..substantial(&["county"], None, vec![])
                }),
                "-",
            ),
            (
                "no",
                footprint(Proposal {
                    substantial: Substantial::No,
                    ..substantial(&["county"], None, vec![])
                }),
                "-",
            ),
        ],
    );
}

#[test]
fn the_fringe_is_asked_about_when_it_is_named() {
    let named = footprint(substantial(&["edge"], None, vec![]));
    assert_eq!(said(&named, TODAY, "STA-1", "p/fringe"), "gap high");
    assert_eq!(said(&named, TODAY, "STA-1", "p/edge"), "-");
    let nowhere = footprint(substantial(&[], None, vec![]));
    assert_eq!(said(&nowhere, TODAY, "STA-1", "p/fringe"), "-");
    assert_eq!(said(&nowhere, TODAY, "STA-1", "p/city"), "unknown");
}

#[test]
fn what_counted() {
    let scrutiny = vec![
        consulted("in", &["county"], Some("2017-06-01")),
        consulted("late", &["county"], Some("2017-06-25")),
    ];
    let (made_it, near) = counted(
        &footprint(substantial(&["county", "north"], Some("2017-06-20"), scrutiny)),
        "STA-1",
        "p/county",
    );
    assert_eq!(made_it, ["in"]);
    assert_eq!(near, ["late after_decision"]);
}
