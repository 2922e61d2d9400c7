//! An assessment as canonical JSON: sorted keys, no white space.

use crate::assess::{Assessment, StpAssessment, Summary};
use crate::finding::{Finding, Input};
use crate::json::Out;

/// The format that the document names.
const FORMAT: &str = "opendoor-assessment/1";

pub(crate) fn write(assessment: &Assessment) -> String {
    let mut out = Out::text();
    out.raw("{\"as_at\":");
    out.day(assessment.as_at);
    out.raw(",\"format\":");
    out.string(FORMAT);
    out.raw(",\"method\":");
    out.string(assessment.method);
    out.raw(",\"record_sha256\":");
    out.string(&assessment.record_sha256);
    out.raw(",\"standard\":");
    out.string(&assessment.standard);
    out.raw(",\"stps\":");
    list(&mut out, &assessment.stps, stp);
    out.raw("}");
    out.into_text()
}

fn stp(out: &mut Out, stp: &StpAssessment) {
    out.raw("{\"code\":");
    out.string(stp.code.as_str());
    out.raw(",\"findings\":");
    list(out, &stp.findings, finding);
    out.raw(",\"summary\":");
    summary(out, stp.summary);
    out.raw("}");
}

fn summary(out: &mut Out, summary: Summary) {
    let Summary { applicable, met, unknown, gap, nested, critical, high, medium, low } = summary;
    let sorted = [
        ("{\"applicable\":", applicable),
        (",\"critical\":", critical),
        (",\"gap\":", gap),
        (",\"high\":", high),
        (",\"low\":", low),
        (",\"medium\":", medium),
        (",\"met\":", met),
        (",\"nested\":", nested),
        (",\"unknown\":", unknown),
    ];
    for (key, number) in sorted {
        out.raw(key);
        out.number(number);
    }
    out.raw("}");
}

fn finding(out: &mut Out, finding: &Finding) {
    out.raw("{\"closes\":");
    out.string(&finding.closes);
    out.raw(",\"counted\":");
    list(out, &finding.counted, |out, id| out.string(id.as_str()));
    out.raw(",\"inputs\":{");
    for (index, (name, value)) in finding.inputs.iter().enumerate() {
        out.raw(if index == 0 { "" } else { "," });
        out.string(name);
        out.raw(":");
        match value {
            Input::Number(number) => out.number(*number),
            Input::Millionths(number) => out.millionths(*number),
            Input::Day(day) => out.day(*day),
            Input::Text(text) => out.string(text),
            Input::Missing => out.raw("null"),
        }
    }
    out.raw("},\"late\":");
    out.raw(if finding.late { "true" } else { "false" });
    out.raw(",\"not_counted\":");
    list(out, &finding.not_counted, |out, one| {
        out.raw("{\"id\":");
        out.string(one.id.as_str());
        out.raw(",\"why\":");
        out.string(one.why.code());
        out.raw("}");
    });
    out.raw(",\"parent\":");
    match &finding.parent {
        Some(parent) => {
            out.raw("{\"rule\":");
            out.string(parent.rule);
            out.raw(",\"subject\":");
            out.string(&parent.subject);
            out.raw("}");
        }
        None => out.raw("null"),
    }
    out.raw(",\"rule\":");
    out.string(finding.rule);
    out.raw(",\"sentence\":");
    out.string(&finding.sentence);
    out.raw(",\"severity\":");
    match finding.severity {
        Some(severity) => out.string(severity.code()),
        None => out.raw("null"),
    }
    out.raw(",\"subject\":");
    out.string(&finding.subject);
    out.raw(",\"verdict\":");
    out.string(finding.verdict.code());
    out.raw("}");
}

fn list<T>(out: &mut Out, items: &[T], write: impl Fn(&mut Out, &T)) {
    out.raw("[");
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.raw(",");
        }
        write(out, item);
    }
    out.raw("]");
}
