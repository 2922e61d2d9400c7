//! What an answer for now says of the time to wait.
//!
//! ```text
//! answer ─┬─ no code                           the conversation broke off   1 minute
//!         ├─ says greylisting, or 4.7.1        greylisting                  5 minutes
//!         ├─ 4.4.5, 4.7.*, or says rate        too fast                     15 minutes, and the domain slows
//!         ├─ 4.2.2, or says quota              mailbox full                 1 hour
//!         └─ else                              busy                         5 minutes
//! ```
//!
//! Many servers greylist under a bare 450 or 451, so nothing with a code is tried again within five minutes. A bare 421 is
//! a server that is shutting down (RFC 5321, 3.8): it says nothing of our haste.

use chrono::TimeDelta;

use crate::mail::status::Status;

/// Why a letter has to wait, as far as it changes how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Hint {
    BrokenOff,
    Greylisted,
    TooFast,
    MailboxFull,
    Busy,
}

/// Words of servers that see too many letters, in lower case.
const TOO_FAST: &[&str] = &[
    "rate limit",
    "ratelimit",
    "rate exceeded",
    "sending rate",
    "throttl",
    "too many messages",
    "too many emails",
    "too many connections",
    "too many concurrent",
    "too many recipients",
    "too fast",
    "too quickly",
    "slow down",
    "unusual rate",
];

impl Hint {
    /// Reads an answer that deferred a letter.
    pub fn of(answer: &str) -> Self {
        let words = answer.to_lowercase();
        let says = |phrases: &[&str]| phrases.iter().any(|phrase| words.contains(phrase));
        let code: String = answer.chars().take_while(char::is_ascii_digit).collect();
        if code.len() != 3 {
            return Self::BrokenOff;
        }
        if says(&["greylist", "graylist", "grey list", "gray list", "grey-list", "gray-list"]) {
            return Self::Greylisted;
        }
        if says(TOO_FAST) {
            return Self::TooFast;
        }
        let enhanced = Status::find(answer).map(|status| (status.subject, status.detail));
        match (code.as_str(), enhanced) {
            (_, Some((2, 2))) => Self::MailboxFull,
            (_, Some((7, 1))) => Self::Greylisted,
            (_, Some((4, 5) | (7, 28))) => Self::TooFast,
            // A server that cannot check a name and password, or begin encryption, says 454: that is no haste of ours.
            (_, Some((7, _))) if code != "454" => Self::TooFast,
            _ if says(&["quota", "mailbox full", "mailbox is full"]) => Self::MailboxFull,
            _ => Self::Busy,
        }
    }

    /// How long a letter waits at least after its first try.
    pub fn first_wait(self) -> TimeDelta {
        match self {
            Self::BrokenOff => TimeDelta::minutes(1),
            Self::Greylisted | Self::Busy => TimeDelta::minutes(5),
            Self::TooFast => TimeDelta::minutes(15),
            Self::MailboxFull => TimeDelta::hours(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Hint::*, *};

    #[test]
    fn answers_say_why_to_wait() {
        for (answer, expected) in [
            ("The conversation with the mail server broke off: connection reset", BrokenOff),
            ("The mail server did not answer in time", BrokenOff),
            ("", BrokenOff),
            ("450 4.2.0 <a@example.org>: Recipient address rejected: Greylisted, try later", Greylisted),
            ("451 4.7.1 Please try again later", Greylisted),
            ("450 4.7.1 Rate limit exceeded for your address", TooFast),
            ("451 graylisting in action", Greylisted),
            ("421 4.7.0 Our systems have detected an unusual rate of mail", TooFast),
            ("421 Service not available", Busy),
            ("421 4.3.2 shutting down", Busy),
            ("421 4.7.28 too much", TooFast),
            ("451 4.7.500 Server busy", TooFast),
            ("451 4.4.5 congestion", TooFast),
            ("454 4.7.0 Throttling failure: Maximum sending rate exceeded", TooFast),
            ("454 4.7.0 Temporary authentication failure", Busy),
            ("454 TLS not available due to temporary reason", Busy),
            ("452 4.2.2 The mailbox is over its limit", MailboxFull),
            ("452 Quota exceeded", MailboxFull),
            ("452 4.5.3 Too many recipients", TooFast),
            ("452 4.3.1 Insufficient system storage", Busy),
            ("450 4.2.1 busy", Busy),
            ("451 Requested action aborted", Busy),
        ] {
            assert_eq!(Hint::of(answer), expected, "{answer}");
        }
    }
}
