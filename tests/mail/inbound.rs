//! What comes back is told apart: every message of `tests/mail/inbound`, as it stands, with other line ends, cut off
//! and mangled.
//!
//! A message follows its marker line, `=== name | expectation | ...`. An expectation is one of:
//!
//! ```text
//! bounce hard clerk@council.example, soft -        `-` where no address is said
//! complaint abuse clerk@council.example
//! auto away · auto acknowledgement · auto challenge
//! unsubscribe · reply · unknown
//! ```
//!
//! What else may follow: `about <id> <id>`, the ids; `text <words>`, all of the new text on one line; `to <addresses>`;
//! `from <address>`; `answer <words>`, the first answer; `latin1`, the file's text is sent in that character set.

use std::{collections::BTreeMap, fmt::Write as _, path::Path};

use opendoor::mail::inbound::{Auto, Failed, Fate, Inbound, What, read};

struct Case {
    family: String,
    name: String,
    expected: String,
    further: Vec<String>,
    raw: Vec<u8>,
}

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/mail/inbound");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let family = file.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&file).unwrap();
        for case in format!("\n{text}").split("\n=== ").skip(1) {
            let (marker, message) = case.split_once('\n').unwrap();
            let mut parts = marker.split(" | ").map(|part| part.trim().to_owned());
            let (name, expected) = (parts.next().unwrap(), parts.next().unwrap());
            let further: Vec<String> = parts.collect();
            let raw = if further.iter().any(|what| what == "latin1") {
                message.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
            } else {
                message.as_bytes().to_vec()
            };
            cases.push(Case { family: family.clone(), name, expected, further, raw });
        }
    }
    cases
}

fn said(inbound: &Inbound) -> String {
    let address = |address: &Option<String>| address.clone().unwrap_or_else(|| "-".into());
    match &inbound.what {
        What::Bounce(failed) => {
            let one = |failed: &Failed| {
                let fate = match failed.fate {
                    Fate::Hard => "hard",
                    Fate::Soft => "soft",
                    Fate::Refused => "refused",
                    Fate::Delayed => "delayed",
                    Fate::Delivered => "delivered",
                };
                format!("{fate} {}", address(&failed.address))
            };
            format!("bounce {}", failed.iter().map(one).collect::<Vec<_>>().join(", "))
        }
        What::Complaint { kind, address: who } => format!("complaint {kind} {}", address(who)),
        What::AutoReply(Auto::OutOfOffice) => "auto away".into(),
        What::AutoReply(Auto::Acknowledgement) => "auto acknowledgement".into(),
        What::AutoReply(Auto::Challenge) => "auto challenge".into(),
        What::Unsubscribe => "unsubscribe".into(),
        What::Reply => "reply".into(),
        What::Unknown(why) => {
            assert!(!why.is_empty());
            "unknown".into()
        }
    }
}

fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn differences(case: &Case, raw: &[u8]) -> String {
    let inbound = read(raw);
    let mut differences = String::new();
    let mut differs = |what: &str, expected: &str, found: &str| {
        if expected != found {
            let _ = writeln!(
                differences,
                "{}: {}: {what}\n  expected {expected}\n  found    {found}",
                case.family, case.name
            );
        }
    };
    differs("kind", &case.expected, &said(&inbound));
    for further in &case.further {
        let (what, expected) = further.split_once(' ').unwrap_or((further, ""));
        match what {
            "about" => differs(what, expected, &inbound.about.join(" ")),
            "text" => differs(what, expected, &line(&inbound.text)),
            "to" => differs(what, expected, &inbound.to.join(" ")),
            "from" => differs(what, expected, &inbound.from.clone().unwrap_or_default()),
            "subject" => differs(what, expected, &inbound.subject),
            "answer" => {
                let What::Bounce(failed) = &inbound.what else { continue };
                differs(what, expected, &failed[0].answer);
            }
            "latin1" => {}
            other => panic!("{}: {}: what is {other}?", case.family, case.name),
        }
    }
    differences
}

#[test]
fn every_message_is_told_apart() {
    let cases = cases();
    let mut all = String::new();
    let mut kinds = BTreeMap::new();
    for case in &cases {
        all += &differences(case, &case.raw);
        let kind = case.expected.split(' ').take(if case.expected.starts_with("auto") { 2 } else { 1 });
        *kinds.entry(kind.collect::<Vec<_>>().join(" ")).or_insert(0) += 1;
    }
    println!("{} messages: {kinds:?}", cases.len());
    assert!(all.is_empty(), "{all}");
    assert!(cases.len() >= 200, "{} messages are too few", cases.len());
    let mut names: Vec<_> = cases.iter().map(|case| (&case.family, &case.name)).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), cases.len(), "two messages have one name");
}

#[test]
fn line_ends_make_no_difference() {
    let mut all = String::new();
    for case in &cases() {
        let mut raw = Vec::with_capacity(case.raw.len() + 200);
        for byte in &case.raw {
            if *byte == b'\n' {
                raw.push(b'\r');
            }
            raw.push(*byte);
        }
        all += &differences(case, &raw);
    }
    assert!(all.is_empty(), "{all}");
}

/// The addresses that are given up.
fn hard(what: &What) -> Vec<Option<String>> {
    let What::Bounce(failed) = what else { return Vec::new() };
    failed.iter().filter(|one| one.fate == Fate::Hard).map(|one| one.address.clone()).collect()
}

#[test]
fn a_message_cut_off_gives_up_no_other_address() {
    let mut all = String::new();
    for case in &cases() {
        let whole = hard(&read(&case.raw).what);
        for end in (0..case.raw.len()).step_by(37) {
            for address in hard(&read(&case.raw[..end]).what) {
                let less = address.is_none() && !whole.is_empty();
                if !less && !whole.contains(&address) {
                    let _ = writeln!(all, "{}: {}: at {end}: {address:?}", case.family, case.name);
                }
            }
        }
    }
    assert!(all.is_empty(), "{all}");
}

#[test]
fn mangled_bytes_never_panic() {
    // A small generator of its own: the same bytes each time.
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = move |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % u64::try_from(below.max(1)).unwrap()).unwrap()
    };
    for case in &cases() {
        for _ in 0..12 {
            let mut raw = case.raw.clone();
            for _ in 0..=next(20) {
                let at = next(raw.len());
                match next(4) {
                    0 => raw[at] = u8::try_from(next(256)).unwrap(),
                    1 => raw[at] ^= 1 << next(8),
                    2 => drop(raw.drain(at..(at + next(40)).min(raw.len()))),
                    _ => {
                        let end = (at + next(60)).min(raw.len());
                        let again = raw[at..end].to_vec();
                        let to = next(raw.len());
                        raw.splice(to..to, again);
                    }
                }
                if raw.is_empty() {
                    break;
                }
            }
            let inbound = read(&raw);
            assert!(inbound.text.chars().count() <= 20_000);
            if let What::Bounce(failed) = &inbound.what {
                assert!(!failed.is_empty() && failed.iter().all(|one| one.answer.chars().count() <= 500));
            }
        }
    }
}

#[test]
fn what_is_no_message_is_no_bounce() {
    let deep = "Content-Type: multipart/report; boundary=b\n\n--b\n".repeat(5_000);
    for raw in [&b""[..], b"\n", b"\0\0\0", b":", b"From", b"\xff\xfe", b"=?utf-8?B?", deep.as_bytes()] {
        assert!(!matches!(read(raw).what, What::Bounce(_)));
    }
    let long = format!("From: a@b.example\n\n{}", "é ".repeat(1_000_000));
    assert!(read(long.as_bytes()).text.chars().count() <= 20_000);
}
