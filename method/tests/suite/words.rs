//! The words of the rules and the closed lists: what the method page and the reports are made of.

use method::rules;
use method::standard::Standard;
use method::words::{Audience, BodyKind, Characteristic, EventKind, Group};

#[test]
fn the_rules_stand_in_the_order_of_the_page() {
    let ids: Vec<&str> = rules::all().iter().map(|rule| rule.words.id).collect();
    let page = [
        "COV-1", "COV-2", "REC-1", "DEP-1", "DEP-2", "GEO-1", "RCH-1", "RCH-2", "EQU-1", "EQU-2", "EQU-3",
        "EQU-4", "TIM-1", "TIM-2", "TIM-3", "TIM-4", "STA-1", "STA-2", "STA-3", "STA-4", "FBK-1", "FBK-2",
        "EVD-1", "INF-1", "OPN-1", "OPN-2", "OPN-3", "STF-1", "STF-2", "RSP-1", "RSP-2", "RSP-3", "PLN-1",
        "PLN-2", "DAT-1",
    ];
    assert_eq!(ids, page);
}

#[test]
fn each_rule_says_all_that_a_reader_asks() {
    for rule in rules::all() {
        let words = rule.words;
        for text in [words.title, words.subject, words.words, words.severity, words.closes, words.risk] {
            assert!(!text.is_empty() && !text.contains("  "), "{}: {text}", words.id);
            assert!(!text.to_lowercase().contains("failed to"), "{}: {text}", words.id);
        }
        assert!(!words.duties.is_empty() && !words.inputs.is_empty(), "{}", words.id);
        for duty in words.duties {
            assert!(duty.sentence.ends_with('.'), "{}: {}", words.id, duty.sentence);
            assert!(duty.sources.iter().all(|source| source.starts_with("https://")), "{}", words.id);
            assert_eq!(
                duty.sources.is_empty(),
                duty.name == "Proposed by this method",
                "{}: {}",
                words.id,
                duty.name
            );
        }
        assert_eq!(rules::find(words.id).map(|found| found.words.title), Some(words.title));
    }
}

#[test]
fn the_thresholds_shown_are_those_of_the_standard() {
    let standard = Standard::default_2017().to_canonical();
    let mut shown = 0;
    for threshold in rules::all().iter().flat_map(|rule| rule.words.thresholds) {
        let number = format!("\"{}\":{}", threshold.key, threshold.default);
        let day = format!("\"{}\":\"{}\"", threshold.key, threshold.default);
        let is_whole = |rest: &str| rest.starts_with([',', '}']);
        let stands = standard.split_once(&number).is_some_and(|(_, rest)| is_whole(rest));
        assert!(stands || standard.contains(&day), "{}", threshold.key);
        assert!(!threshold.unit.is_empty());
        shown += 1;
    }
    assert_eq!(shown, 15);
}

#[test]
fn codes_read_back() {
    for group in Group::ALL {
        assert_eq!(Group::parse(group.code()), Some(*group));
        assert!(group.code().starts_with(group.audience().code()));
        assert!(!group.name().is_empty() && !group.phrase().is_empty());
    }
    assert_eq!(Group::ALL.len(), 33);
    assert_eq!(Group::ALL.iter().filter(|group| group.required_by_default()).count(), 13);
    assert_eq!(Audience::Public.groups().count(), 10);
    assert_eq!(Audience::ALL.iter().flat_map(|audience| audience.groups()).count(), 33);
    assert_eq!((EventKind::ALL.len(), BodyKind::ALL.len(), Characteristic::ALL.len()), (13, 8, 12));
    assert_eq!(Characteristic::ALL.iter().filter(|one| one.is_protected()).count(), 9);
    assert_eq!(Group::parse("pp-usr"), None);
}
