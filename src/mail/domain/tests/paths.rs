//! Alignment, the way back, and the names of hosts.

use super::{State::*, *};

#[test]
fn the_return_domain_counts_or_not() {
    let policy = |tags: &str| format!("_dmarc.example.org TXT v=DMARC1; p=reject; {tags}");
    let key = format!("s1._domainkey.example.org TXT p={KEY}");
    let (strict, relaxed) = (policy("aspf=s"), policy("aspf=r"));
    let try_all = |back: &str, cases: &[Case<'_>]| {
        table(What::Alignment, &setup("example.org", back, &[], &["s1"]), cases);
    };
    try_all(
        "example.org",
        &[
            (&[], Good, "counts for", ""),
            (&[&strict], Good, "counts for", ""),
            (&["_dmarc.example.org FAIL"], Good, "counts for", ""),
        ],
    );
    try_all(
        "bounces.example.org",
        &[
            (&[], Good, "counts", ""),
            (&[&relaxed], Good, "counts", ""),
            (&[&policy("adkim=s")], Good, "counts", ""),
            (&[&strict], Wrong, "aspf=s", "change aspf=s to aspf=r"),
            (&[&strict, &key], Warning, "Only the signatures prove", "aspf=r"),
            (&[&strict, "s1._domainkey.example.org FAIL"], Warning, "nothing is known", "aspf=r"),
            (&["_dmarc.example.org FAIL"], Unknown, "no answer", "again"),
        ],
    );
    try_all(
        "example.com",
        &[
            (&[&relaxed], Wrong, "another organisation", "such as bounces.example.org"),
            (&[], Wrong, "another organisation", "bounces.example.org"),
            (&[&key], Warning, "Only the signatures", "bounces.example.org"),
            (&["_dmarc.example.org FAIL", "s1._domainkey.example.org FAIL"], Warning, "another", "bounces"),
        ],
    );
    table(
        What::Alignment,
        &setup("example.org", "example.com", &[], &[]),
        &[(&[], Warning, "nothing is known", "bounces.example.org")],
    );
    // Two trusts are two organisations; two mailboxes of nhs.net are not.
    table(
        What::Alignment,
        &setup("a.nhs.uk", "b.nhs.uk", &[], &["s1"]),
        &[(&[], Wrong, "another", "a.nhs.uk")],
    );
    table(What::Alignment, &setup("a.nhs.net", "b.nhs.net", &[], &["s1"]), &[(&[], Good, "counts", "")]);
}

#[test]
fn bounces_arrive_or_not() {
    table(
        What::ReturnPath,
        &setup("example.org", "bounces.example.org", &[], &[]),
        &[
            (&["bounces.example.org MX 10 m.example", "m.example A 192.0.2.1"], Good, "m.example", ""),
            (&["bounces.example.org MX 10 m.example", "m.example A 2001:db8::1"], Good, "m.example", ""),
            (
                &[
                    "bounces.example.org MX 20 n.example",
                    "bounces.example.org MX 10 m.example",
                    "m.example A 192.0.2.1",
                ],
                Warning,
                "n.example",
                "A record for n.example",
            ),
            (&["bounces.example.org MX 10 m.example"], Wrong, "no address of that name", "MX record"),
            (
                &["bounces.example.org MX 10 m.example", "m.example A 10.0.0.1"],
                Wrong,
                "inside a network",
                "world",
            ),
            (&["bounces.example.org MX 10 m.example", "m.example FAIL"], Unknown, "no answer", "again"),
            (
                &[
                    "bounces.example.org MX 5 n.example",
                    "bounces.example.org MX 10 m.example",
                    "m.example FAIL",
                ],
                Warning,
                "n.example",
                "n.example",
            ),
            (&["bounces.example.org MX 10 192.0.2.1"], Wrong, "192.0.2.1", "MX"),
            (&["bounces.example.org MX 0 ."], Wrong, "no mail at all", "MX 10 HOST"),
            (&["bounces.example.org A 192.0.2.1"], Warning, "no MX", "bounces.example.org. MX 10 HOST."),
            (&["bounces.example.org TXT x"], Wrong, "neither an MX", "MX 10"),
            (&[], Wrong, "neither an MX", "MX 10"),
            (&["bounces.example.org FAIL"], Unknown, "no answer", "again"),
        ],
    );
}

#[test]
fn hosts_have_names_or_not() {
    table(
        What::ReverseDns,
        &setup("example.org", "example.org", &["192.0.2.1"], &[]),
        &[
            (&["192.0.2.1 PTR m.example", "m.example A 192.0.2.1"], Good, "m.example", ""),
            (
                &["192.0.2.1 PTR n.example", "192.0.2.1 PTR m.example.", "m.example A 192.0.2.1"],
                Good,
                "m.example",
                "",
            ),
            (&[], Wrong, "no name", "1.2.0.192.in-addr.arpa. PTR HOST."),
            (&["192.0.2.1 PTR m.example"], Wrong, "does not lead back", "m.example. A 192.0.2.1"),
            (
                &["192.0.2.1 PTR m.example", "m.example A 192.0.2.2"],
                Wrong,
                "does not lead back",
                "PTR record",
            ),
            (&["192.0.2.1 PTR <b>x</b>"], Wrong, "does not lead back", "PTR HOST."),
            (&["192.0.2.1 PTR m.example", "m.example FAIL"], Unknown, "m.example", "again"),
            (&["1.2.0.192.in-addr.arpa FAIL"], Unknown, "about 192.0.2.1", "again"),
        ],
    );
    table(
        What::ReverseDns,
        &setup("example.org", "example.org", &["2001:db8::1"], &[]),
        &[
            (&["2001:db8::1 PTR m.example", "m.example A 2001:db8::1"], Good, "m.example", ""),
            (&["2001:db8::1 PTR m.example", "m.example A 192.0.2.1"], Wrong, "lead back", "AAAA 2001:db8::1"),
            (&[], Wrong, "no name", "8.b.d.0.1.0.0.2.ip6.arpa. PTR"),
        ],
    );
    for inside in
        ["10.0.0.1", "172.16.0.1", "192.168.1.1", "127.0.0.1", "100.64.0.1", "fd00::1", "fe80::1", "::1"]
    {
        let setup = setup("example.org", "example.org", &[inside], &[]);
        table(What::ReverseDns, &setup, &[(&[], Unknown, "inside a network", "Ask IT")]);
    }
    table(
        What::ReverseDns,
        &setup("example.org", "example.org", &[], &[]),
        &[(&[], Unknown, "not known", "Ask IT")],
    );
}
