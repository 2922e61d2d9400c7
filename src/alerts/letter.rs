//! The letters: to confirm, to say that one is signed up already, and with what was published. Their links lead straight to
//! the pages; nothing in them tells us whether they were read.

use anyhow::Context as _;
use entity::{
    alert, alert_departure,
    alert_mail::{self, Kind},
    alert_sign_up, edition,
    mailing::Purpose,
    proposal, stp,
};
use sea_orm::{ColumnTrait as _, EntityTrait, QueryFilter as _, sea_query::Expr};
use serde::Serialize;
use serde_json::json;

use super::{
    Wanted, change, digest,
    find::{self, GOOD_FOR},
    news::News,
};
use crate::{
    app::App,
    mail::{Letter, opt_out},
    mailings::{optouts, token},
    outbox::Outbox,
    web::filters,
};

/// Where the mailbox of this machine keeps these letters: no area's staff read who gets alerts.
const FOLDER: &str = "alerts";

/// The mails about alerts.
#[derive(Debug)]
pub struct Alerts;

impl Outbox for Alerts {
    const TABLE: &'static str = "alert_mails";

    async fn letter(&self, app: &App, id: &str) -> anyhow::Result<Option<(String, Letter)>> {
        let Some(mut mail) = alert_mail::Entity::find_by_id(id).one(app.db.read()).await? else {
            return Ok(None);
        };
        let Some(to) = recipient(app, &mut mail).await? else { return Ok(None) };
        let link = token::Key::open(&app.config.store.data, &app.chance)?.token(&mail.id);
        let digest = token::digest(&link);
        let Some(said) = say(app, &mail, &to, &link).await? else { return Ok(None) };
        // Before it is sent: a link that reaches somebody is known.
        alert_mail::Entity::update_many()
            .col_expr(alert_mail::Column::TokenDigest, Expr::value(digest.as_str()))
            .filter(alert_mail::Column::Id.eq(&mail.id))
            .exec(app.db.writer())
            .await?;
        Ok(Some((FOLDER.to_owned(), compose(app, mail, &to, &digest, said))))
    }

    async fn undeliverable(&self, app: &App, id: &str) -> anyhow::Result<()> {
        change::undeliverable(app, id).await
    }
}

/// Who gets a mail.
enum Recipient {
    /// Whoever has this address, if they say that they want it.
    Asked(alert_sign_up::Model),
    Reader(alert::Model),
}

impl Recipient {
    fn address(&self) -> &str {
        match self {
            Self::Asked(row) => &row.address,
            Self::Reader(row) => &row.address,
        }
    }
}

/// Who gets the mail; nobody where its reader left, its sign-up is a day old, or the address is not to be written to.
/// A sign-up of an address that is confirmed already becomes a mail that says so.
async fn recipient(app: &App, mail: &mut alert_mail::Model) -> anyhow::Result<Option<Recipient>> {
    let conn = app.db.read();
    let to = if let Some(id) = &mail.sign_up_id {
        let Some(row) = alert_sign_up::Entity::find_by_id(id).one(conn).await? else { return Ok(None) };
        if app.clock.now() - row.created_at >= GOOD_FOR {
            return Ok(None);
        }
        let known = alert::Entity::find().filter(alert::Column::Address.eq(&row.address)).one(conn).await?;
        match known {
            Some(reader) => {
                is_known(app, mail, &reader, &row).await?;
                Recipient::Reader(reader)
            }
            None => Recipient::Asked(row),
        }
    } else {
        let Some(id) = &mail.alert_id else { return Ok(None) };
        let Some(reader) = alert::Entity::find_by_id(id).one(conn).await? else { return Ok(None) };
        let left = digest(&app.config.store.data, &app.chance, &reader.address)?;
        if alert_departure::Entity::find_by_id(left).one(conn).await?.is_some() {
            return Ok(None);
        }
        Recipient::Reader(reader)
    };
    let stopped = optouts::stopped_everywhere(conn, Purpose::Service, to.address()).await?;
    Ok(Some(to).filter(|_| !stopped))
}

/// Makes the mail of a sign-up one of the reader who is there already.
async fn is_known(
    app: &App,
    mail: &mut alert_mail::Model,
    reader: &alert::Model,
    asked: &alert_sign_up::Model,
) -> anyhow::Result<()> {
    use alert_mail::Column;
    mail.kind = Kind::Known;
    mail.alert_id = Some(reader.id.clone());
    mail.sign_up_id = None;
    let tx = app.db.aside().await?;
    alert_mail::Entity::update_many()
        .col_expr(Column::Kind, Expr::value(mail.kind))
        .col_expr(Column::AlertId, Expr::value(mail.alert_id.clone()))
        .col_expr(Column::SignUpId, Expr::value(None::<String>))
        .filter(Column::Id.eq(&mail.id))
        .exec(&tx)
        .await?;
    alert_sign_up::Entity::delete_by_id(&asked.id).exec(&tx).await?;
    Ok(tx.commit().await?)
}

/// What a letter says.
struct Said {
    subject: String,
    text: String,
    html: String,
    unsubscribe: Option<String>,
}

/// What the templates are filled with.
#[derive(Default, Serialize)]
struct View {
    subject: String,
    /// What was chosen, in words.
    names: Vec<String>,
    often: &'static str,
    reports: Vec<Report>,
    proposals: Vec<Proposal>,
    /// The page that the link of the letter leads to.
    link: String,
}

#[derive(Serialize)]
struct Report {
    title: String,
    edition: i32,
    as_at: String,
    published: String,
    href: String,
    /// Where it says what changed since the edition before; empty for a first one.
    changes: String,
}

#[derive(Serialize)]
struct Proposal {
    title: String,
    area: String,
    what: Vec<String>,
    href: String,
}

/// What the mail says; nothing where all that it tells of was taken back.
async fn say(
    app: &App,
    mail: &alert_mail::Model,
    to: &Recipient,
    link: &str,
) -> anyhow::Result<Option<Said>> {
    let base = app.config.face.base();
    let name = &app.config.face.service_name;
    let at = match to {
        Recipient::Asked(_) => format!("{base}/updates/confirmations/{link}"),
        Recipient::Reader(_) => format!("{base}/updates/{link}"),
    };
    let wanted: Wanted = match to {
        Recipient::Asked(row) => serde_json::from_str(&row.choices)?,
        Recipient::Reader(row) => find::wanted(app.db.read(), row).await?,
    };
    let mut view = View {
        names: wanted.names(&find::offered(app.db.read()).await?),
        often: wanted.often.name(),
        link: at.clone(),
        ..View::default()
    };
    let template = match mail.kind {
        Kind::SignUp => {
            view.subject = format!("Confirm that you want email updates from {name}");
            "alert_confirm"
        }
        Kind::Known => {
            view.subject = format!("You get email updates from {name} already");
            "alert_known"
        }
        Kind::Publication | Kind::Gathered => {
            let news = match &mail.edition_id {
                Some(id) => News { editions: vec![id.clone()], proposals: Vec::new() },
                None => serde_json::from_str(&mail.news)?,
            };
            view.reports = reports(app, &base, &news).await?;
            view.proposals = proposals(app, &base, &news).await?;
            let Some(subject) = subject(&view) else { return Ok(None) };
            view.subject = subject;
            "alert"
        }
    };
    let model = json!({ "alert": view });
    Ok(Some(Said {
        text: app.pages.text(&format!("mail/{template}/body.txt"), &model)?,
        html: app.pages.text(&format!("mail/{template}/body.html"), &model)?,
        subject: view.subject,
        unsubscribe: matches!(to, Recipient::Reader(_)).then_some(at),
    }))
}

fn subject(view: &View) -> Option<String> {
    let count =
        |number: usize, one, many| filters::count(i64::try_from(number).unwrap_or(i64::MAX), one, Some(many));
    let reports = || count(view.reports.len(), "new report", "new reports");
    let proposals = || count(view.proposals.len(), "proposal has changed", "proposals have changed");
    match (view.reports.as_slice(), view.proposals.as_slice()) {
        ([], []) => None,
        ([report], []) => Some(format!("New report: {}, edition {}", report.title, report.edition)),
        ([], [proposal]) => Some(format!("What the record says has changed: {}", proposal.title)),
        (_, []) => Some(reports()),
        ([], _) => Some(proposals()),
        (_, _) => Some(format!("{}, {}", reports(), proposals())),
    }
}

async fn reports(app: &App, base: &str, news: &News) -> anyhow::Result<Vec<Report>> {
    let mut all = Vec::new();
    for id in &news.editions {
        let edition = edition::Entity::find_by_id(id).one(app.db.read()).await?;
        let Some(edition) = edition.filter(|edition| edition.withdrawn_at.is_none()) else { continue };
        let href = format!("{base}/reports/{}/{}", edition.slug, edition.number);
        all.push(Report {
            title: one_line(&edition.title),
            edition: edition.number,
            as_at: filters::day(edition.as_at),
            published: filters::day(
                edition.published_at.with_timezone(&chrono_tz::Europe::London).date_naive(),
            ),
            changes: if edition.changes == "null" { String::new() } else { format!("{href}#changed") },
            href,
        });
    }
    Ok(all)
}

async fn proposals(app: &App, base: &str, news: &News) -> anyhow::Result<Vec<Proposal>> {
    let mut all = Vec::new();
    for changed in &news.proposals {
        let row = proposal::Entity::find_by_id(&changed.id).one(app.db.read()).await?;
        // Taken away since: it has no page.
        let Some(row) = row else { continue };
        let stp = stp::Entity::find_by_id(&row.stp_code).one(app.db.read()).await?;
        all.push(Proposal {
            title: one_line(&row.title),
            area: stp.context("the STP is gone")?.display_name,
            what: changed.what.clone(),
            href: format!("{base}/proposals/{}", row.id),
        });
    }
    Ok(all)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn compose(app: &App, mail: alert_mail::Model, to: &Recipient, digest: &str, said: Said) -> Letter {
    let own = app.senders.own();
    let path = own.return_path.as_ref();
    let mailbox = opt_out::mailbox(&app.config, own);
    let asked = said.unsubscribe.as_ref().and_then(|_| opt_out::link(path, mailbox, &mail.id, digest));
    Letter {
        attachments: Vec::new(),
        signer: own.signer.clone(),
        return_path: path.and_then(|path| path.of(&mail.id, digest)),
        unsubscribe_mail: asked,
        id: mail.id,
        from: own.from.clone(),
        reply_to: own.reply_to.clone(),
        to_name: None,
        to: to.address().to_owned(),
        subject: said.subject,
        text: said.text,
        html: said.html,
        at: mail.created_at,
        unsubscribe: said.unsubscribe,
    }
}
