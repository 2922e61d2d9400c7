//! The findings as a table: one row each. No cell starts a formula when a spreadsheet opens it.

use crate::assess::{Assessment, StpAssessment};
use crate::finding::Finding;

const HEADINGS: [&str; 11] = [
    "stp",
    "rule",
    "subject",
    "verdict",
    "severity",
    "parent_rule",
    "parent_subject",
    "late",
    "sentence",
    "closes",
    "counted",
];

pub(crate) fn write(assessment: &Assessment) -> String {
    let mut table = HEADINGS.join(",");
    table.push('\n');
    for stp in &assessment.stps {
        for finding in &stp.findings {
            row(&mut table, stp, finding);
        }
    }
    table
}

fn row(table: &mut String, stp: &StpAssessment, finding: &Finding) {
    let parent = finding.parent.as_ref();
    let counted: Vec<&str> = finding.counted.iter().map(crate::values::Id::as_str).collect();
    let cells = [
        stp.code.as_str(),
        finding.rule,
        &finding.subject,
        finding.verdict.code(),
        finding.severity.map_or("", |severity| severity.code()),
        parent.map_or("", |parent| parent.rule),
        parent.map_or("", |parent| parent.subject.as_str()),
        if finding.late { "true" } else { "false" },
        &finding.sentence,
        &finding.closes,
        &counted.join(" "),
    ];
    for (index, text) in cells.into_iter().enumerate() {
        if index > 0 {
            table.push(',');
        }
        cell(table, text);
    }
    table.push('\n');
}

/// One cell: an apostrophe before what a spreadsheet would run, quotes around what holds a comma, quote or line end.
fn cell(table: &mut String, text: &str) {
    let harmless = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    if text.contains([',', '"', '\n', '\r']) {
        table.extend(["\"", harmless, &text.replace('"', "\"\""), "\""]);
    } else {
        table.extend([harmless, text]);
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_runs_as_a_formula() {
        let cases = [
            ("plain", "plain"),
            ("=1+1", "'=1+1"),
            ("+44", "'+44"),
            ("-id", "'-id"),
            ("@SUM", "'@SUM"),
            ("a,b", "\"a,b\""),
            ("=\"x\"", "\"'=\"\"x\"\"\""),
            ("a-b", "a-b"),
        ];
        for (text, expected) in cases {
            let mut table = String::new();
            cell(&mut table, text);
            assert_eq!(table, expected);
        }
    }
}
