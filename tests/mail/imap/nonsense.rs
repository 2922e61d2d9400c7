//! Servers that do not speak as they should: an error each, never a panic, never a message that is half there.

use std::time::Duration;

use opendoor::{
    config::{Inbox, Tls},
    mail::imap::Turn,
};

use super::{Desk, Taken, letter, long, server, turn};
use crate::harness::{dovecot::Mailbox, line::Talker};

/// A whole conversation about one message, as a server has it that minds its manners.
fn conversation() -> Vec<u8> {
    let letter = letter(1);
    let mut words = b"* OK [CAPABILITY IMAP4rev1] ready\r\n\
        * CAPABILITY IMAP4rev1 AUTH=PLAIN\r\no1 OK done\r\n\
        o2 OK [CAPABILITY IMAP4rev1 MOVE] you are in\r\n\
        * CAPABILITY IMAP4rev1 MOVE\r\no3 OK done\r\n\
        * 1 EXISTS\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY 7] valid\r\no4 OK [READ-WRITE] open\r\n\
        * SEARCH 5\r\no5 OK done\r\n"
        .to_vec();
    words.extend_from_slice(format!("* 1 FETCH (UID 5 BODY[]<0> {{{}}}\r\n", letter.len()).as_bytes());
    words.extend_from_slice(&letter);
    words.extend_from_slice(
        b")\r\no6 OK done\r\no7 OK stored\r\n* OK [COPYUID 9 5 1] moved\r\n* 1 EXPUNGE\r\no8 OK done\r\n\
        * BYE leaving\r\no9 OK bye\r\n",
    );
    words
}

/// The same about a longer message, of which more is said than was asked for at once.
fn too_much() -> Vec<u8> {
    let words = String::from_utf8(conversation()).unwrap();
    let (before, rest) = words.split_once("* 1 FETCH").unwrap();
    let (_, after) = rest.split_once("o7 OK stored").unwrap();
    let first = String::from_utf8(long(300_000)).unwrap();
    format!(
        "{before}* 1 FETCH (UID 5 BODY[]<0> {{300000}}\r\n{first})\r\no6 OK done\r\n\
         * 1 FETCH (UID 5 BODY[]<300000> {{2}}\r\n\r\n)\r\no7 OK done\r\no8 OK stored\r\no9 OK moved{after}"
    )
    .into_bytes()
}

async fn told(words: Vec<u8>) -> (anyhow::Result<Turn<Taken>>, Vec<Vec<u8>>) {
    let (mailbox, desk) = (Mailbox::new(), Desk::default());
    let talker = Talker::saying(vec![words], true).await;
    let inbox = Inbox { imap_port: Some(talker.port), imap_patience: 2, ..mailbox.inbox(Tls::None) };
    let turn = tokio::time::timeout(Duration::from_secs(30), turn(&server(&inbox), &desk)).await;
    (turn.expect("it ended by itself"), desk.all())
}

fn replaced(was: &str, is: &str) -> Vec<u8> {
    let words = String::from_utf8(conversation()).unwrap();
    assert!(words.contains(was), "{was}");
    words.replacen(was, is, 1).into_bytes()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_conversation_itself_is_fit() {
    let (turn, all) = told(conversation()).await;
    let turn = turn.unwrap();
    assert_eq!(turn.taken, [Taken::New]);
    assert!(turn.broken.is_none());
    assert_eq!(all, [letter(1)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nonsense_is_an_error() {
    let literal = format!("{{{}}}", letter(1).len());
    let table: Vec<(&str, Vec<u8>)> = vec![
        ("nothing at all", Vec::new()),
        ("another protocol", b"220 mail.example.org ESMTP\r\n".to_vec()),
        ("noise", (0..=255u8).cycle().take(100_000).collect()),
        ("a line without end", vec![b'*'; 5 << 20]),
        ("turned away", b"* BYE too many of you\r\n".to_vec()),
        ("let in already", replaced("* OK [CAPABILITY IMAP4rev1] ready", "* PREAUTH ready")),
        ("no password wanted", replaced("AUTH=PLAIN", "LOGINDISABLED")),
        ("another command's tag", replaced("o2 OK", "o9 OK")),
        ("hung up", replaced("o3 OK done", "* BYE out of here")),
        ("may only be read", replaced("READ-WRITE", "READ-ONLY")),
        ("a number that is none", replaced("SEARCH 5", "SEARCH five")),
        ("a number too large", replaced("SEARCH 5", "SEARCH 99999999999")),
        ("the number nought", replaced("SEARCH 5", "SEARCH 0")),
        ("a message longer than asked for", replaced(&literal, "{300000}")),
        ("a message of 4 GB", replaced(&literal, "{4294967295}")),
        ("a message of more than there is", replaced(&literal, "{99999999999999999999}")),
        ("another piece", replaced("BODY[]<0>", "BODY[]<7>")),
        ("a message that is shorter than said", replaced(&literal, "{9000}")),
        ("not a word more", replaced("o6 OK done", "")),
    ];
    for (name, words) in table.into_iter().chain([("more of a message than was asked for", too_much())]) {
        let (turn, all) = told(words).await;
        assert!(all.is_empty(), "{name}");
        let broken = turn.map(|turn| turn.broken);
        assert!(matches!(broken, Err(_) | Ok(Some(_))), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_said_of_other_things_does_not_matter() {
    for (was, is) in [
        ("* 1 FETCH (UID 5 BODY", "* 1 FETCH (UID 4 FLAGS (\\Seen))\r\n* 2 EXISTS\r\n* 1 FETCH (UID 5 BODY"),
        ("* SEARCH 5", "* SEARCH\r\n* SEARCH 5 5"),
        ("o7 OK stored", "* 1 FETCH (FLAGS (\\Seen))\r\no7 OK stored"),
        ("* 1 EXISTS", "* OK [HIGHESTMODSEQ 12] one\r\n* NO [ALERT] the disk is nearly full\r\n* 1 EXISTS"),
    ] {
        let (turn, all) = told(replaced(was, is)).await;
        let turn = turn.unwrap();
        assert_eq!((turn.taken.len(), all.len()), (1, 1), "{is}");
        assert!(turn.broken.is_none(), "{is}: {:?}", turn.broken);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_the_server_will_not_give_or_mark_is_told() {
    use opendoor::mail::imap::Step;
    let moved = "* OK [COPYUID 9 5 1] moved\r\n* 1 EXPUNGE\r\no8 OK done";
    for (words, step) in [
        (replaced("o6 OK done", "o6 NO it is damaged"), Step::Read),
        (replaced(moved, "o8 NO [OVERQUOTA] no room"), Step::Mark),
        (
            replaced(moved, "o8 NO [TRYCREATE] no such folder\r\no9 NO not you\r\no10 NO still not"),
            Step::Mark,
        ),
    ] {
        let (turn, _) = told(words).await;
        let turn = turn.unwrap();
        assert_eq!(turn.failed.iter().map(|failed| failed.step).collect::<Vec<_>>(), [step]);
        assert!(turn.taken.is_empty());
    }
    // Somebody else has moved it.
    let words = String::from_utf8(conversation()).unwrap();
    let (before, rest) = words.split_once("* 1 FETCH").unwrap();
    let (_, after) = rest.split_once("o6 OK").unwrap();
    let (turn, all) = told(format!("{before}o6 OK{after}").into_bytes()).await;
    let turn = turn.unwrap();
    assert!(turn.taken.is_empty() && turn.failed.is_empty() && all.is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversation_that_is_damaged_anywhere_ends_by_itself() {
    let whole = conversation();
    // The same damages in every run.
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % u64::try_from(below).unwrap()).unwrap()
    };
    for _ in 0..400 {
        let mut words = whole.clone();
        match next(4) {
            0 => words.truncate(next(whole.len())),
            1 => {
                let at = next(whole.len());
                words[at] = u8::try_from(next(256)).unwrap();
            }
            2 => {
                let at = next(whole.len());
                words.drain(at..whole.len().min(at + 1 + next(20)));
            }
            _ => {
                let (from, to) = (next(whole.len()), next(whole.len()));
                let piece: Vec<u8> = whole[from..whole.len().min(from + 1 + next(30))].to_vec();
                words.splice(to..to, piece);
            }
        }
        // Taken in or not: no panic, and it ends.
        drop(told(words).await);
    }
}
