//! The real thing, against a DNS server of our own.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use hickory_resolver::proto::{
    op::{Message, OpCode, ResponseCode},
    rr::{
        Name, RData, Record, RecordType,
        rdata::{A, AAAA, CNAME, MX, PTR, TXT},
    },
};

use super::*;
use crate::mail::domain::system::System;

/// A server that answers until the test ends, and how often it was asked.
struct Server {
    address: SocketAddr,
    asked: Arc<AtomicUsize>,
}

fn serve() -> Server {
    let (datagrams, streams) = sockets();
    let address = datagrams.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok((length, from)) = datagrams.recv_from(&mut bytes) {
            count.fetch_add(1, Ordering::SeqCst);
            let Ok(question) = Message::from_vec(&bytes[..length]) else { continue };
            if let Some(mut answer) = answer(&question) {
                if answer.to_vec().unwrap().len() > 1200 {
                    answer.answers.clear();
                    answer.metadata.truncation = true;
                }
                datagrams.send_to(&answer.to_vec().unwrap(), from).unwrap();
            }
        }
    });
    std::thread::spawn(move || {
        for mut stream in streams.incoming().flatten() {
            let mut length = [0; 2];
            stream.read_exact(&mut length).unwrap();
            let mut bytes = vec![0; usize::from(u16::from_be_bytes(length))];
            stream.read_exact(&mut bytes).unwrap();
            let answer = answer(&Message::from_vec(&bytes).unwrap()).unwrap().to_vec().unwrap();
            let length = u16::try_from(answer.len()).unwrap().to_be_bytes();
            stream.write_all(&[&length[..], &answer].concat()).unwrap();
        }
    });
    Server { address, asked }
}

/// Both kinds at one port.
fn sockets() -> (UdpSocket, TcpListener) {
    for _ in 0..20 {
        let datagrams = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        if let Ok(streams) = TcpListener::bind(datagrams.local_addr().unwrap()) {
            return (datagrams, streams);
        }
    }
    panic!("no port is free for both");
}

fn name(text: &str) -> Name {
    let mut name = Name::from_ascii(text).unwrap();
    name.set_fqdn(true);
    name
}

/// What the server says. None: nothing.
fn answer(question: &Message) -> Option<Message> {
    let query = question.queries.first().unwrap();
    let asked = query.name().to_ascii().to_lowercase();
    let texts = |texts: &[&str]| vec![RData::TXT(TXT::new(texts.iter().map(ToString::to_string).collect()))];
    let known = ["example.org.", "mail.example.org.", "alias.example.org.", "bytes.example.org."];
    let found = match (asked.trim_end_matches('.'), query.query_type()) {
        ("silent.example.org", _) => return None,
        ("broken.example.org", _) => Err(ResponseCode::ServFail),
        ("refused.example.org", _) => Err(ResponseCode::Refused),
        ("example.org", RecordType::TXT) => Ok(texts(&["v=spf1 ip4:192.0.2", ".1 -all"])),
        ("bytes.example.org", RecordType::TXT) => {
            Ok(vec![RData::TXT(TXT::from_bytes(vec![b"\xff\x00", b"x"]))])
        }
        ("large.example.org", RecordType::TXT) => Ok(texts(&["x".repeat(200).as_str(); 20])),
        ("example.org", RecordType::MX) => Ok(vec![RData::MX(MX::new(10, name("mail.example.org")))]),
        ("mail.example.org", RecordType::A) => Ok(vec![RData::A(A(Ipv4Addr::new(192, 0, 2, 1)))]),
        ("mail.example.org", RecordType::AAAA) => Ok(vec![RData::AAAA(AAAA("2001:db8::1".parse().unwrap()))]),
        ("alias.example.org", RecordType::A) => {
            Ok(vec![RData::CNAME(CNAME(name("mail.example.org"))), RData::A(A(Ipv4Addr::new(192, 0, 2, 1)))])
        }
        ("1.2.0.192.in-addr.arpa", RecordType::PTR) => Ok(vec![RData::PTR(PTR(name("mail.example.org")))]),
        ("_dmarc.example.org", RecordType::TXT) => {
            Ok(texts(&["v=DMARC1; p=reject; rua=mailto:r@example.org"]))
        }
        ("s1._domainkey.example.org", RecordType::TXT) => {
            Ok(texts(&["v=DKIM1; k=rsa; p=", &KEY[..200], &KEY[200..]]))
        }
        _ if known.contains(&asked.as_str()) => Ok(Vec::new()),
        _ => Err(ResponseCode::NXDomain),
    };
    let mut message = Message::response(question.metadata.id, OpCode::Query);
    message.metadata.recursion_desired = true;
    message.metadata.recursion_available = true;
    message.add_query(query.clone());
    match found {
        Ok(records) => {
            let mut at = query.name().clone();
            for data in records {
                let next = match &data {
                    RData::CNAME(alias) => Some(alias.0.clone()),
                    _ => None,
                };
                message.add_answer(Record::from_rdata(at.clone(), 60, data));
                at = next.unwrap_or(at);
            }
        }
        Err(code) => message.metadata.response_code = code,
    }
    Some(message)
}

#[tokio::test]
async fn a_real_server_is_asked() {
    let server = serve();
    let dns = System::at(server.address).unwrap();
    let host = IpAddr::from([192, 0, 2, 1]);
    assert_eq!(dns.txt("example.org").await, Ok(vec!["v=spf1 ip4:192.0.2.1 -all".to_owned()]));
    assert_eq!(dns.txt("bytes.example.org").await, Ok(vec!["\u{fffd}\u{0}x".to_owned()]));
    // Too large for a datagram.
    assert_eq!(dns.txt("large.example.org").await, Ok(vec!["x".repeat(4000)]));
    assert_eq!(dns.txt("mail.example.org").await, Err(Failure::NoRecords));
    assert_eq!(dns.txt("nothing.example.org").await, Err(Failure::NoSuchName));
    assert!(matches!(dns.txt("broken.example.org").await, Err(Failure::Temporary(_))));
    assert!(matches!(dns.addresses("refused.example.org").await, Err(Failure::Temporary(_))));
    let servers = dns.mx("example.org").await.unwrap();
    assert_eq!((servers[0].preference, servers[0].host.as_str()), (10, "mail.example.org."));
    let both = dns.addresses("mail.example.org").await.unwrap();
    assert_eq!(both, [host, "2001:db8::1".parse().unwrap()]);
    assert_eq!(dns.addresses("alias.example.org").await, Ok(vec![host]));
    assert_eq!(dns.addresses("nothing.example.org").await, Err(Failure::NoSuchName));
    assert_eq!(dns.ptr(host).await, Ok(vec!["mail.example.org.".to_owned()]));
    assert_eq!(dns.ptr(IpAddr::from([192, 0, 2, 2])).await, Err(Failure::NoSuchName));
    // Nothing is kept: the next question is asked again.
    let before = server.asked.load(Ordering::SeqCst);
    dns.txt("example.org").await.unwrap();
    assert!(server.asked.load(Ordering::SeqCst) > before);
}

#[tokio::test]
async fn all_checks_are_made_with_a_real_server() {
    let server = serve();
    let dns = System::at(server.address).unwrap();
    let setup = setup("example.org", "example.org", &["192.0.2.1"], &["s1"]);
    let task = assert_send(check(&setup, &dns));
    for check in task.await {
        assert_eq!(check.state, State::Good, "{check:?}");
    }
}

#[tokio::test]
async fn a_silent_server_is_given_up() {
    let dns = System::at(serve().address).unwrap();
    let patience = Duration::from_secs(10);
    let answer = tokio::time::timeout(patience, dns.txt("silent.example.org")).await.unwrap();
    assert!(matches!(answer, Err(Failure::Temporary(_))), "{answer:?}");
}
