//! What stands on the record beside events, by id: its name, and the page that shows it.
//!
//! ```text
//! disclosed STP ─► proposals, consultations, scrutiny, bodies, requests, questions ─► Beside ─► names of findings
//!                                                                                           └─► records that counted
//! ```
//!
//! Ids are unique in a record, so that an id that is not here is an event's.

use std::collections::HashMap;

use method::record::Stp;

use super::subject::Brief;
use crate::web::filters;

/// The things on an STP's record that are no events, by id.
#[derive(Debug, Default)]
pub struct Beside {
    things: HashMap<String, Thing>,
}

/// A thing on record that is no event.
#[derive(Clone, Debug)]
pub struct Thing {
    /// As it stands at the start of a line.
    pub name: String,
    /// The public page that shows it; empty where none does.
    pub page: String,
}

impl Beside {
    /// Names what a disclosed STP has on record beside its events.
    pub fn of(stp: &Stp) -> Self {
        let mut beside = Self::default();
        for body in &stp.bodies {
            beside.put(body.code.as_str(), body.name.clone(), String::new());
        }
        for proposal in &stp.proposals {
            let title = proposal.title.as_deref().unwrap_or("A proposal");
            let page = format!("/proposals/{}", proposal.id);
            beside.put(proposal.id.as_str(), title.to_owned(), page.clone());
            for scrutiny in &proposal.scrutiny {
                beside.put(scrutiny.id.as_str(), format!("Scrutiny of {title}"), page.clone());
                for one in &scrutiny.recommendations {
                    beside.put(
                        one.id.as_str(),
                        format!("Scrutiny’s recommendation on {title}"),
                        page.clone(),
                    );
                }
            }
        }
        for consultation in &stp.consultations {
            let proposal = beside.find(consultation.proposal.as_str());
            let (title, page) = proposal.map_or_else(
                || ("a proposal that is not on record".to_owned(), String::new()),
                |of| (of.name.clone(), of.page.clone()),
            );
            beside.put(consultation.id.as_str(), format!("Consultation on {title}"), page);
        }
        for request in &stp.requests {
            let body = beside.find(request.body.as_str()).map_or("a body", |body| body.name.as_str());
            let name = format!("Request to {body}");
            beside.put(request.id.as_str(), name, String::new());
        }
        for question in &stp.questions {
            let when =
                question.received_on.map(|day| format!(" of {}", filters::day(day))).unwrap_or_default();
            beside.put(
                question.id.as_str(),
                format!("Question{when}"),
                format!("/stps/{}/questions", stp.code),
            );
        }
        beside
    }

    /// The thing with this id, if it is one of them.
    pub fn find(&self, id: &str) -> Option<&Thing> {
        self.things.get(id)
    }

    /// The record with this id as a line, if it is one of them.
    pub fn brief(&self, id: &str) -> Option<Brief> {
        self.find(id).map(|thing| Brief { page: thing.page.clone(), ..Brief::titled(thing.name.clone()) })
    }

    fn put(&mut self, id: &str, name: String, page: String) {
        self.things.insert(id.to_owned(), Thing { name, page });
    }
}
