use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
    task::JoinHandle,
};

use super::*;

/// A mail server that greets, says that it hears several commands at once, and then answers what it hears, line by
/// line, from this list. Gives its port, and the lines it has heard.
async fn scripted(answers: &'static [(&'static str, &'static str)]) -> (u16, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = async move {
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = BufReader::new(stream);
        stream.write_all(b"220 here\r\n").await.unwrap();
        let (mut heard, mut answers) = (Vec::new(), answers.iter());
        let mut line = String::new();
        while stream.read_line(&mut line).await.unwrap() > 0 {
            let said = std::mem::take(&mut line);
            if said.starts_with("EHLO") {
                stream.write_all(b"250-here\r\n250 Pipelining\r\n").await.unwrap();
                continue;
            }
            heard.push(said.trim_end().to_owned());
            let Some((verb, answer)) = answers.next() else { break };
            assert!(said.starts_with(verb), "{said} and not {verb}");
            stream.write_all(format!("{answer}\r\n").as_bytes()).await.unwrap();
        }
        heard
    };
    (port, tokio::runtime::Handle::current().spawn(serving))
}

fn letter() -> Built {
    let address = |text: &str| text.parse().unwrap();
    Built {
        id: String::new(),
        envelope: lettre::address::Envelope::new(Some(address("a@b.org")), vec![address("c@d.org")]).unwrap(),
        message_id: String::new(),
        text: ".".into(),
    }
}

/// What became of two letters, one after the other.
async fn two(port: u16) -> [Outcome; 2] {
    let server = Server::new(Place {
        host: "127.0.0.1".into(),
        port: Some(port),
        tls: Tls::None,
        credentials: None,
        ca: None,
        patience: 1,
    });
    let (server, mut kept) = (server.unwrap(), None);
    let mut outcomes = Vec::new();
    for _ in 0..2 {
        open(&server, &mut kept).await.unwrap();
        outcomes.push(hand_over(&server, &mut kept, &letter()).await.unwrap());
    }
    outcomes.try_into().unwrap()
}

#[tokio::test]
async fn a_server_that_waits_for_a_letter_to_nobody_gets_none_and_then_the_next_one() {
    let (port, server) = scripted(&[
        ("MAIL FROM:<a@b.org>", "250 ok"),
        ("RCPT TO:<c@d.org>", "550 5.1.1 no such user"),
        ("DATA", "354 go on"),
        (".", "554 nobody"),
        ("RSET", "250 ok"),
        ("MAIL", "250 ok"),
        ("RCPT", "250 ok"),
        ("DATA", "354 go on"),
        ("..", "250 taken"),
    ])
    .await;
    let [first, second] = two(port).await;
    let answer = "550 5.1.1 no such user".to_owned();
    assert_eq!(first, Outcome::Rejected { answer, undeliverable: true });
    // The scripted server answers line by line, so before the dot that ends the letter.
    assert_eq!(second, Outcome::Accepted("250 taken".into()));
    let heard = server.await.unwrap();
    assert_eq!(heard.last().unwrap(), ".", "and then its end");
}

#[tokio::test]
async fn the_first_answer_that_says_no_counts() {
    let (port, server) = scripted(&[
        ("MAIL", "451 4.7.1 later"),
        ("RCPT", "503 5.5.1 not now"),
        ("DATA", "503 5.5.1 not now"),
        ("RSET", "250 ok"),
        ("MAIL", "250 ok"),
        ("RCPT", "250 ok"),
        ("DATA", "554 5.7.1 not from you"),
        ("RSET", "250 ok"),
    ])
    .await;
    let [first, second] = two(port).await;
    assert_eq!(first, Outcome::Deferred("451 4.7.1 later".into()));
    let answer = "554 5.7.1 not from you".to_owned();
    assert_eq!(second, Outcome::Rejected { answer, undeliverable: false });
    assert_eq!(server.await.unwrap().len(), 8);
}

#[test]
fn only_what_says_so_is_no_address() {
    for answer in [
        "550 5.1.1 No such user",
        "550 5.1.2 no such domain",
        "556 5.1.10 null MX",
        "550 User unknown in local recipient table",
    ] {
        assert!(no_such_address(answer), "{answer}");
    }
    for answer in [
        "550 5.1.8 sender's domain",
        "550 5.7.1 policy",
        "552 5.2.2 full",
        "554 no",
        "550",
        "",
        "550 5.1.1 mailbox is full",
    ] {
        assert!(!no_such_address(answer), "{answer}");
    }
}

#[test]
fn an_answer_is_kept_as_one_line() {
    assert_eq!(clean("550 5.1.1\r\n no\tsuch\u{7}user "), "550 5.1.1 no such user");
    assert_eq!(clean(&"x".repeat(9000)).len(), ANSWER);
}

#[test]
fn a_dot_that_begins_a_line_is_said_twice_and_one_alone_ends_the_letter() {
    let said = |text: &str| Whole(text).to_string();
    assert_eq!(said("A: b\r\n\r\nText.\r\n"), "A: b\r\n\r\nText.\r\n.\r\n");
    assert_eq!(said("Text without an end"), "Text without an end\r\n.\r\n");
    assert_eq!(said("."), "..\r\n.\r\n");
    assert_eq!(said("..\r\n"), "...\r\n.\r\n");
    assert_eq!(said("a\r\n.\r\n.b\r\n.\r\n"), "a\r\n..\r\n..b\r\n..\r\n.\r\n");
    assert_eq!(said("a\r\n\r\n"), "a\r\n\r\n.\r\n", "an empty line at the end stays");
    // Read back as a server does (RFC 5321, 4.5.2).
    for text in ["", ".", "..", "a.\r\n.b", "\r\n.", ".\r\n..\r\n...", "a\r\n.a\r\n\r\n."] {
        let whole = said(text);
        let data = whole.strip_suffix(".\r\n").unwrap();
        assert!(!data.contains("\r\n.\r\n"), "it ends once: {text:?}");
        let lines = data.split_inclusive("\r\n").map(|line| line.strip_prefix('.').unwrap_or(line));
        assert_eq!(lines.collect::<String>(), format!("{text}\r\n"));
    }
}
