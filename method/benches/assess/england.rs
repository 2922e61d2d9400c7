//! A record of all of England to measure with: 44 STPs with all that a record can hold, over 700 days, the same every
//! time. An event has two and a half groups, one place, and now and then all else.

use chrono::{Days, NaiveDate};
use method::Standard;
use method::words::{Characteristic, EventKind, Group};

const STPS: usize = 44;
/// How many days the events are spread over.
const DAYS: u64 = 700;
const UPPER: u64 = 3;
const DISTRICTS: u64 = 5;
const BODIES: u64 = 12;
const PROPOSALS: u64 = 6;

/// Writes to the file; what is said may draw.
macro_rules! put {
    ($file:ident, $($said:tt)+) => {{
        let said = format!($($said)+);
        $file.json.push_str(&said);
    }};
}

/// The day on which the record is assessed.
pub fn as_at() -> NaiveDate {
    day(DAYS)
}

/// The record as its file, with about so many events.
pub fn record(events: usize) -> String {
    let mut file = File { json: String::with_capacity(events * 700), state: 0x2545_F491_4F6C_DD1D };
    file.json.push_str(r#"{"format":"opendoor-record/1","stps":["#);
    for stp in 0..STPS {
        file.comma(stp);
        file.stp(stp, events / STPS);
    }
    put!(file, r#"],"standard":{}}}"#, Standard::default_2017().to_canonical());
    file.json
}

fn day(after: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2016, 1, 1)
        .and_then(|first| first.checked_add_days(Days::new(after)))
        .expect("a day of this century")
}

/// The file as it is written, and the state of the draw.
struct File {
    json: String,
    state: u64,
}

impl File {
    fn draw(&mut self, below: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % below
    }

    /// True once in so many times.
    fn once_in(&mut self, times: u64) -> bool {
        self.draw(times) == 0
    }

    fn day(&mut self) -> NaiveDate {
        day(self.draw(DAYS))
    }

    fn comma(&mut self, index: usize) {
        if index > 0 {
            self.json.push(',');
        }
    }

    /// A list of things, one after another.
    fn list(&mut self, things: u64, mut thing: impl FnMut(&mut Self, u64)) {
        self.json.push('[');
        for index in 0..things {
            if index > 0 {
                self.json.push(',');
            }
            thing(self, index);
        }
        self.json.push(']');
    }

    fn stp(&mut self, stp: usize, events: usize) {
        put!(
            self,
            r#"{{"code":"E54{stp:06}","name":"STP {stp}","population":1000000,"reach_target_per_10000":12.5,"plan_published_on":"2016-11-10","places":"#
        );
        self.list(UPPER, |file, at| {
            put!(file, r#"{{"code":"E10-{at}","name":"County {at}","tier":"upper","population":300000}}"#);
        });
        self.json.pop();
        for at in 0..DISTRICTS {
            let county = at % UPPER;
            put!(
                self,
                r#",{{"code":"E07-{at}","name":"District {at}","tier":"district","parent":"E10-{county}","population":60000}}"#
            );
        }
        put!(self, r#"],"bodies":"#);
        self.list(BODIES, |file, at| {
            put!(file, r#"{{"code":"RB{at}","name":"Trust {at}","kind":"trust","employer":true}}"#);
        });
        put!(
            self,
            r#","requirements":[{{"group":"PP-USR","planned_level":3}},{{"group":"ST-MED","planned_level":2}},{{"group":"LA-HSC","planned_level":4}}],"reachable_contacts":{{"PP-HWT":2,"LA-HSC":1}},"monitoring_returns":"#
        );
        self.list(9, |file, at| {
            let one = Characteristic::ALL[usize::try_from(at).expect("a small number")];
            let people = 100 + file.draw(900);
            put!(file, r#"{{"characteristic":"{one}","year":2017,"dated_on":"2017-06-30","not_stated":{{"low":12,"high":12}},"answers":[{{"category":"one","count":{{"low":{people},"high":{people}}}}},{{"category":"other","count":{{"low":90,"high":90}}}}]}}"#);
        });
        put!(
            self,
            r#","population_shares":[{{"characteristic":"AGE","category":"one","share":0.281}}],"proposals":"#
        );
        self.list(PROPOSALS, |file, at| file.proposal(stp, at));
        put!(self, r#","consultations":"#);
        self.list(PROPOSALS, |file, at| {
            let opens = file.day();
            let closes = opens + Days::new(20 + file.draw(80));
            put!(file, r#"{{"id":"c-{stp}-{at}","proposal":"p-{stp}-{at}","opens_on":"{opens}","closes_on":"{closes}"}}"#);
        });
        put!(self, r#","requests":"#);
        self.list(2 * BODIES, |file, at| {
            let sent = file.day();
            let body = at % BODIES;
            put!(
                file,
                r#"{{"id":"r-{stp}-{at}","body":"RB{body}","sent_on":"{sent}","response_requested":true}}"#
            );
        });
        put!(self, r#","questions":"#);
        self.list(40, |file, at| {
            let received = file.day();
            put!(file, r#"{{"id":"q-{stp}-{at}","received_on":"{received}"}}"#);
        });
        put!(self, r#","events":["#);
        for number in 0..events {
            self.comma(number);
            self.event(stp, number);
        }
        put!(self, "]}}");
    }

    fn proposal(&mut self, stp: usize, at: u64) {
        let (decision, asked) = (day(200 + self.draw(DAYS)), self.day());
        put!(
            self,
            r#"{{"id":"p-{stp}-{at}","title":"Proposal {at}","service_change":true,"substantial":"yes","staff_impact":true,"decision_on":"{decision}","document_published_on":"2016-12-01","accessible_formats":["easy read"],"places":["E10-{}"],"scrutiny":[{{"id":"s-{stp}-{at}","authorities":["E10-0"],"consulted_on":"{asked}","recommendations":[{{"id":"n-{stp}-{at}","received_on":"{asked}"}}]}}]}}"#,
            at % UPPER
        );
    }

    fn event(&mut self, stp: usize, number: usize) {
        let kinds = u64::try_from(EventKind::ALL.len()).expect("a short list");
        let kind = EventKind::ALL[usize::try_from(self.draw(kinds)).expect("a small number")];
        let status = match self.draw(20) {
            0 => "cancelled",
            1 | 2 => "planned",
            _ => "held",
        };
        let starts = self.day();
        put!(
            self,
            r#"{{"id":"{stp:08x}-0000-7000-8000-{number:012x}","title":"Listening event {number} at the hall","kind":"{kind}","status":"{status}","starts_on":"{starts}","venue":"Hall {}","stp_discussed":{}"#,
            self.draw(1000),
            !self.once_in(20)
        );
        if self.once_in(3) {
            put!(self, r#","ends_on":"{}""#, starts + Days::new(self.draw(10)));
        }
        if self.once_in(2) {
            put!(self, r#","created_on":"{}""#, starts + Days::new(self.draw(20)));
        }
        if self.once_in(4) {
            put!(self, r#","venue_capacity":{}"#, 20 + self.draw(200));
        }
        let place = if self.once_in(2) {
            format!("E10-{}", self.draw(UPPER))
        } else {
            format!("E07-{}", self.draw(DISTRICTS))
        };
        if self.once_in(10) {
            put!(self, r#","online":true"#);
        } else {
            put!(self, r#","places":["{place}"]"#);
        }
        if self.once_in(10) {
            put!(self, r#","place_counts":[{{"place":"{place}","count":{{"low":20,"high":25}}}}]"#);
        }
        if self.once_in(5) {
            put!(self, r#","proposals":["p-{stp}-{}"]"#, self.draw(PROPOSALS));
        }
        if self.once_in(3) {
            put!(self, r#","bodies":["RB{}"]"#, self.draw(BODIES));
        }
        if !self.once_in(5) {
            put!(self, r#","level":{}"#, 1 + self.draw(5));
        }
        if self.once_in(10) {
            put!(self, r#","targets":["AGE","DIS"]"#);
        }
        self.groups();
        self.after(stp, number, starts);
        self.json.push('}');
    }

    /// Two or three groups, most of which took part.
    fn groups(&mut self) {
        let (first, groups) = (self.draw(33), 2 + self.draw(2));
        put!(self, r#","participation":"#);
        self.list(groups, |file, at| {
            let at = usize::try_from((first + at) % 33).expect("a small number");
            let group = Group::ALL[at];
            let people = file.draw(80) + 1;
            match file.draw(10) {
                0 => put!(file, r#"{{"group":"{group}","took_part":false}}"#),
                1 => put!(file, r#"{{"group":"{group}","took_part":true}}"#),
                _ => put!(
                    file,
                    r#"{{"group":"{group}","took_part":true,"attended":{{"low":{people},"high":{people}}}}}"#
                ),
            }
        });
    }

    /// What is on record once it has been held.
    fn after(&mut self, stp: usize, number: usize, starts: NaiveDate) {
        match self.draw(10) {
            0 => put!(
                self,
                r#","publication":"withheld","withheld_reason":"personal","review_on":"2018-06-01""#
            ),
            1 => {}
            _ => put!(self, r#","publication":"public""#),
        }
        if !self.once_in(4) {
            put!(self, r#","evidence_count":{}"#, self.draw(3));
        }
        if self.once_in(2) {
            put!(self, r#","feedback_on":"{}""#, starts + Days::new(self.draw(80)));
        }
        if self.once_in(4) {
            put!(self, r#","themes":[{{"id":"t-{stp}-{number}","text":"Parking","outcome":"changed"}}]"#);
        }
    }
}
