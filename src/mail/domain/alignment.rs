//! Whether the return domain counts for the from domain (RFC 7489, section 3.1): SPF proves a letter for DMARC only
//! where the two are aligned.
//!
//! ```text
//! aspf=r (or nothing)  the same organisational domain
//! aspf=s               the same domain
//! ```
//!
//! A signature proves a letter too: its key stands below the from domain itself, so it is aligned either way.

use super::{
    Check, Finding, State, What,
    dmarc::{Held, Look},
    names,
};

pub fn check(from: &str, back: &str, policy: &Look, dkim: &[Check]) -> Check {
    let (ours, theirs) = (names::organisational(from), names::organisational(back));
    let strict = matches!(&policy.held, Held::One(policy) if policy.strict_spf);
    let mode = if strict { "strict" } else { "relaxed" };
    let found = if from == back {
        format!("both {from}")
    } else {
        format!("from {from} (organisation {ours}), return {back} (organisation {theirs}), alignment {mode}")
    };
    let good = format!("The return domain {back} counts for {from}, so SPF proves our letters for DMARC.");
    let findings = if from == back || (ours == theirs && !strict) {
        match &policy.held {
            // The policy may be strict.
            Held::Failed(why) if from != back => vec![Finding::failed(&format!("_dmarc.{}", policy.at), why)],
            _ => Vec::new(),
        }
    } else {
        vec![apart(from, back, ours == theirs, dkim)]
    };
    Check::of(What::Alignment, &found, findings, good)
}

/// The two are not aligned: how bad that is depends on the signatures.
fn apart(from: &str, back: &str, strict: bool, dkim: &[Check]) -> Finding {
    let why = if strict {
        format!("The DMARC record asks for the same domain (aspf=s), and {back} is not {from}")
    } else {
        format!("The return domain {back} belongs to another organisation than {from}")
    };
    let change = if strict {
        format!("Use a return address at {from} itself, or change aspf=s to aspf=r in the DMARC record.")
    } else {
        format!("Use a return address at {from} or at a domain below it, such as bounces.{from}.")
    };
    if dkim.iter().all(|check| check.state == State::Wrong) {
        return Finding::wrong(
            format!(
                "{why}, so SPF does not count for DMARC. No signature does either: letters may be refused."
            ),
            change,
        );
    }
    let signed = dkim.iter().any(|check| matches!(check.state, State::Good | State::Warning));
    let rest = if signed {
        "Only the signatures prove our letters."
    } else {
        "Only signatures could, and of those nothing is known."
    };
    Finding::warning(format!("{why}, so SPF does not count for DMARC. {rest}"), change)
}
