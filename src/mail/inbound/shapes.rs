//! The table of notices in plain words: how each server opens its own, and what that alone says of the letter.
//!
//! The words are looked for in lower case with one space between them. The first shape that fits counts, so what says
//! more stands first.

use super::Fate;

/// A server's notice.
pub(super) struct Shape {
    /// Who writes so.
    pub server: &'static str,
    /// Any of these is said.
    pub says: &'static [&'static str],
    /// What the notice says of the letter; none where the server's answer in it decides.
    pub fate: Option<Fate>,
}

const fn shape(server: &'static str, fate: Option<Fate>, says: &'static [&'static str]) -> Shape {
    Shape { server, says, fate }
}

const DELAYED: Option<Fate> = Some(Fate::Delayed);
const REFUSED: Option<Fate> = Some(Fate::Refused);
const HARD: Option<Fate> = Some(Fate::Hard);
const SOFT: Option<Fate> = Some(Fate::Soft);

pub(super) const SHAPES: &[Shape] = &[
    // Not given up yet.
    shape("Exim, delayed", DELAYED, &["has not yet been delivered to one or more of its recipients"]),
    shape(
        "sendmail, delayed",
        DELAYED,
        &["this is a warning message only", "the following addresses had transient non-fatal errors"],
    ),
    shape("Postfix, delayed", DELAYED, &["your message could not be delivered for more than"]),
    shape(
        "Gmail, delayed",
        DELAYED,
        &[
            "delivery to the following recipient has been delayed",
            "delivery to the following recipients has been delayed",
            "there was a temporary problem delivering your message",
            "gmail will retry for",
        ],
    ),
    shape(
        "Exchange, delayed",
        DELAYED,
        &[
            "delivery is delayed to these recipients",
            "this message hasn't been delivered yet. delivery will continue to be attempted",
            "die zustellung an die folgenden empfänger hat sich verzögert",
            "die zustellung an folgende empfänger wurde verzögert",
            "la remise à ces destinataires ou groupes est retardée",
        ],
    ),
    shape(
        "others, delayed",
        DELAYED,
        &[
            "your message has been delayed and is still awaiting delivery",
            "the following message has not yet been delivered",
            "message has been enqueued and undeliverable for",
            "we will keep trying to deliver",
            "delivery attempts will continue",
        ],
    ),
    // What reads the letter refuses it.
    shape(
        "virus and content gateways",
        REFUSED,
        &[
            "our virus detector has just been triggered",
            "a message you sent contained a virus",
            "message you sent contained a virus",
            "email contains a virus",
            "the message you sent contained banned",
            "our content checker found",
            "banned contents alert",
            "virus alert",
            "stopped the following email",
            "stopped the following message",
            "has been blocked by our content filter",
            "has been quarantined because",
            "was quarantined because",
            "was considered unsolicited",
            "unsolicited bulk email",
            "has been classified as spam",
            "was classified as spam",
            "identified as spam",
            "rejected by our spam filter",
            "blocked by our spam filter",
            "your message was blocked",
            "your email was blocked",
            "attachment type is not permitted",
            "attachment that is not permitted",
            "attachments that are not permitted",
            "wurde als spam eingestuft",
            "wurde vom spamfilter abgewiesen",
        ],
    ),
    shape(
        "list managers",
        REFUSED,
        &[
            "you are not allowed to post to this mailing list",
            "your request to the mailing list",
            "is not subscribed to this list",
            "only members may post",
            "only subscribers may post",
            "you are not a member of this list",
            "you do not have permission to post",
            "you may not have permission to post messages to the group",
            "your message has been automatically rejected",
            "has been rejected by the list",
            "n'est pas autorisé à diffuser dans la liste",
        ],
    ),
    // The notice itself says that there is no such address.
    shape(
        "Gmail, address not found",
        HARD,
        &[
            "because the address couldn't be found",
            "because the domain couldn't be found",
            "weil die adresse nicht gefunden wurde",
            "car l'adresse est introuvable",
        ],
    ),
    shape(
        "Exchange, address not found",
        HARD,
        &[
            "the email address you entered couldn't be found",
            "the e-mail address you entered couldn't be found",
            "the e-mail account does not exist at the organization this message was sent to",
            "the recipient's e-mail address was not found in the recipient's e-mail system",
            "the email address wasn't found at the destination domain",
            "die eingegebene e-mail-adresse konnte nicht gefunden werden",
            "die e-mail-adresse des empfängers wurde im e-mail-system des empfängers nicht gefunden",
            "l'adresse de messagerie que vous avez entrée est introuvable",
        ],
    ),
    shape(
        "Exchange, mailbox full",
        SOFT,
        &[
            "the recipient's mailbox is full",
            "das postfach des empfängers ist voll",
            "la boîte aux lettres du destinataire est pleine",
        ],
    ),
    // The server's answer decides.
    shape(
        "qmail",
        None,
        &["this is the qmail-send program", "i wasn't able to deliver your message to the following"],
    ),
    shape(
        "Exim",
        None,
        &[
            "this message was created automatically by mail delivery software",
            "a message that you sent could not be delivered to",
            "a message that you have sent could not be delivered to",
            "a message sent by you could not be delivered to",
        ],
    ),
    shape(
        "sendmail",
        None,
        &[
            "the following addresses had permanent fatal errors",
            "the following addresses had delivery problems",
            "the following addresses had permanent delivery errors",
            "----- transcript of session follows",
            "transcript of session is as follows",
            "--- session transcript ---",
        ],
    ),
    shape("Postfix", None, &["i'm sorry to have to inform you that"]),
    shape(
        "Exchange",
        None,
        &[
            "did not reach some or all of the intended recipients",
            "the following recipient(s) could not be reached",
            "the following recipient(s) cannot be reached",
            "delivery has failed to these recipients",
            "couldn't be delivered",
            "wasn't delivered to",
            "your message wasn't delivered",
            "your message to the following recipients couldn't be delivered",
            "delivery to the following recipients failed",
            "rejected your message to the following",
            "fehler bei der nachrichtenzustellung an folgende",
            "fehler bei der zustellung an diese empfänger",
            "ihre nachricht hat einige oder alle empfänger nicht erreicht",
            "folgende(r) empfänger kann nicht erreicht werden",
            "échec de la remise pour ces destinataires",
            "échec de remise pour ces destinataires",
            "n'a pas été remis à",
        ],
    ),
    shape(
        "Domino",
        None,
        &["was not delivered to:", "wurde nicht zugestellt an:", "n'a pas été distribué à :"],
    ),
    shape("GroupWise", None, &["the message that you sent was undeliverable to the following"]),
    shape(
        "Courier",
        None,
        &["your message to the following recipients cannot be delivered", "undeliverable mail. your message"],
    ),
    shape(
        "MMDF and PMDF",
        None,
        &[
            "your message could not be delivered to",
            "your message was not delivered to",
            "your message can not be delivered to",
            "your message cannot be delivered to",
            "the message cannot be delivered to",
            "the message could not be delivered to",
            "the following address(es) failed",
            "unable to deliver mail to",
        ],
    ),
    shape("Gmail", None, &["delivery to the following recipient failed"]),
    shape(
        "Yahoo and other large providers",
        None,
        &[
            "we were unable to deliver your message to the following",
            "i was unable to deliver your message to the following",
            "unable to deliver message to the following",
            "unable to deliver your message to",
            "we were not able to deliver your message",
            "could not be delivered to the following",
            "has not been delivered to the following",
            "the message you sent could not be delivered",
            "your mail to the following recipients could not be delivered",
            "your email could not be delivered",
            "your e-mail could not be delivered",
            "could not deliver the following message",
            "undeliverable mail to",
            "had permanent fatal delivery errors",
            "message could not be delivered to some recipients",
            "message log follows:",
            "failed addresses follow:",
            "this message was undeliverable due to the following reason",
            "this report relates to a message you sent",
            "your message was not delivered",
            "your message has not been delivered",
            "your message could not be delivered",
            "your mail could not be delivered",
            "your message was rejected",
            "your message was returned",
        ],
    ),
    shape(
        "German and French notices",
        None,
        &[
            "konnte nicht zugestellt werden",
            "konnten nicht zugestellt werden",
            "nicht zugestellt werden konnte",
            "konnte an folgende",
            "n'a pas pu être remis",
            "n'a pas pu être livré",
            "n'a pas pu être délivré",
            "n'a pu être remis",
            "impossible de remettre",
        ],
    ),
];

/// Where a notice's own words end and the letter that it returns begins, in lower case.
pub(super) const RETURNED: &[&str] = &[
    "below this line is a copy of the message",
    "this is a copy of the message",
    "this is a copy of your message",
    "original message follows",
    "original message headers",
    "message header follows",
    "message headers follow",
    "header of the original message",
    "headers of the original message",
    "unsent message follows",
    "unsent message below",
    "returned message follows",
    "returned message below",
    "the original message was",
    "----- original message",
    "---- original message",
    "--- original message",
    "-----original message",
    "your original message",
    "message text follows",
    "enclosed is a copy",
    "a copy of your message",
    "here is a copy of the message",
    "the header page of the original message",
    "text of your message",
    "the body of your message",
    "kopie der nachricht",
    "originalnachricht",
    "ursprüngliche nachricht",
    "copie du message",
    "en-têtes du message d'origine",
    "ursprüngliche nachrichtenkopfzeilen",
    "this report relates to a message you sent with the following header",
    "final-log",
];
