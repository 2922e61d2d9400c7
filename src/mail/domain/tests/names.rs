//! Names, and small parts.

use crate::mail::domain::{names::*, tags, text};

#[test]
fn an_organisation_is_found() {
    for (name, expected) in [
        ("example.org", "example.org"),
        ("a.b.c.example.org", "example.org"),
        ("Mail.Example.ORG.", "example.org"),
        ("trust.example.nhs.uk", "example.nhs.uk"),
        ("mail.trust.example.nhs.uk", "example.nhs.uk"),
        ("example.nhs.uk", "example.nhs.uk"),
        ("nhs.uk", "nhs.uk"),
        ("mail.trust.nhs.net", "nhs.net"),
        ("council.gov.uk", "council.gov.uk"),
        ("mail.council.gov.uk", "council.gov.uk"),
        ("thing.service.gov.uk", "thing.service.gov.uk"),
        ("mail.thing.service.gov.uk", "thing.service.gov.uk"),
        ("a.force.police.uk", "force.police.uk"),
        ("a.example.ac.uk", "example.ac.uk"),
        ("a.example.org.uk", "example.org.uk"),
        ("a.example.co.uk", "example.co.uk"),
        ("a.example.plc.uk", "example.plc.uk"),
        ("a.example.ltd.uk", "example.ltd.uk"),
        ("a.example.me.uk", "example.me.uk"),
        ("mail.school.county.sch.uk", "school.county.sch.uk"),
        ("school.county.sch.uk", "school.county.sch.uk"),
        ("county.sch.uk", "county.sch.uk"),
        ("mail.example.uk", "example.uk"),
        ("xnhs.uk", "xnhs.uk"),
        ("uk", "uk"),
        ("", ""),
    ] {
        assert_eq!(organisational(name), expected, "{name}");
    }
}

#[test]
fn names_are_told_from_others() {
    assert_eq!(domain(" Example.ORG. ").as_deref(), Some("example.org"));
    assert_eq!(domain("_x.example.org").as_deref(), Some("_x.example.org"));
    let (label, name) = ("x".repeat(64), "abc.".repeat(63) + "ab");
    for bad in [
        "",
        ".",
        "org",
        "a..org",
        ".org",
        "a b.org",
        "a@b.org",
        "é.org",
        "a.org..",
        &format!("{label}.org"),
        &name,
    ] {
        assert_eq!(domain(bad), None, "{bad}");
    }
    assert!(within("a.example.org", "example.org.") && within("example.org", "Example.org"));
    assert!(!within("aexample.org", "example.org") && !within("example.org", "a.example.org"));
}

#[test]
fn words_are_made_harmless() {
    assert_eq!(text::clean("a\tb\u{0}c\u{202e}d\u{7f}"), "a b�c�d�");
    assert_eq!(text::clip("abcdef", 4), "abc…");
    assert_eq!(text::clip("äöü", 3), "äöü");
    assert_eq!(text::clip("ab", 0), "…");
    assert_eq!(text::list(&[""; 0]), "");
    assert_eq!(text::list(&["a"]), "a");
    assert_eq!(text::list(&["a", "b", "c"]), "a, b and c");
    assert_eq!(text::list(&[1, 2, 3, 4, 5, 6, 7]), "1, 2, 3, 4, 5 and 2 more");
}

#[test]
fn tags_are_read() {
    assert_eq!(tags::parse("a=1; b = 2 ;").unwrap().len(), 2);
    assert_eq!(tags::get(&tags::parse("a=b=c").unwrap(), "a"), Some("b=c"));
    for bad in ["", ";", "a", "a=1;;b=2", "a=1;a=2", "=1", "1a=1", "a b=1"] {
        assert!(tags::parse(bad).is_none(), "{bad}");
    }
}
