use method::record::{Contacts, Stp};
use method::words::Group;

use crate::make::{TODAY, check, requirement, said, stp, waived};

#[test]
fn verdicts() {
    let with = |contacts: &[(Group, u32)]| Stp {
        reachable_contacts: Some(Contacts(contacts.iter().copied().collect())),
        ..stp()
    };
    let waiver = |until| Stp { requirements: vec![waived(Group::Carers, "2017-01-01", until)], ..stp() };
    check(
        "RSP-2",
        "PP-CAR",
        &[
            ("not recorded", stp(), "gap medium"),
            ("others only", with(&[(Group::Users, 4)]), "gap medium"),
            ("none", with(&[(Group::Carers, 0)]), "gap medium"),
            ("one", with(&[(Group::Carers, 1)]), "met"),
            ("waived until today", waiver("2017-06-30"), "not_applicable"),
            ("waived until yesterday", waiver("2017-06-29"), "gap medium"),
        ],
    );
    assert_eq!(said(&stp(), TODAY, "RSP-2", "LA-PAR"), "-");
    let more = Stp { requirements: vec![requirement(Group::Parishes, None)], ..stp() };
    assert_eq!(said(&more, TODAY, "RSP-2", "LA-PAR"), "gap medium");
}
