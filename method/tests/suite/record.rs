//! The canonical form: one text for one record.

use method::Record;
use method::standard::Standard;

use crate::make::{id, record, stp};
use crate::refusals::sound;

#[test]
fn an_empty_stp_in_full() {
    let mut record = record(stp());
    record.stps[0].places.clear();
    let expected = concat!(
        r#"{"disclosed":false,"format":"opendoor-record/1","standard":{STANDARD},"stps":[{"bodies":[],"code":"E54000041","#,
        r#""consultations":[],"engagement_plan_published_on":null,"events":[],"monitoring_exceptions":[],"#,
        r#""monitoring_returns":[],"name":"Dorset","places":[],"plan_published_on":null,"plan_started_on":null,"#,
        r#""population":761630,"population_shares":[],"proposals":[],"questions":[],"reach_target_per_10000":null,"#,
        r#""reachable_contacts":null,"requests":[],"requirements":[]}]}"#,
    );
    let standard = record.standard.to_canonical();
    assert_eq!(record.to_canonical(), expected.replace("{STANDARD}", &standard));
}

#[test]
fn it_reads_back_as_the_same_record() {
    let record = Record::parse(sound().as_bytes()).expect("sound");
    let canonical = record.to_canonical();
    let again = Record::parse(canonical.as_bytes()).expect("canonical is sound");
    assert_eq!(again.to_canonical(), canonical);
    assert!(canonical.contains(r#""share":0.281"#) && canonical.contains(r#""reach_target_per_10000":12.5"#));
    assert!(canonical.contains(
        r#"{"attended":{"high":0,"low":0},"group":"PP-CAR","invited":{"high":3,"low":3},"took_part":false}"#
    ));
    assert!(!canonical.contains('\n'));
}

#[test]
fn what_is_not_recorded_reads_as_its_meaning() {
    let record = Record::parse(sound().as_bytes()).expect("sound");
    let bare = record.stps[0].events.iter().find(|event| event.id == id("e2")).expect("the bare event");
    assert!(!bare.stp_discussed && !bare.confirmed && bare.places.is_empty() && bare.level.is_none());
    assert_eq!(bare.publication.code(), "unpublished");
    let undecided = sound().replace("\"substantial\":\"yes\",", "");
    let record = Record::parse(undecided.as_bytes()).expect("sound");
    assert_eq!(record.stps[0].proposals[0].substantial.code(), "undecided");
}

#[test]
fn lists_are_sorted_by_what_names_their_items() {
    let text = sound()
        .replace("\"targets\":[\"AGE\"]", "\"targets\":[\"SEX\",\"AGE\",\"CAR\"]")
        .replace(
            "\"reachable_contacts\":{\"PP-HWT\":2}",
            "\"reachable_contacts\":{\"PP-HWT\":2,\"LA-HSC\":0,\"PP-CAR\":null}",
        )
        .replace(
            "\"accessible_formats\":[\"easy read\"]",
            "\"accessible_formats\":[\"b\",\"\u{e9}\",\"B\",\"a\"]",
        );
    let canonical = Record::parse(text.as_bytes()).expect("sound").to_canonical();
    for expected in [
        r#""targets":["AGE","CAR","SEX"]"#,
        r#""reachable_contacts":{"LA-HSC":0,"PP-HWT":2}"#,
        "\"accessible_formats\":[\"B\",\"a\",\"b\",\"\u{e9}\"]",
        r#""places":["E07000048","E10000009"]"#,
    ] {
        assert!(canonical.contains(expected), "{expected} in {canonical}");
    }
    let place = |code| canonical.find(code).expect("the place");
    assert!(place("\"code\":\"E07000048\"") < place("\"code\":\"E10000009\""));
}

#[test]
fn only_what_must_be_is_escaped() {
    let mut record = record(stp());
    record.stps[0].name = "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}é😀\u{2028}".to_owned();
    let canonical = record.to_canonical();
    assert!(
        canonical.contains("\"name\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u{7f}é😀\u{2028}\""),
        "{canonical}"
    );
    assert_eq!(Record::parse(canonical.as_bytes()).expect("sound").stps[0].name, record.stps[0].name);
}

#[test]
fn the_hash_is_that_of_the_canonical_form() {
    // Long enough that it goes into the hash in several pieces.
    use sha2::{Digest, Sha256};
    let mut record = record(stp());
    record.stps[0].name = "long ".repeat(100_000);
    let expected = format!("{:x}", Sha256::digest(record.to_canonical()));
    assert_eq!(record.sha256(), expected);
}

#[test]
fn the_default_standard() {
    let standard = Standard::default_2017();
    assert_eq!(standard.version, "stp-2017/1");
    assert_eq!((standard.recency_days, standard.poor_timing_share.millionths()), (180, 250_000));
    assert_eq!((standard.pre_election_periods.len(), standard.bank_holidays.len()), (3, 107));
    assert!(standard.to_canonical().contains(r#""monitoring_known_share":0.6"#));
}
