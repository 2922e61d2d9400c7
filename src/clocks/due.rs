//! What falls due, from a record and a day alone.

use chrono::{Datelike as _, Days, NaiveDate, Weekday};
use method::{
    Finding, Standard, StpAssessment, Verdict,
    record::{Consultation, Event, Proposal, Stp},
    values::Level,
    words::{EventKind, EventStatus, Publication},
};

/// Days within which the answer to a recommendation of scrutiny is due.
const ANSWER_DAYS: u32 = 28;
/// Days ahead that are soon.
const SOON: u64 = 28;

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    Decision,
    Response,
    Recommendation,
    Feedback,
    Question,
    Outcome,
    Publication,
    Minutes,
    Evidence,
    Review,
    Waiver,
    Plan,
}

impl What {
    pub const ALL: [Self; 12] = [
        Self::Decision,
        Self::Response,
        Self::Recommendation,
        Self::Feedback,
        Self::Question,
        Self::Outcome,
        Self::Publication,
        Self::Minutes,
        Self::Evidence,
        Self::Review,
        Self::Waiver,
        Self::Plan,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Decision => "decision",
            Self::Response => "response",
            Self::Recommendation => "recommendation",
            Self::Feedback => "feedback",
            Self::Question => "question",
            Self::Outcome => "outcome",
            Self::Publication => "publication",
            Self::Minutes => "minutes",
            Self::Evidence => "evidence",
            Self::Review => "review",
            Self::Waiver => "waiver",
            Self::Plan => "plan",
        }
    }

    /// What people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Decision => "Decision with gaps still open",
            Self::Response => "Response to a consultation",
            Self::Recommendation => "Answer to a recommendation of scrutiny",
            Self::Feedback => "Feedback on an event",
            Self::Question => "Answer to a question",
            Self::Outcome => "Outcome of a planned event",
            Self::Publication => "Publication of an event",
            Self::Minutes => "Minutes of a meeting",
            Self::Evidence => "Evidence of an event",
            Self::Review => "Review of what is withheld",
            Self::Waiver => "End of a waiver",
            Self::Plan => "Publication of a plan",
        }
    }

    /// The rule that it is due by.
    pub const fn rule(self) -> &'static str {
        match self {
            Self::Decision => "TIM-1",
            Self::Response | Self::Feedback => "FBK-1",
            Self::Recommendation => "STA-4",
            Self::Question => "RSP-3",
            Self::Outcome => "PLN-1",
            Self::Publication | Self::Review => "OPN-1",
            Self::Minutes => "OPN-3",
            Self::Evidence => "EVD-1",
            Self::Waiver => "COV-2",
            Self::Plan => "OPN-2",
        }
    }
}

/// How near it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Its day has passed.
    Overdue,
    /// Within four weeks.
    Soon,
    Later,
    /// It was done, after its day: the mark stays.
    Late,
}

/// One thing that falls due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clock {
    pub what: What,
    /// The id on record that it is about: of an event, a consultation, a recommendation, a proposal, a question; the code
    /// of a group; `plan` or `engagement_plan`.
    pub subject: String,
    /// What it is about, in words.
    pub about: String,
    pub due_on: NaiveDate,
    /// Since when it can be done, where it could not always.
    pub since: Option<NaiveDate>,
    /// When it was done, where that was late.
    pub done_on: Option<NaiveDate>,
    /// The gaps that a decision would be taken over, as rule and subject.
    pub gaps: Vec<(&'static str, String)>,
    /// The event that it is about, where it is one.
    pub event: Option<String>,
}

impl Clock {
    /// The clock's name within its STP, the same for as long as it runs.
    pub fn key(&self) -> String {
        format!("{}/{}", self.what.code(), self.subject)
    }

    /// How near it is on a day.
    pub fn state(&self, today: NaiveDate) -> State {
        if self.done_on.is_some() {
            State::Late
        } else if self.due_on < today {
            State::Overdue
        } else if self.due_on <= today + Days::new(SOON) {
            State::Soon
        } else {
            State::Later
        }
    }
}

/// Everything that falls due for an STP, the first first. `stp` is its record as at `today`, and `assessment` what the
/// rules find on it.
pub fn due(stp: &Stp, standard: &Standard, assessment: &StpAssessment, today: NaiveDate) -> Vec<Clock> {
    let mut all = Vec::new();
    for event in &stp.events {
        of_event(event, standard, today, &mut all);
    }
    for consultation in &stp.consultations {
        all.extend(response(stp, consultation, standard));
    }
    for proposal in &stp.proposals {
        of_proposal(stp, proposal, assessment, today, &mut all);
    }
    for question in &stp.questions {
        if let (Some(received), None) = (question.received_on, question.answered_on) {
            let due = working_days_after(received, standard.answer_working_days, &standard.bank_holidays);
            let about = format!("A question received on {}", said(received));
            all.push(Clock {
                since: Some(received),
                ..clock(What::Question, question.id.as_str(), about, due)
            });
        }
    }
    for requirement in &stp.requirements {
        let Some(waiver) = &requirement.waiver else { continue };
        let group = requirement.group;
        let gap = || is_gap(assessment.finding("COV-2", group.code()));
        if waiver.until >= today || gap() {
            let about = group.name().to_owned();
            all.push(Clock {
                since: Some(waiver.made_on),
                ..clock(What::Waiver, group.code(), about, waiver.until)
            });
        }
    }
    let plans = [
        ("plan", "The plan", stp.plan_published_on),
        ("engagement_plan", "The engagement plan", stp.engagement_plan_published_on),
    ];
    for (subject, name, _) in plans.into_iter().filter(|(_, _, published)| published.is_none()) {
        all.push(clock(What::Plan, subject, name.to_owned(), standard.plan_due_on));
    }
    all.sort_by(|a, b| (a.due_on, a.what, &a.subject).cmp(&(b.due_on, b.what, &b.subject)));
    all
}

fn clock(what: What, subject: &str, about: String, due_on: NaiveDate) -> Clock {
    Clock {
        what,
        subject: subject.to_owned(),
        about,
        due_on,
        since: None,
        done_on: None,
        gaps: Vec::new(),
        event: None,
    }
}

fn of_event(event: &Event, standard: &Standard, today: NaiveDate, all: &mut Vec<Clock>) {
    let end = event.ends_on.unwrap_or(event.starts_on);
    let id = event.id.as_str();
    let name = event.title.clone().unwrap_or_else(|| format!("{}, not published", event.kind.name()));
    let about = format!("{name}, {}", said(event.starts_on));
    let mut add = |what, due_on, since, done_on| {
        let event = Some(id.to_owned());
        all.push(Clock { since, done_on, event, ..clock(what, id, about.clone(), due_on) });
    };
    if event.status == EventStatus::Planned && end <= today {
        add(What::Outcome, after(end, standard.outcome_days), Some(end), None);
    }
    if let (Publication::Withheld, Some(review_on)) = (event.publication, event.review_on)
        && event.status != EventStatus::Cancelled
    {
        add(What::Review, review_on, None, None);
    }
    if event.status != EventStatus::Held || event.starts_on > today || !event.stp_discussed {
        return;
    }
    if event.level.is_some_and(Level::is_two_way) {
        let due_on = after(end, standard.feedback_days);
        if event.feedback_on.is_none_or(|fed_back| fed_back > due_on) {
            add(What::Feedback, due_on, Some(end), event.feedback_on);
        }
    }
    if event.evidence_count == Some(0) {
        add(What::Evidence, after(end, standard.evidence_days), Some(end), None);
    }
    if event.publication == Publication::Unpublished {
        add(What::Publication, after(end, standard.publish_days), Some(end), None);
    }
    let closed = event.kind == EventKind::GovernanceMeeting && !event.held_in_public;
    if closed && event.minutes_published_on.is_none() {
        add(What::Minutes, after(end, standard.minutes_days), Some(end), None);
    }
}

fn response(stp: &Stp, consultation: &Consultation, standard: &Standard) -> Option<Clock> {
    let closes_on = consultation.closes_on?;
    let due_on = after(closes_on, standard.response_days);
    let done_on = consultation.feedback_on;
    if done_on.is_some_and(|done| done <= due_on) {
        return None;
    }
    let about = format!("Consultation on {}", title(stp, consultation.proposal.as_str()));
    Some(Clock {
        since: Some(closes_on),
        done_on,
        ..clock(What::Response, consultation.id.as_str(), about, due_on)
    })
}

fn of_proposal(
    stp: &Stp,
    proposal: &Proposal,
    assessment: &StpAssessment,
    today: NaiveDate,
    all: &mut Vec<Clock>,
) {
    let name = title(stp, proposal.id.as_str());
    for recommendation in proposal.scrutiny.iter().flat_map(|scrutiny| &scrutiny.recommendations) {
        let Some(received) = recommendation.received_on else { continue };
        let due_on = after(received, ANSWER_DAYS);
        if recommendation.answered_on.is_some_and(|answered| answered <= due_on) {
            continue;
        }
        let about = format!("Recommendation of {} on {name}", said(received));
        all.push(Clock {
            since: Some(received),
            done_on: recommendation.answered_on,
            ..clock(What::Recommendation, recommendation.id.as_str(), about, due_on)
        });
    }
    let Some(decision_on) = proposal.decision_on.filter(|day| *day >= today) else { return };
    let gaps = open_before_decision(stp, proposal, assessment);
    if !gaps.is_empty() {
        all.push(Clock { gaps, ..clock(What::Decision, proposal.id.as_str(), name, decision_on) });
    }
}

/// The open gaps of timing, of statutory consultees and of the equality analysis that concern a proposal.
fn open_before_decision(
    stp: &Stp,
    proposal: &Proposal,
    assessment: &StpAssessment,
) -> Vec<(&'static str, String)> {
    let of_it = |rule: &str| rule.starts_with("TIM-") || rule.starts_with("STA-") || rule == "EQU-4";
    let mut ids = vec![proposal.id.as_str()];
    for scrutiny in &proposal.scrutiny {
        ids.push(scrutiny.id.as_str());
        ids.extend(scrutiny.recommendations.iter().map(|one| one.id.as_str()));
    }
    let of_proposal = stp.consultations.iter().filter(|one| one.proposal == proposal.id);
    ids.extend(of_proposal.map(|one| one.id.as_str()));
    let concerns = |found: &&Finding| {
        let about = found.subject.split('/').next().unwrap_or_default();
        of_it(found.rule) && found.verdict == Verdict::Gap && ids.contains(&about)
    };
    let found = assessment.findings.iter().filter(concerns);
    found.map(|found| (found.rule, found.subject.clone())).collect()
}

fn is_gap(found: Option<&Finding>) -> bool {
    found.is_some_and(|found| found.verdict == Verdict::Gap)
}

fn title(stp: &Stp, proposal: &str) -> String {
    let known = stp.proposals.iter().find(|one| one.id.as_str() == proposal);
    known.and_then(|one| one.title.clone()).unwrap_or_else(|| "a proposal".to_owned())
}

fn said(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

fn after(day: NaiveDate, days: u32) -> NaiveDate {
    day.checked_add_days(Days::new(days.into())).unwrap_or(NaiveDate::MAX)
}

/// The last of so many working days after a day: Saturdays, Sundays and bank holidays are none.
pub fn working_days_after(day: NaiveDate, number: u32, bank_holidays: &[NaiveDate]) -> NaiveDate {
    let works = |day: &NaiveDate| {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !bank_holidays.contains(day)
    };
    let last = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
    if number == 0 { day } else { day.iter_days().skip(1).filter(works).nth(last).unwrap_or(NaiveDate::MAX) }
}
