//! What falls due of a record with one of everything, and the calendar read back.

use chrono::NaiveDate;
use icalendar::{Calendar, CalendarComponent, Component as _, EventLike as _};
use method::{Record, as_at, assess_stp, disclose, record::Stp};

use super::{
    calendar::{self, Sheet},
    due::{
        self, Clock,
        State::{self, Late, Later, Overdue, Soon},
        What, working_days_after,
    },
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn record() -> Record {
    let standard = method::Standard::default_2017().to_canonical();
    let text = format!(
        r#"{{"format":"opendoor-record/1","disclosed":false,"standard":{standard},"stps":[{{
        "code":"E54000041","name":"Dorset","population":700000,"plan_published_on":"2016-12-01",
        "requirements":[{{"group":"PP-CAR","waiver":{{"reason":"Asked not to be","by":"Chair","made_on":"2017-06-01","until":"2018-01-10"}}}},
                        {{"group":"PP-USR","waiver":{{"reason":"Asked not to be","by":"Chair","made_on":"2017-09-01","until":"2018-03-01"}}}}],
        "proposals":[{{"id":"p1","title":"Two hospitals; one, less","service_change":true,"substantial":"yes","decision_on":"2018-02-20",
            "scrutiny":[{{"id":"s1","authorities":[],"recommendations":[
                {{"id":"r1","received_on":"2018-01-02"}},
                {{"id":"r2","received_on":"2017-10-01","answered_on":"2017-12-01"}},
                {{"id":"r3","received_on":"2017-10-01","answered_on":"2017-10-20"}}]}}]}}],
        "consultations":[{{"id":"c1","proposal":"p1","opens_on":"2017-08-01","closes_on":"2017-10-24"}},
                         {{"id":"c2","proposal":"p1","opens_on":"2017-01-01","closes_on":"2017-03-25","feedback_on":"2017-07-01"}}],
        "questions":[{{"id":"q1","received_on":"2017-12-20"}},{{"id":"q2","received_on":"2017-12-20","answered_on":"2018-01-05"}}],
        "events":[
          {{"id":"e1","title":"Drop-in","kind":"drop_in","status":"held","starts_on":"2018-01-02","stp_discussed":true,"level":2,
            "publication":"public","evidence_count":0,"participation":[{{"group":"PP-PUB","took_part":true}}]}},
          {{"id":"e2","title":"Board, in secret","kind":"governance_meeting","status":"held","starts_on":"2017-12-01","stp_discussed":true,"level":1,
            "publication":"withheld","withheld_reason":"commercial","review_on":"2018-02-01","evidence_count":1}},
          {{"id":"e3","title":"Planned and forgotten","kind":"workshop","status":"planned","starts_on":"2018-01-05","publication":"unpublished"}},
          {{"id":"e4","title":"Still to come\nEND:VEVENT","kind":"workshop","status":"planned","starts_on":"2018-03-05","ends_on":"2018-03-06","created_on":"2018-01-01",
            "publication":"public","venue":"Poole; the library, upstairs"}},
          {{"id":"e5","title":"Fed back late","kind":"survey","status":"held","starts_on":"2017-06-01","stp_discussed":true,"level":2,
            "publication":"unpublished","evidence_count":2,"feedback_on":"2017-12-24"}}]}}]}}"#
    );
    Record::parse(text.as_bytes()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn clocks(record: &Record, today: NaiveDate) -> (Stp, Vec<Clock>) {
    let mut record = record.clone();
    let assessment = assess_stp(&record.stps[0], &record.standard, today);
    as_at::cut(&mut record, today);
    let all = due::due(&record.stps[0], &record.standard, &assessment, today);
    (record.stps.pop().unwrap(), all)
}

fn told(all: &[Clock], today: NaiveDate) -> Vec<(String, String, State)> {
    let tell = |clock: &Clock| (clock.key(), clock.due_on.to_string(), clock.state(today));
    all.iter().filter(|clock| clock.what != What::Decision).map(tell).collect()
}

#[test]
fn everything_that_falls_due_is_told_with_its_day() {
    let today = day("2018-01-15");
    let (_, all) = clocks(&record(), today);
    let told = told(&all, today);
    let told: Vec<(&str, &str, State)> =
        told.iter().map(|(key, day, state)| (&**key, &**day, *state)).collect();
    assert_eq!(
        told,
        [
            ("plan/engagement_plan", "2016-12-31", Overdue),
            ("response/c2", "2017-06-17", Late),
            ("feedback/e5", "2017-07-13", Late),
            ("publication/e5", "2017-07-13", Overdue),
            ("recommendation/r2", "2017-10-29", Late),
            ("minutes/e2", "2017-12-29", Overdue),
            ("waiver/PP-CAR", "2018-01-10", Overdue),
            ("response/c1", "2018-01-16", Soon),
            ("evidence/e1", "2018-01-16", Soon),
            ("outcome/e3", "2018-01-19", Soon),
            ("question/q1", "2018-01-22", Soon),
            ("recommendation/r1", "2018-01-30", Soon),
            ("review/e2", "2018-02-01", Soon),
            ("feedback/e1", "2018-02-13", Later),
            ("waiver/PP-USR", "2018-03-01", Later),
        ]
    );
}

#[test]
fn what_is_dated_later_does_not_exist_yet() {
    let today = day("2017-10-10");
    let (_, all) = clocks(&record(), today);
    let keys: Vec<String> = all.iter().map(Clock::key).collect();
    assert!(keys.contains(&"recommendation/r2".to_owned()), "not answered yet: {keys:?}");
    assert!(
        !keys.contains(&"evidence/e1".to_owned()) && !keys.contains(&"question/q1".to_owned()),
        "{keys:?}"
    );
}

#[test]
fn working_days_leave_out_weekends_and_bank_holidays() {
    let holidays = [day("2017-12-25"), day("2017-12-26"), day("2018-01-01")];
    assert_eq!(working_days_after(day("2017-12-22"), 1, &holidays), day("2017-12-27"));
    assert_eq!(working_days_after(day("2017-12-20"), 20, &holidays), day("2018-01-22"));
    assert_eq!(working_days_after(day("2018-01-05"), 5, &holidays), day("2018-01-12"));
    assert_eq!(working_days_after(day("2018-01-05"), 0, &holidays), day("2018-01-05"));
}

fn file(record: &Record, today: NaiveDate) -> String {
    let (stp, all) = clocks(record, today);
    calendar::file(&Sheet {
        stp: &stp,
        clocks: all.iter().filter(|clock| calendar::is_for_anyone(clock)).collect(),
        written_at: "2018-01-14T09:30:00Z".parse().unwrap(),
        today,
        title: "Engagement in Dorset".to_owned(),
        base: "https://opendoor.example.org",
        page: "/stps/E54000041/due".to_owned(),
    })
}

#[test]
fn the_calendar_reads_back_as_it_was_meant() {
    let today = day("2018-01-15");
    let text = file(&disclose(&record()), today);
    assert_eq!(text, file(&disclose(&record()), today), "the same record, the same bytes");
    assert!(text.lines().all(|line| line.len() <= 75), "long lines are folded");
    assert!(text.contains("\r\n"), "lines end as calendars want them");
    let read: Calendar = text.parse().unwrap_or_else(|why| panic!("{why}: {text}"));
    let entries: Vec<_> = read
        .components
        .iter()
        .map(|one| match one {
            CalendarComponent::Event(event) => event,
            other => panic!("{other:?}"),
        })
        .collect();
    let uids: Vec<&str> = entries.iter().map(|entry| entry.get_uid().unwrap()).collect();
    let mut once = uids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), uids.len(), "{uids:?}");
    for entry in &entries {
        assert_eq!(entry.get_timestamp().unwrap().to_rfc3339(), "2018-01-14T09:30:00+00:00");
    }
    let find = |uid: &str| {
        let uid = format!("E54000041-{uid}@opendoor");
        entries.iter().find(|entry| entry.get_uid() == Some(&uid))
    };
    let window = find("consultation-c1").unwrap();
    assert_eq!(window.get_summary(), Some("Consultation on Two hospitals; one, less"));
    assert_eq!(window.property_value("DTSTART"), Some("20170801"));
    assert_eq!(window.property_value("DTEND"), Some("20171025"), "the day after the last");
    let workshop = find("event-e4").unwrap();
    assert_eq!(text.matches("\r\nEND:VEVENT\r\n").count(), entries.len(), "no title ends an entry: {text}");
    assert_eq!(workshop.get_location(), Some("Poole; the library, upstairs"));
    assert_eq!(workshop.property_value("STATUS"), Some("TENTATIVE"));
    assert!(find("event-e1").is_some() && find("decision-p1").is_some());
    assert!(find("due-response/c1").unwrap().get_summary().unwrap().starts_with("Due: Response"));
    assert!(find("due-recommendation/r1").is_some());
    // What is not for anyone is in nothing that anyone can have.
    for hidden in
        ["event-e2", "event-e3", "event-e5", "due-minutes/e2", "due-outcome/e3", "due-waiver/PP-USR"]
    {
        assert!(find(hidden).is_none(), "{hidden}");
    }
    assert!(!text.contains("secret") && !text.contains("forgotten"), "{text}");
}

#[test]
fn an_entry_keeps_its_identity_when_its_day_moves() {
    let mut moved = disclose(&record());
    let before = file(&moved, day("2018-01-15"));
    moved.stps[0].proposals[0].decision_on = Some(day("2018-05-01"));
    let after = file(&moved, day("2018-01-15"));
    for text in [&before, &after] {
        assert_eq!(text.matches("UID:E54000041-decision-p1@opendoor").count(), 1);
    }
    assert!(before.contains("20180220") && after.contains("20180501"));
}
