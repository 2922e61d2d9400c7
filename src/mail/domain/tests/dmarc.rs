//! Policies.

use super::{State::*, *};

#[test]
fn a_policy_is_found_and_read() {
    let at = |text: &str| format!("_dmarc.example.org TXT {text}");
    let lines = [
        ("v=DMARC1; p=reject; rua=mailto:r@example.org", Good, "refuse", ""),
        ("v=DMARC1;p=quarantine;sp=none;rua=mailto:r@example.org!10m", Good, "set aside", ""),
        (
            "v = DMARC1 ; P=reject ; p=reject; rua=mailto:r@example.org,mailto:s@example.com",
            Good,
            "refuse",
            "",
        ),
        ("v=DMARC1; p=reject; pct=100; fo=1; rua=mailto:r@example.org", Good, "refuse", ""),
        ("v=DMARC1; p=none; rua=mailto:r@example.org", Warning, "do nothing", "p=quarantine"),
        ("v=DMARC1; p=NONE; pct=50; rua=mailto:r@example.org", Warning, "(p=none)", "p=quarantine"),
        ("v=DMARC1; p=reject; pct=20; rua=mailto:r@example.org", Warning, "20 of 100", "pct="),
        ("v=DMARC1; p=reject", Warning, "Nobody gets reports", "rua=mailto:"),
        ("v=DMARC1; p=reject; rua=r@example.org", Warning, "Nobody gets", "“r@example.org”"),
        ("v=DMARC1; p=reject; pct=200; rua=mailto:r@example.org", Warning, "“pct=200”", "right"),
        ("v=DMARC1; p=reject; aspf=x; rua=mailto:r@example.org", Warning, "aspf=x", "right"),
        ("v=DMARC1; p=reject; nonsense; rua=mailto:r@example.org", Warning, "“nonsense”", "take it out"),
        ("v=DMARC1; p=rejct; rua=mailto:r@example.org", Wrong, "“rejct”", "p=none, p=quarantine or p=reject"),
        ("v=DMARC1; rua=mailto:r@example.org", Wrong, "p= part of the DMARC", "p=none"),
        ("v=DMARC1; p=reject; sp=x; rua=mailto:r@example.org", Wrong, "The sp= part", "sp=none"),
        ("v=DMARC1", Wrong, "is missing", "p=reject"),
        ("v=dmarc1; p=reject", Wrong, "does not begin with v=DMARC1;", "Publish"),
        ("p=reject; v=DMARC1", Wrong, "does not begin", "Publish"),
        ("something else", Wrong, "has no DMARC record", "_dmarc.example.org. TXT \"v=DMARC1; p=none;"),
    ];
    let setup = setup("example.org", "example.org", &[], &[]);
    for (text, state, said, change) in lines {
        table(What::Dmarc, &setup, &[(&[&at(text)], state, said, change)]);
    }
    let reject = at("v=DMARC1; p=reject; rua=mailto:r@example.org");
    table(
        What::Dmarc,
        &setup,
        &[
            (&[], Wrong, "no DMARC record", "rua=mailto:dmarc-reports@example.org"),
            (&[&reject, &reject], Wrong, "2 DMARC records", "Keep one"),
            (&[&reject, "_dmarc.example.org TXT x"], Good, "refuse", ""),
            (&["_dmarc.example.org FAIL"], Unknown, "no answer", "again"),
        ],
    );
}

#[test]
fn the_organisation_speaks_for_the_domains_below_it() {
    let rua = "rua=mailto:r@example.org";
    let whole = |tags: &str| format!("_dmarc.example.org TXT v=DMARC1; {tags}; {rua}");
    let own = format!("_dmarc.mail.example.org TXT v=DMARC1; p=reject; sp=none; {rua}");
    let setup = setup("mail.example.org", "mail.example.org", &[], &[]);
    table(
        What::Dmarc,
        &setup,
        &[
            (&[&whole("p=reject")], Good, "record at _dmarc.example.org", ""),
            (&[&whole("p=none; sp=reject")], Good, "refuse", ""),
            (
                &[&whole("p=reject; sp=none")],
                Warning,
                "below example.org, such as mail.example.org",
                "sp=quarantine",
            ),
            (&[&whole("p=none")], Warning, "(p=none)", "_dmarc.example.org"),
            (&[&own, &whole("p=none; sp=none")], Good, "record at _dmarc.mail.example.org", ""),
            (
                &["_dmarc.mail.example.org FAIL", &whole("p=none")],
                Unknown,
                "_dmarc.mail.example.org",
                "again",
            ),
            (&["_dmarc.example.org FAIL"], Unknown, "about _dmarc.example.org", "again"),
            (&[&whole("p=none"), &whole("p=reject")], Wrong, "at _dmarc.example.org", "Keep"),
            (&[], Wrong, "mail.example.org has no", "_dmarc.mail.example.org. TXT"),
        ],
    );
    let trust = super::setup("post.trust.nhs.uk", "post.trust.nhs.uk", &[], &[]);
    table(
        What::Dmarc,
        &trust,
        &[
            (&["_dmarc.trust.nhs.uk TXT v=DMARC1; p=reject; rua=mailto:r@trust.nhs.uk"], Good, "refuse", ""),
            // The suffix is no organisation.
            (&["_dmarc.nhs.uk TXT v=DMARC1; p=reject; rua=mailto:r@nhs.uk"], Wrong, "no DMARC", "Publish"),
        ],
    );
}
