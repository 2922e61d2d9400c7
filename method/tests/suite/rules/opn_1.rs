use method::record::Event;
use method::words::{EventStatus, Publication};

use crate::make::{check, day, event, on, stp_with};

#[test]
fn verdicts() {
    let unpublished = || Event { publication: Publication::Unpublished, ..event("e") };
    let withheld = |reason: Option<&str>, review_on: Option<&str>| {
        stp_with([Event {
            publication: Publication::Withheld,
            withheld_reason: reason.map(str::to_owned),
            review_on: review_on.map(day),
            ..event("e")
        }])
    };
    check(
        "OPN-1",
        "e",
        &[
            ("public", stp_with([event("e")]), "met"),
            ("not published", stp_with([unpublished()]), "gap medium"),
            ("not published, 42 days ago", stp_with([on(unpublished(), "2017-05-19")]), "-"),
            ("not published, 43 days ago", stp_with([on(unpublished(), "2017-05-18")]), "gap medium"),
            ("withheld, review today", withheld(Some("s.36"), Some("2017-06-30")), "met"),
            ("withheld, review yesterday", withheld(Some("s.36"), Some("2017-06-29")), "gap medium"),
            ("withheld, review to come", withheld(Some("s.36"), Some("2018-06-30")), "met"),
            ("withheld without a review", withheld(Some("s.36"), None), "gap medium"),
            ("withheld without a reason", withheld(None, Some("2018-06-30")), "gap medium"),
            ("planned", stp_with([Event { status: EventStatus::Planned, ..unpublished() }]), "-"),
            ("not about the STP", stp_with([Event { stp_discussed: false, ..unpublished() }]), "-"),
        ],
    );
}
