//! What an event can do about gaps: which open ones a new event would close, and which ones this event alone closes.

use method::{Finding, Verdict};

/// The rules whose gaps an event closes by being held: who took part, when, how deeply, and where.
const CLOSED_BY_EVENTS: [&str; 6] = ["COV-1", "COV-2", "REC-1", "DEP-1", "DEP-2", "GEO-1"];

fn by_events(finding: &Finding) -> bool {
    CLOSED_BY_EVENTS.contains(&finding.rule)
}

/// The open gaps that a new event could close, in the method's order: one to a subject, the first of them.
pub fn open(findings: &[Finding]) -> Vec<&Finding> {
    let mut open: Vec<&Finding> = Vec::new();
    for finding in findings {
        // An audience that was never heard stands for its groups, and they say whom to ask.
        let wanted = by_events(finding) && finding.verdict == Verdict::Gap && finding.rule != "COV-1";
        if wanted && open.iter().all(|known| known.subject != finding.subject) {
            open.push(finding);
        }
    }
    open
}

/// What is met by the event with this identity and by nothing else, one to a subject.
pub fn closed_by<'a>(findings: &'a [Finding], event: &str) -> Vec<&'a Finding> {
    let mut closed: Vec<&Finding> = Vec::new();
    for finding in findings {
        let only = matches!(finding.counted.as_slice(), [only] if only.as_str() == event);
        let wanted = by_events(finding) && finding.verdict == Verdict::Met && only;
        if wanted && closed.iter().all(|known| known.subject != finding.subject) {
            closed.push(finding);
        }
    }
    closed
}
