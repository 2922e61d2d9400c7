//! How a mail server misbehaves: as a test tells it, or at random, the same for the same seed.

use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

/// Where in the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Greeting,
    Ehlo,
    Mail,
    Rcpt,
    Data,
    /// After the letter's last dot.
    Letter,
}

/// What the server does there instead of its duty.
#[derive(Clone, Copy, Debug)]
pub enum Behaviour {
    /// Answers this and does nothing else of the step (hangs up after 421).
    Answer(&'static str),
    /// Says nothing more.
    Stall,
    /// Hangs up without a word. At [`Step::Data`]: after it has asked for the letter and read some of it.
    Drop,
    /// At [`Step::Letter`]: takes the letter, and hangs up without saying so.
    TakeAndDrop,
    /// At [`Step::Letter`]: takes the letter, and says nothing more.
    TakeAndStall,
    /// At [`Step::Letter`]: takes the letter, says so, and hangs up.
    TakeAndLeave,
    /// At [`Step::Letter`]: takes the letter, and says this of it.
    TakeAndSay(&'static str),
}

use Behaviour::{Answer, Drop, Stall, TakeAndDrop, TakeAndLeave, TakeAndSay, TakeAndStall};

const CLOSING: Behaviour = Answer("421 4.3.2 shutting down");
const BUSY: Behaviour = Answer("450 4.2.1 busy");
const NOT_NOW: Behaviour = Answer("454 4.7.0 not now");
const REFUSED: Behaviour = Answer("550 5.7.1 refused");
const NONSENSE: Behaviour = Answer("well, perhaps");

/// Trouble at random.
#[derive(Debug)]
pub struct Mischief {
    chance: StdRng,
    /// How many letters in a row it goes on to refuse for now.
    sour: u32,
}

impl Mischief {
    pub fn seeded(seed: u64) -> Self {
        Self { chance: StdRng::seed_from_u64(seed), sour: 0 }
    }

    /// What it does at a step; none where it does its duty.
    pub fn at(&mut self, step: Step) -> Option<Behaviour> {
        if step == Step::Mail {
            if self.sour > 0 {
                self.sour -= 1;
                return Some(BUSY);
            }
            if self.chance.random_ratio(1, 1000) {
                // More than a mailing puts up with.
                self.sour = 25;
            }
        }
        let (one_in, all): (u32, &[Behaviour]) = match step {
            Step::Greeting | Step::Ehlo => (100, &[CLOSING, Answer("554 5.3.2 no"), NONSENSE, Drop, Stall]),
            Step::Mail => (30, &[CLOSING, BUSY, BUSY, NOT_NOW, NOT_NOW, REFUSED, NONSENSE, Drop]),
            Step::Rcpt => (
                20,
                &[CLOSING, BUSY, BUSY, NOT_NOW, NOT_NOW, REFUSED, Answer("550 5.1.1 no such user"), NONSENSE],
            ),
            Step::Data => {
                (30, &[CLOSING, BUSY, NOT_NOW, REFUSED, Answer("250 2.0.0 what?"), Drop, Drop, Stall])
            }
            Step::Letter => (
                15,
                &[
                    CLOSING,
                    BUSY,
                    NOT_NOW,
                    REFUSED,
                    NONSENSE,
                    Drop,
                    Stall,
                    TakeAndDrop,
                    TakeAndDrop,
                    TakeAndStall,
                    TakeAndLeave,
                    TakeAndLeave,
                    TakeAndSay("what was that?"),
                ],
            ),
        };
        self.chance.random_ratio(1, one_in).then(|| all[self.chance.random_range(0..all.len())])
    }
}
