//! What holds for every record, tried on random ones.

use chrono::NaiveDate;
use method::record::{Event, Record};
use method::words::{EventStatus, Publication};
use method::{Summary, Verdict, assess, disclose, judge};
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::make::verdict;
use crate::random::{days, records};
use crate::refusals::sound;
use crate::second;

proptest! {
    #![proptest_config(Config { failure_persistence: None, ..Config::with_cases(250) })]

    #[test]
    fn the_canonical_form_reads_back(record in records()) {
        let canonical = record.to_canonical();
        let again = Record::parse(canonical.as_bytes());
        prop_assert!(again.is_ok(), "{again:?}");
        let again = again.expect("checked");
        prop_assert_eq!(again.to_canonical(), canonical);
        prop_assert_eq!(again.sha256(), record.sha256());
    }

    #[test]
    fn disclosing_twice_changes_nothing(record in records(), as_at in days()) {
        let once = disclose(&record);
        prop_assert_eq!(&disclose(&once), &once);
        prop_assert_eq!(once.validate(), []);
        prop_assert_eq!(assess(&once, as_at).to_json(), assess(&record, as_at).to_json());
    }

    #[test]
    fn no_small_number_of_people_is_shown(record in records()) {
        for stp in disclose(&record).stps {
            for event in stp.events {
                let rows = event.participation.iter().flat_map(|row| [row.invited, row.attended]).flatten();
                for count in rows.chain(event.place_counts.iter().map(|row| row.count)) {
                    prop_assert!([0, 1].contains(&count.low) || count.low % 5 == 0);
                    prop_assert!([0, 4].contains(&count.high) || count.high % 5 == 0);
                }
            }
        }
    }

    #[test]
    fn judging_gives_the_verdicts_of_the_assessment(record in records(), as_at in days()) {
        let mut judged: Vec<String> = Vec::new();
        judge(&record, as_at, |stp, one| {
            let parent = one.parent().map(|(rule, subject)| format!(" < {rule} {subject}")).unwrap_or_default();
            let severity = one.severity().map(|severity| format!(" {}", severity.code())).unwrap_or_default();
            let late = if one.is_late() { " late" } else { "" };
            let (id, verdict) = (one.rule.words.id, one.verdict().code());
            judged.push(format!("{} {id} {} {verdict}{severity}{late}{parent}", stp.code, one.subject()));
        });
        judged.sort();
        let mut assessed: Vec<String> = Vec::new();
        for stp in assess(&record, as_at).stps {
            for one in &stp.findings {
                assessed.push(format!("{} {} {} {}", stp.code, one.rule, one.subject, verdict(one)));
            }
        }
        assessed.sort();
        prop_assert_eq!(judged, assessed);
    }

    #[test]
    fn what_is_seen_of_an_event_is_what_is_disclosed_on_the_day(record in records(), as_at in days()) {
        let mut cut = disclose(&record);
        method::as_at::cut(&mut cut, as_at);
        prop_assert_eq!(assess(&cut, as_at).stps, assess(&record, as_at).stps);
    }

    #[test]
    fn a_second_reading_of_the_page_agrees(record in records(), as_at in days()) {
        let assessment = assess(&record, as_at);
        for (code, said) in second::read(&record, as_at) {
            let stp = assessment.stp(&code).expect("each STP is assessed");
            let found: second::Said =
                stp.findings.iter().map(|one| ((one.rule, one.subject.clone()), verdict(one))).collect();
            prop_assert_eq!(found, said);
        }
    }

    #[test]
    fn the_order_of_lists_is_no_matter(record in records(), as_at in days()) {
        prop_assert_eq!(assess(&turned(record.clone()), as_at).to_json(), assess(&record, as_at).to_json());
    }

    #[test]
    fn what_is_recorded_later_is_no_matter(record in records(), as_at in days()) {
        let known = as_known(record.clone(), as_at);
        let (now, then) = (assess(&record, as_at), assess(&known, as_at));
        prop_assert_eq!(now.stps, then.stps);
    }

    #[test]
    fn findings_are_well_formed(record in records(), as_at in days()) {
        for stp in assess(&record, as_at).stps {
            for finding in &stp.findings {
                prop_assert_eq!(finding.severity.is_some(), finding.verdict == Verdict::Gap);
                prop_assert!(finding.sentence.ends_with(['.', '"']) || finding.verdict == Verdict::NotApplicable);
                prop_assert!(!finding.sentence.contains("failed") && !finding.sentence.contains('\n'));
                prop_assert!(!finding.closes.is_empty());
                let can_be_late = finding.verdict == Verdict::Met && ["FBK-1", "STA-4"].contains(&finding.rule);
                prop_assert!(can_be_late || !finding.late);
                prop_assert!(finding.counted.is_sorted() && finding.not_counted.is_sorted());
                if let Some(parent) = &finding.parent {
                    let parent = stp.finding(parent.rule, &parent.subject);
                    prop_assert_eq!(parent.map(|parent| parent.verdict), Some(Verdict::Gap));
                    prop_assert!([Verdict::Gap, Verdict::NotApplicable].contains(&finding.verdict));
                }
            }
            let Summary { applicable, met, unknown, gap, critical, high, medium, low, .. } = stp.summary;
            prop_assert_eq!(applicable, met + unknown + gap);
            prop_assert_eq!(gap, critical + high + medium + low);
            let domains: u32 = stp.domain_summaries().iter().map(|one| one.summary.applicable).sum();
            prop_assert_eq!(domains, applicable);
        }
    }

    /// One more event with everyone, everywhere, opens no gap of coverage or place.
    #[test]
    fn an_event_for_everyone_everywhere_opens_no_gap(record in records(), as_at in days()) {
        let gaps = |record: &Record| -> Vec<(String, &str, String)> {
            let found = assess(record, as_at).stps.into_iter().flat_map(|stp| {
                stp.findings.into_iter().map(move |finding| (stp.code.to_string(), finding))
            });
            let open = found.filter(|(_, one)| one.verdict == Verdict::Gap && matches!(&one.rule[..3], "COV" | "GEO"));
            open.map(|(code, one)| (code, one.rule, one.subject)).collect()
        };
        let mut more = record.clone();
        for (number, stp) in more.stps.iter_mut().enumerate() {
            let mut everyone = Event {
                starts_on: as_at,
                places: stp.places.iter().map(|place| place.code.clone()).collect(),
                ..crate::make::event(&format!("everyone{number}"))
            };
            for &group in method::words::Group::ALL {
                everyone = crate::make::took(everyone, group);
            }
            prop_assert!(everyone.status == EventStatus::Held && everyone.publication == Publication::Public);
            stp.events.push(everyone);
        }
        prop_assert_eq!(more.validate(), []);
        let before = gaps(&record);
        for gap in gaps(&more) {
            prop_assert!(before.contains(&gap), "{:?} is new", gap);
        }
    }

    #[test]
    fn no_mangled_file_panics(mangling in proptest::collection::vec(mangle(), 0..6), of_random in records(), sound_file: bool) {
        let mut bytes = if sound_file { sound().into_bytes() } else { of_random.to_canonical().into_bytes() };
        for one in mangling {
            one.apply(&mut bytes);
        }
        read_and_assess(&bytes);
    }

    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        read_and_assess(&bytes);
    }

    #[test]
    fn no_random_json_panics(pieces in proptest::collection::vec(0..PIECES.len(), 0..80)) {
        let text: String = pieces.into_iter().map(|piece| PIECES[piece]).collect();
        read_and_assess(text.as_bytes());
    }
}

/// Reads bytes and, where they are a record, assesses it on days of all kinds: nothing may panic.
fn read_and_assess(bytes: &[u8]) {
    match Record::parse(bytes) {
        Ok(record) => {
            for as_at in [NaiveDate::MIN, crate::make::day("2017-06-30"), NaiveDate::MAX] {
                let assessment = assess(&record, as_at);
                assert!(!(assessment.to_json() + &assessment.to_text() + &assessment.to_csv()).is_empty());
            }
        }
        Err(problems) => assert!(!problems.is_empty()),
    }
}

/// One thing that goes wrong with a file.
#[derive(Clone, Debug)]
enum Mangle {
    Set(usize, u8),
    Cut(usize, usize),
    Copy(usize, usize, usize),
    Truncate(usize),
    Splice(usize, usize),
}

fn mangle() -> impl Strategy<Value = Mangle> {
    let at = any::<usize>();
    prop_oneof![
        (at, any::<u8>()).prop_map(|(at, byte)| Mangle::Set(at, byte)),
        (at, 0..40_usize).prop_map(|(at, length)| Mangle::Cut(at, length)),
        (at, at, 0..60_usize).prop_map(|(from, to, length)| Mangle::Copy(from, to, length)),
        at.prop_map(Mangle::Truncate),
        (at, 0..PIECES.len()).prop_map(|(at, piece)| Mangle::Splice(at, piece)),
    ]
}

impl Mangle {
    fn apply(self, bytes: &mut Vec<u8>) {
        let length = bytes.len();
        if length == 0 {
            return;
        }
        match self {
            Self::Set(at, byte) => bytes[at % length] = byte,
            Self::Cut(at, many) => {
                drop(bytes.drain(at % length..(at % length).saturating_add(many).min(length)));
            }
            Self::Copy(from, to, many) => {
                let piece = bytes[from % length..(from % length).saturating_add(many).min(length)].to_vec();
                let to = to % length;
                drop(bytes.splice(to..to, piece));
            }
            // Cutting the end off is common, and nearly all of it at once tries little.
            Self::Truncate(at) => bytes.truncate(length - (at % length) / 8),
            Self::Splice(at, piece) => drop(bytes.splice(at % length..at % length, PIECES[piece].bytes())),
        }
    }
}

const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\\",
    "null",
    "true",
    "false",
    "0",
    "-",
    "1e5",
    "0.5",
    "NaN",
    "-Infinity",
    "\"\\ud800\"",
    "\"stps\":[",
    "\"events\":[{",
    "\"format\":\"opendoor-record/1\"",
    "\"standard\":",
    "\"id\":\"a\"",
    "\"code\":",
    "\"2017-01-01\"",
    "\u{feff}",
    "é",
    "\n",
    "99999999999999999999",
    "1e-9223372036854775808",
    "\u{0}",
];

/// The record with every list the other way round.
fn turned(mut record: Record) -> Record {
    record.stps.reverse();
    record.standard.bank_holidays.reverse();
    record.standard.pre_election_periods.reverse();
    for stp in &mut record.stps {
        stp.places.reverse();
        stp.bodies.reverse();
        stp.requirements.reverse();
        stp.monitoring_returns.reverse();
        stp.monitoring_exceptions.reverse();
        stp.population_shares.reverse();
        stp.proposals.reverse();
        stp.consultations.reverse();
        stp.events.reverse();
        stp.requests.reverse();
        stp.questions.reverse();
        for one in &mut stp.monitoring_returns {
            one.answers.reverse();
        }
        for proposal in &mut stp.proposals {
            proposal.places.reverse();
            proposal.accessible_formats.reverse();
            proposal.scrutiny.reverse();
            for scrutiny in &mut proposal.scrutiny {
                scrutiny.authorities.reverse();
                scrutiny.recommendations.reverse();
            }
        }
        for consultation in &mut stp.consultations {
            consultation.themes.reverse();
        }
        for event in &mut stp.events {
            event.places.reverse();
            event.proposals.reverse();
            event.bodies.reverse();
            event.participation.reverse();
            event.place_counts.reverse();
            event.targets.reverse();
            event.themes.reverse();
        }
    }
    record
}

/// The record as it stood on a day: what the file of that day would have held.
fn as_known(mut record: Record, day: NaiveDate) -> Record {
    for stp in &mut record.stps {
        stp.events.retain(|event| event.created_on.unwrap_or(event.starts_on) <= day);
        for requirement in &mut stp.requirements {
            requirement.waiver.take_if(|waiver| waiver.made_on > day);
        }
        for date in [&mut stp.plan_published_on, &mut stp.engagement_plan_published_on] {
            *date = date.filter(|date| *date <= day);
        }
    }
    record
}
