//! A mailing's letter as any recipient reads it.

use std::sync::Arc;

use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use entity::{delivery, mailing, stp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    address, base,
    files::Files,
    known,
    show::{Choice, called, reading},
};
use crate::{
    app::App,
    approaches::Limit,
    auth::{Action, SignedIn},
    fault::Fault,
    invitations::Invitation,
    journal::Entry,
    mail::Outcome,
    mailings::{
        audience::{self, Audience},
        files, find,
        letter::{Links, Sheet, View},
        merge::Values,
        sample,
        worn::{self, Worn},
    },
    web::{form::Typed, page::Page, request::RequestId, staff, stakeholders::done},
};

#[derive(Deserialize)]
pub struct As {
    /// The stakeholder to preview as, or the delivery once frozen.
    r#as: Option<String>,
    said: Option<String>,
}

#[derive(Serialize)]
struct Preview {
    page: Page,
    at: String,
    /// Everyone it can be previewed as: at most a page of them.
    choices: Vec<Choice>,
    chosen: String,
    to: String,
    from: String,
    reply_to: String,
    letter: Option<View>,
    files: Files,
    text: String,
    html: String,
    one_click: bool,
    problem: String,
    /// Where a sample would be sent: to whoever looks, if they may write.
    myself: String,
    /// Why a sample was not sent.
    not_sent: String,
    /// Who was asked so often lately that this mailing would be too much.
    worn: Vec<Worn>,
    limit: Limit,
}

/// The recipients of a draft whom it would ask once too often.
async fn worn_of(app: &App, mailing: &mailing::Model, stp: &stp::Model) -> Result<Vec<Worn>, Fault> {
    if mailing.frozen_at.is_some() {
        return Ok(Vec::new());
    }
    let known = known(app, mailing).await?;
    let audience = audience::gather(app.db.read(), mailing, stp, &known).await?;
    Ok(worn::worn(app.db.read(), &audience, app.config.patience.limit(), app.clock.today()).await?)
}

/// Someone whom the letter is previewed for.
struct Reader {
    id: String,
    title: String,
    to: String,
    values: Values,
}

pub async fn preview(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    Query(asked): Query<As>,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mailing = find::one(app.db.read(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    let mut view = view(&app, &signed_in, &request, &stp, mailing, asked.r#as.as_deref()).await?;
    if asked.said.as_deref() == Some("sampled") {
        let sent = done("The sample is on its way", &format!("It went to {}.", view.myself));
        view.page = view.page.noticed(Some(sent));
    }
    Ok(app.pages.render("pages/mailings/preview.html", &view))
}

/// Sends whoever is writing a mailing its letter as one of its recipients reads it.
pub async fn sample(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    request: RequestId,
    Path((code, id)): Path<(String, String)>,
    typed: Typed,
) -> Result<Response, Fault> {
    let stp = staff::stp(&app, &code).await?;
    let mailing = find::one(app.db.read(), &stp.code, &id).await?.ok_or(Fault::NotFound)?;
    let reader = typed.text("as");
    let readers = readers(&app, &mailing, &stp, Some(reader)).await?;
    let values = &readers.iter().find(|one| one.id == reader).ok_or(Fault::NotFound)?.values;
    let invitation = Invitation::as_frozen(app.db.read(), &mailing).await?;
    let files = files::enclosed(app.db.read(), &mailing).await?;
    let sheet = Sheet::new(mailing.clone(), stp.clone()).map_err(Fault::BadRequest)?;
    let sheet = sheet.inviting(invitation).enclosing(files);
    // Before a word is said to a server.
    let mut w = app.write(&signed_in, &request).await?;
    w.record(Entry {
        action: "sample",
        table: "mailings",
        id: &mailing.id,
        stp: Some(&stp.code),
        before: None,
        after: Some(json!({ "as": reader })),
    });
    w.commit().await?;
    let why = match sample::send(&app, &sheet, values, &signed_in.email).await? {
        Outcome::Accepted(_) => {
            let at = format!("{}/{}/preview?as={reader}&said=sampled", address(&stp), mailing.id);
            return Ok(Redirect::to(&at).into_response());
        }
        Outcome::Deferred(why)
        | Outcome::Rejected { answer: why, .. }
        | Outcome::Uncertain(why)
        | Outcome::Unreached(why) => why,
    };
    let mut view = view(&app, &signed_in, &request, &stp, mailing, Some(reader)).await?;
    view.not_sent = why;
    view.page = view.page.wrong(true);
    Ok(app.pages.render_as(StatusCode::SERVICE_UNAVAILABLE, "pages/mailings/preview.html", &view))
}

async fn view(
    app: &App,
    signed_in: &SignedIn,
    request: &RequestId,
    stp: &stp::Model,
    mailing: mailing::Model,
    asked: Option<&str>,
) -> Result<Preview, Fault> {
    let readers = readers(app, &mailing, stp, asked).await?;
    let chosen = match asked {
        Some(id) => Some(readers.iter().find(|reader| reader.id == *id).ok_or(Fault::NotFound)?),
        None => readers.first(),
    };
    let ids: Vec<String> = readers.iter().map(|reader| reader.id.clone()).collect();
    let table = if mailing.frozen_at.is_some() { "deliveries" } else { "stakeholders" };
    reading(&mailing, table).note(app, signed_in, request, &ids).await?;
    let from = app.senders.of(mailing.sender.as_deref(), &stp.code, mailing.sent_from.as_deref());
    let at = format!("{}/{}", address(stp), mailing.id);
    let mut model = Preview {
        page: base("Preview", signed_in, stp, false)
            .under("Mailings", address(stp))
            .under(mailing.subject.clone(), &at),
        at,
        choices: readers
            .iter()
            .map(|reader| Choice { value: reader.id.clone(), label: reader.title.clone() })
            .collect(),
        chosen: chosen.map(|reader| reader.id.clone()).unwrap_or_default(),
        to: chosen.map(|reader| reader.to.clone()).unwrap_or_default(),
        from: from.as_ref().map_or_else(ToString::to_string, |from| from.title()),
        reply_to: from.as_ref().map(|from| from.reply_title()).unwrap_or_default(),
        letter: None,
        files: Files::of(&mailing),
        text: String::new(),
        html: String::new(),
        one_click: false,
        problem: String::new(),
        myself: if signed_in.may(Action::WriteMailings, &stp.code) {
            signed_in.email.clone()
        } else {
            String::new()
        },
        not_sent: String::new(),
        worn: worn_of(app, &mailing, stp).await?,
        limit: app.config.patience.limit(),
    };
    if let Some(reader) = chosen {
        // The real link is the recipient's alone.
        let base = app.config.face.base();
        let [out, answer, me] = ["u", "rsvp", "me"].map(|of| format!("{base}/{of}/…"));
        let links = Links { out: &out, answer: &answer, me: &me };
        let invitation = Invitation::as_frozen(app.db.read(), &mailing).await?;
        let sheet = Sheet::new(mailing, stp.clone()).map(|sheet| sheet.inviting(invitation));
        match sheet.and_then(|sheet| Ok((sheet.may_opt_out(), sheet.view(&reader.values, links)?))) {
            Ok((may_opt_out, view)) => {
                let content = view.content(&app.pages)?;
                model.text = content.text;
                model.html = content.html;
                model.one_click = may_opt_out;
                model.letter = Some(view);
            }
            Err(problem) => model.problem = problem,
        }
    }
    Ok(model)
}

/// Whom the mailing can be previewed as: some of its recipients, and the one who is asked for.
async fn readers(
    app: &App,
    mailing: &mailing::Model,
    stp: &stp::Model,
    asked: Option<&str>,
) -> Result<Vec<Reader>, Fault> {
    let shown = usize::try_from(find::PAGE).unwrap_or(usize::MAX);
    let conn = app.db.read();
    if mailing.frozen_at.is_none() {
        let known = known(app, mailing).await?;
        let Audience { to, .. } = audience::gather(conn, mailing, stp, &known).await?;
        let keep = |(place, recipient): &(usize, audience::Recipient)| {
            *place < shown || asked == Some(recipient.stakeholder.id.as_str())
        };
        let kept = to.into_iter().enumerate().filter(keep);
        return Ok(kept
            .map(|(_, recipient)| Reader {
                title: audience::title(&recipient.stakeholder),
                to: mailbox(recipient.stakeholder.name.as_deref(), &recipient.address),
                id: recipient.stakeholder.id,
                values: recipient.values,
            })
            .collect());
    }
    let (mut rows, _) = find::ledger(conn, &mailing.id, &find::Which::default(), None).await?;
    if let Some(asked) = asked
        && !rows.iter().any(|row| row.id == asked)
    {
        rows.extend(find::delivery(conn, &mailing.id, asked).await?);
    }
    rows.retain(|row| row.state != delivery::State::Excluded);
    rows.into_iter()
        .map(|row| {
            let values: Values = serde_json::from_str(&row.merge).map_err(anyhow::Error::from)?;
            Ok(Reader {
                title: called(&row),
                to: mailbox(row.display_name.as_deref(), &row.address),
                id: row.id,
                values,
            })
        })
        .collect()
}

fn mailbox(name: Option<&str>, address: &str) -> String {
    name.map_or_else(|| address.to_owned(), |name| format!("{name} <{address}>"))
}
