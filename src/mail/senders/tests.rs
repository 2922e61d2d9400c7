use std::path::PathBuf;

use super::*;
use crate::config::{Carrier, Config, Store, Tls};

/// The settings with a file of senders in `folder`.
fn post(folder: &Path, text: &str) -> Post {
    let file = folder.join("senders.toml");
    std::fs::write(&file, text).unwrap();
    let store = Store { data: folder.to_owned(), database_url: None };
    Post {
        mail: Carrier::Smtp,
        mail_senders: Some(file),
        smtp_tls: Tls::None,
        ..Config::defaults(store).post
    }
}

fn entry(more: &str) -> String {
    let known =
        [("key", "dorset"), ("name", "Dorset STP"), ("from", "stp@dorset.example.org"), ("host", "mx")];
    let given = |key: &str| more.lines().any(|line| line.split(" = ").next() == Some(key));
    let known = known.iter().filter(|(key, _)| !given(key));
    let known: Vec<String> = known.map(|(key, value)| format!("{key} = \"{value}\"")).collect();
    format!("[[sender]]\n{}\n{more}\n", known.join("\n"))
}

#[test]
fn a_file_of_senders_is_read() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("password"), "a quiet room\r\n").unwrap();
    let all = entry(
        "reply_to = \"Team <team@dorset.example.org>\"\nreturn_path = \"back@dorset.example.org\"\nport = 2525\n\
         tls = \"none\"\nuser = \"dorset\"\npassword_file = \"password\"\nconnections = 2\nstps = [\"E54000041\"]\n\
         hosts = [\"192.0.2.7\"]\ndkim_selectors = [\"s1\"]",
    );
    let plain = entry("key = \"devon\"\nname = \"Devon\"\nfrom = \"stp@devon.example.org\"\ntls = \"none\"");
    let senders = Senders::read(&post(folder.path(), &format!("{all}{plain}"))).unwrap();
    let keys: Vec<&str> = senders.all().iter().map(|identity| identity.key.as_str()).collect();
    assert_eq!(keys, ["", "dorset", "devon"]);
    let dorset = senders.named(Some("dorset")).unwrap();
    assert_eq!(dorset.title(), "Dorset STP <stp@dorset.example.org>");
    assert_eq!(dorset.reply_title(), "Team <team@dorset.example.org>");
    assert_eq!((dorset.return_domain(), dorset.lines), ("dorset.example.org", 2));
    assert_eq!(format!("{:?}", dorset.server), "Some(Server(mx:2525))");
    let devon = senders.named(Some("devon")).unwrap();
    assert_eq!(devon.reply_title(), devon.title(), "answers go to where it comes from");
    let of = |stp: &str| senders.of_stp(stp).map(|identity| identity.key.clone()).collect::<Vec<_>>();
    assert_eq!(of("E54000041"), ["", "dorset", "devon"]);
    assert_eq!(of("E54000037"), ["", "devon"], "the settings' own, and what everybody may write from");
}

#[test]
fn what_cannot_be_sent_from_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let senders =
        Senders::read(&post(folder.path(), &entry("tls = \"none\"\nstps = [\"E54000041\"]"))).unwrap();
    let of = |key, stp, frozen| senders.of(key, stp, frozen).map(|identity| identity.key.clone());
    assert_eq!(of(None, "E54000037", None).as_deref(), Ok(""));
    assert_eq!(of(Some("dorset"), "E54000041", Some("stp@dorset.example.org")).as_deref(), Ok("dorset"));
    let refused = |key, stp, frozen| of(key, stp, frozen).unwrap_err();
    assert_eq!(
        refused(Some("kent"), "E54000041", Some("stp@kent.example.org")),
        "Its sender “kent” (stp@kent.example.org) is no longer among the senders of this site."
    );
    assert_eq!(
        refused(Some("dorset"), "E54000037", None),
        "Its sender stp@dorset.example.org is no longer one that this STP may write from."
    );
    assert_eq!(
        refused(Some("dorset"), "E54000041", Some("old@dorset.example.org")),
        "It was frozen to come from old@dorset.example.org, and its sender’s address is stp@dorset.example.org now."
    );
}

#[test]
fn what_cannot_work_is_refused_with_its_place_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("empty"), "\n").unwrap();
    let file = folder.path().join("senders.toml").display().to_string();
    let one = entry("tls = \"none\"");
    for (text, at, why) in [
        (entry("tsl = \"none\""), ", sender 1 (“dorset”)", "unknown field `tsl`"),
        (entry("from = \"Dorset <stp@dorset.example.org>\""), ", sender 1", "is no address; write it alone"),
        (entry("from = \"nobody\""), ", sender 1", "“nobody” is no address"),
        (entry("reply_to = \"nobody\""), ", sender 1", "reply_to: “nobody” is no address"),
        (entry("return_path = \"much-too-long-a-name@example.org\""), ", sender 1", "return_path"),
        (entry("key = \"Dorset STP\""), ", sender 1 (“Dorset STP”)", "key: write at most 40 small letters"),
        (entry("name = \"  \""), ", sender 1", "name: write what its letters say"),
        (entry("host = \"\""), ", sender 1", "host: name its mail server"),
        (entry("connections = 0"), ", sender 1", "connections: there must be one"),
        (entry("tls = \"ssl\""), ", sender 1", "unknown variant `ssl`"),
        (entry("stps = [\"E54000041\", \"E54999999\"]"), ", sender 1", "stps: E54999999 is no STP"),
        (entry("stps = []"), ", sender 1", "leave the line out where every one may"),
        (entry("user = \"dorset\""), ", sender 1", "takes both user and password_file"),
        (entry("user = \"d\"\npassword_file = \"none\""), ", sender 1", "none could not be read"),
        (entry("user = \"d\"\npassword_file = \"empty\""), ", sender 1", "empty is empty"),
        (entry("ca = \"none.pem\""), ", sender 1", "none.pem"),
        (entry("dkim_key_file = \"empty\""), ", sender 1", "takes both, the key and its selector"),
        (entry("dkim_key_selector = \"s1\""), ", sender 1", "dkim_key_file, dkim_key_selector"),
        (
            entry("dkim_key_file = \"empty\"\ndkim_key_selector = \"s1\""),
            ", sender 1",
            "holds no private key that can be read",
        ),
        (
            format!("{one}{}", entry("from = \"b@example.org\"")),
            ", sender 2 (“dorset”)",
            "another of this key",
        ),
        (
            format!("{one}{}", entry("key = \"b\"")),
            ", sender 2 (“b”)",
            "is the address of another sender already",
        ),
        (entry("from = \"Engagement@localhost\""), ", sender 1", "is the address of another sender already"),
        ("[[senders]]\n".to_owned(), "", "begin with [[sender]]"),
        ("[[sender]]\nname = \"Dorset\"\n".to_owned(), ", sender 1", "missing field"),
        ("key = ".to_owned(), "", "TOML parse error"),
    ] {
        let error = Senders::read(&post(folder.path(), &text)).expect_err(&text);
        let said = format!("{error:#}");
        assert!(said.starts_with(&format!("{file}{at}")), "{text}: {said}");
        assert!(said.contains(why), "{text}: {said}");
    }
    let missing = Post { mail_senders: Some(PathBuf::from("/nowhere/at/all")), ..post(folder.path(), "") };
    let said = format!("{:#}", Senders::read(&missing).unwrap_err());
    assert!(said.starts_with("the senders (--mail-senders) in /nowhere/at/all could not be read"), "{said}");
}
