//! Every verdict that each rule can give, with each severity and `late`: two thousand random records give them all, and
//! give no other. The records are the same every time.

use std::collections::{BTreeMap, BTreeSet};

use method::{assess, rules};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use crate::make::verdict;
use crate::random::{days, records};

/// What each rule can say, in the order of the method page.
const CAN_SAY: &[(&str, &[&str])] = &[
    ("COV-1", &["gap high", "met"]),
    ("COV-2", &["gap high", "gap medium", "met", "not_applicable"]),
    ("REC-1", &["gap high", "gap medium", "met", "not_applicable"]),
    ("DEP-1", &["gap medium", "met", "not_applicable", "unknown"]),
    ("DEP-2", &["gap medium", "met", "not_applicable", "unknown"]),
    ("GEO-1", &["gap high", "gap medium", "met", "unknown"]),
    ("RCH-1", &["gap medium", "met", "unknown"]),
    ("RCH-2", &["gap medium", "met", "not_applicable", "unknown"]),
    ("EQU-1", &["gap medium", "met", "not_applicable"]),
    ("EQU-2", &["gap high", "gap medium", "met", "not_applicable"]),
    ("EQU-3", &["gap medium", "met", "not_applicable", "unknown"]),
    ("EQU-4", &["gap critical", "gap high", "gap medium", "met"]),
    ("TIM-1", &["gap critical", "gap high", "gap medium", "met", "unknown"]),
    ("TIM-2", &["gap high", "gap medium", "met", "unknown"]),
    ("TIM-3", &["gap high", "met"]),
    ("TIM-4", &["gap low", "met"]),
    ("STA-1", &["gap critical", "gap high", "met", "not_applicable", "unknown"]),
    ("STA-2", &["gap high", "met"]),
    ("STA-3", &["gap high", "met", "not_applicable"]),
    ("STA-4", &["gap high", "met", "met late", "not_applicable"]),
    ("FBK-1", &["gap high", "gap medium", "met", "met late", "not_applicable"]),
    ("FBK-2", &["gap medium", "met", "unknown"]),
    ("EVD-1", &["gap low", "gap medium", "met", "unknown"]),
    ("INF-1", &["gap medium", "met"]),
    ("OPN-1", &["gap medium", "met"]),
    ("OPN-2", &["gap high", "gap medium", "met", "not_applicable"]),
    ("OPN-3", &["gap medium", "met"]),
    ("STF-1", &["gap medium", "met", "unknown"]),
    ("STF-2", &["gap high", "gap medium", "met"]),
    ("RSP-1", &["gap high", "gap low", "met", "not_applicable"]),
    ("RSP-2", &["gap medium", "met", "not_applicable"]),
    ("RSP-3", &["gap medium", "met", "not_applicable"]),
    ("PLN-1", &["gap low", "gap medium"]),
    ("PLN-2", &["gap medium", "met", "not_applicable"]),
    ("DAT-1", &["gap low", "met"]),
];

/// The parents that a finding can have.
const CAN_BE_UNDER: &[(&str, &[&str])] = &[
    ("COV-2", &["COV-1"]),
    ("DEP-1", &["COV-2", "REC-1"]),
    ("DEP-2", &["COV-2", "REC-1"]),
    ("EQU-2", &["EQU-1"]),
    ("GEO-1", &["COV-1", "GEO-1"]),
    ("RCH-1", &["COV-1"]),
    ("REC-1", &["COV-2"]),
    ("STF-1", &["COV-1"]),
];

#[test]
fn two_thousand_records_give_every_verdict() {
    let mut runner = TestRunner::deterministic();
    let drawn = (records(), days());
    let mut said: BTreeMap<&str, BTreeMap<String, u32>> = BTreeMap::new();
    let mut under: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for _ in 0..2000 {
        let (record, as_at) = drawn.new_tree(&mut runner).expect("a record is drawn").current();
        for finding in assess(&record, as_at).stps.iter().flat_map(|stp| &stp.findings) {
            let alone = verdict(finding);
            let alone = alone.split(" <").next().unwrap_or_default().to_owned();
            *said.entry(finding.rule).or_default().entry(alone).or_default() += 1;
            if let Some(parent) = &finding.parent {
                under.entry(finding.rule).or_default().insert(parent.rule);
            }
        }
    }
    for rule in rules::all() {
        let id = rule.words.id;
        let (_, can) = CAN_SAY.iter().find(|(of, _)| *of == id).expect("each rule stands in the table");
        let counts = &said[id];
        let given: Vec<&str> = counts.keys().map(String::as_str).collect();
        assert_eq!(given, *can, "{id}: {counts:?}");
    }
    let under: Vec<(&str, Vec<&str>)> =
        under.into_iter().map(|(rule, parents)| (rule, parents.into_iter().collect())).collect();
    let can: Vec<(&str, Vec<&str>)> =
        CAN_BE_UNDER.iter().map(|(rule, parents)| (*rule, parents.to_vec())).collect();
    assert_eq!(under, can);
    assert_eq!(CAN_SAY.len(), rules::all().len());
}
