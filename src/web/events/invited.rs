//! Who was invited to an event and what they answer: on the event's page, as a list, and as a file for the day.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::header,
    response::{IntoResponse as _, Redirect, Response},
};
use chrono::NaiveDate;
use chrono_tz::Europe::London;
use entity::{event, mailing::FollowUp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{at, choices};
use crate::{
    app::App,
    auth::{Action, SignedIn},
    events::find,
    export::{self, Book, Cell, Column, Kind, Table},
    fault::Fault,
    incoming_mail,
    invitations::{
        Told, follow_up,
        list::{self, Invitee, Standing},
        may_invite,
    },
    journal::Entry,
    web::{filters, page::Page, request::RequestId},
};

/// How many a page shows.
const PAGE: usize = 50;

/// A number of people with what they have in common.
#[derive(Serialize)]
struct Count {
    label: &'static str,
    number: usize,
    /// Those people, or empty.
    href: String,
}

/// What the event's page says of who was invited.
#[derive(Serialize)]
pub struct Summary {
    /// Nobody has been invited yet.
    none: bool,
    counts: Vec<Count>,
    /// How many take the event for what it was.
    misled: usize,
    /// The mailing that is on its way to tell them, or empty.
    telling: String,
    /// The list; empty for who may not see names.
    at: String,
    /// Mail that came back about the invitations, and where it is; empty for who may not see it.
    came_back: u64,
    incoming: String,
    /// Writes an invitation; empty where nobody can be invited or who looks may not.
    invite: String,
    may_write: bool,
}

fn mailings(stp: &str) -> String {
    format!("/work/stps/{stp}/mailings")
}

fn counted(all: &[Invitee], here: &str) -> Vec<Count> {
    let counts = list::counts(all).into_iter();
    let shown = counts.filter(|(standing, number)| *number > 0 || *standing != Standing::NotReached);
    let href = |standing: Standing| match here {
        "" => String::new(),
        here => format!("{here}?standing={}", standing.code()),
    };
    shown.map(|(standing, number)| Count { label: standing.name(), number, href: href(standing) }).collect()
}

/// How many take the event for what it was. After its last day that is of no use to them.
fn misled(all: &[Invitee], told: &Told, today: NaiveDate) -> usize {
    if told.is_over(today) { 0 } else { all.iter().filter(|one| one.is_misled()).count() }
}

/// What the event's page says. None for an event to which nobody was, or can be, invited.
pub async fn summary(
    app: &App,
    signed_in: &SignedIn,
    event: &event::Model,
) -> Result<Option<Summary>, Fault> {
    let conn = app.db.read();
    let told = Told::of(conn, event).await?;
    let all = list::invited(conn, &event.id, &told).await?;
    let stp = &event.stp_code;
    let may_write = signed_in.may(Action::WriteMailings, stp);
    let invites = may_write && may_invite(event, app.clock.today());
    if all.is_empty() && !invites {
        return Ok(None);
    }
    let may_read = signed_in.may(Action::ReadStakeholders, stp);
    let list_at = if may_read { format!("{}/{}/invited", at(stp), event.id) } else { String::new() };
    let telling = follow_up::open(conn, &event.id, FollowUp::Change).await?;
    let about = incoming_mail::About::Event(event.id.clone());
    let came_back = if may_read { incoming_mail::about(conn, stp, &about).await? } else { 0 };
    Ok(Some(Summary {
        none: all.is_empty(),
        counts: counted(&all, &list_at),
        misled: misled(&all, &told, app.clock.today()),
        telling: telling.map(|open| format!("{}/{}", mailings(stp), open.id)).unwrap_or_default(),
        at: list_at,
        came_back,
        incoming: format!("/work/stps/{stp}/incoming-mail?show=all&event={}", event.id),
        invite: if invites { format!("{}/new?event={}", mailings(stp), event.id) } else { String::new() },
        may_write,
    }))
}

#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    standing: String,
    after: Option<String>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    organisation: String,
    /// Their page among the stakeholders, or empty.
    href: String,
    address: String,
    standing: &'static str,
    colour: &'static str,
    support: String,
    /// When they answered, or were invited.
    when: String,
    /// They answered to how the event was.
    answered_before: bool,
    misled: bool,
}

#[derive(Serialize)]
struct Context {
    page: Page,
    here: String,
    event: String,
    when: String,
    counts: Vec<Count>,
    total: usize,
    /// What is shown: one standing, or all.
    standing: String,
    standing_name: &'static str,
    rows: Vec<Row>,
    next: String,
    first: String,
    /// How many a reminder would be for.
    unanswered: usize,
    /// The reminder that is not over, or empty.
    reminding: String,
    may_remind: bool,
    reminders: String,
    invite: String,
    /// How many names the file would hold.
    file_rows: usize,
}

pub async fn index(
    State(app): State<Arc<App>>,
    Path((stp, id)): Path<(String, String)>,
    signed_in: SignedIn,
    request: RequestId,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let choices = choices(&app, &stp).await?;
    let conn = app.db.read();
    let event = find::whole(conn, &stp, &id).await?.ok_or(Fault::NotFound)?.event;
    let told = Told::of(conn, &event).await?;
    let all = list::invited(conn, &id, &told).await?;
    let here = format!("{}/{id}/invited", at(&stp));
    let counts = counted(&all, &here);
    let count = |standing| all.iter().filter(|one| one.standing == standing).count();
    let (total, unanswered) = (all.len(), count(Standing::Unanswered));
    let standing = Standing::parse(&asked.standing);
    let chosen: Vec<&Invitee> =
        all.iter().filter(|one| standing.is_none_or(|standing| one.standing == standing)).collect();
    let from = match &asked.after {
        Some(after) => chosen.iter().position(|one| one.delivery.id == *after).map_or(0, |at| at + 1),
        None => 0,
    };
    let shown: Vec<&Invitee> = chosen.iter().skip(from).take(PAGE).copied().collect();
    if !shown.is_empty() {
        let ids: Vec<&str> = shown.iter().map(|one| one.delivery.id.as_str()).collect();
        note(&app, &signed_in, &request, &event, "read", &json!({ "shown": ids, "page": "invited" })).await?;
    }
    let page_of =
        |after: &str| format!("{here}?standing={}&after={after}", standing.map_or("", Standing::code));
    let invites = may_invite(&event, app.clock.today());
    let may_write = signed_in.may(Action::WriteMailings, &stp);
    let reminding = follow_up::open(conn, &id, FollowUp::Reminder).await?;
    let context = Context {
        page: super::page("Who was invited", &signed_in, &choices)
            .at(&at(&stp), false)
            .under("Events", at(&stp))
            .under(&event.title, format!("{}/{id}", at(&stp))),
        next: shown
            .last()
            .filter(|_| from + PAGE < chosen.len())
            .map_or_else(String::new, |last| page_of(&last.delivery.id)),
        first: if from > 0 { page_of("") } else { String::new() },
        rows: shown.into_iter().map(|one| row(one, &stp, told.is_over(app.clock.today()))).collect(),
        here,
        event: event.title.clone(),
        when: told.when(),
        counts,
        total,
        standing: standing.map_or("", Standing::code).to_owned(),
        standing_name: standing.map_or("", Standing::name),
        unanswered,
        reminding: reminding.map(|open| format!("{}/{}", mailings(&stp), open.id)).unwrap_or_default(),
        may_remind: may_write && invites,
        reminders: format!("{}/{id}/reminders", at(&stp)),
        invite: if may_write && invites {
            format!("{}/new?event={id}", mailings(&stp))
        } else {
            String::new()
        },
        file_rows: total,
    };
    Ok(app.pages.render("pages/events/invited.html", &context))
}

fn row(one: &Invitee, stp: &str, over: bool) -> Row {
    let id = one.delivery.stakeholder_id.as_ref();
    let (name, organisation) = (one.name(), one.values().organisation.unwrap_or_default());
    let when = match (&one.answer, one.invited_at) {
        (Some(answer), _) => format!("Answered {}", filters::instant(&answer.updated_at)),
        (None, Some(at)) => format!("Invited {}", filters::instant(&at)),
        (None, None) => String::new(),
    };
    Row {
        organisation: if organisation == name { String::new() } else { organisation },
        name,
        href: id.map(|id| format!("/work/stps/{stp}/stakeholders/{id}")).unwrap_or_default(),
        address: one.delivery.address.clone(),
        standing: one.standing.name(),
        colour: match one.standing {
            Standing::Yes => "green",
            Standing::Support => "blue",
            Standing::No => "grey",
            Standing::Unanswered => "yellow",
            Standing::NotReached => "orange",
        },
        support: one.answer.as_ref().and_then(|answer| answer.support.clone()).unwrap_or_default(),
        when,
        answered_before: one.answered_before && !over,
        misled: one.is_misled() && !over,
    }
}

/// The list as a file: who is expected, with an empty column to mark who came.
pub async fn file(
    State(app): State<Arc<App>>,
    Path((stp, id)): Path<(String, String)>,
    signed_in: SignedIn,
    request: RequestId,
) -> Result<Response, Fault> {
    let conn = app.db.read();
    let event = find::whole(conn, &stp, &id).await?.ok_or(Fault::NotFound)?.event;
    let told = Told::of(conn, &event).await?;
    let all = list::invited(conn, &id, &told).await?;
    let ids: Vec<&str> = all.iter().map(|one| one.delivery.id.as_str()).collect();
    note(&app, &signed_in, &request, &event, "export", &json!({ "shown": ids, "page": "invited" })).await?;
    let column = |key: &str, title: &str, kind| Column::new(key, title, kind);
    let columns = vec![
        column("name", "Person or office", Kind::Text),
        column("organisation", "Organisation", Kind::Text),
        column("group", "Group", Kind::Text),
        column("email", "Email address", Kind::Text),
        column("answer", "Answer, as a code", Kind::Text),
        column("answer_words", "Answer", Kind::Text),
        column("support", "Support they need to take part", Kind::Text),
        column("answered_on", "Day of the answer", Kind::Day),
        column("answered_before_change", "Whether the event has changed since they answered", Kind::YesNo),
        column("came", "Whether they came: filled in on the day", Kind::Text),
    ];
    let mut rows: Vec<&Invitee> = all.iter().collect();
    // Those who come first: it is read at the door.
    rows.sort_by_key(|one| one.standing);
    let rows = rows.into_iter().map(cells).collect();
    let table =
        Table { name: "invited".into(), title: event.title.clone(), notes: Vec::new(), columns, rows };
    let book = Book {
        title: event.title.clone(),
        as_at: app.clock.today(),
        facts: Vec::new(),
        notes: Vec::new(),
        tables: vec![table],
    };
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"invited.csv\""),
    ];
    Ok((headers, export::csv::write(&book)?).into_response())
}

fn cells(one: &Invitee) -> Vec<Cell> {
    let values = one.values();
    let answer = one.answer.as_ref();
    vec![
        Cell::text(one.delivery.display_name.clone().unwrap_or_default()),
        Cell::text(values.organisation.unwrap_or_default()),
        Cell::text(values.group.unwrap_or_default()),
        Cell::text(one.delivery.address.clone()),
        Cell::text(one.standing.code()),
        Cell::text(one.standing.name()),
        Cell::text(answer.and_then(|answer| answer.support.clone()).unwrap_or_default()),
        Cell::day(answer.map(|answer| answer.updated_at.with_timezone(&London).date_naive())),
        answer.map_or(Cell::Empty, |_| Cell::Yes(one.answered_before)),
        Cell::Empty,
    ]
}

/// Begins a reminder to those who have not answered.
pub async fn remind(
    State(app): State<Arc<App>>,
    Path((stp, id)): Path<(String, String)>,
    signed_in: SignedIn,
    request: RequestId,
) -> Result<Redirect, Fault> {
    let event = find::one(app.db.read(), &stp, &id).await?.ok_or(Fault::NotFound)?.event;
    if !may_invite(&event, app.clock.today()) {
        return Err(Fault::Conflict("The event is over or does not take place: nobody is reminded.".into()));
    }
    begin(&app, &signed_in, &request, &event, FollowUp::Reminder).await
}

/// Begins a mailing that says how the event is now.
pub async fn tell(
    State(app): State<Arc<App>>,
    Path((stp, id)): Path<(String, String)>,
    signed_in: SignedIn,
    request: RequestId,
) -> Result<Redirect, Fault> {
    let event = find::whole(app.db.read(), &stp, &id).await?.ok_or(Fault::NotFound)?.event;
    if Told::of(app.db.read(), &event).await?.is_over(app.clock.today()) {
        return Err(Fault::Conflict("The event is over: there is nothing left to tell.".into()));
    }
    begin(&app, &signed_in, &request, &event, FollowUp::Change).await
}

async fn begin(
    app: &App,
    signed_in: &SignedIn,
    request: &RequestId,
    event: &event::Model,
    which: FollowUp,
) -> Result<Redirect, Fault> {
    let mut w = app.write(signed_in, request).await?;
    let (mailing, new) = follow_up::begin(&mut w, &event.stp_code, event, which, &signed_in.user_id).await?;
    if new {
        w.commit().await?;
    }
    let said = if new { "?said=begun" } else { "" };
    Ok(Redirect::to(&format!("{}/{}{said}", mailings(&event.stp_code), mailing.id)))
}

/// Journals whom a page or a file shows.
async fn note(
    app: &App,
    signed_in: &SignedIn,
    request: &RequestId,
    event: &event::Model,
    action: &str,
    shown: &serde_json::Value,
) -> Result<(), Fault> {
    let mut w = app.write(signed_in, request).await?;
    w.record(Entry {
        action,
        table: "invitation_answers",
        id: &event.id,
        stp: Some(&event.stp_code),
        before: None,
        after: Some(shown.clone()),
    });
    w.commit().await?;
    Ok(())
}
