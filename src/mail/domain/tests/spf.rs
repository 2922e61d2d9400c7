//! The SPF record as a whole.

use super::{State::*, *};

fn of(hosts: &[&str]) -> Setup {
    setup("example.org", "example.org", hosts, &[])
}

#[test]
fn a_record_is_found_and_read() {
    table(
        What::Spf,
        &of(&["192.0.2.1"]),
        &[
            (&[], Wrong, "knows no example.org", "example.org. TXT \"v=spf1 ip4:192.0.2.1 ~all\""),
            (&["example.org TXT other"], Wrong, "no SPF record", "ip4:192.0.2.1"),
            (&["example.org A 192.0.2.1"], Wrong, "no SPF record", "Publish"),
            (&["example.org TXT v=spf10 -all"], Wrong, "no SPF record", "Publish"),
            (&["example.org TXT v=spf2.0/pra -all"], Wrong, "no SPF record", "Publish"),
            (&["example.org FAIL"], Unknown, "no answer", "again"),
            (
                &["example.org TXT v=spf1 -all", "example.org TXT v=spf1 ~all"],
                Wrong,
                "2 SPF records",
                "Keep one",
            ),
            (&["example.org TXT v=spf1 ip4:192.0.2.1 -all", "example.org TXT x"], Good, "every address", ""),
            (&["example.org TXT V=SPF1 IP4:192.0.2.1 ~ALL"], Good, "0 of the 10", ""),
            (&["example.org TXT v=spf1  ip4:192.0.2.0/24   -all "], Good, "every", ""),
            (&["example.org TXT v=spf1 ipv4:192.0.2.1 -all"], Wrong, "“ipv4:192.0.2.1”", "ip4:192.0.2.1"),
            (
                &["example.org TXT v=spf1 a:192.0.2.1 -all"],
                Wrong,
                "cannot be read",
                "should be ip4:192.0.2.1",
            ),
            (&["example.org TXT v=spf1 ip4:192.0.2.0/33 -all"], Wrong, "/33", "put"),
            (&["example.org TXT v=spf1 ip4:192.0.2.300 -all"], Wrong, "cannot be read", "take it out"),
            (&["example.org TXT v=spf1 include=x.example -all ip4:1"], Wrong, "ip4:1", "put"),
            (
                &["example.org TXT v=spf1 redirect:x.example"],
                Wrong,
                "redirect:",
                "should be redirect=x.example",
            ),
            (&["example.org TXT v=spf1 redirect=x.example redirect=y.example"], Wrong, "y.example", "put"),
            (&["example.org TXT v=spf1 include -all"], Wrong, "“include”", "take it out"),
            (&["example.org TXT v=spf1 ip4:192.0.2.1 -all mailto:x"], Wrong, "mailto:x", "put"),
            (
                &["example.org TXT v=spf1 ip4:192.0.2.1 other=thing exp=why.example.org -all"],
                Good,
                "every",
                "",
            ),
        ],
    );
}

#[test]
fn whom_it_lets_send() {
    table(
        What::Spf,
        &of(&["192.0.2.1"]),
        &[
            (&["example.org TXT v=spf1 +all"], Wrong, "everybody", "\"v=spf1 ~all\""),
            (
                &["example.org TXT v=spf1 +all redirect=x.example"],
                Wrong,
                "everybody",
                "redirect=x.example ~all\"",
            ),
            (
                &["example.org TXT v=spf1 a all", "example.org A 192.0.2.1"],
                Wrong,
                "everybody",
                "v=spf1 a ~all",
            ),
            (&["example.org TXT v=spf1 ip4:0.0.0.0/0 -all"], Wrong, "everybody", "\"v=spf1 -all\""),
            (&["example.org TXT v=spf1 ip6:::/0 ip4:192.0.2.1 -all"], Wrong, "everybody", "/0"),
            (
                &["example.org TXT v=spf1 include:x.example -all", "x.example TXT v=spf1 +all"],
                Wrong,
                "takes in that of x.example",
                "names x.example",
            ),
            (
                &[
                    "example.org TXT v=spf1 ip4:192.0.2.1 ?include:x.example -all",
                    "x.example TXT v=spf1 +all",
                ],
                Good,
                "every",
                "",
            ),
            (
                &["example.org TXT v=spf1 ip4:192.0.2.1 ?all"],
                Warning,
                "?all",
                "\"v=spf1 ip4:192.0.2.1 ~all\"",
            ),
            (&["example.org TXT v=spf1 ip4:192.0.2.1"], Warning, "no “all”", "\"v=spf1 ip4:192.0.2.1 ~all\""),
            (&["example.org TXT v=spf1 ip4:192.0.2.1 -all a"], Warning, "never read", "to the end"),
            (
                &["example.org TXT v=spf1 ip4:192.0.2.1 ptr -all", "192.0.2.1 PTR x.example"],
                Warning,
                "ptr part",
                "Replace ptr",
            ),
            (
                &["example.org TXT v=spf1 redirect=x.example", "x.example TXT v=spf1 ip4:192.0.2.1 -all"],
                Good,
                "1 of the 10",
                "",
            ),
            (
                &["example.org TXT v=spf1 redirect=x.example", "x.example TXT v=spf1 ip4:192.0.2.1 ?all"],
                Warning,
                "?all",
                "~all",
            ),
            (
                &["example.org TXT v=spf1 redirect=x.example", "x.example TXT v=spf1 +all"],
                Wrong,
                "x.example, which lets everybody",
                "x.example",
            ),
        ],
    );
}

#[test]
fn whether_a_host_is_allowed() {
    table(
        What::Spf,
        &of(&["192.0.2.1"]),
        &[
            (
                &["example.org TXT v=spf1 ip4:198.51.100.1 ~all"],
                Wrong,
                "mail leaves from: 192.0.2.1.",
                "\"v=spf1 ip4:192.0.2.1 ip4:198.51.100.1 ~all\"",
            ),
            (&["example.org TXT v=spf1 -all"], Wrong, "does not allow", "v=spf1 ip4:192.0.2.1 -all"),
            (
                &["example.org TXT v=spf1 -ip4:192.0.2.1 +a -all"],
                Wrong,
                "does not allow",
                "right after v=spf1",
            ),
            (&["example.org TXT v=spf1 ?ip4:192.0.2.1 -all"], Wrong, "does not allow", "Add ip4:192.0.2.1"),
            (&["example.org TXT v=spf1 a -all", "example.org A 192.0.2.1"], Good, "1 of the 10", ""),
            (&["example.org TXT v=spf1 a/24 -all", "example.org A 192.0.2.77"], Good, "every", ""),
            (&["example.org TXT v=spf1 a/25 -all", "example.org A 192.0.2.177"], Wrong, "not allow", "ip4:"),
            (&["example.org TXT v=spf1 a:m.example/24//64 -all", "m.example A 192.0.2.9"], Good, "every", ""),
            (
                &["example.org TXT v=spf1 mx -all", "example.org MX 5 m.example", "m.example A 192.0.2.1"],
                Good,
                "every",
                "",
            ),
            (
                &[
                    "example.org TXT v=spf1 ptr:example.com ~all",
                    "192.0.2.1 PTR m.example.com",
                    "m.example.com A 192.0.2.1",
                ],
                Warning,
                "ptr",
                "ip4:",
            ),
        ],
    );
}

#[test]
fn what_a_host_is_allowed_by_elsewhere() {
    table(
        What::Spf,
        &of(&["192.0.2.1"]),
        &[
            (
                &[
                    "example.org TXT v=spf1 exists:%{ir}._spf.%{d} -all",
                    "1.2.0.192._spf.example.org A 127.0.0.2",
                ],
                Good,
                "every",
                "",
            ),
            (
                &[
                    "example.org TXT v=spf1 include:%{v}.%{d2} -all",
                    "in-addr.example.org TXT v=spf1 ip4:192.0.2.1",
                ],
                Good,
                "at least 1",
                "",
            ),
            (&["example.org TXT v=spf1 exists:%{l}._spf.%{d} -all"], Unknown, "depends on the letter", "IT"),
            (&["example.org TXT v=spf1 exists:%{h}.%{d} ip4:192.0.2.1 -all"], Good, "every", ""),
            (
                &["example.org TXT v=spf1 -exists:%{h}.%{d} ip4:192.0.2.1 -all"],
                Unknown,
                "cannot be told",
                "or add ip4:",
            ),
            (&["example.org TXT v=spf1 -exists:%{h}.%{d} -all"], Wrong, "does not allow", "ip4:192.0.2.1"),
            (
                &["example.org TXT v=spf1 include:x.example ~all", "x.example TXT v=spf1 ip4:192.0.2.1 -all"],
                Good,
                "every",
                "",
            ),
            (
                &["example.org TXT v=spf1 include:x.example ~all", "x.example TXT v=spf1 -all"],
                Wrong,
                "does not allow",
                "v=spf1 ip4:192.0.2.1 include:x.example ~all",
            ),
            (
                &["example.org TXT v=spf1 include:x.example -all", "x.example FAIL"],
                Unknown,
                "no answer",
                "again",
            ),
            (
                &["example.org TXT v=spf1 ip4:192.0.2.1 redirect=x.example", "x.example FAIL"],
                Unknown,
                "x.example",
                "again",
            ),
            (&["example.org TXT v=spf1 a:x.example -all", "x.example FAIL"], Unknown, "no answer", "again"),
            (
                &["example.org TXT v=spf1 mx -all", "example.org MX 1 x.example", "x.example FAIL"],
                Unknown,
                "x.example",
                "",
            ),
        ],
    );
}

#[test]
fn hosts_of_both_families_are_judged() {
    let both = of(&["192.0.2.1", "2001:db8::1"]);
    table(
        What::Spf,
        &both,
        &[
            (&["example.org TXT v=spf1 ip4:192.0.2.1 ip6:2001:db8::/48 -all"], Good, "2001:db8::1", ""),
            (&["example.org TXT v=spf1 ip4:192.0.2.1 -all"], Wrong, "2001:db8::1.", "Add ip6:2001:db8::1 to"),
            (
                &[
                    "example.org TXT v=spf1 a//64 a/24 -all",
                    "example.org A 2001:db8::9",
                    "example.org A 192.0.2.2",
                ],
                Good,
                "",
                "",
            ),
            (&["example.org TXT v=spf1 -all"], Wrong, "the addresses", "ip4:192.0.2.1 ip6:2001:db8::1 -all"),
            (
                &[
                    "example.org TXT v=spf1 ip4:192.0.2.1 exists:%{ir}.%{v}.example -all",
                    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.example A 127.0.0.2",
                ],
                Good,
                "",
                "",
            ),
        ],
    );
}

#[test]
fn hosts_that_cannot_be_judged() {
    let record = "example.org TXT v=spf1 ip4:192.0.2.1 -all";
    table(
        What::Spf,
        &of(&[]),
        &[
            (&[], Wrong, "knows no", "in place of ADDRESS"),
            (&[record], Unknown, "not known from which", "Ask IT"),
            (&["example.org TXT v=spf1 ?all"], Warning, "?all", "Ask IT"),
            (&["example.org TXT v=spf1 +all"], Wrong, "everybody", "~all"),
        ],
    );
    table(
        What::Spf,
        &of(&["10.1.2.3", "192.0.2.1", "fd00::1"]),
        &[
            (&[record], Warning, "10.1.2.3 and fd00::1", "as the world sees"),
            (&[], Wrong, "knows no", "\"v=spf1 ip4:192.0.2.1 ~all\""),
        ],
    );
}

#[test]
fn limits_hold() {
    let ten: Vec<String> = (0..10).map(|n| format!("include:s{n}.example")).collect();
    let mut lines = vec![format!("example.org TXT v=spf1 {} ip4:192.0.2.1 -all", ten.join(" "))];
    lines.extend((0..11).map(|n| format!("s{n}.example TXT v=spf1 ip4:198.51.100.{n} -all")));
    let few: Vec<&str> = lines.iter().map(String::as_str).collect();
    let more =
        [&few[1..], &["example.org TXT v=spf1 ip4:192.0.2.1 include:s0.example include:s11.example -all"]];
    let s11 = format!("s11.example TXT v=spf1 {} -all", ten.join(" "));
    let more = [more.concat(), vec![s11.as_str()]].concat();
    let full = format!("example.org TXT v=spf1 mx {} include:s10.example", ten.join(" "));
    let full = [&few[1..], &[full.as_str(), "example.org MX 1 m.example", "m.example A 192.0.2.1"]].concat();
    let servers: Vec<String> = (0..11).map(|n| format!("example.org MX {n} m{n}.example")).collect();
    let servers =
        [vec!["example.org TXT v=spf1 mx -all"], servers.iter().map(String::as_str).collect()].concat();
    table(
        What::Spf,
        &of(&["192.0.2.1"]),
        &[
            (&few, Good, "10 of the 10", ""),
            (&more, Wrong, "takes 12 look-ups", "down to 10"),
            (&full, Wrong, "takes 12 look-ups", "down to 10"),
            (&servers, Wrong, "more than ten", "mx part"),
            (&["example.org TXT v=spf1 a:x.example a:y.example ip4:192.0.2.1 -all"], Good, "2 of", ""),
            (
                &["example.org TXT v=spf1 a:x.example mx:y.example exists:z.example -all"],
                Wrong,
                "x.example, y.example and z.example that lead nowhere",
                "Take the parts",
            ),
            (
                &["example.org TXT v=spf1 include:example.org ~all"],
                Wrong,
                "again and again",
                "example.org out",
            ),
            (
                &[
                    "example.org TXT v=spf1 include:x.example ~all",
                    "x.example TXT v=spf1 redirect=example.org",
                ],
                Wrong,
                "back to that of example.org",
                "out",
            ),
            (
                &["example.org TXT v=spf1 include:x.example ~all"],
                Wrong,
                "refers to x.example",
                "names x.example out",
            ),
            (
                &["example.org TXT v=spf1 redirect=x.example", "x.example TXT y"],
                Wrong,
                "has no SPF record",
                "right name",
            ),
            (
                &[
                    "example.org TXT v=spf1 include:x.example ~all",
                    "x.example TXT v=spf1",
                    "x.example TXT v=spf1 a",
                ],
                Wrong,
                "several SPF records",
                "x.example belongs to",
            ),
            (
                &[
                    "example.org TXT v=spf1 ip4:192.0.2.1 include:x.example ~all",
                    "x.example TXT v=spf1 hello ~all",
                ],
                Wrong,
                "record of x.example has a part",
                "hello",
            ),
        ],
    );
}
