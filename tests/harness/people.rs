//! The people of the journeys, by office.

use entity::user::Role;
use opendoor::{
    auth::users::{self, NewUser},
    journal::Actor,
};

use super::site::{Site, Visitor};

/// Dorset and Devon: the STPs that the journeys are about.
pub const DORSET: &str = "E54000041";
pub const DEVON: &str = "E54000037";

/// Everybody's password.
pub const PASSWORD: &str = "a village hall on a wet evening";

impl Site {
    /// Adds an account with `role` for `stps`.
    pub async fn add_user(&self, email: &str, role: Role, stps: &[&str]) {
        let mut w = self.app.write_as(Actor::Command("test"), "test").await.expect("a transaction");
        let new = NewUser {
            email: email.to_owned(),
            name: email.split('@').next().unwrap_or_default().replace('.', " "),
            role,
            stps: stps.iter().map(|&code| code.to_owned()).collect(),
            password: PASSWORD.to_owned(),
        };
        users::add(&mut w, &self.app.chance, new).await.expect("adding an account");
        w.commit().await.expect("committing");
    }

    /// Someone with `role` for `stps`, signed in.
    pub async fn signed_in(&self, role: Role, stps: &[&str]) -> Visitor<'_> {
        let email =
            stps.iter().fold(role.code().to_owned(), |email, stp| format!("{email}.{}", stp.to_lowercase()));
        let email = format!("{email}@example.org");
        self.add_user(&email, role, stps).await;
        let mut visitor = self.visitor();
        let answer =
            visitor.submit("/sign-in", "/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
        answer.led();
        visitor
    }

    /// An engagement officer of one STP, signed in.
    pub async fn officer(&self, stp: &str) -> Visitor<'_> {
        self.signed_in(Role::Officer, &[stp]).await
    }

    /// Adds the account of an engagement officer, who signs in later.
    pub async fn add_officer(&self, stp: &str) {
        let email = format!("officer.{}@example.org", stp.to_lowercase());
        self.add_user(&email, Role::Officer, &[stp]).await;
    }

    /// The engagement officer of an STP whose account there is already, signed in.
    pub async fn officer_again(&self, stp: &str) -> Visitor<'_> {
        let email = format!("officer.{}@example.org", stp.to_lowercase());
        let mut visitor = self.visitor();
        let fields = [("email", email.as_str()), ("password", PASSWORD)];
        visitor.submit("/sign-in", "/sign-in", &fields).await.led();
        visitor
    }
}
