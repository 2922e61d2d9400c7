//! Whether a group is credited with an event because someone who speaks for it came.

use chrono::NaiveDate;
use entity::{
    event::{self, Status},
    representative,
};
use method::{record::Participation, words::Group};

use crate::{
    events::{EventWhole, Part},
    web::filters,
};

/// How a role stood on the day of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    Held,
    /// It began later, on this day.
    NotBegun(NaiveDate),
    /// It had ended, on this day.
    Ended(NaiveDate),
    /// The day of the event is not known.
    NoDay,
}

/// How the role stood on this day. The first and the last day of a term belong to it.
pub fn stand(role: &representative::Model, day: Option<NaiveDate>) -> Stand {
    match (day, role.until_on) {
        (None, _) => Stand::NoDay,
        (Some(day), _) if day < role.from_on => Stand::NotBegun(role.from_on),
        (Some(day), Some(until)) if until < day => Stand::Ended(until),
        _ => Stand::Held,
    }
}

impl Stand {
    /// Why the group is or is not credited, as a sentence.
    pub fn sentence(self) -> String {
        match self {
            Self::Held => "Counted: the role was held on the day.".into(),
            Self::NotBegun(from) => format!("Not counted: the role began on {}.", filters::day(from)),
            Self::Ended(until) => format!("Not counted: the role had ended on {}.", filters::day(until)),
            Self::NoDay => "Not counted: the day of the event is not known.".into(),
        }
    }
}

/// What is made of a group's part in an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Credit {
    took_part: bool,
    /// Whether the number of people who came still says anything.
    counted: bool,
}

/// A group's part as the event's own row has it (took part, at most how many), together with how many of its
/// representatives came whose role was held that day and how many whose role was not.
///
/// Someone whose role had ended is no part of the group: where no more people came than these, the group did not take
/// part. Where more came, others did. Nobody came to what was not held; and a count of nobody is an attempt.
fn credit(own: Option<(bool, Option<u32>)>, was_held: bool, held: usize, lapsed: usize) -> Credit {
    let (took_part, most) = own.unwrap_or_default();
    let as_written = Credit { took_part, counted: true };
    if !was_held || most == Some(0) {
        return as_written;
    }
    if held > 0 {
        return Credit { took_part: true, counted: true };
    }
    let alone = most.is_none_or(|most| usize::try_from(most).is_ok_and(|most| most <= lapsed));
    if took_part && lapsed > 0 && alone {
        return Credit { took_part: false, counted: false };
    }
    as_written
}

/// How many of the group's representatives came with their role held, and how many without.
fn came(roles: &[&representative::Model], group: &str, day: Option<NaiveDate>) -> (usize, usize) {
    let of = || roles.iter().filter(|role| role.group_code == group);
    let held = of().filter(|role| stand(role, day) == Stand::Held).count();
    (held, of().count() - held)
}

/// The parts of an event with its representatives taken in, by code of the group.
pub fn parts(event: &event::Model, own: Vec<Part>, roles: &[&representative::Model]) -> Vec<Part> {
    let mut parts = own;
    for role in roles {
        if parts.iter().all(|part| part.group != role.group_code) {
            let group = role.group_code.clone();
            parts.push(Part { group, took_part: false, invited: None, attended: None });
        }
    }
    for part in &mut parts {
        let (held, lapsed) = came(roles, &part.group, event.starts_on);
        if held + lapsed == 0 {
            continue;
        }
        let most = part.attended.as_ref().and_then(|people| u32::try_from(people.high).ok());
        let made = credit(Some((part.took_part, most)), event.status == Status::Held, held, lapsed);
        part.took_part = made.took_part;
        part.attended = part.attended.take().filter(|_| made.counted);
    }
    parts.sort_by(|a, b| a.group.cmp(&b.group));
    parts
}

/// An event whose parts have its representatives taken in: as lists and pages show it.
#[must_use]
pub fn settled(mut whole: EventWhole, roles: &[&representative::Model]) -> EventWhole {
    whole.participations = parts(&whole.event, whole.participations, roles);
    whole
}

/// The same for an event of the record.
pub fn on_record(event: &mut method::record::Event, roles: &[(&representative::Model, Group)]) {
    let was_held = event.status == method::words::EventStatus::Held;
    let models: Vec<&representative::Model> = roles.iter().map(|(role, _)| *role).collect();
    for (_, group) in roles {
        if event.participation.iter().all(|part| part.group != *group) {
            let group = *group;
            event.participation.push(Participation {
                group,
                took_part: false,
                invited: None,
                attended: None,
            });
        }
    }
    for part in &mut event.participation {
        let (held, lapsed) = came(&models, part.group.code(), Some(event.starts_on));
        if held + lapsed == 0 {
            continue;
        }
        let own = Some((part.took_part, part.attended.map(|people| people.high)));
        let made = credit(own, was_held, held, lapsed);
        part.took_part = made.took_part;
        part.attended = part.attended.filter(|_| made.counted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOOK: Credit = Credit { took_part: true, counted: true };
    const NOT: Credit = Credit { took_part: false, counted: true };
    const GONE: Credit = Credit { took_part: false, counted: false };

    #[test]
    fn a_role_credits_its_group_only_while_it_is_held() {
        let cases = [
            ("a role that was held", None, true, 1, 0, TOOK),
            ("a role that was not", None, true, 0, 1, NOT),
            ("one of two was", None, true, 1, 1, TOOK),
            ("said to have taken part, and only by a lapsed role", Some((true, None)), true, 0, 1, GONE),
            ("one came, of a lapsed role", Some((true, Some(1))), true, 0, 1, GONE),
            ("forty came, one of a lapsed role", Some((true, Some(40))), true, 0, 1, TOOK),
            ("nobody came", Some((false, Some(0))), true, 1, 0, NOT),
            ("an invitation, and a role that was held", Some((false, None)), true, 1, 0, TOOK),
            ("planned", None, false, 1, 0, NOT),
            ("no representative", Some((true, None)), true, 0, 0, TOOK),
        ];
        for (what, own, was_held, held, lapsed, made) in cases {
            assert_eq!(credit(own, was_held, held, lapsed), made, "{what}");
        }
    }

    #[test]
    fn the_first_and_the_last_day_belong_to_a_term() {
        let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
        let at = chrono::DateTime::UNIX_EPOCH;
        let role = representative::Model {
            id: "r".into(),
            stp_code: "s".into(),
            office: "Chair".into(),
            stakeholder_id: None,
            body_code: None,
            group_code: "PP-HWT".into(),
            from_on: day("2017-01-01").unwrap(),
            until_on: day("2017-06-30"),
            note: None,
            version: 1,
            created_at: at,
            updated_at: at,
        };
        assert_eq!(stand(&role, day("2016-12-31")), Stand::NotBegun(role.from_on));
        assert_eq!(stand(&role, day("2017-01-01")), Stand::Held);
        assert_eq!(stand(&role, day("2017-06-30")), Stand::Held);
        assert_eq!(stand(&role, day("2017-07-01")), Stand::Ended(role.until_on.unwrap()));
        assert_eq!(stand(&role, None), Stand::NoDay);
        let lasting = representative::Model { until_on: None, ..role };
        assert_eq!(stand(&lasting, day("2199-12-31")), Stand::Held);
    }
}
