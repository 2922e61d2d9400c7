//! Whether the sending domain is set up so that letters arrive: `/work/england/mail-setup`, and what to change.

use std::sync::Arc;

use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::{Deserialize, Serialize};

use super::{
    routes::{Access, Routes},
    staff,
};
use crate::{
    app::App,
    auth::{Action, SignedIn},
    config::Inbox,
    fault::Fault,
    mail::{
        domain::{self, Setup},
        setup,
    },
    web::page::Page,
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/work/england/mail-setup", Access::England(Action::ManageUsers), show)
}

#[derive(Deserialize)]
struct Asked {
    check: Option<String>,
}

#[derive(Serialize)]
struct Show {
    page: Page,
    from_domain: String,
    return_domain: String,
    own_returns: bool,
    /// How what comes back is handed over, beside the pipe.
    readers: Vec<String>,
    hosts: Vec<String>,
    selectors: Vec<String>,
    /// Why the settings cannot be checked.
    problem: String,
    checked: bool,
    checks: Vec<Check>,
}

#[derive(Serialize)]
struct Check {
    what: &'static str,
    state: &'static str,
    colour: &'static str,
    found: String,
    said: String,
    change: String,
}

impl From<domain::Check> for Check {
    fn from(check: domain::Check) -> Self {
        let (state, colour) = state(check.state);
        Self {
            what: what(check.what),
            state,
            colour,
            found: check.found,
            said: check.said,
            change: check.change,
        }
    }
}

/// What a check is about, for people.
pub const fn what(what: domain::What) -> &'static str {
    match what {
        domain::What::Spf => "SPF: which servers may send",
        domain::What::Dkim => "DKIM: the key that signatures are checked with",
        domain::What::Dmarc => "DMARC: what others do with mail that is not ours",
        domain::What::Alignment => "Alignment: the return path fits the sender",
        domain::What::ReturnPath => "Return path: undelivered letters can come back",
        domain::What::ReverseDns => "Reverse DNS: the sending server has a name",
    }
}

/// How a check ended, and the colour of its tag, which says it in words too.
pub const fn state(state: domain::State) -> (&'static str, &'static str) {
    match state {
        domain::State::Good => ("Good", "green"),
        domain::State::Unknown => ("Unknown", "grey"),
        domain::State::Warning => ("Should be better", "yellow"),
        domain::State::Wrong => ("Wrong", "red"),
    }
}

/// Where mail that came back is taken from, as the settings say; none where a mail server's pipe is all there is.
fn readers(inbox: &Inbox) -> Vec<String> {
    let mailbox = inbox.imap_host.as_ref();
    let mailbox = mailbox.map(|host| format!("The folder {} at {host}, once a minute", inbox.imap_folder));
    let hook = inbox.hook_key_file.is_some().then(|| "Signed requests to /hooks/mail".to_owned());
    mailbox.into_iter().chain(hook).collect()
}

async fn show(
    State(app): State<Arc<App>>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Fault> {
    let post = &app.config.post;
    let (setup, mut problem) = match setup::of(post) {
        Ok(setup) => (setup, String::new()),
        Err(error) => (Setup::default(), format!("{error:#}")),
    };
    let checked = asked.check.is_some() && problem.is_empty();
    let mut checks = Vec::new();
    if checked {
        match setup::check(post).await {
            Ok(found) => checks = found.into_iter().map(Check::from).collect(),
            Err(error) => problem = format!("{error:#}"),
        }
    }
    let context = Show {
        page: staff::page("Mail set-up", &signed_in, None).under("Your STPs", "/work"),
        from_domain: setup.from_domain,
        return_domain: setup.return_domain,
        own_returns: post.mail_return_path.is_some(),
        readers: readers(&app.config.inbox),
        hosts: setup.sending_hosts.iter().map(ToString::to_string).collect(),
        selectors: setup.dkim_selectors,
        problem,
        checked,
        checks,
    };
    Ok(app.pages.render("pages/mail_setup/show.html", &context))
}
