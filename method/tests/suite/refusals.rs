//! Every kind of bad file: what is refused, where it is said to be, and why. Each case spoils one place of a sound file.

use method::standard::Standard;
use method::{Problem, Record};

/// A file with something in every part of the record.
pub const SOUND: &str = include_str!("sound.json");

/// The sound file with the default standard in its place.
pub fn sound() -> String {
    SOUND.replace("\"STANDARD\"", &Standard::default_2017().to_canonical())
}

fn problems(bytes: &[u8]) -> Vec<Problem> {
    Record::parse(bytes).expect_err("the file is bad")
}

/// The sound file, with one piece of it replaced.
fn spoilt(piece: &str, by: &str) -> String {
    let sound = sound();
    assert_eq!(sound.matches(piece).count(), 1, "the piece stands once: {piece}");
    sound.replacen(piece, by, 1)
}

#[test]
fn the_sound_file_is_sound() {
    let record = Record::parse(sound().as_bytes()).expect("sound");
    assert_eq!(record.validate(), []);
    assert_eq!(record.stps[0].events.len(), 2);
}

/// What is replaced, by what, where the problem is said to be, and a part of the reason.
#[rustfmt::skip]
const CASES: &[(&str, &str, &str, &str)] = &[
    // Keys.
    ("\"online\":false", "\"onlin\":false", "stps[0].events[0].onlin", "unknown key \"onlin\""),
    ("\"low\":40,", "\"low\":40,\"mid\":41,", "stps[0].events[0].participation[0].attended.mid", "unknown key \"mid\""),
    ("\"recency_days\":180", "\"recency_dayz\":180", "standard.recency_dayz", "unknown key"),
    ("\"online\":false", "\"online\":false,\"online\":false", "stps[0].events[0].online", "given twice"),
    ("\"PP-HWT\":2", "\"PP-HWT\":2,\"PP-HWT\":2", "stps[0].reachable_contacts.PP-HWT", "given twice"),
    ("\"PP-HWT\":2", "\"PP-XYZ\":2", "stps[0].reachable_contacts.PP-XYZ", "unknown group \"PP-XYZ\""),
    // What is required.
    ("\"format\":\"opendoor-record/1\",", "", "format", "missing"),
    ("\"format\":\"opendoor-record/1\"", "\"format\":\"opendoor-record/2\"", "format", "unknown format"),
    ("\"status\":\"held\",", "", "stps[0].events[0].status", "missing"),
    ("\"starts_on\":\"2017-01-11\"", "\"starts_on\":null", "stps[0].events[0].starts_on", "missing"),
    ("\"starts_on\":\"2017-01-11\"", "\"starts_on\":\"\"", "stps[0].events[0].starts_on", "missing"),
    ("\"name\":\"Dorset STP\"", "\"name\":\"\"", "stps[0].name", "missing"),
    ("\"tier\":\"district\",\"parent\":\"E10000009\"", "\"tier\":\"district\"", "stps[0].places[1].parent", "missing"),
    ("\"reason\":\"engaged by the council\",", "", "stps[0].requirements[0].waiver.reason", "missing"),
    ("\"year\":2017,", "", "stps[0].monitoring_returns[0].year", "missing"),
    ("\"not_stated\":{\"low\":12,\"high\":12},", "", "stps[0].monitoring_returns[0].not_stated", "missing"),
    ("{\"place\":\"E10000009\",\"count\":{\"low\":30,\"high\":30}}", "{\"place\":\"E10000009\"}", "stps[0].events[0].place_counts[0].count", "missing"),
    ("\"share\":0.281", "\"share\":null", "stps[0].population_shares[0].share", "missing"),
    ("\"evidence_days\":14,", "", "standard.evidence_days", "missing"),
    ("\"version\":\"stp-2017/1\"", "\"version\":null", "standard.version", "missing"),
    // Types.
    ("\"online\":false", "\"online\":\"no\"", "stps[0].events[0].online", "true or false was expected, not a text"),
    ("\"title\":\"Open evening\"", "\"title\":7", "stps[0].events[0].title", "a text was expected, not a number"),
    ("\"evidence_count\":1", "\"evidence_count\":\"1\"", "stps[0].events[0].evidence_count", "a number was expected"),
    ("\"evidence_count\":1", "\"evidence_count\":[{\"a\":[1]}]", "stps[0].events[0].evidence_count", "not a list"),
    ("\"targets\":[\"AGE\"]", "\"targets\":\"AGE\"", "stps[0].events[0].targets", "a list was expected, not a text"),
    ("\"attended\":{\"low\":40,\"high\":40}", "\"attended\":40", "stps[0].events[0].participation[0].attended", "an object was expected"),
    ("\"reachable_contacts\":{\"PP-HWT\":2}", "\"reachable_contacts\":[]", "stps[0].reachable_contacts", "an object was expected"),
    // Dates.
    ("\"starts_on\":\"2017-01-11\"", "\"starts_on\":\"2017-02-29\"", "stps[0].events[0].starts_on", "is not a date"),
    ("\"starts_on\":\"2017-01-11\"", "\"starts_on\":\"11/01/2017\"", "stps[0].events[0].starts_on", "is not a date"),
    ("\"starts_on\":\"2017-01-11\"", "\"starts_on\":\"2017-1-11\"", "stps[0].events[0].starts_on", "is not a date"),
    ("\"starts_on\":\"2017-01-11\"", "\"starts_on\":\"1899-12-31\"", "stps[0].events[0].starts_on", "is not a date"),
    ("\"starts_on\":\"2017-01-11\"", "\"starts_on\":\"2200-01-01\"", "stps[0].events[0].starts_on", "is not a date"),
    ("\"plan_due_on\":\"2016-12-31\"", "\"plan_due_on\":\"2016-12-32\"", "standard.plan_due_on", "is not a date"),
    // Words.
    ("\"kind\":\"drop_in\"", "\"kind\":\"party\"", "stps[0].events[0].kind", "unknown kind of event \"party\""),
    ("\"status\":\"held\"", "\"status\":\"Held\"", "stps[0].events[0].status", "unknown status"),
    ("\"group\":\"PP-PUB\"", "\"group\":\"PP-PUBS\"", "stps[0].events[0].participation[0].group", "unknown group"),
    ("\"targets\":[\"AGE\"]", "\"targets\":[\"AGES\"]", "stps[0].events[0].targets[0]", "unknown characteristic"),
    ("\"kind\":\"trust\"", "\"kind\":\"trusts\"", "stps[0].bodies[0].kind", "unknown kind of body"),
    ("\"tier\":\"district\"", "\"tier\":\"lower\"", "stps[0].places[1].tier", "unknown tier"),
    ("\"substantial\":\"yes\"", "\"substantial\":\"maybe\"", "stps[0].proposals[0].substantial", "unknown answer"),
    ("\"publication\":\"public\"", "\"publication\":\"secret\"", "stps[0].events[0].publication", "unknown publication"),
    ("\"outcome\":\"changed\"", "\"outcome\":\"better\"", "stps[0].consultations[0].themes[0].outcome", "unknown outcome"),
    // References within the STP.
    ("\"places\":[\"E07000048\"]", "\"places\":[\"E07000049\"]", "stps[0].events[0].places[0]", "this STP has no E07000049"),
    ("\"place\":\"E10000009\",\"count\"", "\"place\":\"X\",\"count\"", "stps[0].events[0].place_counts[0].place", "has no X"),
    ("\"bodies\":[\"RBD\"]", "\"bodies\":[\"RBX\"]", "stps[0].events[0].bodies[0]", "has no RBX"),
    ("\"proposals\":[\"p1\"]", "\"proposals\":[\"p2\"]", "stps[0].events[0].proposals[0]", "has no p2"),
    ("\"proposal\":\"p1\"", "\"proposal\":\"e1\"", "stps[0].consultations[0].proposal", "has no e1"),
    ("\"body\":\"RBD\"", "\"body\":\"RBX\"", "stps[0].requests[0].body", "has no RBX"),
    ("\"authorities\":[\"E10000009\"]", "\"authorities\":[\"E1\"]", "stps[0].proposals[0].scrutiny[0].authorities[0]", "has no E1"),
    ("\"places\":[\"E10000009\",\"E07000048\"]", "\"places\":[\"E1\"]", "stps[0].proposals[0].places[0]", "has no E1"),
    ("\"parent\":\"E10000009\"", "\"parent\":\"E07000048\"", "stps[0].places[1].parent", "not an upper-tier place"),
    ("\"parent\":\"E10000009\"", "\"parent\":\"nowhere\"", "stps[0].places[1].parent", "not an upper-tier place"),
    ("\"tier\":\"upper\"", "\"tier\":\"upper\",\"parent\":\"E10000009\"", "stps[0].places[0].parent", "has no parent"),
    // What contradicts itself.
    ("\"attended\":{\"low\":40,\"high\":40}", "\"attended\":{\"low\":41,\"high\":40}", "stps[0].events[0].participation[0].attended", "low is above high"),
    ("\"ends_on\":\"2017-01-12\"", "\"ends_on\":\"2017-01-10\"", "stps[0].events[0].ends_on", "before the start"),
    ("\"closes_on\":\"2017-02-28\"", "\"closes_on\":\"2016-11-30\"", "stps[0].consultations[0].closes_on", "before the start"),
    ("\"until\":\"2017-06-30\"", "\"until\":\"2016-12-31\"", "stps[0].requirements[0].waiver.until", "before the start"),
    ("\"until\":\"2017-06-30\"", "\"until\":\"2018-01-02\"", "stps[0].requirements[0].waiver.until", "366 days"),
    ("\"to\":\"2017-05-04\"", "\"to\":\"2017-03-26\"", "standard.pre_election_periods[0].to", "before the start"),
    ("\"group\":\"PP-USR\"", "\"group\":\"XP-MED\"", "stps[0].requirements[0].group", "never required"),
    ("\"attended\":{\"low\":40,\"high\":40}", "\"attended\":{\"low\":0,\"high\":0}", "stps[0].events[0].participation[0].attended", "nobody attended"),
    ("\"took_part\":false,\"attended\":{\"low\":0,\"high\":0}", "\"took_part\":false,\"attended\":{\"low\":0,\"high\":1}", "stps[0].events[0].participation[1].attended", "somebody attended"),
    // Lists.
    ("\"targets\":[\"AGE\"]", "\"targets\":[null]", "stps[0].events[0].targets[0]", "null or an empty text in a list"),
    ("\"accessible_formats\":[\"easy read\"]", "\"accessible_formats\":[\"\"]", "stps[0].proposals[0].accessible_formats[0]", "null or an empty text"),
    ("\"places\":[\"E07000048\"]", "\"places\":[\"\"]", "stps[0].events[0].places[0]", "null or an empty text"),
    ("\"questions\":[", "\"questions\":[null,", "stps[0].questions[0]", "null or an empty text"),
    // Each thing once.
    ("\"targets\":[\"AGE\"]", "\"targets\":[\"AGE\",\"SEX\",\"AGE\"]", "stps[0].events[0].targets[2]", "AGE is given twice"),
    ("\"places\":[\"E07000048\"]", "\"places\":[\"E07000048\",\"E07000048\"]", "stps[0].events[0].places[1]", "given twice"),
    ("\"accessible_formats\":[\"easy read\"]", "\"accessible_formats\":[\"a\",\"a\"]", "stps[0].proposals[0].accessible_formats[1]", "\"a\" is given twice"),
    ("\"population_shares\":[", "\"population_shares\":[{\"characteristic\":\"AGE\",\"category\":\"all\",\"share\":0},", "stps[0].population_shares[1]", "AGE \"all\" is given twice"),
    ("\"monitoring_exceptions\":[", "\"monitoring_exceptions\":[{\"characteristic\":\"SOR\",\"reason\":\"x\"},", "stps[0].monitoring_exceptions[1].characteristic", "SOR is given twice"),
    ("\"group\":\"PP-CAR\"", "\"group\":\"PP-PUB\"", "stps[0].events[0].participation[1].group", "given twice"),
    ("\"category\":\"under 65\"", "\"category\":\"65 and over\"", "stps[0].monitoring_returns[0].answers[1].category", "given twice"),
    ("\"code\":\"E07000048\"", "\"code\":\"E10000009\"", "stps[0].places[1].code", "given twice"),
    ("\"id\":\"q1\"", "\"id\":\"e1\"", "stps[0].questions[0].id", "two things on the record have the id e1"),
    ("\"id\":\"t2\"", "\"id\":\"t1\"", "stps[0].events[0].themes[0].id", "have the id t1"),
    ("\"id\":\"r1\"", "\"id\":\"s1\"", "stps[0].proposals[0].scrutiny[0].recommendations[0].id", "have the id s1"),
    ("\"bank_holidays\":[", "\"bank_holidays\":[\"2015-04-03\",", "standard.bank_holidays[2]", "given twice"),
    // Ids.
    ("\"id\":\"q1\"", "\"id\":\"q 1\"", "stps[0].questions[0].id", "is not 1 to 64 of"),
    ("\"id\":\"q1\"", "\"id\":\"\u{e9}\"", "stps[0].questions[0].id", "is not 1 to 64 of"),
    ("\"code\":\"E54000041\"", "\"code\":\"E54/41\"", "stps[0].code", "is not 1 to 64 of"),
    // Numbers.
    ("\"evidence_count\":1", "\"evidence_count\":1.0", "stps[0].events[0].evidence_count", "without point or exponent"),
    ("\"evidence_count\":1", "\"evidence_count\":1e0", "stps[0].events[0].evidence_count", "without point or exponent"),
    ("\"evidence_count\":1", "\"evidence_count\":-1", "stps[0].events[0].evidence_count", "from 0 to 1000000000"),
    ("\"evidence_count\":1", "\"evidence_count\":1000000001", "stps[0].events[0].evidence_count", "from 0 to 1000000000"),
    ("\"evidence_count\":1", "\"evidence_count\":99999999999999999999", "stps[0].events[0].evidence_count", "from 0 to"),
    ("\"population\":761630", "\"population\":0", "stps[0].population", "at least 1"),
    ("\"population\":49000", "\"population\":0", "stps[0].places[1].population", "at least 1"),
    ("\"level\":2", "\"level\":0", "stps[0].events[0].level", "a level from 1 to 5"),
    ("\"level\":2", "\"level\":6", "stps[0].events[0].level", "a level from 1 to 5"),
    ("\"year\":2017", "\"year\":1899", "stps[0].monitoring_returns[0].year", "a year from 1900 to 2199"),
    ("\"year\":2017", "\"year\":2200", "stps[0].monitoring_returns[0].year", "a year from 1900 to 2199"),
    ("\"share\":0.281", "\"share\":1.000001", "stps[0].population_shares[0].share", "a share from 0 to 1"),
    ("\"share\":0.281", "\"share\":-0.1", "stps[0].population_shares[0].share", "a share from 0 to 1"),
    ("\"share\":0.281", "\"share\":0.2810001", "stps[0].population_shares[0].share", "at most six decimals"),
    ("\"monitoring_known_share\":0.6", "\"monitoring_known_share\":1.5", "standard.monitoring_known_share", "a share"),
    ("\"reach_target_per_10000\":12.5", "\"reach_target_per_10000\":12.5000001", "stps[0].reach_target_per_10000", "six decimals"),
    ("\"evidence_count\":1", "\"evidence_count\":NaN", "stps[0].events[0].evidence_count", "no number"),
    ("\"share\":0.281", "\"share\":-Infinity", "stps[0].population_shares[0].share", "no number"),
    ("\"share\":0.281", "\"share\":Infinity", "stps[0].population_shares[0].share", "no number"),
    ("\"share\":0.281", "\"share\":1e999", "stps[0].population_shares[0].share", "a share from 0 to 1"),
    ("\"evidence_count\":1", "\"evidence_count\":01", "stps[0].events[0].evidence_count", "not JSON"),
    ("\"share\":0.281", "\"share\":.281", "stps[0].population_shares[0].share", "not JSON"),
    ("\"share\":0.281", "\"share\":0.", "stps[0].population_shares[0].share", "not JSON"),
    ("\"evidence_count\":1", "\"evidence_count\":+1", "stps[0].events[0].evidence_count", "not JSON"),
    // Texts.
    ("Open evening", "Open \\ud83d evening", "stps[0].events[0].title", "surrogate"),
    ("Open evening", "Open \\ude00 evening", "stps[0].events[0].title", "surrogate"),
    ("Open evening", "Open \\ud83d\\u0041 evening", "stps[0].events[0].title", "surrogate"),
    ("Open evening", "Open\tevening", "stps[0].events[0].title", "control character"),
    ("Open evening", "Open \\x evening", "stps[0].events[0].title", "not JSON"),
    ("Open evening", "Open \\u12 evening", "stps[0].events[0].title", "not JSON"),
    // Syntax.
    ("\"disclosed\":false,", "\"disclosed\":false,,", "", "not JSON"),
    ("\"disclosed\":false,", "\"disclosed\" false,", "", "a colon was expected"),
    ("\"disclosed\":false,", "disclosed:false,", "", "a key in double quotes"),
    ("\"disclosed\":false,", "\"disclosed\":falsy,", "disclosed", "not JSON"),
    ("\"targets\":[\"AGE\"]", "\"targets\":[\"AGE\",]", "stps[0].events[0].targets", "nothing follows the comma"),
    ("\"targets\":[\"AGE\"]", "\"targets\":[\"AGE\" \"SEX\"]", "stps[0].events[0].targets", "a comma or ]"),
];

#[test]
fn each_kind_of_bad_file_is_refused() {
    for (piece, by, path, reason) in CASES {
        let found = problems(spoilt(piece, by).as_bytes());
        let is_it = |problem: &Problem| problem.path == *path && problem.reason.contains(reason);
        assert!(found.iter().any(is_it), "{piece} -> {by}: {found:#?}");
        assert!(found.len() <= 3, "{piece} -> {by}: one fault is not told as many: {found:#?}");
    }
}

#[test]
fn the_whole_file() {
    let bad: [(&[u8], &str); 9] = [
        (b"", "was expected"),
        (b"   ", "was expected"),
        (b"null", "the document is empty"),
        (b"[]", "an object was expected"),
        (b"{", "a key in double quotes"),
        (b"\xff{}", "not UTF-8"),
        (b"\xef\xbb\xbf{}", "byte-order mark"),
        (b"{}x", "something follows the document, at line 1, byte 3"),
        (b"\"open", "an object was expected"),
    ];
    for (bytes, reason) in bad {
        let found = problems(bytes);
        assert!(
            found.iter().any(|problem| problem.path.is_empty() && problem.reason.contains(reason)),
            "{found:?}"
        );
    }
    let after = format!("{} {{}}", sound());
    assert!(problems(after.as_bytes())[0].reason.contains("something follows the document"));
    let with_mark = [b"\xef\xbb\xbf".as_slice(), sound().as_bytes()].concat();
    assert_eq!(problems(&with_mark).len(), 1);
    assert!(Record::parse(format!(" {}\r\n\t", sound()).as_bytes()).is_ok());
}

#[test]
fn two_stps_with_one_code_or_id() {
    let sound = sound();
    let start = sound.find("{\"code\":\"E54000041\"").expect("the STP");
    let end = sound.find("],\"standard\"").expect("the end of the STPs");
    let twice = format!("{},{}{}", &sound[..end], &sound[start..end], &sound[end..]);
    let found = problems(twice.as_bytes());
    assert!(found.iter().any(|one| one.path == "stps[1].code" && one.reason.contains("two STPs")));
    assert!(found.iter().any(|one| one.path == "stps[1].events[0].id"));
    let other = format!("{},{}{}", &sound[..end], r#"{"code":"A","name":"B","population":1}"#, &sound[end..]);
    assert!(Record::parse(other.as_bytes()).is_ok());
}

#[test]
fn many_faults_are_listed_in_one_go() {
    let text = spoilt("\"online\":false", "\"onlin\":false")
        .replace("\"level\":2", "\"level\":9")
        .replace("\"bodies\":[\"RBD\"]", "\"bodies\":[\"RBX\"]")
        .replace("\"plan_due_on\":\"2016-12-31\"", "\"plan_due_on\":\"2016-12-31\",\"also\":{}");
    let paths: Vec<String> = problems(text.as_bytes()).into_iter().map(|problem| problem.path).collect();
    let expected = [
        "stps[0].events[0].onlin",
        "stps[0].events[0].level",
        "standard.also",
        "stps[0].events[0].bodies[0]",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn the_list_of_problems_ends() {
    let keys: Vec<String> = (0..5000).map(|number| format!("\"k{number}\":0")).collect();
    let found = problems(format!("{{{}}}", keys.join(",")).as_bytes());
    assert_eq!(found.len(), 1001);
    assert!(found[1000].reason.contains("more than 1000 problems"));
}

#[test]
fn depth_does_not_overflow_the_stack() {
    for bracket in ["[", "{\"a\":", "[{\"a\":"] {
        let deep = bracket.repeat(1_000_000);
        for text in
            [deep.clone(), format!("{{\"unknown\":{deep}"), format!("{{\"stps\":[{{\"events\":{deep}")]
        {
            assert!(!problems(text.as_bytes()).is_empty());
        }
    }
    let deep = format!("{{\"unknown\":{}{}}}", "[".repeat(200), "]".repeat(200));
    assert!(
        problems(deep.as_bytes()).iter().any(|problem| problem.reason.contains("nested more than 128 deep"))
    );
}

#[test]
fn an_odd_key_is_shown_on_one_line() {
    let found = problems(b"{\"a.b\\n\xe2\x80\xae\":1}");
    assert_eq!(found[0].path, "[\"a.b\\n\\u{202e}\"]");
    assert_eq!(found[0].to_string(), "[\"a.b\\n\\u{202e}\"]: unknown key \"a.b\\n\\u{202e}\"");
}

#[test]
fn what_is_allowed() {
    let allowed = [
        ("\"share\":0.281", "\"share\":2.81e-1"),
        ("\"share\":0.281", "\"share\":1.000000"),
        ("\"evidence_count\":1", "\"evidence_count\":-0"),
        ("\"evidence_count\":1", "\"evidence_count\":1000000000"),
        ("\"until\":\"2017-06-30\"", "\"until\":\"2018-01-01\""),
        ("\"substantial\":\"yes\"", "\"substantial\":null"),
        ("\"level\":2", "\"level\":null"),
        ("\"targets\":[\"AGE\"]", "\"targets\":null"),
        ("\"took_part\":true,\"attended\":{\"low\":40,\"high\":40}", "\"took_part\":true,\"attended\":null"),
        (
            "\"took_part\":true,\"attended\":{\"low\":40,\"high\":40}",
            "\"took_part\":true,\"attended\":{\"low\":0,\"high\":4}",
        ),
        ("Open evening", "Open \\ud83d\\ude00 \\udbff\\udfff \\u00e9\\/\\\" evening"),
        ("Open evening", ""),
        ("\"id\":\"q1\"", "\"id\":\"E54000041\""),
    ];
    for (piece, by) in allowed {
        let read = Record::parse(spoilt(piece, by).as_bytes());
        assert!(read.is_ok(), "{by}: {:?}", read.err());
    }
}

#[test]
fn a_standard_alone() {
    let text = Standard::default_2017().to_canonical();
    assert!(Standard::parse(text.as_bytes()).is_ok());
    let found =
        Standard::parse(text.replace("\"recency_days\":180,", "").as_bytes()).expect_err("a key is missing");
    assert_eq!(found[0].path, "recency_days");
}

/// A record made in memory is held to what a file is held to.
#[test]
fn a_record_in_memory_is_checked_as_a_file_is() {
    let sound = Record::parse(sound().as_bytes()).expect("sound");
    let spoilt = |spoil: fn(&mut method::record::Stp)| {
        let mut record = sound.clone();
        spoil(&mut record.stps[0]);
        let paths: Vec<String> = record.validate().into_iter().map(|problem| problem.path).collect();
        paths
    };
    let far = chrono::NaiveDate::from_ymd_opt(2200, 1, 1).expect("a day");
    assert_eq!(far.to_string(), "2200-01-01");
    assert_eq!(spoilt(|stp| stp.population = 0), ["stps[0].population"]);
    assert_eq!(spoilt(|stp| stp.population = 2_000_000_000), ["stps[0].population"]);
    assert_eq!(spoilt(|stp| stp.name.clear()), ["stps[0].name"]);
    assert_eq!(spoilt(|stp| stp.events[0].title = Some(String::new())), ["stps[0].events[0].title"]);
    assert_eq!(
        spoilt(|stp| stp.events[0].ends_on = chrono::NaiveDate::from_ymd_opt(2200, 1, 1)),
        ["stps[0].events[0].ends_on"]
    );
    assert_eq!(
        spoilt(
            |stp| stp.events[0].participation[0].attended = Some(method::values::Count { low: 9, high: 8 })
        ),
        ["stps[0].events[0].participation[0].attended"]
    );
    assert_eq!(spoilt(|stp| stp.monitoring_returns[0].year = 1), ["stps[0].monitoring_returns[0].year"]);
    assert_eq!(spoilt(|stp| stp.bodies.clear()), ["stps[0].events[0].bodies[0]", "stps[0].requests[0].body"]);
}
