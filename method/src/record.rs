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

pub(crate) mod validate;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::disclose;
use crate::json::{self, Broken, Field, Got, Out, Problem, Reader, Trail, excerpt, structure};
use crate::standard::Standard;
use crate::values::{Count, Id, Level, Rate, Share, StpCode};
use crate::words::{
    Audience, BodyKind, Characteristic, EventKind, EventStatus, Format, Group, Outcome, Publication,
    Substantial, Tier,
};

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
    /// The totals of equality monitoring for one characteristic and year.
    pub struct MonitoringReturn by (characteristic, year) shown by disclose::shown_return {
        /// What was asked about.
        pub characteristic: Characteristic,
        /// The year, 1900 to 2199.
        pub year: u32,
        /// The day of the return.
        pub dated_on: NaiveDate,
        /// How many people did not say.
        pub not_stated: Count,
        /// How many people gave each answer.
        pub answers: Vec<Answer>,
    }
}

structure! {
    /// How many people gave one answer.
    pub struct Answer by (category) {
        /// The category that they chose.
        pub category: String,
        /// How many they were.
        pub count: Count,
    }
}

structure! {
    /// Why a characteristic is not monitored.
    pub struct MonitoringException by (characteristic) {
        /// The characteristic.
        pub characteristic: Characteristic,
        /// The reason.
        pub reason: String,
    }
}

structure! {
    /// What share of the residents is in a category.
    pub struct PopulationShare by (characteristic, category) {
        /// The characteristic.
        pub characteristic: Characteristic,
        /// The category of it.
        pub category: String,
        /// The share of all residents.
        pub share: Share,
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
    /// A meeting, survey, briefing or the like.
    pub struct Event by (id) shown by disclose::shown_event {
        /// Its id.
        pub id: Id,
        /// Its title.
        pub title: Option<String>,
        /// The form that it took.
        pub kind: EventKind,
        /// Planned, held or cancelled.
        pub status: EventStatus,
        /// Its first day.
        pub starts_on: NaiveDate,
        /// Its last day, where that is another.
        pub ends_on: Option<NaiveDate>,
        /// When it was put on record; nothing for history that was imported.
        pub created_on: Option<NaiveDate>,
        /// Where it took place.
        pub venue: Option<String>,
        /// How many people the venue holds.
        pub venue_capacity: Option<u32>,
        /// Did it take place online?
        pub online: bool,
        /// The places that it was for.
        pub places: Vec<Id>,
        /// Was the STP discussed?
        pub stp_discussed: bool,
        /// The proposals that it was about.
        pub proposals: Vec<Id>,
        /// The bodies that had to do with it.
        pub bodies: Vec<Id>,
        /// The level of participation that was achieved.
        pub level: Option<Level>,
        /// Who took part, or was asked to.
        pub participation: Vec<Participation>,
        /// Where the patients and the public who came live.
        pub place_counts: Vec<PlaceCount>,
        /// The characteristics of the people for whom it was held.
        pub targets: Vec<Characteristic>,
        /// Was a meeting of the STP's boards held in public?
        pub held_in_public: bool,
        /// When the minutes of a meeting of the STP's boards were published.
        pub minutes_published_on: Option<NaiveDate>,
        /// Is its content open to everyone?
        pub publication: Publication,
        /// Why its content is withheld.
        pub withheld_reason: Option<String>,
        /// When the withholding is to be looked at again.
        pub review_on: Option<NaiveDate>,
        /// How many pieces of evidence are on record for it.
        pub evidence_count: Option<u32>,
        /// When people were told what came of it.
        pub feedback_on: Option<NaiveDate>,
        /// What people said.
        pub themes: Vec<EventTheme>,
        /// Has someone looked at its doubtful values and confirmed them?
        pub confirmed: bool,
    }
}

structure! {
    /// A group that took part in an event, or was asked to.
    pub struct Participation by (group) shown by disclose::shown_part {
        /// The group.
        pub group: Group,
        /// Did anyone of the group take part?
        pub took_part: bool,
        /// How many were asked.
        pub invited: Option<Count>,
        /// How many came or answered.
        pub attended: Option<Count>,
    }
}

structure! {
    /// How many of the people who came live in a place.
    pub struct PlaceCount by (place) shown by disclose::shown_place {
        /// The place.
        pub place: Id,
        /// How many of them live there.
        pub count: Count,
    }
}

structure! {
    /// Something that people said at an event, and what became of it.
    pub struct EventTheme by (id) {
        /// Its id.
        pub id: Id,
        /// What was said.
        pub text: Option<String>,
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

/// How many contacts of each group can be written to. A group that is absent has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contacts(pub BTreeMap<Group, u32>);

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

impl Field for Contacts {
    fn read(reader: &mut Reader<'_>) -> Result<Got<Self>, Broken> {
        if !reader.open(b'{')? {
            return Ok(Got::Refused);
        }
        let mut slots: BTreeMap<Group, Option<Got<u32>>> = BTreeMap::new();
        let mut first = true;
        while let Some(key) = reader.next_key(&mut first)? {
            if let Some(group) = Group::parse(&key) {
                reader.slot(group.code(), slots.entry(group).or_default())?;
            } else {
                reader.trail().note_key(&key, format!("unknown group {}", excerpt(&key)));
                reader.skip()?;
            }
        }
        let recorded = slots.into_iter().filter_map(|(group, slot)| match slot {
            Some(Got::Value(number)) => Some((group, number)),
            _ => None,
        });
        Ok(Got::Value(Self(recorded.collect())))
    }

    fn check(&self, trail: &mut Trail) {
        for (group, number) in &self.0 {
            trail.within(group.code(), |trail| number.check(trail));
        }
    }

    fn write(&self, out: &mut Out) {
        let sorted: BTreeMap<&str, u32> =
            self.0.iter().map(|(group, &number)| (group.code(), number)).collect();
        for (index, (code, number)) in sorted.iter().enumerate() {
            out.raw(if index == 0 { "{" } else { "," });
            out.string(code);
            out.raw(":");
            out.number(*number);
        }
        out.raw(if sorted.is_empty() { "{}" } else { "}" });
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

impl Event {
    /// Its last day: `ends_on`, or `starts_on` where that is not recorded.
    pub fn end(&self) -> NaiveDate {
        self.ends_on.unwrap_or(self.starts_on)
    }

    /// Did the group take part?
    pub fn took(&self, group: Group) -> bool {
        self.participation.iter().any(|row| row.took_part && row.group == group)
    }

    /// The places that it names: those in `places`, and those where at least one of the people who came may live. A
    /// place that stands in both is given twice.
    pub fn names(&self) -> impl Iterator<Item = &Id> {
        let counted = self.place_counts.iter().filter(|row| row.count.high >= 1).map(|row| &row.place);
        self.places.iter().chain(counted)
    }

    /// The groups that were asked to it, whether they took part or not; other parties left out.
    pub fn invited(&self) -> impl Iterator<Item = Group> {
        self.participation.iter().map(|row| row.group).filter(|group| group.audience() != Audience::Others)
    }

    /// Was the event two-way? An event whose level is not recorded is not known to be.
    pub fn is_two_way(&self) -> bool {
        self.level.is_some_and(Level::is_two_way)
    }
}
