//! What the form of a mailing offers to choose from: whom it is to, what it invites to, whom it comes from.

use entity::{mailing, stp};
use serde::Serialize;

use super::invites::Invites;
use crate::{
    app::App,
    audiences::Query,
    fault::Fault,
    mail::Identity,
    web::{audiences::chooser::Chooser, stakeholders::Choice},
};

/// What the form of one STP's mailing offers.
pub struct Offers {
    pub chooser: Chooser,
    pub invites: Invites,
    pub senders: Senders,
}

impl Offers {
    /// For `mailing`, or a new one; `kept` is whom it is to already.
    pub async fn of(
        app: &App,
        stp: &stp::Model,
        kept: Option<&Query>,
        mailing: Option<&mailing::Model>,
    ) -> Result<Self, Fault> {
        Ok(Self {
            chooser: Chooser::new(app, stp, kept, None).await?,
            invites: Invites::of(app, stp, mailing).await?,
            senders: Senders::of(app, stp),
        })
    }
}

/// The senders that an STP may write from.
#[derive(Clone, Debug, Serialize)]
pub struct Senders {
    /// The settings' own.
    own: String,
    others: Vec<Choice>,
}

impl Senders {
    fn of(app: &App, stp: &stp::Model) -> Self {
        let own = app.senders.own();
        let choice = |identity: &Identity| Choice {
            value: identity.key.clone(),
            label: identity.title(),
            hint: String::new(),
        };
        let others = app.senders.of_stp(&stp.code).filter(|identity| identity.key != own.key);
        Self { own: own.title(), others: others.map(|identity| choice(identity)).collect() }
    }

    /// The codes of all but the settings' own.
    pub fn codes(&self) -> Vec<String> {
        self.others.iter().map(|sender| sender.value.clone()).collect()
    }

    /// What a sender is called here.
    pub fn title(&self, code: &str) -> String {
        let other = self.others.iter().find(|sender| sender.value == code);
        other.map_or_else(|| self.own.clone(), |sender| sender.label.clone())
    }
}
