//! Whether the senders' domains are set up so that letters arrive: `/work/england/mail-setup`, and what to change.

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
    mail::{Identity, dkim::Signer, domain, setup},
    web::page::Page,
};

pub fn routes(routes: Routes) -> Routes {
    routes.get("/work/england/mail-setup", Access::England(Action::ManageUsers), show)
}

#[derive(Deserialize)]
struct Asked {
    /// The code of the sender whose domain is to be checked.
    check: Option<String>,
}

/// What stands for the code of the settings' own sender, which has none: no other begins with a digit.
const OWN: &str = "1";

#[derive(Serialize)]
struct Show {
    page: Page,
    senders: Vec<Sender>,
    /// How what comes back is handed over, beside the pipe.
    readers: Vec<String>,
    /// Why the settings cannot be checked.
    problem: String,
}

#[derive(Serialize)]
struct Sender {
    /// What the button that checks it sends.
    code: String,
    title: String,
    /// Who may write from it, where not every STP may.
    stps: String,
    from_domain: String,
    return_domain: String,
    own_returns: bool,
    hosts: Vec<String>,
    selectors: Vec<String>,
    /// The selector of the key that letters are signed with here, empty where they are not; where its record is to be
    /// published, and the record.
    signs_as: String,
    signs_at: String,
    signs_with: String,
    /// Whether it is the settings' own.
    own: bool,
    checked: bool,
    checks: Vec<Check>,
}

impl Sender {
    fn of(identity: &Identity) -> Self {
        let setup = setup::of(identity);
        let (own, signer) = (identity.key.is_empty(), identity.signer.as_ref());
        Self {
            code: if own { OWN.to_owned() } else { identity.key.clone() },
            title: identity.title(),
            stps: identity.stps().map(|stps| stps.join(", ")).unwrap_or_default(),
            from_domain: setup.from_domain,
            return_domain: setup.return_domain,
            own_returns: identity.return_path.is_some(),
            hosts: setup.sending_hosts.iter().map(ToString::to_string).collect(),
            selectors: setup.dkim_selectors,
            signs_as: signer.map(|signer| signer.selector().to_owned()).unwrap_or_default(),
            signs_at: signer.map(Signer::name).unwrap_or_default(),
            signs_with: signer.map(Signer::record).unwrap_or_default(),
            own,
            checked: false,
            checks: Vec::new(),
        }
    }
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
    let mut problem = String::new();
    let mut senders = Vec::with_capacity(app.senders.all().len());
    for identity in app.senders.all() {
        let mut sender = Sender::of(identity);
        if asked.check.as_ref() == Some(&sender.code) {
            match setup::check(identity, app.config.post.dns_server).await {
                Ok(found) => {
                    sender.checks = found.into_iter().map(Check::from).collect();
                    sender.checked = true;
                }
                Err(error) => problem = format!("{error:#}"),
            }
        }
        senders.push(sender);
    }
    let context = Show {
        page: staff::page("Mail set-up", &signed_in, None).under("Your STPs", "/work"),
        senders,
        readers: readers(&app.config.inbox),
        problem,
    };
    Ok(app.pages.render("pages/mail_setup/show.html", &context))
}
