//! What one recipient reads: the mailing's text with its fields filled, in the mail templates.

use entity::{mailing, mailing::Purpose, stp};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    draft, files,
    markdown::Source,
    merge::{Field, Text, Values},
};
use crate::{invitations::Invitation, mail::message::Attachment, web::page::Pages};

/// A mailing ready to be filled in for anyone.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub mailing: mailing::Model,
    pub stp: stp::Model,
    pub subject: Text,
    pub body: Source,
    /// What it invites to.
    pub invitation: Option<Invitation>,
    /// The files that go with each letter.
    pub files: Vec<Attachment>,
}

/// The links that are one recipient's own. `Default` is for what nobody reads.
#[derive(Clone, Copy, Debug, Default)]
pub struct Links<'a> {
    /// Ends this kind of mail.
    pub out: &'a str,
    /// Answers the invitation.
    pub answer: &'a str,
    /// Leads to what is held about them; empty where there is none.
    pub me: &'a str,
}

/// What one recipient reads.
#[derive(Clone, Debug)]
pub struct Content {
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Of the subject and the text as the mailing's author wrote them, filled in: what was frozen.
    pub sha256: String,
}

/// What the mail templates are filled with.
#[derive(Clone, Debug, Serialize)]
pub struct View {
    pub subject: String,
    /// The text as its author wrote it, filled in.
    pub body: String,
    /// The same as a fragment of HTML, and as plain text.
    pub html: String,
    pub text: String,
    pub stp: String,
    pub group: String,
    pub purpose: &'static str,
    /// Where to opt out, for a purpose that one may opt out of; empty otherwise.
    pub link: String,
    /// What is held about the recipient, in the same letters; empty otherwise.
    pub me: String,
    pub invitation: Option<Invited>,
}

/// What a letter says of the event that it invites to.
#[derive(Clone, Debug, Serialize)]
pub struct Invited {
    pub title: String,
    pub when: String,
    /// Empty where nothing is recorded.
    pub whereabouts: String,
    pub cancelled: bool,
    /// Whether the letter carries it for a calendar.
    pub has_entry: bool,
    /// Where to answer.
    pub link: String,
}

impl Sheet {
    /// Reads a mailing's text. The error says what in it cannot be sent.
    pub fn new(mailing: mailing::Model, stp: stp::Model) -> Result<Self, String> {
        let subject = Text::parse(&mailing.subject).map_err(|misspelt| draft::said(&misspelt))?;
        let body = Source::parse(&mailing.body_text).map_err(|problems| draft::told(&problems))?;
        Ok(Self { mailing, stp, subject, body, invitation: None, files: Vec::new() })
    }

    /// The same with what it invites to.
    #[must_use]
    pub fn inviting(self, invitation: Option<Invitation>) -> Self {
        Self { invitation, ..self }
    }

    /// The same with the files that go with it.
    #[must_use]
    pub fn enclosing(self, files: Vec<Attachment>) -> Self {
        Self { files, ..self }
    }

    /// Fills the sheet in for one recipient, whose links are their own. The error names a field that has nothing to say.
    pub fn view(&self, values: &Values, links: Links<'_>) -> Result<View, String> {
        let blank = |blank: Vec<Field>| {
            let words: Vec<String> =
                blank.iter().map(|field| format!("{{{{ {} }}}}", field.word())).collect();
            format!("{} has nothing to say for this recipient", words.join(", "))
        };
        Ok(View {
            subject: self.subject.fill(values).map_err(blank)?,
            body: self.body.filled(values).map_err(blank)?,
            html: self.body.html(values).map_err(blank)?,
            text: self.body.text(values).map_err(blank)?,
            stp: self.stp.display_name.clone(),
            group: values.group.clone().unwrap_or_default(),
            purpose: self.mailing.purpose.code(),
            link: if self.may_opt_out() { links.out.to_owned() } else { String::new() },
            me: if self.may_opt_out() { links.me.to_owned() } else { String::new() },
            invitation: self.invitation.as_ref().map(|Invitation { told, .. }| Invited {
                title: told.title.clone(),
                when: told.when(),
                whereabouts: told.whereabouts(),
                cancelled: told.cancelled,
                has_entry: told.has_entry(),
                link: links.answer.to_owned(),
            }),
        })
    }

    /// Whether one may opt out of this mailing.
    pub fn may_opt_out(&self) -> bool {
        self.mailing.purpose == Purpose::Engagement
    }
}

impl View {
    /// The digest of what the author wrote, filled in.
    pub fn sha256(&self) -> String {
        hex::encode(Sha256::digest(format!("{}\n\n{}", self.subject, self.body)))
    }

    /// The parts of the message.
    pub fn content(&self, pages: &Pages) -> anyhow::Result<Content> {
        #[derive(Serialize)]
        struct Model<'a> {
            letter: &'a View,
        }
        let [text, html] =
            pages.texts(["mail/mailing/body.txt", "mail/mailing/body.html"], &Model { letter: self })?;
        Ok(Content { subject: self.subject.clone(), text, html, sha256: self.sha256() })
    }
}

/// The digest of a mailing's text as its author wrote it, of what it invites to, of its files, and of a sender
/// that is not the settings' own: what is frozen with it.
pub fn text_sha256(mailing: &mailing::Model) -> String {
    let mut digest = Sha256::new();
    digest.update(format!("{}\n\n{}", mailing.subject, mailing.body_text));
    if let Some(event) = &mailing.event_id {
        let told = mailing.event_told.as_deref().unwrap_or_default();
        digest.update(format!("\n\n{event} {told}"));
    }
    if !files::list(mailing).is_empty() {
        digest.update(format!("\n\n{}", mailing.files));
    }
    if let Some(sender) = &mailing.sender {
        let from = mailing.sent_from.as_deref().unwrap_or_default();
        digest.update(format!("\n\nfrom {sender} {from}"));
    }
    hex::encode(digest.finalize())
}
