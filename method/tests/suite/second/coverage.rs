//! Coverage, recency, depth.

use method::record::Event;
use method::words::Audience;

use super::{Page, Said, end, parent};

impl Page<'_> {
    pub(super) fn coverage(&self, said: &mut Said) {
        for a in [Audience::Public, Audience::Staff, Audience::Councils] {
            let verdict = if self.took_audience(a).is_empty() { "gap high" } else { "met" };
            said.insert(("COV-1", a.code().to_owned()), verdict.to_owned());
        }
        for g in self.required() {
            let subject = g.code().to_owned();
            let took = self.took(g);
            let cov_2 = if self.waived(g) {
                "not_applicable".to_owned()
            } else if took.is_empty() {
                let severity =
                    if ["LA-HSC", "LA-HWB", "PP-HWT"].contains(&g.code()) { "high" } else { "medium" };
                format!("gap {severity}{}", parent(said, "COV-1", g.audience().code()))
            } else {
                "met".to_owned()
            };
            said.insert(("COV-2", subject.clone()), cov_2);
            let under_cov_2 = parent(said, "COV-2", g.code());

            let latest = took.iter().map(|e| self.days(end(e))).min();
            let allowed = i64::from(self.standard.recency_days);
            let rec_1 = match latest {
                _ if self.waived(g) => "not_applicable".to_owned(),
                None => format!("not_applicable{under_cov_2}"),
                Some(days) if days > 2 * allowed => "gap high".to_owned(),
                Some(days) if days > allowed => "gap medium".to_owned(),
                Some(_) => "met".to_owned(),
            };
            said.insert(("REC-1", subject.clone()), rec_1);

            let year: Vec<&&Event> = took.iter().filter(|e| self.in_w(e)).collect();
            let absent = if self.waived(g) {
                Some("not_applicable".to_owned())
            } else if took.is_empty() {
                Some(format!("not_applicable{under_cov_2}"))
            } else if year.is_empty() {
                Some(format!("not_applicable{}", parent(said, "REC-1", g.code())))
            } else {
                None
            };
            let silent = year.iter().any(|e| e.level.is_none());
            let depth = |level: u8| {
                if year.iter().any(|e| e.level.is_some_and(|achieved| achieved.number() >= level)) {
                    "met"
                } else if silent {
                    "unknown"
                } else {
                    "gap medium"
                }
            };
            let requirement = self.stp.requirements.iter().find(|requirement| requirement.group == g);
            let planned = requirement.and_then(|requirement| requirement.planned_level);
            let dep_1 = planned.map_or("unknown", |planned| depth(planned.number())).to_owned();
            said.insert(("DEP-1", subject.clone()), absent.clone().unwrap_or(dep_1));
            said.insert(("DEP-2", subject), absent.unwrap_or_else(|| depth(2).to_owned()));
        }
    }
}
