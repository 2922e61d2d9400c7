//! One event as staff see it, and what it does about gaps.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use entity::{
    event,
    event::{Kind, Precision, Publication, Status},
    import, representative, user,
};
use method::rules;
use sea_orm::EntityTrait;
use serde::Serialize;

use super::{at, choices, invited};
use crate::{
    app::App,
    approaches::{self, Frequency, Limit},
    assessments::{Area, subject},
    auth::{Action, SignedIn},
    events::{Choices, EventWhole, facts, facts::Fact, find, gaps},
    fault::Fault,
    representatives::{self, Stand},
    web::{
        fields::Fields,
        filters,
        form::Typed,
        page::{Notice, Page},
    },
};

/// A gap in words.
#[derive(Clone, Debug, Serialize)]
pub struct GapLine {
    /// What it is about: a group or a place.
    pub label: String,
    /// Which rule says so.
    pub rule: &'static str,
}

#[derive(Serialize)]
struct Context {
    page: Page,
    at: String,
    here: String,
    title: String,
    kind: &'static str,
    when: String,
    whereabouts: String,
    status: Tag,
    publication: Tag,
    confirmed: bool,
    /// Why it is not in the record any more.
    withdrawn: Option<String>,
    cancelled: Option<String>,
    planned: bool,
    /// Where it is said which gaps it would close.
    what_if: String,
    /// Bodies that were asked often lately, by any area: for a planned event.
    worn: Vec<WornBody>,
    limit: Limit,
    /// What an event like this should say and does not.
    missing: Vec<&'static str>,
    parts: Vec<PartRow>,
    /// Who was invited by mail, and what they answer.
    invited: Option<invited::Summary>,
    /// Who spoke for a group, and whether that counts.
    speakers: Vec<Speaker>,
    attendance_note: Option<String>,
    /// The gaps that this event alone closes.
    closes: Vec<GapLine>,
    facts: Vec<Fact>,
    sources: Vec<SourceRow>,
    logged: String,
    may_write: bool,
    version: i32,
    form: Fields,
    /// Which of the forms below is open, since something was wrong with it.
    open: &'static str,
}

/// A body that was asked often lately.
#[derive(Serialize)]
struct WornBody {
    name: String,
    frequency: Frequency,
}

/// The bodies of a planned event that were asked more often lately than is well borne.
async fn worn(
    app: &App,
    kept: &EventWhole,
    names: &BTreeMap<String, String>,
) -> Result<Vec<WornBody>, Fault> {
    if kept.event.status != Status::Planned || kept.event.withdrawn_at.is_some() {
        return Ok(Vec::new());
    }
    let limit = app.config.patience.limit();
    let known = approaches::of_bodies(app.db.read(), &kept.bodies, limit, app.clock.today()).await?;
    let over = known.into_iter().filter(|(_, frequency)| frequency.is_over(limit));
    let name = |code: &String| names.get(&format!("body:{code}")).unwrap_or(code).clone();
    let mut worn: Vec<WornBody> =
        over.map(|(code, frequency)| WornBody { name: name(&code), frequency }).collect();
    worn.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(worn)
}

#[derive(Serialize)]
pub struct Tag {
    pub text: &'static str,
    pub colour: &'static str,
}

#[derive(Serialize)]
struct PartRow {
    group: String,
    took_part: bool,
    attended: String,
    invited: String,
}

#[derive(Serialize)]
struct Speaker {
    office: String,
    group: String,
    counted: bool,
    /// Why it counts, or why it does not.
    why: String,
}

#[derive(Serialize)]
struct SourceRow {
    url: String,
    label: String,
    note: String,
}

/// What the reader of a saved event is told.
pub fn saved(planned: bool) -> &'static str {
    if planned {
        "It is kept as planned. It counts once it was held and you have said who came."
    } else {
        "It counts straight away."
    }
}

/// The open gaps of one rule.
#[derive(Clone, Debug, Serialize)]
pub struct OpenGaps {
    pub rule: &'static str,
    /// What they are about: groups, places.
    pub labels: Vec<String>,
}

/// The gaps of the STP that a new event would close, by rule.
pub async fn open_gaps(app: &Arc<App>, choices: &Choices) -> Result<Vec<OpenGaps>, Fault> {
    let area = app.assessments.area(app.db.read(), &choices.stp.code, app.clock.today()).await?;
    let area = area.ok_or(Fault::NotFound)?;
    let mut open: Vec<OpenGaps> = Vec::new();
    for finding in gaps::open(&area.assessment.findings) {
        let GapLine { label, rule } = line(&area, finding);
        match open.iter_mut().find(|known| known.rule == rule) {
            Some(known) => known.labels.push(label),
            None => open.push(OpenGaps { rule, labels: vec![label] }),
        }
    }
    Ok(open)
}

/// The gaps that this event alone closes.
async fn closed(app: &Arc<App>, kept: &EventWhole) -> Result<Vec<GapLine>, Fault> {
    if kept.event.status != Status::Held || kept.event.withdrawn_at.is_some() {
        return Ok(Vec::new());
    }
    let area = app.assessments.area(app.db.read(), &kept.event.stp_code, app.clock.today()).await?;
    let area = area.ok_or(Fault::NotFound)?;
    let closed = gaps::closed_by(&area.assessment.findings, &kept.event.id);
    Ok(closed.into_iter().map(|finding| line(&area, finding)).collect())
}

fn line(area: &Area, finding: &method::Finding) -> GapLine {
    GapLine {
        label: subject::name(area, finding).name,
        rule: rules::find(finding.rule).map_or("", |rule| rule.words.title),
    }
}

pub async fn show(
    State(app): State<Arc<App>>,
    Path((stp, id)): Path<(String, String)>,
    signed_in: SignedIn,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response, Fault> {
    let choices = choices(&app, &stp).await?;
    // What was withdrawn can still be looked at by those who kept it: its page says so.
    let kept = find::whole(app.db.read(), &stp, &id).await?.ok_or(Fault::NotFound)?;
    let closes = closed(&app, &kept).await?;
    let notice = notice(Typed(asked).text("saved"), &kept.event, &closes);
    let form = Fields::new(app.chance.id());
    render(&app, &signed_in, &choices, kept, form, "", notice, StatusCode::OK).await
}

fn notice(code: &str, event: &event::Model, closes: &[GapLine]) -> Option<Notice> {
    let labels: Vec<&str> = closes.iter().map(|gap| gap.label.as_str()).collect();
    let logged = match labels.as_slice() {
        [] => saved(event.status == Status::Planned).to_owned(),
        labels => format!("It counts straight away and closes gaps: {}.", labels.join("; ")),
    };
    let (title, text) = match code {
        "logged" => ("The event is saved", logged.as_str()),
        "changed" => ("Your changes are saved", "The version before is kept and can be compared."),
        "cancelled" => ("The event is cancelled", "It stays on record as cancelled, and does not count."),
        _ => return None,
    };
    Some(Notice { kind: "success", title: title.into(), text: text.into() })
}

/// What the tables beside the facts show, and what belongs to the form's own doings.
const ELSEWHERE: [&str; 13] = [
    "Representatives who took part",
    "Title",
    "What it was",
    "Whether it was held",
    "Why it was cancelled",
    "When",
    "Until",
    "The date in words",
    "Places",
    "Online",
    "Note on numbers",
    "Evidence",
    "Why it was withdrawn",
];

/// What goes without saying.
fn usual(event: &event::Model, fact: &Fact) -> bool {
    match fact.label.as_str() {
        "How well the date is known" => event.date_precision == Precision::Day,
        "Held in public" => event.kind != Kind::GovernanceMeeting && !event.held_in_public,
        _ => false,
    }
}

#[allow(clippy::too_many_arguments)] // Each is a part of the page.
pub async fn render(
    app: &Arc<App>,
    signed_in: &SignedIn,
    choices: &Choices,
    kept: EventWhole,
    form: Fields,
    open: &'static str,
    notice: Option<Notice>,
    status: StatusCode,
) -> Result<Response, Fault> {
    let at = at(&choices.stp.code);
    let names = choices.names();
    // The facts are as they were written; the table of who took part is as it counts.
    let document = kept.document();
    let roles = representatives::find::of(app.db.read(), &kept).await?;
    let kept = representatives::credit::settled(kept, &roles.iter().collect::<Vec<_>>());
    let event = &kept.event;
    let groups: Vec<String> = kept
        .participations
        .iter()
        .map(|part| names.get(&part.group).cloned().unwrap_or_else(|| part.group.clone()))
        .collect();
    let facts = facts::facts(&document, &names)
        .into_iter()
        .filter(|fact| !fact.text.is_empty() && !usual(event, fact))
        .filter(|fact| !ELSEWHERE.contains(&fact.label.as_str()) && !groups.contains(&fact.label))
        .collect();
    let page = super::page(&event.title, signed_in, choices)
        .at(&at, false)
        .under("Events", &at)
        .wrong(form.is_wrong())
        .noticed(notice);
    let context = Context {
        here: format!("{at}/{}", event.id),
        title: event.title.clone(),
        kind: event.kind.name(),
        when: when(event),
        whereabouts: whereabouts(&kept, &names),
        status: status_tag(event.status),
        publication: publication_tag(event.publication),
        confirmed: event.confirmed,
        withdrawn: event.withdrawn_at.map(|at| {
            format!("{}: {}", filters::instant(&at), event.withdrawn_reason.clone().unwrap_or_default())
        }),
        cancelled: (event.status == Status::Cancelled)
            .then(|| event.cancelled_reason.clone().unwrap_or_else(|| "No reason is recorded.".into())),
        planned: event.status == Status::Planned && event.starts_on.is_some(),
        what_if: format!("/work/stps/{}/what-if?event={}", choices.stp.code, event.id),
        invited: invited::summary(app, signed_in, event).await?,
        worn: worn(app, &kept, &names).await?,
        limit: app.config.patience.limit(),
        missing: missing(&kept),
        parts: kept.participations.iter().zip(groups).map(part_row).collect(),
        speakers: roles.iter().map(|role| speaker(role, event, &names)).collect(),
        attendance_note: event.attendance_note.clone(),
        closes: closed(app, &kept).await?,
        facts,
        sources: kept.evidence.iter().map(source_row).collect(),
        logged: logged(app, event).await?,
        may_write: signed_in.may(Action::WriteEvents, &choices.stp.code) && event.withdrawn_at.is_none(),
        version: event.version,
        page,
        at,
        form,
        open,
    };
    Ok(app.pages.render_as(status, "pages/events/show.html", &context))
}

fn part_row((part, group): (&crate::events::Part, String)) -> PartRow {
    let said = |people: &Option<crate::events::numbers::Attended>| {
        people.as_ref().map(|n| facts::people(&n.words, n.low.into(), n.high.into())).unwrap_or_default()
    };
    PartRow { group, took_part: part.took_part, attended: said(&part.attended), invited: said(&part.invited) }
}

fn speaker(role: &representative::Model, event: &event::Model, names: &BTreeMap<String, String>) -> Speaker {
    let stand = representatives::stand(role, event.starts_on);
    let held = event.status == Status::Held;
    Speaker {
        office: role.office.clone(),
        group: names.get(&role.group_code).cloned().unwrap_or_else(|| role.group_code.clone()),
        counted: held && stand == Stand::Held,
        why: if held { stand.sentence() } else { "Not counted: the event was not held.".into() },
    }
}

fn source_row(source: &crate::events::Source) -> SourceRow {
    SourceRow {
        url: source.url.clone(),
        label: source.source_type.clone().unwrap_or_else(|| "Source".into()),
        note: source.note.clone().unwrap_or_default(),
    }
}

/// The day or the days; the source's own words where the day is not known.
pub fn when(event: &event::Model) -> String {
    if let Some(words) = &event.date_words {
        return words.clone();
    }
    match (event.starts_on, event.ends_on) {
        (None, _) => "Date not known".into(),
        (Some(starts), Some(ends)) if ends != starts => {
            format!("{} to {}", filters::day(starts), filters::day(ends))
        }
        (Some(starts), _) => filters::day(starts),
    }
}

fn whereabouts(kept: &EventWhole, names: &BTreeMap<String, String>) -> String {
    let mut places: Vec<String> = kept
        .places
        .iter()
        .filter(|placed| placed.listed)
        .map(|placed| names.get(&placed.place).cloned().unwrap_or_else(|| placed.place.clone()))
        .collect();
    if kept.event.online {
        places.push("online".into());
    }
    places.join(", ")
}

/// What a held event should say and does not: the numbers and the level, which rules then cannot tell.
fn missing(kept: &EventWhole) -> Vec<&'static str> {
    let mut missing = Vec::new();
    if kept.event.status == Status::Held {
        if kept.participations.is_empty() {
            missing.push("who took part");
        }
        if kept.participations.iter().all(|part| part.attended.is_none()) {
            missing.push("how many people came");
        }
        if kept.event.level.is_none() {
            missing.push("how people took part");
        }
    }
    missing
}

pub fn status_tag(status: Status) -> Tag {
    let colour = match status {
        Status::Held => "green",
        Status::Planned => "blue",
        Status::Cancelled => "grey",
    };
    Tag { text: status.name(), colour }
}

pub fn publication_tag(publication: Publication) -> Tag {
    let colour = match publication {
        Publication::Public => "white",
        Publication::Withheld => "orange",
        Publication::Unpublished => "yellow",
    };
    Tag { text: publication.name(), colour }
}

/// Who wrote the event down, and when.
async fn logged(app: &Arc<App>, event: &event::Model) -> Result<String, Fault> {
    let db = app.db.read();
    let at = filters::instant(&event.created_at);
    if let Some(import) = &event.import_id {
        let import = import::Entity::find_by_id(import).one(db).await?;
        let file = import.map(|import| import.file_name).unwrap_or_default();
        return Ok(format!("Imported from {file} on {at}"));
    }
    let by = match &event.created_by {
        Some(id) => user::Entity::find_by_id(id).one(db).await?.map(|user| user.name),
        None => None,
    };
    Ok(match by {
        Some(name) => format!("Logged by {name} on {at}"),
        None => format!("Logged on {at}"),
    })
}
