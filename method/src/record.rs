//! The record: what the method reads about any number of STPs, as one document.
//!
//! ```text
//! a file  -> Record::parse ---------------+-> Record, known to be sound -> disclose -> assess
//! rows of a database -> Record::validate -+          |
//!                                                    +-> Record::to_canonical -> a file, and its SHA-256
//! ```
//!
//! Each field says by its type whether it is required: `Option` and `Vec` may be absent in a file, and yes-or-no is then
//! no. What compares one field with another (references, order of dates, things given twice) is in `validate.rs`.

mod contacts;
mod event;
mod monitoring;
pub(crate) mod validate;

use chrono::NaiveDate;

pub use self::contacts::Contacts;
pub use self::event::{Event, EventTheme, Participation, PlaceCount};
pub use self::monitoring::{Answer, MonitoringException, MonitoringReturn, PopulationShare};
use crate::json::{self, Field, Out, Problem, Trail, structure};
use crate::standard::Standard;
use crate::values::{Id, Level, Rate, StpCode};
use crate::words::{BodyKind, Format, Group, Outcome, Substantial, Tier};

structure! {
    /// Everything that the rules need to know.
    pub struct Record by () {
        /// The format of the document.
        pub format: Format,
        /// Has `disclose` been applied? A note for people: the rules never trust it.
        pub disclosed: bool,
        /// The STPs, each once.
        pub stps: Vec<Stp>,
        /// The thresholds in force.
        pub standard: Standard,
    }
}

structure! {
    /// One sustainability and transformation plan (or partnership) and what is recorded of its engagement.
    pub struct Stp by (code) {
        /// Its official code.
        pub code: StpCode,
        /// Its name.
        pub name: String,
        /// Residents of the footprint, at mid-year.
        pub population: u32,
        /// When the work on the plan began.
        pub plan_started_on: Option<NaiveDate>,
        /// When the plan was published.
        pub plan_published_on: Option<NaiveDate>,
        /// When the plan for engagement was published.
        pub engagement_plan_published_on: Option<NaiveDate>,
        /// How many people per 10,000 residents the STP set out to reach.
        pub reach_target_per_10000: Option<Rate>,
        /// The local authorities of the footprint.
        pub places: Vec<Place>,
        /// The organisations of the footprint.
        pub bodies: Vec<Body>,
        /// Groups with a planned level or a waiver, and groups required beyond the default.
        pub requirements: Vec<Requirement>,
        /// How many contacts of each group can be written to.
        pub reachable_contacts: Option<Contacts>,
        /// Totals of equality monitoring, by characteristic and year.
        pub monitoring_returns: Vec<MonitoringReturn>,
        /// Characteristics that are not monitored, with the reason.
        pub monitoring_exceptions: Vec<MonitoringException>,
        /// What share of the residents is in each category.
        pub population_shares: Vec<PopulationShare>,
        /// What the STP proposes.
        pub proposals: Vec<Proposal>,
        /// Formal consultations, and no other.
        pub consultations: Vec<Consultation>,
        /// Meetings, surveys, briefings: planned, held and cancelled.
        pub events: Vec<Event>,
        /// What the STP asked of others.
        pub requests: Vec<Request>,
        /// What others asked of the STP.
        pub questions: Vec<Question>,
    }
}

structure! {
    /// A local authority of the footprint.
    pub struct Place by (code) {
        /// Its official code.
        pub code: Id,
        /// Its name.
        pub name: String,
        /// Its tier of government.
        pub tier: Tier,
        /// The county of a district; nothing for the upper tier.
        pub parent: Option<Id>,
        /// Its residents inside this footprint.
        pub population: u32,
        /// Is only a small part of it in the footprint?
        pub fringe: bool,
    }
}

structure! {
    /// An organisation of the footprint.
    pub struct Body by (code) {
        /// Its code.
        pub code: Id,
        /// Its name.
        pub name: String,
        /// What kind of organisation it is.
        pub kind: BodyKind,
        /// Does it employ staff whom the plan affects?
        pub employer: bool,
        /// Does statute ask that it be consulted?
        pub statutory_consultee: bool,
    }
}

structure! {
    /// What the STP set out to do for a group, or why it need not.
    pub struct Requirement by (group) {
        /// The group: of the public, of staff or of councils.
        pub group: Group,
        /// The level of participation that was promised.
        pub planned_level: Option<Level>,
        /// Why the group need not be engaged for a time.
        pub waiver: Option<Waiver>,
    }
}

structure! {
    /// A reasoned decision that a group need not be engaged for a time of at most 365 days.
    pub struct Waiver by () {
        /// Why.
        pub reason: String,
        /// Whose decision it was: an office, not a name.
        pub by: String,
        /// When it was made.
        pub made_on: NaiveDate,
        /// The last day on which it holds.
        pub until: NaiveDate,
    }
}

structure! {
    /// Something that the STP proposes to do.
    pub struct Proposal by (id) {
        /// Its id.
        pub id: Id,
        /// Its title.
        pub title: Option<String>,
        /// Would it change the manner or the range of services?
        pub service_change: bool,
        /// Is it a substantial development or variation?
        pub substantial: Substantial,
        /// Would it affect staff?
        pub staff_impact: bool,
        /// When it is, or was, to be decided.
        pub decision_on: Option<NaiveDate>,
        /// The date of its equality analysis.
        pub equality_analysis_on: Option<NaiveDate>,
        /// When the document that people respond to was published.
        pub document_published_on: Option<NaiveDate>,
        /// The formats in which the document can be had, such as easy read.
        pub accessible_formats: Vec<String>,
        /// The places that it affects.
        pub places: Vec<Id>,
        /// Why scrutiny was not consulted, where safety or welfare did not allow the time.
        pub urgency_exemption: Option<String>,
        /// How councils' scrutiny was consulted.
        pub scrutiny: Vec<Scrutiny>,
    }
}

structure! {
    /// A consultation of one or more scrutiny committees on a proposal.
    pub struct Scrutiny by (id) {
        /// Its id.
        pub id: Id,
        /// The authorities whose scrutiny it is.
        pub authorities: Vec<Id>,
        /// Is it a joint committee?
        pub joint: bool,
        /// When it was consulted.
        pub consulted_on: Option<NaiveDate>,
        /// The date of the decision that it was given.
        pub decision_date_given: Option<NaiveDate>,
        /// The date by which its comments were asked for.
        pub comments_by: Option<NaiveDate>,
        /// Where the two dates were published.
        pub published_url: Option<String>,
        /// What it recommended.
        pub recommendations: Vec<Recommendation>,
    }
}

structure! {
    /// A recommendation of a scrutiny committee.
    pub struct Recommendation by (id) {
        /// Its id.
        pub id: Id,
        /// When it was received.
        pub received_on: Option<NaiveDate>,
        /// When it was answered.
        pub answered_on: Option<NaiveDate>,
    }
}

structure! {
    /// A formal consultation on a proposal.
    pub struct Consultation by (id) {
        /// Its id.
        pub id: Id,
        /// The proposal that it is about.
        pub proposal: Id,
        /// Its first day.
        pub opens_on: Option<NaiveDate>,
        /// Its last day.
        pub closes_on: Option<NaiveDate>,
        /// Why it is short.
        pub short_reason: Option<String>,
        /// Why it runs at a time when people are away or parties campaign.
        pub timing_reason: Option<String>,
        /// When the responses were considered by those who decide.
        pub considered_on: Option<NaiveDate>,
        /// When people were told what came of it.
        pub feedback_on: Option<NaiveDate>,
        /// What people said.
        pub themes: Vec<ConsultationTheme>,
    }
}

structure! {
    /// Something that people said in a consultation, and what became of it.
    pub struct ConsultationTheme by (id) {
        /// Its id.
        pub id: Id,
        /// What became of it.
        pub outcome: Option<Outcome>,
    }
}

structure! {
    /// Something that the STP asked of a body.
    pub struct Request by (id) {
        /// Its id.
        pub id: Id,
        /// The body that was asked.
        pub body: Id,
        /// When it was sent.
        pub sent_on: Option<NaiveDate>,
        /// Was an answer asked for?
        pub response_requested: bool,
        /// When the answer came.
        pub replied_on: Option<NaiveDate>,
        /// Did the body decline to answer?
        pub declined: bool,
    }
}

structure! {
    /// A question that was put to the STP.
    pub struct Question by (id) {
        /// Its id.
        pub id: Id,
        /// When it was received.
        pub received_on: Option<NaiveDate>,
        /// When it was answered.
        pub answered_on: Option<NaiveDate>,
    }
}

impl Record {
    /// Reads a record from the bytes of a file. Gives all that is wrong with the file where it is not a valid record, in
    /// the order in which it was found and at most the first 1,000; never panics, whatever the bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, Vec<Problem>> {
        let (record, mut trail) = json::read::<Self>(bytes);
        if let Some(record) = &record {
            validate::check_between(record, &mut trail);
        }
        match record {
            Some(record) if trail.is_clear() => Ok(record),
            _ => Err(trail.into_problems()),
        }
    }

    /// Gives all that is wrong with a record that was made in memory: what [`Record::parse`] would refuse in a file.
    pub fn validate(&self) -> Vec<Problem> {
        let mut trail = Trail::default();
        self.check(&mut trail);
        validate::check_between(self, &mut trail);
        trail.into_problems()
    }

    /// The canonical form: one line of JSON without a final newline, the same for the same record in any order of its
    /// lists.
    pub fn to_canonical(&self) -> String {
        let mut out = Out::text();
        self.write(&mut out);
        out.into_text()
    }

    /// The SHA-256 of the canonical form, in hexadecimal: it identifies the record.
    pub fn sha256(&self) -> String {
        let mut out = Out::hash();
        self.write(&mut out);
        out.into_sha256()
    }

    /// The SHA-256 of the disclosed record, without making it: what may not be shown is left out as it is written.
    pub(crate) fn disclosed_sha256(&self) -> String {
        let mut out = Out::disclosing_hash();
        out.raw("{\"disclosed\":true,\"format\":");
        self.format.write(&mut out);
        out.raw(",\"standard\":");
        self.standard.write(&mut out);
        out.raw(",\"stps\":");
        self.stps.write(&mut out);
        out.raw("}");
        out.into_sha256()
    }
}

impl Stp {
    /// A copy of all but the events.
    pub(crate) fn without_events(&self) -> Self {
        Self {
            code: self.code.clone(),
            name: self.name.clone(),
            population: self.population,
            plan_started_on: self.plan_started_on,
            plan_published_on: self.plan_published_on,
            engagement_plan_published_on: self.engagement_plan_published_on,
            reach_target_per_10000: self.reach_target_per_10000,
            places: self.places.clone(),
            bodies: self.bodies.clone(),
            requirements: self.requirements.clone(),
            reachable_contacts: self.reachable_contacts.clone(),
            monitoring_returns: self.monitoring_returns.clone(),
            monitoring_exceptions: self.monitoring_exceptions.clone(),
            population_shares: self.population_shares.clone(),
            proposals: self.proposals.clone(),
            consultations: self.consultations.clone(),
            events: Vec::new(),
            requests: self.requests.clone(),
            questions: self.questions.clone(),
        }
    }

    /// The requirement on record for a group, if there is one.
    pub fn requirement(&self, group: Group) -> Option<&Requirement> {
        self.requirements.iter().find(|requirement| requirement.group == group)
    }
}
