//! The page and the command that check the sending domain, against a name server that knows no name.

use entity::user::Role;
use tokio::net::UdpSocket;

use crate::{
    both,
    harness::{Engine, Site, people::DORSET},
};

/// A name server that answers that there is no such name, whatever it is asked. Gives its address.
#[expect(clippy::disallowed_methods, reason = "it ends with the test")]
pub async fn nameless() -> std::net::SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let at = socket.local_addr().unwrap();
    tokio::spawn(async move {
        let mut packet = [0; 1500];
        while let Ok((length, from)) = socket.recv_from(&mut packet).await {
            // An answer, recursion wanted and to be had, no such name; the question stands, nothing follows it.
            let mut answer = packet[..length].to_vec();
            answer[2..4].copy_from_slice(&[0x81, 0x83]);
            answer[6..12].fill(0);
            let end = 12 + answer[12..].iter().position(|byte| *byte == 0).unwrap() + 5;
            answer.truncate(end);
            socket.send_to(&answer, from).await.unwrap();
        }
    });
    at
}

both!(a_domain_that_is_not_set_up_is_told_what_to_change, |site| {
    let engine = if site.app.db.is_sqlite() { Engine::Sqlite } else { Engine::Postgres };
    site.done().await;
    let server = nameless().await;
    let site = Site::with(engine, |config| {
        config.post.mail_from = "Dorset STP <engagement@dorset.example.org>".into();
        config.post.mail_hosts = vec!["192.0.2.10".parse().unwrap()];
        config.post.dkim_selectors = vec!["s1".into()];
        config.post.dns_server = Some(server);
        config.inbox.imap_host = Some("imap.dorset.example.org".into());
        config.inbox.hook_key_file = Some("/etc/opendoor/hook".into());
    })
    .await;
    let at = "/work/england/mail-setup";
    let mut officer = site.officer(DORSET).await;
    assert!(officer.get(at).await.status.is_client_error());
    let mut admin = site.signed_in(Role::Admin, &[]).await;
    let before = admin.get(at).await;
    assert!(before.words("main dl").contains("dorset.example.org"), "{}", before.words("main"));
    let taken_from = before.words("main dl");
    assert!(
        taken_from.contains("The folder INBOX at imap.dorset.example.org, once a minute"),
        "{taken_from}"
    );
    assert!(taken_from.contains("Signed requests to /hooks/mail"), "{taken_from}");
    assert!(before.each("main table").is_empty(), "nothing is asked before the button is pressed");
    let checked = admin.get(&format!("{at}?check=1")).await;
    let table = checked.words("main table");
    assert!(table.contains("Wrong"), "{table}");
    assert!(table.contains("v=spf1") && table.contains("192.0.2.10"), "the record to publish: {table}");
    assert!(table.contains("s1._domainkey.dorset.example.org") || table.contains("DKIM"), "{table}");
    site.done().await;
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_command_says_the_same_with_its_status() {
    let server = nameless().await;
    let output = tokio::process::Command::new(env!("CARGO_BIN_EXE_opendoor"))
        .args(["mail", "check", "--mail-from", "engagement@dorset.example.org"])
        .args(["--mail-hosts", "192.0.2.10,2001:db8::10", "--dkim-selectors", "s1,s2"])
        .args(["--dns-server", &server.to_string()])
        .output()
        .await
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("Wrong  SPF"), "{said}");
    assert_eq!(said.matches("DKIM: the key").count(), 2, "{said}");
}
