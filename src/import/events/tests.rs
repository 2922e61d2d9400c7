use std::collections::BTreeMap;

use entity::event::{Kind, Precision};

use super::*;
use crate::import::{
    draft::{Draft, Records},
    map::Map,
    sheet,
};

const LOG: &[u8] = include_bytes!("../../../data/engagement-log/events.csv");

fn rows(csv: &str, map: &Map, area: Option<&str>) -> Vec<Checked> {
    let sheet = sheet::read(csv.as_bytes(), "log.csv").unwrap();
    check(&sheet, map, &Facts::shipped(), area, "2018-01-15".parse().unwrap()).unwrap()
}

fn log() -> Vec<Checked> {
    rows(std::str::from_utf8(LOG).unwrap(), &Map::own("engagement-log").unwrap(), None)
}

fn records(row: &Checked) -> &Records {
    match &row.draft {
        Some(Draft::Events(records)) => records,
        other => panic!("row {}: {other:?} {}", row.position, row.reason),
    }
}

fn count<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeMap<T, usize> {
    items.into_iter().fold(BTreeMap::new(), |mut counts, item| {
        *counts.entry(item).or_default() += 1;
        counts
    })
}

#[test]
fn every_row_of_the_real_log_is_accounted_for() {
    let log = log();
    assert_eq!(log.len(), 287);
    let outcomes = count(log.iter().map(|row| row.outcome.code()));
    assert_eq!(outcomes, BTreeMap::from([("created", 236), ("planned", 51)]));

    let all: Vec<&Records> = log.iter().map(records).collect();
    let events: Vec<_> = all.iter().map(|records| &records.event).collect();
    assert_eq!(count(events.iter().map(|event| &event.id)).len(), 287, "one event a row");
    assert_eq!(count(events.iter().map(|event| &event.stp)).len(), 44);
    let statuses = count(events.iter().map(|event| event.status.code()));
    assert_eq!(statuses, BTreeMap::from([("held", 235), ("planned", 51), ("cancelled", 1)]));
    let precisions = count(events.iter().map(|event| event.precision.code()));
    assert_eq!(precisions, BTreeMap::from([("day", 193), ("period", 91), ("unknown", 3)]));
    for event in &events {
        assert_eq!(event.starts_on.is_none(), event.precision == Precision::Unknown, "{}", event.external_id);
        assert_eq!(event.date_words.is_some(), event.precision != Precision::Day, "{}", event.external_id);
    }
    let formal =
        |formal| all.iter().filter_map(|r| r.consultation.as_ref()).filter(|c| c.formal == formal).count();
    assert_eq!((formal(true), formal(false)), (27, 30));
    assert_eq!(all.iter().filter(|records| records.proposal.is_some()).count(), 27);
    assert_eq!(events.iter().map(|event| event.evidence.len()).sum::<usize>(), 328);
}

#[test]
fn no_number_is_counted_twice() {
    let log = log();
    let all: Vec<&Records> = log.iter().map(records).collect();
    // 39 rows have attendance and 27 have responses; each stands in one place.
    let consultations: Vec<_> = all.iter().filter_map(|records| records.consultation.as_ref()).collect();
    let attended = consultations.iter().filter(|c| c.attended.is_some()).count();
    let responses = consultations.iter().filter(|c| c.responses.is_some()).count();
    let groups = all.iter().flat_map(|r| &r.event.participations).filter(|p| p.attended.is_some()).count();
    let notes = |what: &str| {
        let noted = all.iter().filter_map(|records| records.event.attendance_note.as_ref());
        noted.filter(|note| note.starts_with(what) || note.contains(&format!(" {what}"))).count()
    };
    assert_eq!((attended, groups, notes("In all:")), (15, 11, 13));
    assert_eq!((responses, notes("Responses:")), (24, 3));
    for records in all.iter().filter(|records| records.consultation.is_some()) {
        assert_eq!(records.event.kind, Kind::Survey);
        assert!(records.event.participations.iter().all(|p| p.attended.is_none()), "{}", records.event.title);
    }
}

#[test]
fn rows_become_what_the_map_says() {
    let log = log();
    let row = |id: &str| log.iter().find(|row| row.external_id.as_deref() == Some(id)).unwrap();
    let groups = |id: &str| -> Vec<String> {
        records(row(id)).event.participations.iter().map(|p| p.group.clone()).collect()
    };
    // A consultation, its proposal, and the response to it.
    let review = records(row("E41-01"));
    let consultation = review.consultation.as_ref().unwrap();
    assert!(consultation.formal);
    assert_eq!(consultation.opens_on.unwrap().to_string(), "2016-12-01");
    assert_eq!(consultation.closes_on.unwrap().to_string(), "2017-02-28");
    assert_eq!(consultation.responses.as_ref().unwrap().words, "more than 18500");
    assert_eq!(consultation.attended.as_ref().unwrap().low, 1800);
    assert_eq!(review.event.title, "Clinical Services Review: open response");
    assert_eq!(review.event.proposals, [review.proposal.as_ref().unwrap().id.clone()]);
    assert_eq!(groups("E41-01"), ["PP-PUB", "ST-SUP"]);
    // What is part of it.
    let drop_in = records(row("E41-03"));
    assert_eq!(drop_in.event.consultation_id.as_ref(), Some(&consultation.id));
    assert_eq!(drop_in.event.proposals, review.event.proposals);
    assert_eq!(drop_in.event.date_words.as_deref(), Some("January 2017 (worked out)"));
    assert_eq!(drop_in.event.starts_on.unwrap().to_string(), "2017-01-01");
    // A number that is one group's own, with the words before it.
    let meeting = records(row("E21-01"));
    assert_eq!(meeting.event.participations[0].attended.as_ref().unwrap().words, "more than 400");
    // One that cannot be split.
    let note = records(row("E32-14")).event.attendance_note.clone().unwrap();
    assert_eq!(note, "In all: about 100. How many of each group is not known.");
    // What is part of a single meeting stands by itself.
    let debates = &records(row("E13-02")).event;
    assert_eq!(debates.consultation_id, None);
    assert!(
        debates
            .attendance_note
            .as_ref()
            .unwrap()
            .contains("Part of “Emerging options event”, whose own number is not added")
    );
    // Those who sit on the body that meets, and those who are named and not marked.
    assert_eq!(groups("E04-03"), ["LA-LDR"]);
    assert_eq!(groups("E41-10"), ["LA-CLR", "LA-HSC", "PP-PUB"]);
    assert_eq!(groups("E17-01"), ["LA-HWB"]);
    assert_eq!(groups("E32-13"), ["XP-MPS"]);
    assert_eq!(groups("E27-01"), ["LA-LDR", "PP-PUB", "XP-CCG", "XP-PRV"]);
    assert_eq!(groups("E05-03"), [] as [&str; 0]);
    // Places of the footprint, by their names of the time.
    assert_eq!(records(row("E41-04")).event.places, ["E07000052", "E10000009"]);
    assert!(
        row("E41-08").reason.contains("Outside the footprint, so not among its places: Hampshire, Somerset.")
    );
    assert_eq!(records(row("E03-01")).event.places.len(), 7);
    assert!(records(row("E02-03")).event.held_in_public);
    assert!(records(row("E10-04")).event.online);
    // Announced: nobody took part yet.
    assert_eq!(row("E41-04").outcome, Outcome::Planned);
    assert!(records(row("E41-04")).event.participations.iter().all(|p| !p.took_part));
    // Without a date.
    assert_eq!(records(row("E35-07")).event.precision, Precision::Unknown);
    assert!(row("E35-07").reason.contains("not in the record until it has one"));
    // An open end is left open; a bound is not.
    let norwich = records(row("E22-05"));
    assert_eq!(norwich.consultation.as_ref().unwrap().closes_on, None);
    assert_eq!(norwich.event.ends_on, None);
}

#[test]
fn the_same_row_is_the_same_record() {
    let (first, second) = (log(), log());
    let drafts = |rows: &[Checked]| rows.iter().map(|row| records(row).clone()).collect::<Vec<_>>();
    assert_eq!(drafts(&first), drafts(&second));
}

#[test]
fn an_officers_list_is_read_by_its_usual_names() {
    let list = "Ref,Date,Activity,Type,Audience,Area,No. attended,Key themes,Status\n\
                1,11/01/2017,Drop-in at the library,Drop-in,\"carers, GPs\",Poole,c. 40,Beds,Done\n\
                2,February 2018,Poole roadshow,Roadshow,public,Borough of Poole,,,\n\
                3,12 January 2017,Carers' lunch,Focus group,Carers,,20-30,,held\n";
    let rows = rows(list, &Map::plain(entity::import::Noun::Events), Some("E54000041"));
    let all: Vec<&Records> = rows.iter().map(records).collect();
    assert_eq!(
        all[0].event.attendance_note.as_deref(),
        Some("In all: c. 40. How many of each group is not known.")
    );
    assert_eq!(all[0].event.places, ["E06000029"]);
    assert_eq!((all[1].event.status, rows[1].outcome), (Status::Planned, Outcome::Planned));
    assert_eq!(all[1].event.date_words.as_deref(), Some("February 2018"));
    let lunch = all[2].event.participations[0].attended.clone().unwrap();
    assert_eq!((lunch.low, lunch.high, lunch.words.as_str()), (20, 30, "20-30"));
    assert_eq!(all[2].event.publication.code(), "unpublished");
}

#[test]
fn a_row_that_cannot_be_read_says_everything_that_is_wrong() {
    let list = "Ref,Part of,STP,Date,Title,Type,Audience,Council,Attended,Link,Level\n\
                1,,Devon,2017-01-11,Elsewhere,,,,,,\n\
                2,,Narnia,soon,,Rave,wizards,Atlantis,lots,ftp://x,9\n\
                3,7,Dorset,2017-01-11,Lost,,,,,,\n\
                4,,Dorset,2017-01-11,Twice,,,,,,\n\
                4,,Dorset,2017-01-12,Twice,,,,,,\n\
                5,2,Dorset,2017-01-12,Orphan,,,,,,\n\
                6,,Dorset,2017-01-12,Wide,,,,,,,extra\n";
    let rows = rows(list, &Map::plain(entity::import::Noun::Events), Some("E54000041"));
    let outcomes: Vec<&str> = rows.iter().map(|row| row.outcome.code()).collect();
    assert_eq!(outcomes, ["error", "error", "error", "created", "error", "error", "error"]);
    assert_eq!(rows[0].reason, "It is a row of Devon, and this is an import for Dorset.");
    for said in [
        "No STP is called “Narnia”",
        "“soon” cannot be read",
        "It has no title",
        "the kind “Rave”",
        "who “wizards” is",
        "“lots” cannot be read",
        "“ftp://x” is not a web address",
        "the level “9”",
    ] {
        assert!(rows[1].reason.contains(said), "{said}: {}", rows[1].reason);
    }
    assert_eq!(rows[2].reason, "It is part of 7, which is not a row of the file, or cannot be read.");
    assert_eq!(rows[4].reason, "It has the same reference as row 5.");
    assert!(rows[5].reason.starts_with("It is part of 2"));
    assert!(rows[6].reason.contains("more cells than"));
}

#[test]
fn a_file_without_the_columns_that_matter_says_which() {
    let sheet = sheet::read(b"What,When\nx,y\n", "log.csv").unwrap();
    let map = Map::plain(entity::import::Noun::Events);
    let problems = check(&sheet, &map, &Facts::shipped(), None, "2018-01-15".parse().unwrap()).unwrap_err();
    assert_eq!(problems.len(), 3, "{problems:?}");
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_the_cells_say_no_row_is_lost(
        cells in proptest::collection::vec(
            proptest::sample::select(vec![
                "", "1", "2", "E1", "Dorset", "Devon", "2017-01-11", "31/02/2017", "January 2017", "2017-01-11 to 2017-01-09", "carers",
                "councillors; carers", "public consultation", "Drop-in", "held", "announced", "Poole", "Atlantis", "20-30", "-1", "40+",
                "99999999999", "https://example.org/a", "x://", "é\u{0}\u{202e}", "=1+1", "\u{1F600}", "Y", "no", "2", "consult",
            ]),
            0..96,
        ),
        area in proptest::option::of(proptest::sample::select(vec!["E54000041", "E54000037", "nowhere"])),
    ) {
        let header = "Ref,Part of,STP,Title,Type,Status,Date,End date,Venue,Council,Audience,Attended,Responses,Level,Link,Feedback date\n";
        let body: Vec<String> = cells.chunks(16).map(|row| row.iter().map(|c| format!("\"{c}\"")).collect::<Vec<_>>().join(",")).collect();
        let bytes = format!("{header}{}\n", body.join("\n"));
        if let Ok(sheet) = sheet::read(bytes.as_bytes(), "log.csv") {
            let map = Map::plain(entity::import::Noun::Events);
            let rows = check(&sheet, &map, &Facts::shipped(), area, "2018-01-15".parse().unwrap()).unwrap();
            proptest::prop_assert_eq!(rows.len(), sheet.rows.len());
            for row in rows {
                proptest::prop_assert_eq!(row.draft.is_none(), row.outcome == Outcome::Error);
                proptest::prop_assert!(!row.reason.is_empty());
            }
        }
    }
}
