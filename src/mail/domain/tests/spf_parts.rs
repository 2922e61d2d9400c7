//! The parts of SPF: macros, with the examples of RFC 7208, section 7.4, and terms.

use std::net::IpAddr;

use crate::mail::domain::spf::{
    macros::{Known, expand, sound},
    record::{Mechanism, Net, is_record, parse},
};

#[test]
fn macros_are_expanded() {
    let v4: IpAddr = "192.0.2.3".parse().unwrap();
    let v6: IpAddr = "2001:db8::cb01".parse().unwrap();
    let known = |host| Known { domain: "email.example.com", sender: "sender.example.org", host };
    for (spec, expected) in [
        ("%{d}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d3}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{D}", "email.example.com"),
        ("%{o}", "sender.example.org"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{i}.example.net.", "192.0.2.3.example.net"),
        ("a%%b.example.net", "a%b.example.net"),
        ("%{d-}.example.net", "email.example.com.example.net"),
        ("%{d99999999999999999999}", "email.example.com"),
    ] {
        assert_eq!(expand(spec, known(Some(v4))).as_deref(), Some(expected), "{spec}");
    }
    assert_eq!(
        expand("%{ir}.%{v}._spf.%{d2}", known(Some(v6))).unwrap(),
        "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com"
    );
    // What a letter decides, and what is no macro.
    for spec in ["%{s}.x.example", "%{l}.x.example", "%{h}", "%{p}", "%{c}", "%{t}", "%{d0}", "%{", "%x", "%"]
    {
        assert_eq!(expand(spec, known(Some(v4))), None, "{spec}");
    }
    assert_eq!(expand("%{i}.x.example", known(None)), None);
    let long = format!("{}%{{d}}", "abcdefgh.".repeat(40));
    let short = expand(&long, known(None)).unwrap();
    assert!(short.len() <= 253 && short.ends_with(".email.example.com") && short.starts_with("abcdefgh."));
}

#[test]
fn names_in_a_record_are_sound() {
    for good in
        ["example.org", "example.org.", "_spf.example.org", "%{i}._spf.%{d}", "%{d}", "x.xn--p1ai", "a.b-c"]
    {
        assert!(sound(good), "{good}");
    }
    for bad in [
        "",
        ".",
        "example",
        "192.0.2.1",
        "a b.example",
        "example.-org",
        "ex.ample.",
        "%{z}.example",
        "é.example",
    ] {
        assert_eq!(sound(bad), bad == "ex.ample.", "{bad}");
    }
}

#[test]
fn terms_are_read() {
    for good in [
        "v=spf1",
        "v=spf1 ",
        "v=spf1 -all",
        "v=spf1 a/0 a//0 a/32//128 mx/8 mx:x.example//64",
        "v=spf1 a:%{d}/24 exists:%{i}.x.example",
        "v=spf1 ip6:2001:db8::/32 ip6:::1 ip4:192.0.2.0/24",
        "v=spf1 unknown=%{x a.b-c_d=",
        "v=spf1 ?include:x.example ~ptr ptr:x.example",
    ] {
        assert!(is_record(good) && parse(good).is_ok(), "{good}: {:?}", parse(good));
    }
    for bad in [
        "v=spf1 all:x.example",
        "v=spf1 a/33",
        "v=spf1 a//129",
        "v=spf1 a/024",
        "v=spf1 a:",
        "v=spf1 ip4:",
        "v=spf1 ip4:2001:db8::1",
        "v=spf1 ip6:192.0.2.1",
        "v=spf1 ip4:192.0.2.1/",
        "v=spf1 --all",
        "v=spf1 +",
        "v=spf1 exists",
        "v=spf1 redirect=",
        "v=spf1 exp=a.example exp=a.example",
        "v=spf1 -all\u{fffd}",
        "v=spf1 é=1",
    ] {
        assert!(parse(bad).is_err(), "{bad}");
    }
    assert!(!is_record("v=spf1;-all") && !is_record("") && !is_record(" v=spf1 -all"));
}

#[test]
fn networks_hold_their_hosts() {
    for (term, host, expected) in [
        ("ip4:192.0.2.0/24", "192.0.2.255", true),
        ("ip4:192.0.2.0/24", "192.0.3.0", false),
        ("ip4:192.0.2.1", "192.0.2.1", true),
        ("ip4:0.0.0.0/0", "203.0.113.9", true),
        ("ip4:0.0.0.0/0", "2001:db8::1", false),
        ("ip6:2001:db8::/33", "2001:db8:7fff::1", true),
        ("ip6:2001:db8::/33", "2001:db8:8000::1", false),
        ("ip6:::/0", "2001:db8::1", true),
    ] {
        let record = parse(&format!("v=spf1 {term}")).unwrap();
        let Mechanism::Net(net) = record.directives[0].mechanism else { panic!("{term}") };
        assert_eq!(net.holds(host.parse().unwrap()), expected, "{term} {host}");
    }
    assert!(!Net { address: "192.0.2.1".parse().unwrap(), prefix: 99 }.holds("192.0.2.2".parse().unwrap()));
}
