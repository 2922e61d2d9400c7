//! How fast the method is, as ratios within one run: `make bench`, or `cargo bench -p method -- 1000000`.
//!
//! ```text
//! england: a record of 44 STPs ─┬─► limit: one pass over its events, as they stand and packed ─┐
//!                               └─► judge, assess, hash, read ────────────────────────────────┴─► ratios, bench.json
//! ```
//!
//! Criterion repeats each; its report stands above the ratios, which are of the best of its repetitions: a shared machine
//! makes a run slower, and none faster. All is done twice, the second time with twice the events, so that what does not
//! grow in step is seen.

mod england;
mod limit;

use std::{cell::Cell, fmt::Write as _, hint::black_box, time::Duration};

use chrono::NaiveDate;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, measurement::WallTime};
use method::{Record, Summary, assess, judge};

fn main() {
    let asked = std::env::args().skip(1).find_map(|text| text.parse::<usize>().ok());
    let events = asked.unwrap_or(200_000);
    let mut criterion = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(1));
    let small = measure(&mut criterion, events / 2);
    let large = measure(&mut criterion, events);
    println!();
    for figures in [&small, &large] {
        figures.print();
    }
    println!("\ntwice the events take");
    for ((name, small), (_, large)) in small.times().into_iter().zip(large.times()) {
        println!("  {name:30} {:5.2} times as long", large.as_secs_f64() / small.as_secs_f64());
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../bench.json");
    let json = format!("[{},{}]\n", small.to_json(), large.to_json());
    std::fs::write(path, json).expect("bench.json can be written");
}

/// The best times over one number of events.
struct Figures {
    events: usize,
    /// One pass over the packed rows: the limit of the promises.
    packed: Duration,
    /// The same pass over the events of the record as it stands in memory.
    pass: Duration,
    /// Every rule's verdicts.
    judge: Duration,
    /// Every rule's findings, each explained, and the record's hash.
    assess: Duration,
    /// The hash alone.
    hash: Duration,
    /// The record read from its file, and validated.
    read: Duration,
    /// How long the file is.
    bytes: usize,
}

impl Figures {
    fn times(&self) -> [(&'static str, Duration); 6] {
        [
            ("one pass, packed", self.packed),
            ("one pass over the record", self.pass),
            ("judge: verdicts", self.judge),
            ("assess: explained, with hash", self.assess),
            ("the record's hash alone", self.hash),
            ("read and validate", self.read),
        ]
    }

    fn print(&self) {
        println!("{} events, {:.1} MB as a file", self.events, millions(self.bytes));
        println!(
            "  {:30} {:>9} {:>9} {:>14} {:>16}",
            "", "ms", "µs/event", "of the packed", "of the record's"
        );
        for (name, time) in self.times() {
            let (packed, pass) = (ratio(time, self.packed), ratio(time, self.pass));
            let each = time.as_secs_f64() * 1e6 / amount(self.events);
            println!("  {name:30} {:9.1} {each:9.3} {packed:13.1}x {pass:15.2}x", millis(time));
        }
        println!("  read and validate: {:.0} MB/s", self.read_rate());
    }

    fn to_json(&self) -> String {
        let mut json = format!("{{\"events\":{},\"read_mb_per_s\":{:.1}", self.events, self.read_rate());
        let keys = ["one_pass", "one_pass_over_record", "judge", "assess", "hash", "read"];
        for (key, (_, time)) in keys.into_iter().zip(self.times()) {
            let (packed, pass) = (ratio(time, self.packed), ratio(time, self.pass));
            write!(
                json,
                ",\"{key}_ms\":{:.2},\"{key}_to_one_pass\":{packed:.2},\"{key}_to_one_pass_over_record\":{pass:.3}",
                millis(time)
            )
            .expect("writing to a text never fails");
        }
        json.push('}');
        json
    }

    fn read_rate(&self) -> f64 {
        millions(self.bytes) / self.read.as_secs_f64()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a number of events or bytes, for a rate")]
fn amount(number: usize) -> f64 {
    number as f64
}

fn millions(number: usize) -> f64 {
    amount(number) / 1e6
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn ratio(time: Duration, limit: Duration) -> f64 {
    time.as_secs_f64() / limit.as_secs_f64()
}

fn measure(criterion: &mut Criterion, events: usize) -> Figures {
    let text = england::record(events);
    let record = Record::parse(text.as_bytes()).expect("a valid record");
    let as_at = england::as_at();
    let rows = limit::packed(&record);
    assert_eq!(limit::over_packed(&rows), limit::over_record(&record), "both passes find the same");
    let mut group = criterion.benchmark_group(format!("{events} events"));
    group.sampling_mode(SamplingMode::Flat).measurement_time(Duration::from_secs(1));
    let figures = Figures {
        events,
        packed: best(&mut group, "one pass, packed", || limit::over_packed(&rows)),
        pass: best(&mut group, "one pass over the record", || limit::over_record(&record)),
        judge: best(&mut group, "judge", || verdicts(&record, as_at)),
        assess: best(&mut group, "assess", || assess(&record, as_at)),
        hash: best(&mut group, "hash", || record.sha256()),
        read: best(&mut group, "read", || Record::parse(text.as_bytes()).expect("a valid record")),
        bytes: text.len(),
    };
    group.finish();
    figures
}

/// What all verdicts come to.
fn verdicts(record: &Record, as_at: NaiveDate) -> Summary {
    let mut sum = Summary::default();
    judge(record, as_at, |_, found| sum.add_judged(found));
    sum
}

/// Has criterion repeat some work, and gives the shortest time that it took; letting go of what it gives is counted.
fn best<T>(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, work: impl Fn() -> T) -> Duration {
    let best = Cell::new(Duration::MAX);
    let timed = || {
        let time = time(&work);
        best.set(best.get().min(time));
        time
    };
    group.bench_function(name, |bencher| bencher.iter_custom(|times| (0..times).map(|_| timed()).sum()));
    best.get()
}

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = std::time::Instant::now();
    drop(black_box(work()));
    start.elapsed()
}
