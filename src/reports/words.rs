//! How the record is put in words: numbers of people as they may be shown, what a finding is about, an event's name.

use method::{
    record::{Event, Stp},
    values::Count,
    words::{Audience, Characteristic, Group},
};

use crate::web::filters::{day, thousands};

/// The fewest people that are shown as a number.
const SHOWN: u32 = 5;

/// One end of a count for a table: "<5" where it is masked.
pub fn end(people: u32) -> String {
    if (1..SHOWN).contains(&people) { format!("<{SHOWN}") } else { people.to_string() }
}

/// A count as it is shown: "40", "20 to 25", "fewer than 5", "none".
pub fn people(count: Count) -> String {
    match (count.low, count.high) {
        (_, 0) => "none".to_owned(),
        (_, high) if high < SHOWN => format!("fewer than {SHOWN}"),
        (low, high) if low == high => thousands(low.into()),
        (low, high) if low < SHOWN => format!("up to {}", thousands(high.into())),
        (low, high) => format!("{} to {}", thousands(low.into()), thousands(high.into())),
    }
}

/// People at several events: the sum of what is shown of each, its ends taken outwards to the next 5, since what is
/// added up was rounded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    low: u64,
    high: u64,
    /// How many counts were added.
    pub counts: u32,
    exact: bool,
}

impl Sum {
    pub fn add(&mut self, count: Count) {
        self.exact = count.low == count.high && (self.counts == 0 || self.exact);
        self.low += u64::from(count.low);
        self.high += u64::from(count.high);
        self.counts += 1;
    }

    /// For the length of a bar: the middle, doubled.
    pub fn weight(self) -> u64 {
        self.low + self.high
    }

    /// In words: "about 120", "65 to 75", "fewer than 5".
    pub fn words(self) -> String {
        let low = self.low / 5 * 5;
        let high = self.high.div_ceil(5) * 5;
        let shown = |number: u64| thousands(i64::try_from(number).unwrap_or(i64::MAX));
        match (low, high) {
            _ if self.counts == 0 => "no numbers".to_owned(),
            (_, 0) => "none".to_owned(),
            (0, high) if self.high < high => format!("fewer than {}", shown(high)),
            (0, high) => format!("up to {}", shown(high)),
            (low, high) if low == high && self.exact => format!("about {}", shown(low)),
            (low, high) => format!("{} to {}", shown(low), shown(high)),
        }
    }
}

/// An event by its title, or as a stub by its kind.
pub fn event(event: &Event) -> String {
    match &event.title {
        Some(title) => one_line(title),
        None => event.kind.name().to_owned(),
    }
}

/// When an event took place.
pub fn when(event: &Event) -> String {
    match event.ends_on {
        Some(end) if end != event.starts_on => format!("{} to {}", day(event.starts_on), day(end)),
        _ => day(event.starts_on),
    }
}

/// What a finding is about, in words: the name of a group, a place, an event.
pub fn subject(stp: &Stp, subject: &str) -> String {
    match subject {
        "plan" => return "The plan".to_owned(),
        "engagement_plan" => return "The plan for engagement".to_owned(),
        "stp" => return stp.name.clone(),
        _ => {}
    }
    let parts: Vec<String> = subject.split('/').map(|part| name(stp, part)).collect();
    parts.join(", ")
}

fn name(stp: &Stp, code: &str) -> String {
    if let Some(audience) = Audience::parse(code) {
        return audience.name().to_owned();
    }
    if let Some(group) = Group::parse(code) {
        return group.name().to_owned();
    }
    if let Some(characteristic) = Characteristic::parse(code) {
        return characteristic.name().to_owned();
    }
    if let Some(place) = stp.places.iter().find(|place| place.code.as_str() == code) {
        return place.name.clone();
    }
    if let Some(body) = stp.bodies.iter().find(|body| body.code.as_str() == code) {
        return body.name.clone();
    }
    if let Some(found) = stp.events.iter().find(|event| event.id.as_str() == code) {
        return format!("{}, {}", event(found), when(found));
    }
    if let Some(proposal) = stp.proposals.iter().find(|proposal| proposal.id.as_str() == code) {
        return proposal.title.clone().unwrap_or_else(|| "A proposal".to_owned());
    }
    code.to_owned()
}

/// A text on one line, without control characters.
pub fn one_line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Things one after another: "carers, nurses and midwives, and local Healthwatch".
pub fn list(things: &[&str]) -> String {
    match things {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first, second] if !first.contains(" and ") && !second.contains(" and ") => {
            format!("{first} and {second}")
        }
        [start @ .., last] => format!("{}, and {last}", start.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sum(counts: &[(u32, u32)]) -> String {
        let mut sum = Sum::default();
        for &(low, high) in counts {
            sum.add(Count { low, high });
        }
        sum.words()
    }

    #[test]
    fn people_are_said_as_they_may_be_shown() {
        let said = |low, high| people(Count { low, high });
        assert_eq!(said(0, 0), "none");
        assert_eq!(said(1, 4), "fewer than 5");
        assert_eq!(said(0, 4), "fewer than 5");
        assert_eq!(said(40, 40), "40");
        assert_eq!(said(1200, 1250), "1,200 to 1,250");
        assert_eq!(said(1, 10), "up to 10");
    }

    #[test]
    fn sums_are_as_rough_as_their_parts() {
        assert_eq!(sum(&[]), "no numbers");
        assert_eq!(sum(&[(0, 0)]), "none");
        assert_eq!(sum(&[(1, 4)]), "fewer than 5");
        assert_eq!(sum(&[(1, 4), (1, 4)]), "fewer than 10");
        assert_eq!(sum(&[(40, 40), (25, 25)]), "about 65");
        assert_eq!(sum(&[(40, 40), (1, 4)]), "40 to 45");
        assert_eq!(sum(&[(20, 30), (5, 5)]), "25 to 35");
        assert_eq!(list(&["carers"]), "carers");
        assert_eq!(list(&["carers", "residents"]), "carers and residents");
        assert_eq!(list(&["carers", "nurses and midwives"]), "carers, and nurses and midwives");
    }

    proptest! {
        #[test]
        fn no_small_number_is_ever_said(counts in proptest::collection::vec((0_u32..30, 0_u32..30), 0..5)) {
            let disclosed = |n: u32, few: u32| match n { 0 => 0, 1..=4 => few, _ => (n + 2) / 5 * 5 };
            let counts: Vec<_> = counts.into_iter()
                .map(|(low, more)| (disclosed(low, 1), disclosed(low + more, 4))).collect();
            let mut said = sum(&counts);
            for &(low, high) in &counts {
                said = format!("{said} {} {} {}", people(Count { low, high }), end(low), end(high));
            }
            for small in ["1", "2", "3", "4"] {
                prop_assert!(said.split([' ', '<']).all(|word| word != small), "{said}");
            }
        }
    }
}
