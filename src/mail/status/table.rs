//! The one table of enhanced status codes: RFC 3463, the later ones of IANA's registry (RFC 4468, 4954, 5248, 6531,
//! 6710, 7293, 7372, 7505, 8617, 8689), and the few of Exchange Online's own that tell us something. Names and words
//! are ours.
//!
//! `*` stands for any number. The row that says most of a code counts: `5.1.1` before `5.1.*` before `5.*.*`.

use super::{
    Meaning::{self, Later, NoSuchAddress, Refused, Taken},
    Status,
};

/// One code, or all of a subject or class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Such as `5.1.1` or `5.7.*`.
    pub code: &'static str,
    /// A few words.
    pub name: &'static str,
    /// What we do with it.
    pub meaning: Meaning,
    /// What it says, in plain words.
    pub says: &'static str,
}

impl Row {
    /// Whether the row speaks of this code.
    pub fn covers(&self, status: Status) -> bool {
        let mut numbers = [status.class, status.subject, status.detail].into_iter();
        self.code.split('.').all(|part| {
            let number = numbers.next();
            part == "*" || part.parse().ok() == number
        })
    }

    /// How much of a code the row names: 1 to 3 numbers.
    pub(super) fn exactness(&self) -> usize {
        3 - self.code.matches('*').count()
    }
}

const fn row(code: &'static str, name: &'static str, meaning: Meaning, says: &'static str) -> Row {
    Row { code, name, meaning, says }
}

/// What is done with a code that no row speaks of: none is left over, but nothing is assumed.
pub(super) const LAST: Row = row("5.*.*", "refused", Refused, "A code that we do not know.");

/// All codes.
pub const TABLE: &[Row] = &[
    row("2.*.*", "taken", Taken, "The server took the letter, or passed it on."),
    row("2.1.5", "address sound", Taken, "The address is one that takes mail."),
    row("2.1.9", "passed to an older system", Taken, "The letter went where no more will be reported."),
    row("4.*.*", "not now", Later, "Something stands in the way for now."),
    row("4.0.*", "other", Later, "Not now; the server does not say why."),
    row("4.1.*", "address, for now", Later, "Something about the address cannot be settled for now."),
    row("4.1.1", "no such mailbox, for now", Later, "The name before the @ cannot be found just now."),
    row("4.1.8", "our address's domain, for now", Later, "Our own domain could not be looked up just now."),
    row("4.2.*", "mailbox, for now", Later, "The mailbox cannot take mail for now."),
    row("4.2.1", "mailbox closed for now", Later, "The mailbox is switched off or too busy for now."),
    row("4.2.2", "mailbox full", Later, "There is no room in the mailbox."),
    row("4.3.*", "server, for now", Later, "The other side's mail system cannot take mail for now."),
    row("4.3.1", "mail system full", Later, "There is no room on the other side's server."),
    row(
        "4.3.2",
        "server closed for now",
        Later,
        "The server is being shut down or takes no mail at present.",
    ),
    row("4.4.*", "network, for now", Later, "The letter's way is blocked for now."),
    row("4.4.1", "no answer", Later, "The other side's server does not answer."),
    row("4.4.2", "connection lost", Later, "The connection broke off."),
    row("4.4.3", "directory failed", Later, "The domain's server could not be looked up."),
    row("4.4.5", "congestion", Later, "The mail system is too busy."),
    row("4.4.6", "loop, for now", Later, "The letter goes round in circles for now."),
    row("4.4.7", "too old", Later, "The letter waited so long that it was given up."),
    row("4.5.*", "conversation, for now", Later, "The servers did not understand each other this time."),
    row("4.6.*", "content, for now", Later, "The letter's content could not be dealt with for now."),
    row(
        "4.7.*",
        "policy, for now",
        Later,
        "A rule holds the letter up: often greylisting, or too many letters at once.",
    ),
    row("4.7.1", "held up by policy", Later, "Often greylisting: the same letter is taken later."),
    row("4.7.28", "too much at once", Later, "The other side sees a flood of mail."),
    row("5.*.*", "refused", Refused, "A code that we do not know: this letter is refused."),
    row("5.0.*", "other", Refused, "Refused without a reason in the code: the words decide."),
    row("5.1.*", "address, other", Refused, "Something about an address; not one of the codes below."),
    row(
        "5.1.0",
        "address, undefined",
        Refused,
        "An address is at fault, it is not said which or how: the words decide.",
    ),
    row("5.1.1", "no such mailbox", NoSuchAddress, "Nobody has this name before the @ there."),
    row("5.1.2", "no such domain", NoSuchAddress, "The domain after the @ does not exist or takes no mail."),
    row("5.1.3", "not an address", NoSuchAddress, "The address is not written as an address can be."),
    row("5.1.4", "more than one mailbox", Refused, "The address stands for several mailboxes."),
    row("5.1.6", "mailbox moved", NoSuchAddress, "The mailbox has gone and nothing is sent after it."),
    row(
        "5.1.7",
        "our address is not one",
        Refused,
        "The sender's address is not written as an address can be.",
    ),
    row("5.1.8", "our address's domain", Refused, "The sender's domain does not exist or takes no mail."),
    row("5.1.9", "passed to an older system", Refused, "The letter went where no more will be reported."),
    row(
        "5.1.10",
        "domain takes no mail",
        NoSuchAddress,
        "The domain says that it takes no mail at all (null MX).",
    ),
    row(
        "5.1.351",
        "no such mailbox",
        NoSuchAddress,
        "Exchange Online: the other side knows no such recipient.",
    ),
    row("5.2.*", "mailbox, other", Refused, "Something about the mailbox; not one of the codes below."),
    row("5.2.0", "mailbox, undefined", Refused, "Something about the mailbox: the words decide."),
    row("5.2.1", "mailbox closed", NoSuchAddress, "The mailbox is switched off for good."),
    row("5.2.2", "mailbox full", Later, "There is no room in the mailbox: it may be emptied."),
    row("5.2.3", "too long for the mailbox", Refused, "The letter is longer than this mailbox takes."),
    row(
        "5.2.4",
        "list cannot be expanded",
        Later,
        "The address is a list, and its members could not be found.",
    ),
    row("5.3.*", "server, other", Refused, "Something about the other side's mail system."),
    row(
        "5.3.0",
        "mail system, undefined",
        Refused,
        "Something about the other side's mail system: the words decide.",
    ),
    row("5.3.1", "mail system full", Later, "There is no room on the other side's server."),
    row("5.3.2", "server takes no mail", Later, "The server is closed, or about to be."),
    row("5.3.3", "feature missing", Refused, "The server cannot do what the letter asks for."),
    row("5.3.4", "letter too big", Refused, "The letter is bigger than the server takes."),
    row("5.3.5", "server set up wrongly", Later, "The other side's server is not in order."),
    row("5.3.6", "priority changed", Refused, "The letter's priority was changed (RFC 6710)."),
    row("5.4.*", "network, other", Refused, "Something about the letter's way."),
    row("5.4.0", "network, undefined", Later, "Something about the letter's way: the words decide."),
    row(
        "5.4.1",
        "no answer",
        Later,
        "The other side's server does not answer; Exchange Online also says so of unknown people.",
    ),
    row("5.4.2", "connection lost", Later, "The connection broke off."),
    row("5.4.3", "directory failed", Later, "The domain's server could not be looked up."),
    row(
        "5.4.4",
        "no way there",
        Later,
        "No server was found for the domain: where the words say there is none, it is no address.",
    ),
    row("5.4.5", "congestion", Later, "The mail system is too busy."),
    row("5.4.6", "loop", Refused, "The letter goes round in circles."),
    row("5.4.7", "too old", Later, "The letter waited so long that it was given up."),
    row("5.4.14", "loop", Refused, "Exchange: the letter has passed too many servers."),
    row(
        "5.4.310",
        "no such domain",
        NoSuchAddress,
        "Exchange Online: the domain after the @ does not exist.",
    ),
    row("5.4.312", "directory failed", Later, "Exchange Online: the domain could not be looked up."),
    row("5.5.*", "conversation, other", Refused, "The servers did not understand each other."),
    row(
        "5.5.0",
        "conversation, undefined",
        Refused,
        "The servers did not understand each other: the words decide.",
    ),
    row("5.5.1", "command out of place", Refused, "The server did not expect this command."),
    row("5.5.2", "command not understood", Refused, "The server cannot read the command."),
    row("5.5.3", "too many recipients", Refused, "More recipients than the server takes at once."),
    row("5.5.4", "wrong argument", Refused, "The server cannot read what follows the command."),
    row("5.5.5", "wrong version", Refused, "The servers speak different versions."),
    row("5.5.6", "line too long", Refused, "A line of the sign-in is too long (RFC 4954)."),
    row("5.6.*", "content, other", Refused, "Something about the letter's content."),
    row("5.6.0", "content, undefined", Refused, "Something about the letter's content."),
    row("5.6.1", "kind of content", Refused, "The letter holds a kind of content that is not taken."),
    row("5.6.2", "conversion forbidden", Refused, "The letter would have to be converted and may not be."),
    row("5.6.3", "conversion unknown", Refused, "The letter would have to be converted and nobody can."),
    row("5.6.4", "conversion with loss", Refused, "The letter would lose something on its way."),
    row("5.6.5", "conversion failed", Refused, "The letter could not be converted."),
    row("5.6.6", "content not there", Refused, "What the letter points to cannot be fetched (RFC 4468)."),
    row(
        "5.6.7",
        "address beyond ASCII",
        Refused,
        "An address with other letters than ASCII is not taken there (RFC 6531).",
    ),
    row(
        "5.6.8",
        "answer beyond ASCII",
        Refused,
        "The server's answer needs UTF-8 and may not use it (RFC 6531).",
    ),
    row("5.6.9", "headers beyond ASCII", Refused, "Headers in UTF-8 cannot be passed on (RFC 6531)."),
    row("5.6.10", "headers beyond ASCII", Refused, "The same as 5.6.9, by an older number."),
    row("5.7.*", "policy, other", Refused, "A rule of the other side's: it says nothing of the address."),
    row("5.7.0", "policy, undefined", Refused, "A rule, it is not said which."),
    row("5.7.1", "not allowed", Refused, "A rule forbids this letter, this sender or this way."),
    row("5.7.2", "list closed to us", Refused, "The address is a list that takes no letters from us."),
    row("5.7.3", "conversion of protection", Refused, "The letter's protection would have to be changed."),
    row("5.7.4", "protection missing", Refused, "The server lacks the protection that is asked for."),
    row("5.7.5", "encryption failed", Refused, "The letter could not be decrypted or checked."),
    row("5.7.6", "encryption unknown", Refused, "The letter's encryption is not known there."),
    row("5.7.7", "letter changed", Refused, "The letter seems to have been changed on its way."),
    row("5.7.8", "sign-in wrong", Refused, "Our name and password were not accepted (RFC 4954)."),
    row("5.7.9", "sign-in too weak", Refused, "The way we sign in is too weak (RFC 4954)."),
    row(
        "5.7.10",
        "encryption needed",
        Refused,
        "The server takes mail over encrypted lines alone (RFC 5248).",
    ),
    row("5.7.11", "encryption needed to sign in", Refused, "Sign-in takes an encrypted line (RFC 4954)."),
    row("5.7.12", "password to be renewed", Refused, "The password must be changed first (RFC 4954)."),
    row(
        "5.7.13",
        "account closed",
        Refused,
        "The account that signed in is closed: ours, not the recipient's (RFC 5248).",
    ),
    row("5.7.14", "trust needed", Refused, "The servers must be introduced to each other first (RFC 5248)."),
    row("5.7.15", "priority too low", Refused, "Only more urgent mail is taken now (RFC 6710)."),
    row("5.7.16", "too big for its priority", Refused, "The letter is too big for its priority (RFC 6710)."),
    row("5.7.17", "mailbox changed hands", Refused, "The mailbox belongs to somebody else now (RFC 7293)."),
    row("5.7.18", "domain changed hands", Refused, "The domain belongs to somebody else now (RFC 7293)."),
    row(
        "5.7.19",
        "owner not known",
        Refused,
        "It cannot be told whether the mailbox changed hands (RFC 7293).",
    ),
    row("5.7.20", "no passing signature", Refused, "No DKIM signature holds (RFC 7372)."),
    row(
        "5.7.21",
        "no acceptable signature",
        Refused,
        "No DKIM signature that holds is one that is wanted (RFC 7372).",
    ),
    row(
        "5.7.22",
        "no signature of the author's",
        Refused,
        "No DKIM signature is by the author's domain (RFC 7372).",
    ),
    row("5.7.23", "SPF failed", Refused, "Our domain does not list the server that sent this (RFC 7372)."),
    row("5.7.24", "SPF in error", Refused, "Our domain's list of servers cannot be read (RFC 7372)."),
    row(
        "5.7.25",
        "reverse DNS failed",
        Refused,
        "The sending server's number has no fitting name (RFC 7372).",
    ),
    row(
        "5.7.26",
        "several checks failed",
        Refused,
        "Neither SPF nor DKIM vouches for the letter (RFC 7372).",
    ),
    row("5.7.27", "sender takes no mail", Refused, "Our own domain says that it takes no mail (RFC 7505)."),
    row("5.7.28", "too much at once", Refused, "The other side sees a flood of mail."),
    row("5.7.29", "ARC failed", Refused, "The letter's chain of seals does not hold (RFC 8617)."),
    row(
        "5.7.30",
        "protected way needed",
        Refused,
        "The letter asks for protection that is not to be had (RFC 8689).",
    ),
];
