//! The cases of the signature, and that nothing but the signed request passes.

use axum::http::HeaderValue;
use proptest::prelude::*;

use super::*;

const OLD: &str = "0123456789abcdef0123456789abcdef";
const NEW: &str = "fedcba9876543210fedcba9876543210";
const STRANGE: &str = "ffffffffffffffffffffffffffffffff";
const BODY: &[u8] = b"Subject: Gone\r\n\r\nNobody lives here.\r\n";
/// 15 January 2018, midnight.
const AT: i64 = 1_515_974_400;

fn keys(text: &str) -> Keys {
    Keys::parse(text).unwrap()
}

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(AT, 0).unwrap()
}

fn headers(lines: &[(HeaderName, String)]) -> HeaderMap {
    let mut map = HeaderMap::new();
    for (name, value) in lines {
        map.append(name, HeaderValue::from_str(value).unwrap());
    }
    map
}

fn signed(stamp: &str, signature: String) -> HeaderMap {
    headers(&[(TIMESTAMP, stamp.to_owned()), (SIGNATURE, signature)])
}

/// A request of `seconds` after [`AT`], signed as it should be.
fn at(seconds: i64) -> HeaderMap {
    let stamp = (AT + seconds).to_string();
    let signature = sign(&stamp, BODY, &keys(OLD));
    signed(&stamp, signature)
}

#[test]
fn the_signature_is_the_one_that_other_programs_make() {
    // printf '1515974400.hello' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
    assert_eq!(
        sign(&AT.to_string(), b"hello", &keys(OLD)),
        "v1=52ee506e9e9f79967d7582f28bf11acad57e2ebd37b757a6e07fc81404fbb11d"
    );
}

#[test]
fn the_table_of_requests() {
    let stamp = AT.to_string();
    let own = sign(&stamp, BODY, &keys(OLD));
    let other = sign(&stamp, BODY, &keys(STRANGE));
    let zero = format!("v1={}", "00".repeat(32));
    let many = |n| vec![zero.as_str(); n].join(",");
    let stamped = |stamp: &str| signed(stamp, sign(stamp, BODY, &keys(OLD)));
    let table: Vec<(&str, HeaderMap, Result<(), Refused>)> = vec![
        ("as it should be", at(0), Ok(())),
        ("five minutes old", at(-300), Ok(())),
        ("five minutes early", at(300), Ok(())),
        ("a second too old", at(-301), Err(Refused::Time)),
        ("a second too early", at(301), Err(Refused::Time)),
        ("of 1970", stamped("0"), Err(Refused::Time)),
        ("of the year 33658", stamped("999999999999"), Err(Refused::Time)),
        ("no headers", HeaderMap::new(), Err(Refused::Timestamp)),
        ("no time", headers(&[(SIGNATURE, own.clone())]), Err(Refused::Timestamp)),
        (
            "two times",
            headers(&[(TIMESTAMP, stamp.clone()), (TIMESTAMP, stamp.clone()), (SIGNATURE, own.clone())]),
            Err(Refused::Timestamp),
        ),
        ("an empty time", stamped(""), Err(Refused::Timestamp)),
        ("a signed time", stamped("+1515974400"), Err(Refused::Timestamp)),
        ("a time before 1970", stamped("-1"), Err(Refused::Timestamp)),
        ("a time in words", stamped("2018-01-15"), Err(Refused::Timestamp)),
        ("a time with a fraction", stamped("1515974400.0"), Err(Refused::Timestamp)),
        ("a time without end", stamped(&"1".repeat(400)), Err(Refused::Timestamp)),
        ("another writing of the time", signed(&format!("0{stamp}"), own.clone()), Err(Refused::Unknown)),
        ("another time", signed(&(AT + 1).to_string(), own.clone()), Err(Refused::Unknown)),
        ("no signature", headers(&[(TIMESTAMP, stamp.clone())]), Err(Refused::Signatures)),
        ("an empty signature", signed(&stamp, String::new()), Err(Refused::Signatures)),
        ("a name alone", signed(&stamp, "v1=".into()), Err(Refused::Signatures)),
        ("a signature without its name", signed(&stamp, own[3..].into()), Err(Refused::Signatures)),
        ("another version", signed(&stamp, own.replace("v1", "v2")), Err(Refused::Signatures)),
        ("a short signature", signed(&stamp, own[..65].into()), Err(Refused::Signatures)),
        ("a long signature", signed(&stamp, format!("{own}00")), Err(Refused::Signatures)),
        ("no hexadecimal", signed(&stamp, format!("v1={}", "zz".repeat(32))), Err(Refused::Signatures)),
        ("too many", signed(&stamp, format!("{},{own}", many(8))), Err(Refused::Signatures)),
        ("another key", signed(&stamp, other.clone()), Err(Refused::Unknown)),
        ("nothing but zeros", signed(&stamp, zero.clone()), Err(Refused::Unknown)),
        ("ours behind another", signed(&stamp, format!("{other}, {own}")), Ok(())),
        ("ours as the last of eight", signed(&stamp, format!("{},{own}", many(7))), Ok(())),
        ("ours before another version", signed(&stamp, format!("{own},v2=later")), Ok(())),
        ("in large letters", signed(&stamp, own.to_uppercase().replace("V1", "v1")), Ok(())),
        (
            "on a line of its own",
            headers(&[(TIMESTAMP, stamp.clone()), (SIGNATURE, other), (SIGNATURE, own)]),
            Ok(()),
        ),
    ];
    for (name, headers, expected) in table {
        assert_eq!(verify(&headers, BODY, &keys(OLD), now()), expected, "{name}");
    }
    assert_eq!(verify(&at(0), b"", &keys(OLD), now()), Err(Refused::Unknown), "another body");
}

#[test]
fn a_key_is_changed_without_a_gap() {
    let (old, both, new) = (keys(OLD), keys(&format!("{OLD}\n{NEW}\n")), keys(NEW));
    let stamp = AT.to_string();
    let from = |theirs: &Keys| signed(&stamp, sign(&stamp, BODY, theirs));
    for (theirs, ours, fit) in [
        (&old, &old, true),
        (&old, &both, true),
        (&new, &both, true),
        (&both, &old, true),
        (&both, &new, true),
        (&old, &new, false),
        (&new, &old, false),
    ] {
        assert_eq!(verify(&from(theirs), BODY, ours, now()).is_ok(), fit);
    }
}

#[test]
fn a_file_holds_keys_that_cannot_be_guessed() {
    for (text, count) in
        [(OLD.to_owned(), 1), (format!("{OLD}\r\n"), 1), (format!("\n {OLD} \n\n{NEW}\n"), 2)]
    {
        assert_eq!(keys(&text).0.len(), count, "{text:?}");
    }
    for text in ["", "\n\n", "short", &format!("{OLD}\nshort"), &OLD[1..]] {
        assert!(Keys::parse(text).is_err(), "{text:?}");
    }
    assert!(!format!("{:?}", keys(OLD)).contains(OLD), "a key is never shown");
}

proptest! {
    #[test]
    fn a_signed_request_passes_within_its_time_alone(
        body in proptest::collection::vec(any::<u8>(), 0..400),
        key in "[ -~]{40}",
        off in -1000i64..1000,
    ) {
        let Ok(keys) = Keys::parse(&key) else { return Ok(()) };
        let stamp = (AT + off).to_string();
        let headers = signed(&stamp, sign(&stamp, &body, &keys));
        let expected = if off.abs() <= 300 { Ok(()) } else { Err(Refused::Time) };
        prop_assert_eq!(verify(&headers, &body, &keys, now()), expected);
    }

    #[test]
    fn a_changed_bit_is_seen(
        body in proptest::collection::vec(any::<u8>(), 1..400),
        place in any::<proptest::sample::Index>(),
        bit in 0u32..8,
    ) {
        let (stamp, keys) = (AT.to_string(), keys(OLD));
        let signature = sign(&stamp, &body, &keys);
        let mut changed = body.clone();
        changed[place.index(body.len())] ^= 1 << bit;
        prop_assert_eq!(verify(&signed(&stamp, signature.clone()), &changed, &keys, now()), Err(Refused::Unknown));
        let mut bytes = hex::decode(&signature[3..]).unwrap();
        bytes[place.index(32)] ^= 1 << bit;
        let forged = signed(&stamp, format!("v1={}", hex::encode(bytes)));
        prop_assert_eq!(verify(&forged, &body, &keys, now()), Err(Refused::Unknown));
    }

    #[test]
    fn the_point_between_time_and_body_cannot_be_moved(digits in "[0-9]{1,6}", rest in "[ -~]{0,40}") {
        let keys = keys(OLD);
        let body = format!("{digits}.{rest}");
        let stamp = AT.to_string();
        let signature = sign(&stamp, body.as_bytes(), &keys);
        let longer = format!("{stamp}.{digits}");
        prop_assert!(verify(&signed(&longer, signature.clone()), rest.as_bytes(), &keys, now()).is_err());
        let longer = format!("{stamp}{digits}");
        prop_assert!(verify(&signed(&longer, signature), rest.as_bytes(), &keys, now()).is_err());
    }

    #[test]
    fn no_header_makes_it_panic_or_pass(
        stamp in "[0-9+. -]{0,20}|[ -~]{0,40}",
        signature in "(v1=[0-9a-f]{0,70},? ?){0,10}|[ -~]{0,200}",
        body in proptest::collection::vec(any::<u8>(), 0..50),
    ) {
        prop_assert!(verify(&signed(&stamp, signature), &body, &keys(OLD), now()).is_err());
    }
}
