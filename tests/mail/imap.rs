//! The mailbox that mail comes back to, on a real Dovecot, over lines that break, and against servers that say nonsense.

mod dovecot;
mod nonsense;
mod trouble;

use std::{
    future::{Ready, ready},
    sync::{Arc, Mutex},
};

use opendoor::{
    config::Inbox,
    mail::imap::{Message, Place, Server, Turn},
};

/// What was taken in, and whether it had been before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    New,
    Known,
}

/// Takes mail in as the product does: the same mail once.
#[derive(Clone, Default)]
struct Desk {
    known: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Desk {
    fn take(&self, message: Message) -> Ready<anyhow::Result<Taken>> {
        let mut known = self.known.lock().unwrap();
        if known.contains(&message.bytes) {
            return ready(Ok(Taken::Known));
        }
        known.push(message.bytes);
        ready(Ok(Taken::New))
    }

    /// All that was taken in, in order.
    fn all(&self) -> Vec<Vec<u8>> {
        self.known.lock().unwrap().clone()
    }
}

fn letter(number: usize) -> Vec<u8> {
    format!("From: office@example.org\r\nSubject: Letter {number}\r\n\r\nSaid in letter {number}.\r\n")
        .into_bytes()
}

fn letters(count: usize) -> Vec<Vec<u8>> {
    (1..=count).map(letter).collect()
}

/// A letter of `bytes` bytes.
fn long(bytes: usize) -> Vec<u8> {
    let mut letter = b"Subject: Long\r\n\r\n".to_vec();
    while letter.len() < bytes {
        let number = letter.len();
        letter.extend_from_slice(format!("{number:070}\r\n").as_bytes());
    }
    letter.truncate(bytes - 2);
    letter.extend_from_slice(b"\r\n");
    letter
}

fn server(inbox: &Inbox) -> Server {
    Server::new(inbox).unwrap().expect("a mailbox")
}

/// A turn from the beginning.
async fn turn(server: &Server, desk: &Desk) -> anyhow::Result<Turn<Taken>> {
    server.turn(&mut Place::default(), |message| desk.take(message)).await
}
