use super::*;

const ED25519: &[u8] = b"-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n\
    -----END PRIVATE KEY-----\n";

fn refused(pem: &[u8], selector: &str, domain: &str) -> String {
    format!("{:#}", Signer::new(pem, selector, domain).unwrap_err())
}

#[test]
fn what_receivers_would_not_take_is_refused() {
    assert!(refused(ED25519, "", "example.org").contains("the selector “” is none"));
    assert!(refused(ED25519, "a b", "example.org").contains("the selector “a b” is none"));
    assert!(refused(ED25519, "s1", "exämple.org").contains("xn--"));
    for pem in [&b""[..], b"hello", b"-----BEGIN PRIVATE KEY-----\nAAAA"] {
        assert!(refused(pem, "s1", "example.org").contains("no private key that can be read"), "{pem:?}");
    }
    let empty = b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    assert!(refused(empty, "s1", "example.org").contains("cannot be used"));
    let missing = Signer::read(Path::new("/nowhere/key.pem"), "s1", "example.org").unwrap_err();
    assert!(format!("{missing:#}").starts_with("the DKIM key in /nowhere/key.pem: "), "{missing:#}");
}

#[test]
fn the_record_holds_the_public_half() {
    let signer = Signer::new(ED25519, "s1.2018", "Example.org").unwrap();
    assert_eq!(signer.name(), "s1.2018._domainkey.example.org");
    // The key of RFC 8463, A.2.
    assert_eq!(signer.record(), "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    assert_eq!(format!("{signer:?}"), "Signer(s1.2018._domainkey.example.org)", "no private half");
}

#[test]
fn a_letter_is_signed_the_same_way_each_time() {
    let signer = Signer::new(ED25519, "s1", "example.org").unwrap();
    let at = "2018-01-15T10:00:00Z".parse().unwrap();
    let message = b"From: a@example.org\r\nTo: b@example.org\r\nX-Other: c\r\n\r\nHello\r\n";
    let header = String::from_utf8(signer.sign(message, at).unwrap()).unwrap();
    let (before, signature) = header.split_once("\r\n b=").unwrap();
    assert_eq!(
        before,
        "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=example.org;\r\n s=s1; t=1516010400;\r\n \
         h=from:from:reply-to:to:to:cc:\r\n subject:date:message-id:mime-version:content-type:\
         content-transfer-encoding:\r\n auto-submitted:list-unsubscribe:list-unsubscribe-post;\r\n \
         bh=Ba3gj8+xBPQLJTahTfzW6RbWQ/XPgESxkCi2B66PSQg=;"
    );
    assert!(signature.ends_with("==\r\n") && signature.lines().all(|line| line.len() < 78), "{signature}");
    assert_eq!(header.as_bytes(), signer.sign(message, at).unwrap());
    assert!(signer.sign(b"no message", at).is_err());
}
