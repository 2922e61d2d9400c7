//! Tables of cases: what the DNS says, the state of the check, and words of what is said and of what to change.
//!
//! A line of DNS is `name TYPE value`; `FAIL` stands for a name of which nothing can be learnt.

mod dkim;
mod dmarc;
mod hostile;
mod names;
mod paths;
mod server;
mod spf;
mod spf_parts;

use super::{memory::Zone, *};

/// A case: its DNS, the state, and words that are said and are in the change.
type Case<'a> = (&'a [&'a str], State, &'a str, &'a str);

fn zone(lines: &[&str]) -> Zone {
    lines.iter().fold(Zone::new(), |zone, line| {
        let mut parts = line.splitn(3, ' ');
        let (name, kind) = (parts.next().unwrap(), parts.next().unwrap());
        let value = parts.next().unwrap_or_default();
        match kind {
            "TXT" => zone.txt(name, value),
            "MX" => {
                let (preference, host) = value.split_once(' ').unwrap();
                zone.mx(name, preference.parse().unwrap(), host)
            }
            "A" => zone.address(name, value),
            "PTR" => zone.ptr(name, value),
            "FAIL" => zone.failing(name),
            _ => panic!("{line}"),
        }
    })
}

fn setup(from: &str, back: &str, hosts: &[&str], selectors: &[&str]) -> Setup {
    Setup {
        from_domain: from.into(),
        return_domain: back.into(),
        sending_hosts: hosts.iter().map(|host| host.parse().unwrap()).collect(),
        dkim_selectors: selectors.iter().map(ToString::to_string).collect(),
        own_key: None,
    }
}

fn run(setup: &Setup, dns: &impl Resolve) -> Vec<Check> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let checks = runtime.block_on(check(setup, dns));
    for check in &checks {
        sound(check);
    }
    checks
}

/// What holds of every check.
fn sound(check: &Check) {
    let all = format!("{} {} {}", check.found, check.said, check.change);
    assert!(!all.contains(|c: char| c.is_control()), "{check:?}");
    assert!(check.found.chars().count() <= FOUND, "{check:?}");
    assert!(check.said.chars().count() <= SAID, "{check:?}");
    assert!(!check.said.is_empty(), "{check:?}");
    assert_eq!(check.change.is_empty(), check.state == State::Good, "{check:?}");
    assert!(!all.contains("  ") || check.found.contains("  "), "{check:?}");
}

fn only(what: What, checks: &[Check]) -> &Check {
    let mut found = checks.iter().filter(|check| check.what == what);
    let first = found.next().unwrap();
    assert!(found.next().is_none(), "{what:?} twice");
    first
}

/// Tries cases of one kind of check.
fn table(what: What, setup: &Setup, cases: &[Case<'_>]) {
    for (lines, state, said, change) in cases {
        let checks = run(setup, &zone(lines));
        let check = only(what, &checks);
        assert_eq!(check.state, *state, "{lines:?}: {check:?}");
        assert!(check.said.contains(said), "{said:?} of {lines:?}: {check:?}");
        assert!(check.change.contains(change), "{change:?} of {lines:?}: {check:?}");
    }
}

const KEY: &str = "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAozUEbyuQ7ZI6gQ2zlykvq56hwFjqGLw6U/RntfI8UkH+XP7yPHg0M8SM\
    diTliaR2j69kpqnmBzMNz4L4bn1jp19WuQXv/vyqWtlc4aRsA7a98ZZ3y1l3zYKF3bmys+0CPZkOk2NbwlW5K/M2vrQei6Imn61BmSWznf5jFy+C/\
    4zLrdSOiLJ62U0TYO4KJsm1De0zw50v/4Bp38Qi3WXqpVnXs15Mu2XPH3hFGqsBfSxC+GLi9BRk0h9fNaOzsqRjAQQzESxUc/xXLDQEfbOIdg23Tt\
    k3Eyp1g1gX/OnNOZLFeU6WMwg0EjZ9IAjhD/70U2F6WEQEwC4XrR2vNDYCowIDAQAB";

fn assert_send<T: Send>(future: T) -> T {
    future
}

/// A domain where all is right.
fn right() -> (Setup, Vec<String>) {
    let lines = [
        "bounces.example.org TXT v=spf1 ip4:192.0.2.0/24 include:spf.example.com -all",
        "spf.example.com TXT v=spf1 mx:example.com ~all",
        "example.com MX 1 out.example.com",
        "out.example.com A 2001:db8::1",
        "bounces.example.org MX 10 mail.example.org",
        "mail.example.org A 192.0.2.1",
        "mail.example.org A 2001:db8::1",
        "192.0.2.1 PTR mail.example.org.",
        "2001:db8::1 PTR mail.example.org",
        "_dmarc.example.org TXT v=DMARC1; p=reject; rua=mailto:reports@example.org",
    ];
    let mut lines: Vec<String> = lines.map(str::to_owned).into();
    lines.push(format!("s1._domainkey.example.org TXT v=DKIM1; k=rsa; p={KEY}"));
    let hosts = ["192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1"];
    (setup(" Example.ORG. ", "bounces.example.org", &hosts, &["s1", " s1 ", ""]), lines)
}

#[tokio::test]
async fn all_is_good_where_all_is_right() {
    let (setup, lines) = right();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let checks = assert_send(check(&setup, &zone(&lines))).await;
    checks.iter().for_each(sound);
    for check in &checks {
        assert_eq!(check.state, State::Good, "{check:?}");
    }
    let whats: Vec<What> = checks.iter().map(|check| check.what).collect();
    let hosts = [What::ReverseDns, What::ReverseDns];
    let others = [What::Spf, What::Dkim, What::Dmarc, What::Alignment, What::ReturnPath];
    assert_eq!(whats, [&others[..], &hosts].concat());
}

#[test]
fn a_look_up_that_fails_makes_nothing_wrong() {
    let (setup, lines) = right();
    let mut seen = 0;
    let names = lines.iter().map(|line| line.split(' ').next().unwrap());
    for name in names.chain(["1.2.0.192.in-addr.arpa"]) {
        let failing = format!("{name} FAIL");
        let lines: Vec<&str> = lines.iter().map(String::as_str).chain([failing.as_str()]).collect();
        for check in run(&setup, &zone(&lines)) {
            assert!(matches!(check.state, State::Good | State::Unknown), "{name}: {check:?}");
            seen += usize::from(check.state == State::Unknown);
        }
    }
    assert!(seen >= 10, "{seen}");
}

#[test]
fn nothing_known_is_said_of_every_kind() {
    let checks = run(&Setup::default(), &Zone::new());
    assert_eq!(checks.len(), 6);
    for check in &checks {
        let expected = if check.what == What::ReverseDns { State::Unknown } else { State::Wrong };
        assert_eq!(check.state, expected, "{check:?}");
    }
    for bad in ["localhost", "a..example.org", "exam ple.org", "exämple.org", "<b>.example.org"] {
        let checks = run(&setup(bad, "example.org", &[], &[]), &Zone::new());
        let dmarc = only(What::Dmarc, &checks);
        assert!(dmarc.said.contains("not a name") && dmarc.change.contains("xn--"), "{dmarc:?}");
    }
    let checks = run(&setup("example.org", "nonsense", &[], &[]), &Zone::new());
    assert!(only(What::Alignment, &checks).said.contains("return domain “nonsense”"));
}

#[test]
fn too_many_are_said_to_be_too_many() {
    let mut many = setup("example.org", "example.org", &[], &[]);
    many.sending_hosts = (0..30).map(|n| IpAddr::from([192, 0, 2, n])).collect();
    many.dkim_selectors = (0..25).map(|n| format!("s{n}")).collect();
    let checks = run(&many, &Zone::new());
    let count = |what| checks.iter().filter(|check| check.what == what).count();
    assert_eq!((count(What::ReverseDns), count(What::Dkim)), (MOST + 1, MOST + 1));
    assert!(checks.iter().any(|check| check.said.contains("10 more addresses")));
    assert!(checks.iter().any(|check| check.said.contains("5 more selectors")));
}
