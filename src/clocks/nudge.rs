//! Nudges: mail to who has something to do, four weeks before it falls due, one week before, on the day, and to the lead
//! a week after.
//!
//! ```text
//! once a day, from 7 o'clock: clocks of every STP ─► the last step reached of each ─► not told of yet?
//!     ─► one transaction: a nudge (unique), a digest for each person (one a day), the journal
//! digest ─► outbox: claimed, sent, answered, never sent twice
//! ```
//!
//! A step that was slept through is not made up for: of each clock the last step reached is told, once. So after any
//! time of standing still everybody gets one mail.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use chrono::{Days, NaiveDate, Timelike as _};
use chrono_tz::Europe::London;
use entity::{
    digest,
    nudge::{self, Step},
    stp, user,
    user::Role,
    user_stp,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel as _,
    QueryFilter as _, QueryOrder as _, sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    due::{Clock, State},
    load::{self, Seen},
};
use crate::{
    app::App,
    journal::{Actor, Entry},
    mail::Letter,
    outbox::{Outbox, Sender},
    web::filters,
};

/// The hour of the day, in England, from which people are written to.
const FROM: u32 = 7;
/// Lines that a mail holds; the rest is told as a number.
const LINES: usize = 40;

/// One thing that a mail tells of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub stp: String,
    /// The STP's name.
    pub area: String,
    pub what: String,
    pub about: String,
    pub due_on: NaiveDate,
    pub step: Step,
}

/// The day of a step of something that falls due.
pub fn day_of(step: Step, due_on: NaiveDate) -> NaiveDate {
    let before = |days| due_on.checked_sub_days(Days::new(days)).unwrap_or(NaiveDate::MIN);
    match step {
        Step::FourWeeks => before(28),
        Step::OneWeek => before(7),
        Step::Day => due_on,
        Step::Lead => due_on.checked_add_days(Days::new(7)).unwrap_or(NaiveDate::MAX),
    }
}

/// The last step that a clock has reached, if any: none before it could be done at all.
pub fn reached(clock: &Clock, today: NaiveDate) -> Option<Step> {
    if clock.state(today) == State::Late {
        return None;
    }
    let began = |step: &&Step| clock.since.is_none_or(|since| day_of(**step, clock.due_on) >= since);
    let reached = |step: &&Step| day_of(**step, clock.due_on) <= today;
    Step::ALL.iter().rev().find(reached).filter(began).copied()
}

/// Who can be written to, by STP.
#[derive(Default)]
struct Offices {
    officers: HashMap<String, BTreeSet<String>>,
    leads: HashMap<String, BTreeSet<String>>,
}

impl Offices {
    /// The accounts that are not disabled.
    async fn read(db: &impl ConnectionTrait) -> Result<Self, DbErr> {
        let users = user::Entity::find().filter(user::Column::DisabledAt.is_null()).all(db).await?;
        let roles: HashMap<String, Role> = users.into_iter().map(|user| (user.id, user.role)).collect();
        let mut offices = Self::default();
        for own in user_stp::Entity::find().all(db).await? {
            let of = match roles.get(&own.user_id) {
                Some(Role::Officer) => &mut offices.officers,
                Some(Role::Lead) => &mut offices.leads,
                _ => continue,
            };
            of.entry(own.stp_code).or_default().insert(own.user_id);
        }
        Ok(offices)
    }

    /// Whose it is: who logged it, where they still work for the area; else its officers; a week after, its leads.
    fn owners(&self, area: &str, step: Step, logger: Option<&String>) -> BTreeSet<String> {
        let nobody = BTreeSet::new();
        let officers = self.officers.get(area).unwrap_or(&nobody);
        let leads = self.leads.get(area).unwrap_or(&nobody);
        let logger = logger.filter(|id| officers.contains(*id) || leads.contains(*id));
        let (first, second) = match (step, logger) {
            (Step::Lead, _) => (leads.clone(), officers),
            (_, Some(id)) => (BTreeSet::from([id.clone()]), officers),
            (_, None) => (officers.clone(), leads),
        };
        if first.is_empty() { second.clone() } else { first }
    }
}

/// One thing to tell, and whom.
struct Nudge {
    stp: String,
    clock_key: String,
    told: Told,
    to: BTreeSet<String>,
}

/// Whether the day has come far enough to write to people.
pub fn is_time(app: &App) -> bool {
    app.clock.now().with_timezone(&London).hour() >= FROM
}

/// Puts down what is to be told today, and to whom. Gives how many mails it makes; none when it was done today already.
pub async fn gather(app: &Arc<App>) -> anyhow::Result<usize> {
    let today = app.clock.today();
    let found = untold(app, today).await?;
    if found.is_empty() {
        return Ok(0);
    }
    let mut w = app.write_as(Actor::System, "nudges").await?;
    let at = w.origin().at;
    // Whoever has had their mail of today is told tomorrow.
    let written: HashSet<String> = digest::Entity::find()
        .filter(digest::Column::DayOn.eq(today))
        .all(w.tx())
        .await?
        .into_iter()
        .map(|digest| digest.user_id)
        .collect();
    let mut mails: BTreeMap<String, Vec<Told>> = BTreeMap::new();
    let mut by_stp: BTreeMap<String, Vec<serde_json::Value>> = BTreeMap::new();
    for nudge in found {
        if nudge.to.iter().any(|id| written.contains(id)) {
            continue;
        }
        let row = nudge::Model {
            id: w.id(),
            stp_code: nudge.stp.clone(),
            clock_key: nudge.clock_key.clone(),
            step: nudge.told.step,
            created_at: at,
        };
        let unique = [nudge::Column::StpCode, nudge::Column::ClockKey, nudge::Column::Step];
        let added = nudge::Entity::insert(row.into_active_model().reset_all())
            .on_conflict(OnConflict::columns(unique).do_nothing().to_owned())
            .exec_without_returning(w.tx())
            .await?;
        // Another worker has told of it in the meantime.
        if added == 0 {
            continue;
        }
        by_stp.entry(nudge.stp).or_default().push(json!({
            "clock": nudge.clock_key, "step": nudge.told.step, "to": nudge.to,
        }));
        for id in nudge.to {
            mails.entry(id).or_default().push(nudge.told.clone());
        }
    }
    if mails.is_empty() {
        return Ok(0);
    }
    let number = mails.len();
    for (user_id, lines) in mails {
        let row = digest::Model {
            id: w.id(),
            user_id,
            day_on: today,
            lines: serde_json::to_string(&lines)?,
            state: digest::State::Queued,
            attempts: 0,
            next_attempt_at: at,
            claim: None,
            claimed_at: None,
            server_answer: None,
            created_at: at,
            updated_at: at,
        };
        digest::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(w.tx()).await?;
    }
    for (code, nudges) in by_stp {
        let id = format!("{code} {today}");
        let after = Some(json!({ "day": today, "nudges": nudges }));
        w.record(Entry { action: "nudge", table: "nudges", id: &id, stp: Some(&code), before: None, after });
    }
    w.commit().await?;
    Ok(number)
}

/// What is to be told today and was not told yet, in the order of its day.
async fn untold(app: &Arc<App>, today: NaiveDate) -> anyhow::Result<Vec<Nudge>> {
    let db = app.db.read();
    let offices = Offices::read(db).await?;
    let mut found = Vec::new();
    for stp in stp::Entity::find().order_by_asc(stp::Column::Code).all(db).await? {
        // Nobody works here yet: whoever comes is told then.
        if !offices.officers.contains_key(&stp.code) && !offices.leads.contains_key(&stp.code) {
            continue;
        }
        let Some(clocks) = load::clocks(db, &stp.code, today, Seen::ByStaff).await? else { continue };
        let known: HashSet<(String, Step)> = nudge::Entity::find()
            .filter(nudge::Column::StpCode.eq(&stp.code))
            .all(db)
            .await?
            .into_iter()
            .map(|nudge| (nudge.clock_key, nudge.step))
            .collect();
        let loggers = load::loggers(db, &stp.code).await?;
        for clock in &clocks.all {
            let Some(step) = reached(clock, today) else { continue };
            let clock_key = format!("{} {}", clock.key(), clock.due_on);
            if known.contains(&(clock_key.clone(), step)) {
                continue;
            }
            let logger = clock.event.as_ref().and_then(|event| loggers.get(event)).map(|(id, _)| id);
            let to = offices.owners(&stp.code, step, logger);
            let told = Told {
                stp: stp.code.clone(),
                area: stp.display_name.clone(),
                what: clock.what.name().to_owned(),
                about: clock.about.clone(),
                due_on: clock.due_on,
                step,
            };
            found.push(Nudge { stp: stp.code.clone(), clock_key, told, to });
        }
    }
    found.sort_by(|a, b| (&a.stp, a.told.due_on).cmp(&(&b.stp, b.told.due_on)));
    Ok(found)
}

/// Sends the mails that are due. Gives how many were handed over.
pub async fn send(app: &Arc<App>) -> anyhow::Result<usize> {
    Sender::new(Digests).send(app).await
}

/// The mails that tell staff what falls due.
#[derive(Debug)]
struct Digests;

impl Outbox for Digests {
    const TABLE: &'static str = "digests";

    async fn letter(&self, app: &App, id: &str) -> anyhow::Result<Option<(String, Letter)>> {
        match digest::Entity::find_by_id(id).one(app.db.read()).await? {
            Some(digest) => letter(app, &digest).await,
            None => Ok(None),
        }
    }
}

/// The letter, and the mailbox that keeps it; none for an account that was disabled since.
async fn letter(app: &App, digest: &digest::Model) -> anyhow::Result<Option<(String, Letter)>> {
    let user = user::Entity::find_by_id(&digest.user_id).one(app.db.read()).await?;
    let Some(user) = user.filter(|user| user.disabled_at.is_none()) else { return Ok(None) };
    let lines: Vec<Told> = serde_json::from_str(&digest.lines)?;
    let view = view(app, digest.day_on, &lines);
    let own = app.senders.own();
    // A mailbox is an area's: a mail about several is in none that only one of them reads.
    let areas: BTreeSet<&str> = lines.iter().map(|line| line.stp.as_str()).collect();
    let folder = match areas.first() {
        Some(one) if areas.len() == 1 => (*one).to_owned(),
        _ => "several".to_owned(),
    };
    let letter = Letter {
        id: digest.id.clone(),
        from: own.from.clone(),
        reply_to: own.reply_to.clone(),
        return_path: None,
        to_name: Some(user.name).filter(|name| !name.is_empty() && !name.contains(char::is_control)),
        to: user.email,
        subject: view.subject.clone(),
        text: app.pages.text("mail/nudge/body.txt", &json!({ "nudge": view }))?,
        html: app.pages.text("mail/nudge/body.html", &json!({ "nudge": view }))?,
        at: digest.created_at,
        unsubscribe: None,
        unsubscribe_mail: None,
        attachments: Vec::new(),
        signer: own.signer.clone(),
    };
    Ok(Some((folder, letter)))
}

/// What the mail's templates are filled with.
#[derive(Serialize)]
struct View {
    subject: String,
    areas: Vec<AreaView>,
}

#[derive(Serialize)]
struct AreaView {
    name: String,
    /// The page of everything that falls due there.
    href: String,
    lines: Vec<LineView>,
    more: usize,
}

#[derive(Serialize)]
struct LineView {
    what: String,
    about: String,
    when: String,
    lead: bool,
}

fn view(app: &App, today: NaiveDate, lines: &[Told]) -> View {
    let mut areas: BTreeMap<&str, AreaView> = BTreeMap::new();
    for told in lines {
        let area = areas.entry(&told.stp).or_insert_with(|| AreaView {
            name: told.area.clone(),
            href: format!("{}/work/stps/{}/due", app.config.face.base(), told.stp),
            lines: Vec::new(),
            more: 0,
        });
        if area.lines.len() == LINES {
            area.more += 1;
            continue;
        }
        let due = filters::day(told.due_on);
        let when = match (told.due_on - today).num_days() {
            0 => format!("due today, {due}"),
            days if days < 0 => format!("was due on {due}"),
            days => format!("due on {due}, in {}", filters::count(days, "day", None)),
        };
        area.lines.push(LineView {
            what: told.what.clone(),
            about: told.about.split_whitespace().collect::<Vec<_>>().join(" "),
            when,
            lead: told.step == Step::Lead,
        });
    }
    let number = i64::try_from(lines.len()).unwrap_or(i64::MAX);
    let names: Vec<&str> = areas.values().map(|area| area.name.as_str()).collect();
    let subject = format!(
        "{} in {}",
        filters::count(number, "thing falls due", Some("things fall due")),
        names.join(", ")
    );
    View { subject, areas: areas.into_values().collect() }
}

/// How often the worker looks.
const PAUSE: std::time::Duration = std::time::Duration::from_mins(1);

/// Works until the product stops: what is to be told once a day, what waits to be sent whenever it can be.
pub async fn work(app: Arc<App>) -> anyhow::Result<()> {
    let mut gathered = None;
    let mut sender = Sender::new(Digests);
    while !app.tasks.stopping() {
        let today = app.clock.today();
        if is_time(&app) && gathered != Some(today) {
            match gather(&app).await {
                Ok(_) => gathered = Some(today),
                Err(error) => tracing::error!(error = format!("{error:#}"), "nudges could not be gathered"),
            }
        }
        if let Err(error) = sender.send(&app).await {
            tracing::error!(error = format!("{error:#}"), "nudges could not be sent");
        }
        tokio::select! {
            () = app.tasks.stopped() => {}
            () = tokio::time::sleep(PAUSE) => {}
        }
    }
    Ok(())
}
