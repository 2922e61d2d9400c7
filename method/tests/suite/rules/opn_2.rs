use method::record::Stp;

use crate::make::{TODAY, day, said, stp};

#[test]
fn verdicts() {
    let published = |on: &str| Stp {
        plan_published_on: Some(day(on)),
        engagement_plan_published_on: Some(day(on)),
        ..stp()
    };
    let cases = [
        ("nothing", stp(), TODAY, "gap high", "gap medium"),
        ("nothing, on the day", stp(), "2016-12-31", "not_applicable", "not_applicable"),
        ("nothing, the day after", stp(), "2017-01-01", "gap high", "gap medium"),
        (
            "published before it was due",
            published("2016-11-10"),
            "2016-12-01",
            "not_applicable",
            "not_applicable",
        ),
        ("published", published("2016-11-10"), TODAY, "met", "met"),
        ("published today", published(TODAY), TODAY, "met", "met"),
        ("published tomorrow", published("2017-07-01"), TODAY, "gap high", "gap medium"),
    ];
    for (case, stp, as_at, plan, engagement_plan) in cases {
        assert_eq!(said(&stp, as_at, "OPN-2", "plan"), plan, "{case}");
        assert_eq!(said(&stp, as_at, "OPN-2", "engagement_plan"), engagement_plan, "{case}");
    }
}
