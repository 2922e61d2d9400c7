//! Reports that machines write for machines: RFC 3464 with RFC 6533 (delivery), RFC 5965 (complaints), RFC 8098 (what
//! became of a letter that was delivered), and Outlook.com's complaints, which are older.

use super::{
    Auto, Failed, Fate, MANY, Seen, What, address, one_line,
    parts::{Fields, Mail, Part},
};
use crate::mail::status::{self, Meaning, Status};

const DELIVERY: &[&str] = &["message/delivery-status", "message/global-delivery-status"];
const DISPOSITION: &[&str] = &["message/disposition-notification", "message/global-disposition-notification"];
const FEEDBACK: &[&str] = &["message/feedback-report"];

pub(super) fn read(mail: &Mail, seen: &Seen<'_>) -> Option<What> {
    if let Some(report) = mail.own(FEEDBACK).next() {
        return Some(complaint(mail, &Fields::read(&report.text)));
    }
    if let Some(what) = outlook(mail) {
        return Some(what);
    }
    let signs = seen.signs;
    let machine =
        signs.daemon || signs.postmaster || signs.no_return || signs.generated || signs.fate.is_some();
    let is_report = mail.parts.first().is_some_and(|part| part.kind == "multipart/report");
    if is_report || machine {
        // A gateway may hand a report on as an attachment of its own notice.
        let handed_on = machine && mail.own(DELIVERY).next().is_none();
        let parts = mail.parts.iter().filter(|part| part.within <= usize::from(handed_on));
        let failed: Vec<Failed> =
            parts.filter(|part| DELIVERY.contains(&part.kind.as_str())).flat_map(recipients).collect();
        if !failed.is_empty() {
            return Some(What::Bounce(failed));
        }
    }
    if mail.own(DISPOSITION).next().is_some() {
        return Some(What::AutoReply(Auto::Acknowledgement));
    }
    None
}

/// The recipients of a delivery report.
fn recipients(part: &Part) -> Vec<Failed> {
    let mut failed: Vec<Failed> = Vec::new();
    for group in groups(&part.text) {
        if let Some(one) = recipient(&group, part.closed)
            && failed.len() < MANY
            && !failed.contains(&one)
        {
            failed.push(one);
        }
    }
    failed
}

/// The recipients of a report that stands in a notice's own text, as gateways flatten it.
pub(super) fn flattened(text: &str) -> Vec<Failed> {
    groups(text).iter().filter_map(|group| recipient(group, true)).take(MANY).collect()
}

/// The fields that open a recipient's group, or belong to it once.
const ONCE: &[&str] = &["final-recipient", "original-recipient", "action", "status"];

/// The most characters of a group that is put together again.
const GROUP: usize = 4_000;

/// A report's groups of fields, a recipient each. Empty lines divide them; some servers put too many or too few.
fn groups(text: &str) -> Vec<Fields> {
    let mut groups: Vec<String> = Vec::new();
    let mut open = String::new();
    let has = |group: &str, name: &str| Fields::read(group).get(name).is_some();
    for line in text.lines().chain([""]) {
        let name = line.split(':').next().unwrap_or_default().trim().to_lowercase();
        let blank = line.trim().is_empty();
        if blank || ONCE.contains(&name.as_str()) && has(&open, &name) {
            let group = std::mem::take(&mut open);
            let lost = !has(&group, "final-recipient") && !has(&group, "original-recipient");
            match groups.last_mut() {
                // Its recipient came before the empty line.
                Some(before)
                    if lost
                        && before.len() < GROUP
                        && !has(before, "action")
                        && has(before, "final-recipient") =>
                {
                    before.push_str(&group);
                }
                _ if !group.is_empty() => groups.push(group),
                _ => {}
            }
        }
        if !blank {
            open.push_str(line);
            open.push('\n');
        }
    }
    groups.iter().map(|group| Fields::read(group)).collect()
}

/// A recipient's group. `whole` is false where the report was cut off: then nothing in it is taken as final.
fn recipient(group: &Fields, whole: bool) -> Option<Failed> {
    let named = ["original-recipient", "final-recipient", "x-actual-recipient"];
    let named: Vec<&str> = named.iter().filter_map(|name| group.get(name)).collect();
    let action = group.lower("action");
    let status = group.get("status").and_then(Status::find_lone);
    if named.is_empty() || action.is_empty() && status.is_none() {
        return None;
    }
    let said = group.get("diagnostic-code").or_else(|| group.get("x-supplementary-info")).unwrap_or_default();
    let said = match said.split_once(';') {
        Some((kind, rest)) if !kind.trim().contains(' ') => rest,
        _ => said,
    };
    let mut fate = fate(&action, status, said);
    if fate == Fate::Hard && !whole {
        fate = Fate::Refused;
    }
    let answer = match (said.trim(), status) {
        ("", Some(status)) => format!("{status} {}", status.row().name),
        ("", None) => action.clone(),
        (said, _) => said.to_owned(),
    };
    Some(Failed {
        address: named.iter().find_map(|name| address::reported(name)),
        fate,
        answer: one_line(&answer, super::ANSWER),
    })
}

fn fate(action: &str, status: Option<Status>, said: &str) -> Fate {
    // A comment may follow the word.
    let action: String = action.chars().take_while(char::is_ascii_alphabetic).collect();
    match (action.as_str(), status.map(|status| status.class)) {
        ("delivered" | "relayed" | "expanded", _) | ("", Some(2)) => return Fate::Delivered,
        ("delayed", _) => return Fate::Delayed,
        (_, Some(4)) => return Fate::Soft,
        _ => {}
    }
    let own = Status::find(said);
    let meaning = match (status, own) {
        (None, _) => status::judge(said).unwrap_or(Meaning::Refused),
        (Some(status), Some(own)) if status.vague() || own == status => own.weighed(said),
        (Some(status), Some(own)) if !own.vague() => {
            // Two codes that differ: the one that gives up less.
            match (status.weighed(said), own.weighed(said)) {
                (Meaning::NoSuchAddress, other) | (other, _) => other,
            }
        }
        (Some(status), _) => status.weighed(said),
    };
    of(meaning)
}

/// The fate of a letter that failed.
pub(super) fn of(meaning: Meaning) -> Fate {
    match meaning {
        Meaning::NoSuchAddress => Fate::Hard,
        Meaning::Later => Fate::Soft,
        Meaning::Refused | Meaning::Taken => Fate::Refused,
    }
}

/// A feedback report.
fn complaint(mail: &Mail, report: &Fields) -> What {
    let kind = report.lower("feedback-type");
    let kind = kind.split_whitespace().next().unwrap_or("abuse").to_owned();
    let address = report.get("original-rcpt-to").or_else(|| report.get("removal-recipient"));
    match kind.as_str() {
        "not-spam" => What::Unknown("it reports that a letter is not spam".into()),
        "auth-failure" | "dmarc" => {
            What::Unknown("it reports that a letter's sender could not be proved".into())
        }
        _ => What::Complaint { kind, address: address.and_then(address::one).or_else(|| returned_to(mail)) },
    }
}

/// A complaint of Outlook.com's, which names the recipient in the returned letter.
fn outlook(mail: &Mail) -> Option<What> {
    let mut headers = mail.parts.iter().filter(|part| part.within > 0).map(|part| &part.fields);
    let address = headers.find_map(|fields| fields.get("x-hmxmroriginalrecipient"))?;
    Some(What::Complaint { kind: "abuse".into(), address: address::one(address) })
}

/// Whom the returned letter was written to, where that was one address.
pub(super) fn returned_to(mail: &Mail) -> Option<String> {
    let all = mail.parts.iter().find_map(|part| {
        let headers = matches!(
            part.kind.as_str(),
            "text/rfc822-headers" | "message/rfc822-headers" | "message/global-headers"
        );
        let fields = if headers { Fields::read(&part.text) } else { part.fields.clone() };
        (headers || part.within > 0).then(|| fields.get("to").map(address::all)).flatten()
    })?;
    match all.as_slice() {
        [one] => Some(one.clone()),
        _ => None,
    }
}
