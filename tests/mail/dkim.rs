//! Letters that are signed here, checked by somebody else's program: dkimpy, of Debian's packages.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use opendoor::mail::dkim::Signer;

use super::{add, at, deliver, setup::nameless, to};
use crate::harness::{Engine, Site, people::DORSET, smtp::SmtpServer};

/// A new private key of a kind, in a file of `folder`.
fn key(folder: &Path, kind: &str) -> PathBuf {
    let file = folder.join(format!("{kind}.pem"));
    let mut command = Command::new("openssl");
    match kind {
        "ed25519" => command.args(["genpkey", "-algorithm", "ED25519", "-out"]),
        "pkcs8" => command.args(["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out"]),
        _ => command.args(["genrsa", "-traditional", "-out"]),
    };
    command.arg(&file);
    if kind == "short" {
        command.arg("1024");
    }
    assert!(command.stderr(Stdio::null()).status().unwrap().success());
    file
}

/// Whether dkimpy finds that the message is signed by the key of this record.
fn holds(message: &str, record: &str) -> bool {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/dkim_verify.py");
    let mut python = Command::new("/usr/bin/python3")
        .args([script, record])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    python.stdin.take().unwrap().write_all(message.as_bytes()).unwrap();
    let output = python.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("Error"), "make test installs python3-dkim: {said}");
    output.status.success()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_letter_that_is_signed_here_is_known_to_be_ours() {
    let folder = tempfile::tempdir().unwrap();
    for kind in ["pkcs8", "pkcs1", "ed25519"] {
        let server = SmtpServer::start().await;
        let file = key(folder.path(), kind);
        let signer = Signer::read(&file, "s1", "dorset.example.org").unwrap();
        let site = Site::with(Engine::Sqlite, |config| {
            to(config, &server);
            config.post.dkim_key_file = Some(file.clone());
            config.post.dkim_key_selector = Some("s1".into());
        })
        .await;
        let mut officer = site.officer(DORSET).await;
        add(&site, &[("PP-CAR", "Carers’ Centre", "office@carers.example.org")]).await;
        let body = "Dear {{ name }},\r\n\r\n.A line  with a dot, two spaces  and é\r\n\r\n";
        let fields =
            [("subject", "Your café"), ("body", body), ("purpose", "engagement"), ("groups", "PP-CAR")];
        let mailing = officer.submit(&at("/new"), &at(""), &fields).await.led();
        let mailing = mailing.split('?').next().unwrap();
        officer.post(&format!("{mailing}/freezes"), &[]).await.led();
        officer.post(&format!("{mailing}/dispatches"), &[]).await.led();
        assert_eq!(deliver(&site).await, 1);
        let letter = server.received().remove(0).data;
        let record = signer.record();
        assert!(holds(&letter, &record), "{letter}");
        let other = Signer::read(&key(folder.path(), kind), "s1", "dorset.example.org").unwrap().record();
        assert!(!holds(&letter, &other), "another key");
        for (now, then) in [
            ("Your caf", "My caf"),
            ("A line", "Another line"),
            ("From: ", "From: \"Somebody else\" <else@example.org>\r\nFrom: "),
            ("Subject: ", "Subject: Another\r\nSubject: "),
            ("MIME-Version: 1.0\r\n", "MIME-Version: 1.0\r\nCc: everybody@example.org\r\n"),
            ("List-Unsubscribe: <", "List-Unsubscribe: <https://example.org/>, <"),
        ] {
            let sly = letter.replacen(&format!("\r\n{now}"), &format!("\r\n{then}"), 1);
            let sly = if sly == letter { letter.replacen(now, then, 1) } else { sly };
            assert_ne!(sly, letter, "{now}");
            assert!(!holds(&sly, &record), "{sly}");
        }
        let anew = letter.replacen("Subject: ", "Subject:  \r\n\t", 1);
        assert!(holds(&anew, &record), "a relay may fold headers anew: {anew}");
        site.done().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn mail_set_up_says_what_to_publish_for_the_key_that_is_signed_with_here() {
    let (server, folder) = (nameless().await, tempfile::tempdir().unwrap());
    let file = key(folder.path(), "pkcs8");
    let record = Signer::read(&file, "s1", "dorset.example.org").unwrap().record();
    let site = Site::with(Engine::Sqlite, |config| {
        config.post.mail_from = "Dorset STP <engagement@dorset.example.org>".into();
        config.post.dkim_key_file = Some(file.clone());
        config.post.dkim_key_selector = Some("s1".into());
        config.post.dns_server = Some(server);
    })
    .await;
    let mut admin = site.signed_in(entity::user::Role::Admin, &[]).await;
    let before = admin.get("/work/england/mail-setup").await;
    assert!(before.words("main dl").contains("By this site, as s1"), "{}", before.words("main"));
    assert!(before.words("main").contains(&record), "the record is there before the DNS is asked");
    assert!(!before.text().contains("PRIVATE"), "no private half");
    let checked = admin.get("/work/england/mail-setup?check=1").await.words("main table");
    assert!(checked.contains("There is no key at s1._domainkey.dorset.example.org"), "{checked}");
    assert!(checked.contains(&record[..200]), "{checked}");
    site.done().await;
}

#[test]
fn a_key_that_receivers_refuse_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let short = key(folder.path(), "short");
    for (arguments, said) in [
        (vec!["--dkim-key-file", short.to_str().unwrap(), "--dkim-key-selector", "s1"], "2048 bits"),
        (vec!["--dkim-key-file", short.to_str().unwrap()], "takes both, the key and its selector"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_opendoor"))
            .args(["mail", "check", "--mail-from", "engagement@dorset.example.org"])
            .args(&arguments)
            .output()
            .unwrap();
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && words.contains(said), "{arguments:?}: {words}");
        assert!(words.contains("--dkim-key-file"), "{words}");
    }
}
