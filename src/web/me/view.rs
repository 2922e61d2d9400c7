//! The page of what is held about somebody, in words for them.

use std::collections::HashMap;

use anyhow::Context as _;
use entity::{
    audience_group, delivery, mailing, place,
    proposal::Theme,
    stakeholder,
    suppression::{self, State},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Serialize;

use crate::{
    app::App,
    fault::Fault,
    invitations::answers,
    mailings::{
        find,
        merge::{Text, Values},
        optouts,
    },
    me::Me,
    stakeholders::Draft,
    web::{
        fields::Fields,
        filters,
        page::{Notice, Page},
        stakeholders::{Choice, Fact, done, topics},
    },
};

const TITLE: &str = "What we hold about you";

/// The page where nothing is held any more.
#[derive(Serialize)]
pub struct Nothing {
    page: Page,
    stp: String,
}

impl Nothing {
    pub fn of(me: &Me, said: Option<&str>) -> Self {
        let page = Page { hidden: true, ..Page::public("Nothing is held about you") };
        Self { page: page.noticed(notice(said)), stp: me.stp.display_name.clone() }
    }
}

/// The page of what is held.
#[derive(Serialize)]
pub struct Show {
    page: Page,
    at: String,
    form: Fields,
    stp: String,
    address: String,
    records: Vec<Record>,
    stops: Vec<Stop>,
    /// Whether they are out of all engagement mail.
    out: bool,
    /// The topics that they can still opt out of.
    topics: Vec<Choice>,
    letters: Vec<Letter>,
    answers: Vec<Answer>,
}

/// One record of theirs.
#[derive(Serialize)]
struct Record {
    id: String,
    version: i32,
    facts: Vec<Fact>,
    /// The field of their name, and the name.
    field: String,
    name: String,
}

/// A state that stops mail to them.
#[derive(Serialize)]
struct Stop {
    said: String,
    since: String,
    /// What taking it back is about, where that is theirs to do; or empty.
    of: &'static str,
}

#[derive(Serialize)]
struct Letter {
    subject: String,
    state: &'static str,
    when: String,
}

#[derive(Serialize)]
struct Answer {
    event: String,
    reply: &'static str,
    support: String,
    when: String,
}

/// The field that a record's name is typed in.
pub fn name_of(record: &stakeholder::Model) -> String {
    format!("name-{}", record.id)
}

fn notice(said: Option<&str>) -> Option<Notice> {
    match said {
        Some("stopped") => {
            Some(done("You get no more of these emails", "What waited to be sent was stopped."))
        }
        Some("returned") => Some(done("You get these emails again", "")),
        Some("named") => Some(done("Your name is corrected", "")),
        _ => None,
    }
}

impl Show {
    pub async fn of(app: &App, me: &Me, at: String, form: Fields, said: Option<&str>) -> Result<Self, Fault> {
        let conn = app.db.read();
        let (stp, address) = (me.stp.code.as_str(), me.delivery.address.as_str());
        let stopped = optouts::of_address(conn, stp, address).await?;
        let out = |topic: Option<Theme>| stopped.iter().any(|row| is_own(row) && row.topic == topic);
        let left = topics().into_iter().filter(|choice| !out(Theme::parse(&choice.value)));
        let letters = find::to_address(conn, stp, address).await?;
        let letters = letters.iter().map(|(delivery, mailing)| letter(delivery, mailing));
        let answers = answers::from_address(conn, stp, address).await?;
        Ok(Self {
            page: Page { hidden: true, ..Page::public(TITLE) }.wrong(form.is_wrong()).noticed(notice(said)),
            at,
            stp: me.stp.display_name.clone(),
            address: me.delivery.address.clone(),
            records: records(app, me).await?,
            out: out(None),
            topics: left.collect(),
            stops: stopped.iter().map(stop).collect(),
            letters: letters.collect::<anyhow::Result<_>>()?,
            answers: answers
                .into_iter()
                .map(|(answer, event)| Answer {
                    event: event.title,
                    reply: answer.answer.name(),
                    support: answer.support.unwrap_or_default(),
                    when: filters::instant(&answer.updated_at),
                })
                .collect(),
            form,
        })
    }
}

async fn records(app: &App, me: &Me) -> Result<Vec<Record>, Fault> {
    let conn = app.db.read();
    let codes = |of: fn(&stakeholder::Model) -> Option<&str>| -> Vec<String> {
        me.records.iter().filter_map(of).map(str::to_owned).collect()
    };
    let groups = codes(|record| Some(&record.group_code));
    let groups = audience_group::Entity::find().filter(audience_group::Column::Code.is_in(groups));
    let groups = groups.all(conn).await?.into_iter().map(|group| (group.code, group.name));
    let places = place::Entity::find()
        .filter(place::Column::Code.is_in(codes(|record| record.place_code.as_deref())))
        .all(conn)
        .await?;
    let names: HashMap<String, String> =
        groups.chain(places.into_iter().map(|place| (place.code, place.name))).collect();
    Ok(me.records.iter().map(|record| shown(record, &names)).collect())
}

fn shown(record: &stakeholder::Model, names: &HashMap<String, String>) -> Record {
    let text = |field: &Option<String>| field.clone().unwrap_or_default();
    let called = |code: Option<&String>| code.and_then(|code| names.get(code)).cloned().unwrap_or_default();
    let day = |day: Option<chrono::NaiveDate>| day.map(filters::day).unwrap_or_default();
    let wishes: Vec<&str> = Draft::of(record.clone()).topics.iter().map(|topic| topic.name()).collect();
    let fact = |term, text| Fact { term, text };
    Record {
        id: record.id.clone(),
        version: record.version,
        field: name_of(record),
        name: text(&record.name),
        facts: vec![
            fact("Your name or office", text(&record.name)),
            fact("Organisation", text(&record.organisation)),
            fact("Role", text(&record.role)),
            fact("Group", called(Some(&record.group_code))),
            fact("Place", called(record.place_code.as_ref())),
            fact("What you asked to hear of", wishes.join(", ")),
            fact("Why we may hold this, and where it is from", record.basis.clone()),
            fact("Which wording you were given", text(&record.wording)),
            fact("Obtained on", day(record.obtained_on)),
            fact("What shows it", text(&record.evidence)),
            fact("Last confirmed on", day(record.confirmed_on)),
            fact("Kept here since", filters::instant(&record.created_at)),
        ],
    }
}

/// Whether they opted out themselves, of this area's mail.
fn is_own(row: &suppression::Model) -> bool {
    row.state == State::OptedOut && row.stp_code.is_some()
}

/// A state in words. Why others wrote it down may name another area's letter, and is not told.
fn stop(row: &suppression::Model) -> Stop {
    let said = match (row.state, row.topic) {
        (State::OptedOut, Some(topic)) => {
            format!("You opted out of emails about {}.", topic.name().to_lowercase())
        }
        (State::OptedOut, None) => "You opted out of all emails about plans and having a say in them.".to_owned(),
        (State::DoNotContact, _) => {
            "You are not to be contacted: you get nothing but notices that the law says you must be told of.".to_owned()
        }
        (State::Undeliverable, _) => "Emails to your address came back: nothing is sent to it.".to_owned(),
        (State::Complained, _) => {
            "Your mail service told us that you did not want a letter: you get nothing but notices that the law says \
             you must be told of."
                .to_owned()
        }
    };
    let of = if is_own(row) { row.topic.map_or("all", Theme::code) } else { "" };
    Stop { said, since: filters::instant(&row.created_at), of }
}

/// A letter with its subject as they read it.
fn letter(delivery: &delivery::Model, mailing: &mailing::Model) -> anyhow::Result<Letter> {
    let values: Values = serde_json::from_str(&delivery.merge).context("the values of a letter")?;
    let subject = Text::parse(&mailing.subject).ok().and_then(|subject| subject.fill(&values).ok());
    Ok(Letter {
        subject: subject.context("the subject of a letter that was sent cannot be filled in")?,
        state: said(delivery.state),
        when: filters::instant(&delivery.updated_at),
    })
}

/// What became of a letter, for who was to get it.
const fn said(state: delivery::State) -> &'static str {
    match state {
        delivery::State::Accepted => "Sent: your mail service took it",
        delivery::State::Bounced => "Came back: it did not arrive",
        delivery::State::Rejected => "Your mail service did not take it",
        delivery::State::Uncertain => "Nobody knows whether it arrived",
        delivery::State::Queued | delivery::State::Deferred => "Not sent yet: it is tried again",
        delivery::State::Sending => "Being sent",
        delivery::State::Excluded | delivery::State::Cancelled => "Not sent",
    }
}
