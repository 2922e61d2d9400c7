//! Equality.

use method::record::MonitoringReturn;
use method::words::Characteristic;

use super::{Page, Said, parent};

const NINE: [&str; 9] = ["AGE", "DIS", "GRE", "MCP", "PRM", "RAC", "REB", "SEX", "SOR"];

impl Page<'_> {
    fn returns(&self, of: Characteristic) -> Vec<&MonitoringReturn> {
        let all = self.stp.monitoring_returns.iter();
        all.filter(|one| one.characteristic == of && one.dated_on <= self.t).collect()
    }

    pub(super) fn equality(&self, said: &mut Said) {
        let near = self.stp.proposals.iter().filter_map(|proposal| proposal.decision_on);
        let near = near.map(|decision| self.ahead(decision)).any(|days| (0..=42).contains(&days));
        for &c in Characteristic::ALL {
            let returns = self.returns(c);
            let answers: Vec<_> = returns.iter().flat_map(|one| &one.answers).collect();
            if NINE.contains(&c.code()) {
                let known: i128 = answers.iter().map(|answer| i128::from(answer.count.high)).sum();
                let not_stated: i128 = returns.iter().map(|one| i128::from(one.not_stated.low)).sum();
                let wanted = i128::from(self.standard.monitoring_known_share.millionths());
                let all = known + not_stated;
                let short = if all == 0 { 0 < wanted } else { known * 1_000_000 < wanted * all };
                let verdict = if self.stp.monitoring_exceptions.iter().any(|one| one.characteristic == c) {
                    "not_applicable"
                } else if returns.is_empty() || short {
                    "gap medium"
                } else {
                    "met"
                };
                said.insert(("EQU-1", c.code().to_owned()), verdict.to_owned());
            }
            if NINE.contains(&c.code()) || ["DEP", "CAR"].contains(&c.code()) {
                let verdict = if self.e().any(|e| e.targets.contains(&c)) {
                    "met".to_owned()
                } else if returns.is_empty() {
                    format!("not_applicable{}", parent(said, "EQU-1", c.code()))
                } else if answers.iter().any(|answer| answer.count.high > 0) {
                    "met".to_owned()
                } else {
                    let severity = if near { "high" } else { "medium" };
                    format!("gap {severity}{}", parent(said, "EQU-1", c.code()))
                };
                said.insert(("EQU-2", c.code().to_owned()), verdict);
            }
        }
        for one in &self.stp.population_shares {
            let q = i128::from(one.share.millionths());
            if q == 0 {
                continue;
            }
            let returns = self.returns(one.characteristic);
            let (mut own, mut others, mut m) = (0, 0, 0);
            for answer in returns.iter().flat_map(|one| &one.answers) {
                if answer.category == one.category {
                    own += i128::from(answer.count.high);
                } else {
                    others += i128::from(answer.count.low);
                }
            }
            for one in &returns {
                m += i128::from(one.not_stated.high);
            }
            let n = own + others;
            let verdict = if n < 30 {
                "not_applicable"
            } else if m * 100 > 40 * (n + m) {
                "unknown"
            } else if own * 1_000_000 * 10 < 8 * q * n && below(own, n, q) {
                "gap medium"
            } else {
                "met"
            };
            said.insert(("EQU-3", format!("{}/{}", one.characteristic, one.category)), verdict.to_owned());
        }
    }

    pub(super) fn analyses(&self, said: &mut Said) {
        for proposal in &self.stp.proposals {
            let Some(decision) = proposal.decision_on else { continue };
            let analysis = self.fact(proposal.equality_analysis_on);
            let verdict = if analysis.is_some_and(|analysis| analysis < decision) {
                "met"
            } else if self.ahead(decision) <= 28 {
                if analysis.is_some() { "gap high" } else { "gap critical" }
            } else {
                "gap medium"
            };
            said.insert(("EQU-4", proposal.id.to_string()), verdict.to_owned());
        }
    }
}

/// Is the upper Wilson limit below q, given in millionths: p < q and n(p - q)^2 > z^2 q (1 - q)? Times 10^12 n, and with
/// z^2 = 3.841458881296.
fn below(own: i128, n: i128, q: i128) -> bool {
    let apart = own * 1_000_000 - q * n;
    apart < 0 && apart * apart * 1_000_000_000_000 > 3_841_458_881_296 * q * (1_000_000 - q) * n
}
