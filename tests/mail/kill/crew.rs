//! The processes that send, and are killed.

use std::process::Stdio;

use rand::{RngExt as _, rngs::StdRng};
use tokio::process::{Child, Command};

use crate::harness::{Site, smtp::SmtpServer};

/// Those who send at once; a place is empty when its process was killed.
pub struct Crew(Vec<Option<Hand>>);

struct Hand {
    process: Child,
    /// Whether it serves pages as well.
    serves: bool,
}

impl Crew {
    pub fn new(size: usize) -> Self {
        Self((0..size).map(|_| None).collect())
    }

    /// Starts a process for each empty place, the first of them as one that serves pages as well where `with_pages` says so.
    pub fn fill(&mut self, site: &Site, server: &SmtpServer, mut with_pages: bool) {
        for place in self.0.iter_mut().filter(|place| place.is_none()) {
            let process = start(site, server, with_pages);
            *place = Some(Hand { process, serves: with_pages });
            with_pages = false;
        }
    }

    /// Asserts that none has ended by itself.
    pub fn is_at_work(&mut self) {
        for hand in self.0.iter_mut().flatten() {
            let ended = hand.process.try_wait().unwrap();
            assert!(ended.is_none(), "a worker ended by itself: {ended:?}");
        }
    }

    /// Kills one of them or all. Gives how many, and how many of these served pages.
    pub async fn kill(&mut self, chance: &mut StdRng) -> (usize, usize) {
        self.is_at_work();
        let (all, one) = (chance.random_bool(0.5), chance.random_range(0..self.0.len()));
        let (mut killed, mut served) = (0, 0);
        for (number, place) in self.0.iter_mut().enumerate() {
            if (all || number == one)
                && let Some(mut hand) = place.take()
            {
                hand.process.kill().await.unwrap();
                killed += 1;
                served += usize::from(hand.serves);
            }
        }
        (killed, served)
    }

    /// Ends all of them at a moment when there is nothing to be sent.
    pub async fn leave(&mut self) {
        for mut hand in self.0.iter_mut().filter_map(Option::take) {
            hand.process.kill().await.unwrap();
        }
    }
}

/// The program as an operator runs it.
fn start(site: &Site, server: &SmtpServer, with_pages: bool) -> Child {
    let verb: &[&str] = if with_pages { &["serve", "--listen", "127.0.0.1:0"] } else { &["work"] };
    Command::new(env!("CARGO_BIN_EXE_opendoor"))
        .args(["--log", "off"])
        .args(verb)
        .arg("--data")
        .arg(&site.app.config.store.data)
        .args(["--database-url", &site.url])
        .args(["--mail", "smtp", "--smtp-tls", "none", "--smtp-connections", "2", "--smtp-patience", "1"])
        .args(["--smtp-port", &server.port.to_string()])
        .args(["--mail-from", "engagement@dorset.example.org"])
        .args(["--public-url", "https://opendoor.example.org"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}
