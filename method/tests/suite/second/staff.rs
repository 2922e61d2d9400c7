//! Staff.

use method::record::Event;
use method::words::{Audience, Group};

use super::{Page, Said, end, parent, took, two_way};

impl Page<'_> {
    pub(super) fn staff(&self, said: &mut Said) {
        for body in self.stp.bodies.iter().filter(|body| body.employer) {
            let b: Vec<&Event> = self
                .e()
                .filter(|e| self.in_w(e) && took(e, Audience::Staff) && e.bodies.contains(&body.code))
                .collect();
            let verdict = if b.iter().any(|e| two_way(e)) {
                "met".to_owned()
            } else if b.iter().any(|e| e.level.is_none()) {
                "unknown".to_owned()
            } else {
                format!("gap medium{}", parent(said, "COV-1", "ST"))
            };
            said.insert(("STF-1", body.code.to_string()), verdict);
        }
        for proposal in self.stp.proposals.iter().filter(|proposal| proposal.staff_impact) {
            let Some(decision) = proposal.decision_on else { continue };
            let heard = self
                .took(Group::Unions)
                .into_iter()
                .any(|e| e.proposals.contains(&proposal.id) && end(e) < decision);
            let verdict = if heard {
                "met"
            } else if self.ahead(decision) <= 42 {
                "gap high"
            } else {
                "gap medium"
            };
            said.insert(("STF-2", proposal.id.to_string()), verdict.to_owned());
        }
    }
}
