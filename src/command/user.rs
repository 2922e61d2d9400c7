//! `opendoor user add | list | disable | reset`.

use std::io::{BufRead as _, IsTerminal as _};

use clap::{Args, Subcommand};
use entity::user::Role;

use super::{Outcome, open};
use crate::{
    auth::{sessions::Sessions, users},
    config::Store,
    journal::Actor,
};

#[derive(Args, Debug)]
pub struct User {
    #[command(flatten)]
    store: Store,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Add an account; its password is read from standard input
    Add {
        email: String,
        /// officer, lead, approver, region, national or admin
        #[arg(long, value_parser = role)]
        role: Role,
        /// An STP that is theirs, such as E54000041; give it again for more
        #[arg(long, value_name = "CODE")]
        stp: Vec<String>,
        /// Name or office, shown to colleagues  [default: the email]
        #[arg(long)]
        name: Option<String>,
    },
    /// List the accounts
    List {
        /// As JSON
        #[arg(long)]
        json: bool,
    },
    /// Disable an account and sign it out everywhere; what it wrote stays
    Disable { email: String },
    /// Set a new password, read from standard input; sign out everywhere, and enable if disabled
    Reset { email: String },
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "officer, lead, approver, region, national or admin".into())
}

impl User {
    pub async fn run(self) -> anyhow::Result<Outcome> {
        let app = open(&self.store).await?;
        if let Command::List { json } = self.command {
            let users = users::list(app.db.read()).await?;
            if json {
                println!("{}", serde_json::to_string_pretty(&users)?);
                return Ok(Outcome::Done);
            }
            for user in users {
                let state = if user.disabled { "  disabled" } else { "" };
                println!("{}  {}  {}{state}", user.email, user.role.code(), user.stps.join(" "));
            }
            return Ok(Outcome::Done);
        }
        let mut w = app.write_as(Actor::Command("user"), "command").await?;
        let mut out = None;
        let done = match self.command {
            Command::Add { email, role, stp, name } => {
                let name = name.unwrap_or_else(|| email.clone());
                let new = users::NewUser { email, name, role, stps: stp, password: password()? };
                users::add(&mut w, &app.chance, new).await.map(|_| "The account was added.")
            }
            Command::Disable { email } => {
                out = Some(email.clone());
                users::disable(&mut w, &email).await.map(|()| "The account was disabled.")
            }
            Command::Reset { email } => {
                out = Some(email.clone());
                users::reset(&mut w, &app.chance, &email, password()?).await.map(|()| "The password was set.")
            }
            Command::List { .. } => return Ok(Outcome::Done),
        };
        match done {
            Ok(said) => {
                w.commit().await?;
                if let Some(email) = out {
                    sign_out(&app, &email).await?;
                }
                println!("{said}");
                Ok(Outcome::Done)
            }
            Err(refused) => {
                eprintln!("{refused:#}");
                Ok(Outcome::Refused)
            }
        }
    }
}

async fn sign_out(app: &crate::app::App, email: &str) -> anyhow::Result<()> {
    if let Some(user) = users::by_email(app.db.read(), &email.trim().to_lowercase()).await? {
        Sessions::new(app.db.clone(), app.clock.clone()).end_all(&user.id).await?;
    }
    Ok(())
}

/// The first line of standard input, without its end.
fn password() -> anyhow::Result<String> {
    if std::io::stdin().is_terminal() {
        eprint!("Password: ");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
