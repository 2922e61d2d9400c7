//! Keys.

use base64::Engine as _;

use super::{State::*, *};

const AT: &str = "s1._domainkey.example.org";
/// The sort that is bare of its kind (RFC 3447), 1024 bits.
const BARE: &str = "MIGJAoGBAMD/NB/0lp0gZqVr3qMFpSe6ldOWa9i8gQ6zBnaI2jIEVtLcHVOGwx02Cm338DARR6HgTWWKQuPys/HCfbetNGIN+fN9\
    0LeKCf7chKcNFMHVRkuNI8IRHGdFIpFlGlOQfe/vsvXFo8896oNKSWb1IUIEX2OwjVIjLdjBlRCTr8GbAgMBAAE=";
/// 512 bits.
const TINY: &str = "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBALABPvn2IH1guwvj8D9UlnrZolkDbNisnqe7O45gabBA/qr+cZdXY11x1+ZkwHtq/Hiv\
    ncOZzcOadlH3NOkjhOcCAwEAAQ==";

/// An element of DER.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82], &length[..], content].concat()
}

/// A key of so many bits, or what looks like one.
fn rsa(bits: usize) -> String {
    let mut modulus = vec![0xff; bits.div_ceil(8)];
    modulus[0] = if bits.is_multiple_of(8) { 0x80 } else { 1 << (bits % 8 - 1) };
    modulus.insert(0, 0);
    let key = der(0x30, &[der(2, &modulus), der(2, &[1, 0, 1])].concat());
    let algorithm = [&[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1][..], &[5, 0]].concat();
    let info = [der(0x30, &algorithm), der(3, &[&[0][..], &key].concat())].concat();
    base64::engine::general_purpose::STANDARD.encode(der(0x30, &info))
}

#[test]
fn keys_are_found_and_read() {
    let ed = base64::engine::general_purpose::STANDARD.encode([7; 32]);
    let key = |tags: &str| format!("{AT} TXT {tags}");
    let spaced = format!("{} {}", &KEY[..100], &KEY[100..]);
    let lines: Vec<(String, State, &str, &str)> = vec![
        (key(&format!("v=DKIM1; k=rsa; p={KEY}")), Good, "RSA, 2048 bits", ""),
        (key(&format!("v=DKIM1;p={KEY};")), Good, "RSA, 2048 bits", ""),
        (key(&format!("p={KEY}")), Good, "RSA", ""),
        (key(&format!("v=DKIM1; p={spaced}")), Good, "RSA", ""),
        (key(&format!("v=DKIM1; n=note; h=sha1:sha256; s=email; t=s; p={KEY}")), Good, "RSA", ""),
        (key(&format!("v=DKIM1; k=ed25519; p={ed}")), Good, "Ed25519", ""),
        (key(&format!("v=DKIM1; p={}", rsa(4096))), Good, "RSA, 4096", ""),
        (key(&format!("v=DKIM1; p={}", rsa(4097))), Warning, "4097 bits", "2048"),
        (key(&format!("v=DKIM1; p={}", rsa(2047))), Warning, "2047 bits", "2048"),
        (key(&format!("v=DKIM1; p={BARE}")), Warning, "1024 bits", "new selector"),
        (key(&format!("v=DKIM1; p={}", rsa(1023))), Wrong, "1023 bits", "2048"),
        (key(&format!("v=DKIM1; p={TINY}")), Wrong, "512 bits", "2048"),
        (key("v=DKIM1; k=rsa; p="), Wrong, "withdrawn", "another key"),
        (key("v=DKIM1; k=rsa"), Wrong, "no p= part", "again"),
        (key("v=DKIM1; k=rsa; p=!!!"), Wrong, "no base64", "again"),
        (key(&format!("v=DKIM1; p={}", &KEY[..200])), Wrong, "cut off", "in one piece"),
        (key(&format!("v=DKIM1; p={ed}")), Wrong, "looks like an Ed25519", "again"),
        (key(&format!("v=DKIM1; k=ed25519; p={KEY}")), Wrong, "32 bytes", "again"),
        (key(&format!("v=DKIM1; k=dsa; p={KEY}")), Wrong, "no kind of key", "again"),
        (key(&format!("v=DKIM2; p={KEY}")), Wrong, "v=DKIM1", "again"),
        (key(&format!("k=rsa; v=DKIM1; p={KEY}")), Wrong, "does not begin", "again"),
        (key(&format!("v=DKIM1; p={KEY}; p={KEY}")), Wrong, "cannot be read", "again"),
        (key("hello"), Wrong, "no DKIM key", "again"),
        (key(&format!("v=DKIM1; t=y:s; p={KEY}")), Warning, "test", "t="),
        (key(&format!("v=DKIM1; h=sha1; p={KEY}")), Wrong, "sha1 alone", "rsa-sha256"),
        (key(&format!("v=DKIM1; h=md5; p={KEY}")), Wrong, "md5", "h="),
        (key(&format!("v=DKIM1; s=other; p={KEY}")), Wrong, "not meant for mail", "s="),
        (format!("{AT} FAIL"), Unknown, "no answer", "again"),
        ("example.org TXT x".into(), Wrong, "no key at s1._domainkey.example.org", "v=DKIM1"),
        (format!("{AT} A 192.0.2.1"), Wrong, "no key", "publish"),
    ];
    let setup = setup("example.org", "example.org", &[], &["s1"]);
    for (line, state, said, change) in &lines {
        table(What::Dkim, &setup, &[(&[line], *state, said, change)]);
    }
    let good = format!("{AT} TXT v=DKIM1; p={KEY}");
    table(
        What::Dkim,
        &setup,
        &[
            (&[&good, &good.replace("v=DKIM1; ", "")], Wrong, "2 keys", "Keep"),
            (&[&good, "s1._domainkey.example.org TXT v=spf1 -all"], Good, "sound", ""),
            (
                &["s1._domainkey.example.org TXT a", "s1._domainkey.example.org TXT b"],
                Wrong,
                "no key",
                "publish",
            ),
        ],
    );
}

#[test]
fn selectors_are_looked_at_one_by_one() {
    let dns = zone(&[&format!("{AT} TXT p={KEY}")]);
    let checks =
        run(&setup("example.org", "example.org", &[], &["s1", "s2", "a b", "x".repeat(70).as_str()]), &dns);
    let states: Vec<State> = checks.iter().filter(|c| c.what == What::Dkim).map(|c| c.state).collect();
    assert_eq!(states, [Good, Wrong, Wrong, Wrong]);
    let checks = run(&setup("example.org", "example.org", &[], &[]), &dns);
    let none = only(What::Dkim, &checks);
    assert_eq!(none.state, Unknown);
    assert!(none.change.contains("DKIM-Signature") && none.change.contains("d=example.org"));
}

#[test]
fn the_key_that_is_signed_with_here_must_be_the_published_one() {
    let own = OwnKey { selector: "s1".into(), record: format!("v=DKIM1; k=rsa; p={KEY}") };
    let setup = Setup { own_key: Some(own), ..setup("example.org", "example.org", &[], &[]) };
    let of = |lines: &[&str]| {
        let checks = run(&setup, &zone(lines));
        only(What::Dkim, &checks).clone()
    };
    let spaced = format!("{AT} TXT v=DKIM1; p={} {}", &KEY[..100], KEY[100..].trim_end_matches('='));
    assert_eq!(of(&[&spaced]).state, Good, "its selector need not be given again");
    let other = of(&[&format!("{AT} TXT v=DKIM1; p={}", rsa(2048))]);
    assert_eq!(other.state, Wrong);
    assert!(other.said.contains("not the one that this site signs with"), "{other:?}");
    let none = of(&["example.org TXT x"]);
    assert_eq!(none.state, Wrong);
    for check in [other, none] {
        // In a zone file a piece has 255 letters at most.
        let published: String = check.change.split('"').skip(1).step_by(2).collect();
        assert_eq!(published, format!("v=DKIM1; k=rsa; p={KEY}"), "{check:?}");
        assert!(check.change.split('"').all(|piece| piece.len() <= 255), "{check:?}");
    }
}
