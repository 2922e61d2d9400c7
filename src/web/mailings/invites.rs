//! What a mailing invites to, on its form.

use entity::{
    event,
    mailing::{self, FollowUp},
    stp,
};
use sea_orm::{ConnectionTrait, EntityTrait as _};
use serde::Serialize;

use crate::{
    app::App,
    fault::Fault,
    invitations::{self, Invitation, Told},
    web::{form::Typed, stakeholders::Choice},
};

/// The events that a mailing can invite to; for one that goes back to invited people, its own.
#[derive(Clone, Debug, Serialize)]
pub struct Invites {
    pub events: Vec<Choice>,
    #[serde(skip)]
    pub follow_up: Option<FollowUp>,
    /// Which invited people it goes back to, or empty.
    going_back: &'static str,
    /// The event that it goes back about.
    about: String,
}

impl Invites {
    /// What `mailing`, or a new one, can invite to.
    pub async fn of(app: &App, stp: &stp::Model, mailing: Option<&mailing::Model>) -> Result<Self, Fault> {
        let conn = app.db.read();
        let follow_up = mailing.and_then(|mailing| mailing.follow_up);
        let mut events = Vec::new();
        if follow_up.is_none() {
            events = invitations::open(conn, &stp.code, app.clock.today()).await?;
        }
        // What it invites to already stays, whatever became of it: freezing says so.
        if let Some(own) = mailing.and_then(|mailing| mailing.event_id.as_deref())
            && events.iter().all(|event| event.id != own)
        {
            events.extend(event::Entity::find_by_id(own).one(conn).await?);
        }
        let mut choices = Vec::with_capacity(events.len());
        for event in events {
            let told = Told::of(conn, &event).await?;
            choices.push(Choice { label: label(&told), value: event.id, hint: String::new() });
        }
        Ok(Self {
            going_back: follow_up.map(FollowUp::name).unwrap_or_default(),
            about: follow_up.and(choices.first()).map(|choice| choice.label.clone()).unwrap_or_default(),
            events: choices,
            follow_up,
        })
    }

    /// The identity of the event that a form names.
    pub fn named(&self, typed: &Typed) -> String {
        match (self.follow_up, self.events.first()) {
            (Some(_), Some(own)) => own.value.clone(),
            _ => typed.text("event").to_owned(),
        }
    }

    /// The identities of all.
    pub fn ids(&self) -> Vec<String> {
        self.events.iter().map(|event| event.value.clone()).collect()
    }

    /// What an event is called here.
    pub fn title(&self, id: &str) -> String {
        self.events.iter().find(|event| event.value == id).map_or_else(String::new, |e| e.label.clone())
    }
}

fn label(told: &Told) -> String {
    let gone = if told.cancelled { " (does not take place)" } else { "" };
    format!("{}, {}{gone}", told.title, told.when())
}

/// What a mailing invites to, on its own page.
#[derive(Clone, Debug, Serialize)]
pub struct About {
    /// Which invited people it goes back to, in place of groups; or empty.
    follow_up: &'static str,
    /// The event, as a frozen mailing tells of it; or empty.
    event: String,
    /// Its page.
    at: String,
}

impl About {
    pub async fn of(
        conn: &impl ConnectionTrait,
        stp: &stp::Model,
        mailing: &mailing::Model,
    ) -> Result<Self, Fault> {
        let invitation = Invitation::as_frozen(conn, mailing).await?;
        let page = |id: &String| format!("/work/stps/{}/events/{id}", stp.code);
        Ok(Self {
            follow_up: mailing.follow_up.map(FollowUp::name).unwrap_or_default(),
            event: invitation.map(|invitation| invitation.told.title).unwrap_or_default(),
            at: mailing.event_id.as_ref().map(page).unwrap_or_default(),
        })
    }
}
