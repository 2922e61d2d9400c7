//! Everyday life of a mailbox.

use std::future::ready;

use anyhow::anyhow;
use opendoor::{
    config::{Inbox, Tls},
    mail::imap::{Failed, LONGEST, Place, Step},
};

use super::{Desk, Taken, letter, letters, long, server, turn};
use crate::harness::{dovecot::Mailbox, line::Line};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_messages_are_taken_once_and_in_order_over_every_line() {
    for tls in [Tls::Wrapper, Tls::Starttls, Tls::None] {
        let (mailbox, desk) = (Mailbox::new(), Desk::default());
        mailbox.receive(&letters(20)).await;
        let server = server(&mailbox.inbox(tls));
        let first = turn(&server, &desk).await.unwrap();
        assert_eq!(first.taken, [Taken::New; 20], "{tls:?}");
        assert!(first.failed.is_empty() && first.broken.is_none() && !first.more && first.cut == 0);
        assert_eq!(desk.all(), letters(20), "{tls:?}");
        assert_eq!(mailbox.flags("INBOX").await, Vec::<String>::new());
        let moved = mailbox.flags("Taken").await;
        assert_eq!(moved.len(), 20, "nothing is deleted");
        assert!(moved.iter().all(|flags| flags.contains("\\Seen")), "{moved:?}");
        let second = turn(&server, &desk).await.unwrap();
        assert_eq!((second.taken.len(), second.failed.len()), (0, 0));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_turn_has_an_end_and_the_next_goes_on() {
    let (mailbox, desk) = (Mailbox::new(), Desk::default());
    mailbox.receive(&letters(20)).await;
    let server = server(&mailbox.inbox(Tls::Wrapper)).at_most(8);
    let mut place = Place::default();
    let mut turns = Vec::new();
    for _ in 0..4 {
        let turn = server.turn(&mut place, |message| desk.take(message)).await.unwrap();
        turns.push((turn.taken.len(), turn.more));
    }
    assert_eq!(turns, [(8, true), (8, true), (4, false), (0, false)]);
    assert_eq!(desk.all(), letters(20));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_taken_in_is_left_as_it_is_and_the_others_go_on() {
    let (mailbox, desk) = (Mailbox::new(), Desk::default());
    mailbox.receive(&letters(5)).await;
    let server = server(&mailbox.inbox(Tls::Wrapper));
    let not_now = |message: opendoor::mail::imap::Message| {
        if message.bytes == letter(3) { ready(Err(anyhow!("not now"))) } else { desk.take(message) }
    };
    let first = server.turn(&mut Place::default(), not_now).await.unwrap();
    assert_eq!(first.taken, [Taken::New; 4]);
    assert_eq!(first.failed, [Failed { uid: 3, step: Step::Take, why: "not now".into() }]);
    let left = mailbox.flags("INBOX").await;
    assert!(left.len() == 1 && !left[0].contains("\\Seen"), "{left:?}");
    assert_eq!(turn(&server, &desk).await.unwrap().taken, [Taken::New]);
    assert_eq!(desk.all().last(), Some(&letter(3)));
    assert_eq!(mailbox.flags("Taken").await.len(), 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn letters_that_always_fail_do_not_keep_others_waiting() {
    let (mailbox, desk) = (Mailbox::new(), Desk::default());
    mailbox.receive(&letters(7)).await;
    let server = server(&mailbox.inbox(Tls::Wrapper)).at_most(3);
    let mut place = Place::default();
    let mut turns = Vec::new();
    for _ in 0..4 {
        let turn = server.turn(&mut place, |message| {
            let bad = letters(3).contains(&message.bytes);
            if bad { ready(Err(anyhow!("never"))) } else { desk.take(message) }
        });
        let turn = turn.await.unwrap();
        turns.push((turn.taken.len(), turn.failed.len()));
    }
    // The fourth begins anew.
    assert_eq!(turns, [(0, 3), (3, 0), (1, 0), (0, 3)]);
    assert_eq!(mailbox.flags("INBOX").await.len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_in_another_numbering_is_none() {
    let (mailbox, desk) = (Mailbox::new(), Desk::default());
    mailbox.receive(&letters(4)).await;
    let server = server(&mailbox.inbox(Tls::Wrapper)).at_most(2);
    let mut place = Place::default();
    let none = |_| ready(Err::<Taken, _>(anyhow!("not now")));
    let turn = server.turn(&mut place, none).await.unwrap();
    assert!(turn.failed.len() == 2 && turn.more && place != Place::default(), "{turn:?}");
    let before = mailbox.person("STATUS INBOX (UIDVALIDITY)").await;
    // A numbering is known by the second that it begins in: it is begun anew until that is another.
    loop {
        mailbox.renumber();
        if mailbox.person("STATUS INBOX (UIDVALIDITY)").await != before {
            break;
        }
    }
    let turn = server.turn(&mut place, |message| desk.take(message)).await.unwrap();
    assert_eq!((desk.all().len(), turn.more), (2, true), "from the beginning");
    server.turn(&mut place, |message| desk.take(message)).await.unwrap();
    let mut all = desk.all();
    all.sort();
    assert_eq!(all, letters(4), "each of them, whatever its number is now");
    assert_eq!(mailbox.flags("Taken").await.len(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_is_too_long_is_taken_in_cut_and_kept_whole() {
    let (mailbox, desk) = (Mailbox::new(), Desk::default());
    let sizes = [12 << 20, LONGEST, LONGEST + 1, 256 << 10, (256 << 10) + 1];
    let messages: Vec<Vec<u8>> = sizes.into_iter().map(long).collect();
    mailbox.receive(&messages).await;
    let turn = turn(&server(&mailbox.inbox(Tls::Wrapper)), &desk).await.unwrap();
    // Of the first, the second and the third the same is left.
    assert_eq!(turn.taken.len(), 5);
    assert_eq!(turn.cut, 2);
    let taken = desk.all();
    let lengths: Vec<usize> = taken.iter().map(Vec::len).collect();
    assert!(lengths.iter().all(|length| *length <= LONGEST), "{lengths:?}");
    assert_eq!(taken[0], messages[0][..LONGEST]);
    assert!(taken.contains(&messages[1]) && taken.contains(&messages[3]) && taken.contains(&messages[4]));
    assert_eq!(mailbox.sizes("Taken").await, sizes);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_person_read_or_threw_away_is_told_apart() {
    let (mailbox, desk) = (Mailbox::new(), Desk::default());
    mailbox.receive(&letters(3)).await;
    mailbox.person("STORE 1 +FLAGS (\\Seen)").await;
    mailbox.person("STORE 2 +FLAGS (\\Deleted)").await;
    turn(&server(&mailbox.inbox(Tls::Wrapper)), &desk).await.unwrap();
    assert_eq!(desk.all(), [letter(1), letter(3)]);
    assert_eq!(mailbox.flags("INBOX").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_cannot_move_keeps_a_mark() {
    let (mailbox, desk) = (Mailbox::new(), Desk::default());
    mailbox.receive(&letters(3)).await;
    let line = Line::to(mailbox.plain, " MOVE ", " LEAP ").await;
    let inbox = Inbox { imap_port: Some(line.port), ..mailbox.inbox(Tls::None) };
    let first = turn(&server(&inbox), &desk).await.unwrap();
    assert_eq!(first.taken, [Taken::New; 3]);
    let left = mailbox.flags("INBOX").await;
    assert!(left.len() == 3 && left.iter().all(|flags| flags.contains("$OpenDoor")), "{left:?}");
    mailbox.receive(&[letter(4)]).await;
    let second = turn(&server(&inbox), &desk).await.unwrap();
    assert_eq!(second.taken, [Taken::New], "those with the mark are not read again");
}
