//! The assessment as a report to read in a terminal: for each STP the domains, then the open gaps, the heaviest first,
//! with what is nested under each.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::assess::{Assessment, StpAssessment};
use crate::finding::{Finding, Severity, Verdict};
use crate::rules;
use crate::wording;

pub(crate) fn write(assessment: &Assessment) -> String {
    let mut text = format!(
        "Engagement gaps as at {}\nMethod {}, standard {}\nRecord {}\n",
        wording::day(assessment.as_at),
        assessment.method,
        wording::one_line(&assessment.standard),
        assessment.record_sha256,
    );
    for stp in &assessment.stps {
        write_stp(&mut text, stp).expect("writing to a text in memory does not fail");
    }
    text
}

fn write_stp(text: &mut String, stp: &StpAssessment) -> std::fmt::Result {
    let sum = stp.summary;
    writeln!(text, "\n{} ({})", wording::one_line(&stp.name), stp.code)?;
    writeln!(
        text,
        "{}: {} critical, {} high, {} medium, {} low; {} nested. Met {} of {} applicable; {} unknown.",
        wording::number_of(sum.gap as usize, "open gap"),
        sum.critical,
        sum.high,
        sum.medium,
        sum.low,
        sum.nested,
        sum.met,
        sum.applicable,
        sum.unknown,
    )?;
    for domain in stp.domain_summaries() {
        writeln!(text, "  {}: {}", domain.domain.name(), domain.sentence())?;
    }
    let mut nested: Nested<'_> = BTreeMap::new();
    for finding in stp.findings.iter().filter(|finding| finding.verdict == Verdict::Gap) {
        if let Some(parent) = &finding.parent {
            nested.entry((parent.rule, &parent.subject)).or_default().push(finding);
        }
    }
    for &severity in Severity::ALL {
        for finding in stp.gaps().filter(|finding| finding.severity == Some(severity)) {
            write_gap(text, severity, finding)?;
            write_nested(text, &nested, finding, "      ")?;
        }
    }
    write_unknown(text, stp)
}

/// The gaps that a gap explains, by its rule and subject.
type Nested<'a> = BTreeMap<(&'a str, &'a str), Vec<&'a Finding>>;

fn write_nested(text: &mut String, nested: &Nested<'_>, parent: &Finding, margin: &str) -> std::fmt::Result {
    for finding in nested.get(&(parent.rule, parent.subject.as_str())).into_iter().flatten() {
        writeln!(text, "{margin}also {} {}: {}", finding.rule, finding.subject, finding.sentence)?;
        write_nested(text, nested, finding, &format!("{margin}  "))?;
    }
    Ok(())
}

fn write_gap(text: &mut String, severity: Severity, finding: &Finding) -> std::fmt::Result {
    let title = rules::find(finding.rule).map_or("", |rule| rule.words.title);
    let (rule, subject) = (finding.rule, &finding.subject);
    writeln!(text, "\n  {} {rule} {title}: {subject}", severity.name().to_uppercase())?;
    writeln!(text, "      {}", finding.sentence)?;
    writeln!(text, "      Closes it: {}", finding.closes)?;
    for near in &finding.not_counted {
        writeln!(text, "      Not counted: {}, {}", near.id, near.why.name())?;
    }
    Ok(())
}

fn write_unknown(text: &mut String, stp: &StpAssessment) -> std::fmt::Result {
    let mut unknown = stp.findings.iter().filter(|finding| finding.verdict == Verdict::Unknown).peekable();
    if unknown.peek().is_some() {
        writeln!(text, "\n  The record cannot tell:")?;
    }
    for finding in unknown {
        writeln!(text, "      {} {}: {}", finding.rule, finding.subject, finding.sentence)?;
    }
    Ok(())
}
