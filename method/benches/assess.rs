//! How fast the method is, as ratios within one run: `make bench`, or `cargo bench -p method -- 1000000`.
//!
//! The limit is one pass in memory over the same events: last day, count and best level for each STP and group. Each
//! figure is the best of several runs, taken in turns, so that a noisy machine is noisy to both.

use std::{fmt::Write as _, hint::black_box, time::Duration};

use chrono::{Days, NaiveDate};
use method::{Record, Standard, Summary, assess, judge, words::Group};

/// How often each is measured.
const ROUNDS: usize = 5;

fn main() {
    let asked = std::env::args().skip(1).find_map(|text| text.parse::<usize>().ok());
    let events = asked.unwrap_or(200_000);
    let small = measure(events / 2);
    let large = measure(events);
    let mut json = String::from("[");
    for figures in [&small, &large] {
        println!("{figures}");
        write!(
            json,
            "{}{{\"events\":{},\"one_pass_ms\":{:.2},\"judge_ms\":{:.2},\"judge_to_one_pass\":{:.1},\"assess_ms\":{:.2},\"assess_to_one_pass\":{:.1},\"read_mb_per_s\":{:.1}}}",
            if json.len() > 1 { "," } else { "" },
            figures.events,
            millis(figures.pass),
            millis(figures.judge),
            figures.ratio(figures.judge),
            millis(figures.assess),
            figures.ratio(figures.assess),
            figures.read_rate(),
        )
        .expect("writing to a text never fails");
    }
    json.push_str("]\n");
    println!(
        "twice the events: judging takes {:.2} times as long, explaining {:.2} times",
        large.judge.as_secs_f64() / small.judge.as_secs_f64(),
        large.assess.as_secs_f64() / small.assess.as_secs_f64()
    );
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../bench.json");
    std::fs::write(path, json).expect("bench.json can be written");
}

/// The best times over one number of events.
struct Figures {
    events: usize,
    pass: Duration,
    /// Every rule's verdicts.
    judge: Duration,
    /// Every rule's findings, each explained, and the record's hash.
    assess: Duration,
    read: Duration,
    bytes: usize,
}

impl Figures {
    fn ratio(&self, time: Duration) -> f64 {
        time.as_secs_f64() / self.pass.as_secs_f64()
    }

    #[expect(clippy::cast_precision_loss, reason = "a rate to one decimal")]
    fn read_rate(&self) -> f64 {
        self.bytes as f64 / 1e6 / self.read.as_secs_f64()
    }
}

impl std::fmt::Display for Figures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{} events: one pass {:.1} ms; judging by all rules {:.1} ms, {:.1} times that; with every finding explained {:.1} \
             ms, {:.1} times; reading and validating {:.0} MB/s",
            self.events,
            millis(self.pass),
            millis(self.judge),
            self.ratio(self.judge),
            millis(self.assess),
            self.ratio(self.assess),
            self.read_rate()
        )
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn measure(events: usize) -> Figures {
    let text = synthetic(events);
    let record = Record::parse(text.as_bytes()).expect("a valid record");
    let as_at = day(700);
    let compact = Compact::of(&record);
    let mut figures = Figures {
        events,
        pass: Duration::MAX,
        judge: Duration::MAX,
        assess: Duration::MAX,
        read: Duration::MAX,
        bytes: text.len(),
    };
    for _ in 0..ROUNDS {
        figures.pass = figures.pass.min(time(|| compact.pass()));
        figures.judge = figures.judge.min(time(|| {
            let mut sum = Summary::default();
            judge(&record, as_at, |_, found| sum.add_judged(found));
            sum
        }));
        figures.assess = figures.assess.min(time(|| assess(&record, as_at)));
        figures.read = figures.read.min(time(|| Record::parse(text.as_bytes()).expect("a valid record")));
    }
    figures
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = std::time::Instant::now();
    black_box(work());
    start.elapsed()
}

fn day(n: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2016, 1, 1)
        .and_then(|d| d.checked_add_days(Days::new(n)))
        .expect("a day of this century")
}

/// The events as one pass would have them: flat.
struct Compact {
    rows: Vec<(u16, u8, NaiveDate, u8)>,
}

impl Compact {
    fn of(record: &Record) -> Self {
        let mut rows = Vec::new();
        for (stp, index) in record.stps.iter().zip(0u16..) {
            for event in &stp.events {
                let level = event.level.map_or(0, |level| level as u8);
                rows.extend(
                    event.participation.iter().map(|row| (index, row.group as u8, event.starts_on, level)),
                );
            }
        }
        Self { rows }
    }

    fn pass(&self) -> Vec<(NaiveDate, u32, u8)> {
        let mut found = vec![(NaiveDate::MIN, 0, 0); 44 * 32];
        for &(stp, group, date, level) in &self.rows {
            let cell = &mut found[usize::from(stp) * 32 + usize::from(group)];
            cell.0 = cell.0.max(date);
            cell.1 += 1;
            cell.2 = cell.2.max(level);
        }
        found
    }
}

/// A record of 44 STPs as its file: two and a half groups an event, over two years, the same every time.
fn synthetic(events: usize) -> String {
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut draw = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    let stps: Vec<String> = (0..44)
        .map(|stp| {
            let events: Vec<String> = (0..events / 44).map(|number| event(stp, number, &mut draw)).collect();
            format!(
                r#"{{"code":"E54{stp:06}","name":"STP {stp}","population":1000000,"events":[{}]}}"#,
                events.join(",")
            )
        })
        .collect();
    format!(
        r#"{{"format":"opendoor-record/1","stps":[{}],"standard":{}}}"#,
        stps.join(","),
        Standard::default_2017().to_canonical()
    )
}

fn event(stp: usize, number: usize, draw: &mut impl FnMut(u64) -> u64) -> String {
    let (first, some) = (draw(20), 2 + draw(2));
    let rows: Vec<String> = (first..first + some)
        .map(|group| {
            let group = Group::ALL[usize::try_from(group % 33).expect("a small number")];
            let people = draw(80) + 1;
            format!(r#"{{"group":"{group}","took_part":true,"attended":{{"low":{people},"high":{people}}}}}"#)
        })
        .collect();
    let status = if draw(10) == 0 { "planned" } else { "held" };
    format!(
        r#"{{"id":"{stp}-{number:06}","title":"Event {number}","kind":"drop_in","status":"{status}","starts_on":"{}","venue":"Hall {}","stp_discussed":true,"level":{},"participation":[{}],"publication":"public","evidence_count":1}}"#,
        day(draw(700)),
        draw(1000),
        draw(5) + 1,
        rows.join(",")
    )
}
