use method::record::Stp;
use method::words::{Group, Tier};

use crate::make::{
    TODAY, assessed, check, county, district, event, requirement, said, stp, stp_with, took, waived,
};

#[test]
fn verdicts() {
    let others = || stp_with([took(event("e"), Group::Users)]);
    let with = |requirement| Stp { requirements: vec![requirement], ..others() };
    check(
        "COV-2",
        "PP-CAR",
        &[
            ("nothing at all: under its audience", stp(), "gap medium < COV-1 PP"),
            ("others of the audience took part", others(), "gap medium"),
            ("took part", stp_with([took(event("e"), Group::Carers)]), "met"),
            ("waived", with(waived(Group::Carers, "2017-01-01", "2017-12-31")), "not_applicable"),
            (
                "waived today, for today",
                with(waived(Group::Carers, "2017-06-30", "2017-06-30")),
                "not_applicable",
            ),
            (
                "the waiver ended yesterday",
                with(waived(Group::Carers, "2017-01-01", "2017-06-29")),
                "gap medium",
            ),
            (
                "the waiver is made tomorrow",
                with(waived(Group::Carers, "2017-07-01", "2017-12-31")),
                "gap medium",
            ),
            ("required without a waiver", with(requirement(Group::Carers, None)), "gap medium"),
        ],
    );
}

#[test]
fn a_waiver_weighs_more_than_engagement() {
    let took_part = stp_with([took(event("e"), Group::Carers)]);
    let stp = Stp { requirements: vec![waived(Group::Carers, "2017-01-01", "2017-12-31")], ..took_part };
    assert_eq!(said(&stp, TODAY, "COV-2", "PP-CAR"), "not_applicable");
}

#[test]
fn named_consultees_weigh_more() {
    let stp = stp_with([took(took(took(event("e"), Group::Users), Group::Doctors), Group::Officers)]);
    for (subject, expected) in [
        ("LA-HSC", "gap high"),
        ("LA-HWB", "gap high"),
        ("PP-HWT", "gap high"),
        ("LA-LDR", "gap medium"),
        ("ST-TUS", "gap medium"),
        ("PP-VCS", "gap medium"),
    ] {
        assert_eq!(said(&stp, TODAY, "COV-2", subject), expected, "{subject}");
    }
}

#[test]
fn the_required_groups() {
    let subjects = |stp: Stp| -> Vec<String> {
        let found = assessed(stp, TODAY).findings;
        found.into_iter().filter(|finding| finding.rule == "COV-2").map(|finding| finding.subject).collect()
    };
    let default = [
        "LA-HSC", "LA-HWB", "LA-LDR", "LA-OFF", "PP-CAR", "PP-HWT", "PP-PUB", "PP-USR", "PP-VCS", "ST-GPS",
        "ST-MED", "ST-NUR", "ST-TUS",
    ];
    assert_eq!(subjects(stp()), default);

    let added = Stp { requirements: vec![requirement(Group::Parishes, None)], ..stp() };
    assert_eq!(subjects(added).iter().filter(|subject| *subject == "LA-PAR").count(), 1);

    let districts = |places| subjects(Stp { places, ..stp() }).contains(&"LA-DIS".to_owned());
    assert!(!districts(vec![county("county")]));
    assert!(districts(vec![county("county"), district("district", "county")]));
    let fringe = |mut place: method::record::Place| {
        place.fringe = true;
        place
    };
    assert!(!districts(vec![county("county"), fringe(district("district", "county"))]));
    let in_fringe_county = vec![fringe(county("county")), district("district", "county")];
    assert_eq!(in_fringe_county[1].tier, Tier::District);
    assert!(!districts(in_fringe_county));
}
