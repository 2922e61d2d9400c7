//! The assessment as a whole: totals, order, and its three files.

use method::record::{Event, Record, Stp};
use method::values::StpCode;
use method::words::{Group, Publication};
use method::{Assessment, Summary, assess};

use crate::make::{TODAY, asked, county, day, event, id, record, stp, stp_with, took};

fn sample() -> Assessment {
    let withheld = Event {
        title: Some("secret".to_owned()),
        publication: Publication::Withheld,
        evidence_count: Some(0),
        ..took(event("b"), Group::Carers)
    };
    assess(
        &record(stp_with([withheld, asked(took(event("a"), Group::Doctors), Group::Scrutiny)])),
        day(TODAY),
    )
}

#[test]
fn totals_leave_out_what_is_nested() {
    let assessment = assess(&record(stp()), day(TODAY));
    let stp = &assessment.stps[0];
    // Gaps: three audiences, the two plans, nine characteristics, and thirteen groups to which nobody can write; the
    // county and the thirteen groups again under their audiences. Unknown: the reach of the STP and of the county.
    let expected = Summary {
        applicable: 29,
        met: 0,
        unknown: 2,
        gap: 27,
        nested: 14,
        critical: 0,
        high: 4,
        medium: 23,
        low: 0,
    };
    assert_eq!(stp.summary, expected);
    assert_eq!(stp.gaps().count(), 27);
    let audience = stp.finding("COV-1", "PP").expect("there is a finding");
    assert_eq!(stp.nested_under(audience).count(), 6);
}

#[test]
fn domains_are_summed_up_in_words() {
    let assessment = sample();
    let said: Vec<(&str, String)> =
        assessment.stps[0].domain_summaries().iter().map(|one| (one.domain.code(), one.sentence())).collect();
    // COV-1: 2 of 3. COV-2: 2 of 9, the four groups of local authorities being nested. Then the two engaged groups:
    // REC-1 and DEP-2 are met, and no level was planned for DEP-1 to measure against. GEO-1 is met; nothing tells the
    // reach. No characteristic is monitored. OPN-1 and EVD-1 are met once each, nothing was fed back, and there are no
    // plans. To none of the thirteen groups can be written.
    let expected = [
        ("coverage", "met 8 of 18 applicable; 2 unknown"),
        ("place", "met 1 of 3 applicable; 2 unknown"),
        ("equality", "met 0 of 9 applicable; 0 unknown"),
        ("timing", "met 0 of 0 applicable; 0 unknown"),
        ("statutory", "met 0 of 0 applicable; 0 unknown"),
        ("feedback", "met 2 of 8 applicable; 0 unknown"),
        ("staff", "met 0 of 0 applicable; 0 unknown"),
        ("responses", "met 0 of 13 applicable; 0 unknown"),
    ];
    let expected: Vec<(&str, String)> =
        expected.iter().map(|(domain, said)| (*domain, (*said).to_owned())).collect();
    assert_eq!(said, expected);
}

#[test]
fn stps_rules_and_subjects_are_in_order() {
    let other = |code: &str| Stp { code: StpCode::parse(code).expect("a code"), ..stp() };
    let mut many = record(other("E54000043"));
    many.stps.extend([other("E54000041"), other("E54000042")]);
    for (at, stp) in many.stps.iter_mut().enumerate() {
        stp.places = vec![county(&format!("z{at}")), county(&format!("a{at}"))];
    }
    let assessment = assess(&many, day(TODAY));
    let codes: Vec<&str> = assessment.stps.iter().map(|stp| stp.code.as_str()).collect();
    assert_eq!(codes, ["E54000041", "E54000042", "E54000043"]);
    let rules: Vec<&str> = method::rules::all().iter().map(|rule| rule.words.id).collect();
    for stp in &assessment.stps {
        let place = |rule| rules.iter().position(|one| *one == rule);
        let keys: Vec<_> = stp.findings.iter().map(|one| (place(one.rule), &one.subject)).collect();
        assert!(keys.len() > 20 && keys.is_sorted());
    }
    assert!(assessment.stp("E54000042").is_some() && assessment.stp("E54000044").is_none());
}

#[test]
fn the_json_in_full() {
    let mut record = record(Stp { places: vec![], ..stp() });
    record.standard.plan_due_on = day("2018-01-01");
    let assessment = assess(&record, day("2017-06-30"));
    let json = assessment.to_json();
    let head = format!(
        r#"{{"as_at":"2017-06-30","format":"opendoor-assessment/1","method":"1","record_sha256":"{}","standard":"stp-2017/1","stps":[{{"code":"E54000041","findings":[{}"#,
        method::disclose(&record).sha256(),
        r#"{"closes":"A held event in which local authorities took part.","counted":[],"inputs":{"events":0},"late":false,"not_counted":[],"parent":null,"rule":"COV-1","sentence":"No record of local authorities taking part in any event.","severity":"high","subject":"LA","verdict":"gap"},"#
    );
    assert_eq!(json[..head.len()], head);
    let tail = concat!(
        r#""rule":"RSP-2","sentence":"No record of a contact that can be written to for trade unions and staff side.","#,
        r#""severity":"medium","subject":"ST-TUS","verdict":"gap"}],"#,
        r#""summary":{"applicable":26,"critical":0,"gap":25,"high":3,"low":0,"medium":22,"met":0,"nested":13,"unknown":1}}]}"#,
    );
    assert!(json.ends_with(tail), "{json}");
    assert!(json.contains(r#""parent":{"rule":"COV-1","subject":"PP"},"rule":"COV-2","#));
    let plan = r#""rule":"OPN-2","sentence":"Not due yet: the plan is due by 1 January 2018.","severity":null,"subject":"plan","verdict":"not_applicable"}"#;
    assert!(json.contains(plan), "{json}");
}

#[test]
fn the_json_names_what_did_not_count() {
    let json = sample().to_json();
    assert!(json.contains(r#""not_counted":[{"id":"a","why":"invited_only"}]"#), "{json}");
    assert!(!json.contains("secret"));
}

#[test]
fn the_table() {
    let csv = sample().to_csv();
    let mut lines = csv.lines();
    assert_eq!(
        lines.next(),
        Some("stp,rule,subject,verdict,severity,parent_rule,parent_subject,late,sentence,closes,counted")
    );
    let findings = sample().stps[0].findings.len();
    assert_eq!(lines.count(), findings);
    let row = "E54000041,COV-2,LA-HSC,gap,high,COV-1,LA,false,\
               No record of a health overview and scrutiny committee taking part in any event.,\
               A held event in which a health overview and scrutiny committee took part.,\n";
    assert!(csv.contains(row), "{csv}");
}

#[test]
fn the_report_to_read() {
    let text = sample().to_text();
    for expected in [
        "Engagement gaps as at 30 June 2017\nMethod 1, standard stp-2017/1\n",
        "\nDorset (E54000041)\n",
        "  HIGH COV-1 Audience never engaged: LA\n      No record of local authorities taking part in any event.\n",
        "      also COV-2 LA-HSC: No record of a health overview and scrutiny committee taking part in any event.\n",
        "  MEDIUM EVD-1 No evidence: b\n      No record of any evidence of the public meeting of 11 January 2017.\n",
        "\n  The record cannot tell:\n      DEP-1 PP-CAR: ",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    assert!(text.find("HIGH").expect("high") < text.find("MEDIUM").expect("medium"));
}

#[test]
fn a_title_cannot_rule_the_terminal() {
    let mut record: Record = record(stp_with([Event {
        title: Some("\u{1b}[2J\r\nspoof".to_owned()),
        evidence_count: Some(0),
        ..event("e")
    }]));
    record.stps[0].name = "Dor\u{1b}set\n".to_owned();
    record.stps[0].places[0].name = "a\u{9b}b".to_owned();
    record.stps[0].places.push(method::record::Place { name: "b\nc".to_owned(), ..county("x") });
    record.stps[0].places[0].code = id("county");
    let text = assess(&record, day(TODAY)).to_text();
    assert!(text.contains("“[2J spoof” of 11 January 2017"));
    assert!(text.chars().all(|letter| letter == '\n' || !letter.is_control()), "{text:?}");
}
