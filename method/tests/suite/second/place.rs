//! Place and reach.

use std::collections::{BTreeMap, BTreeSet};

use method::record::{Event, Place};
use method::values::Id;
use method::words::{Audience, Tier};

use super::{Page, Said, names, parent};

impl Page<'_> {
    pub(super) fn places(&self, said: &mut Said) {
        let public = self.took_audience(Audience::Public);
        for tier in [Tier::Upper, Tier::District] {
            for place in self.stp.places.iter().filter(|place| place.tier == tier && self.is_core(place)) {
                let inside =
                    |code: &Id| {
                        *code == place.code
                            || self.stp.places.iter().any(|other| {
                                other.code == *code && other.parent.as_ref() == Some(&place.code)
                            })
                    };
                let verdict = if public.iter().any(|e| names(e).iter().any(inside)) {
                    "met".to_owned()
                } else if public.iter().any(|e| e.online && names(e).is_empty()) {
                    "unknown".to_owned()
                } else if let Some(county) = &place.parent {
                    format!("gap medium{}", parent(said, "GEO-1", county.as_str()))
                } else {
                    format!("gap high{}", parent(said, "COV-1", "PP"))
                };
                said.insert(("GEO-1", place.code.to_string()), verdict);
            }
        }
    }

    pub(super) fn reach(&self, said: &mut Said) {
        let public = self.took_audience(Audience::Public);
        let parts: Vec<_> = public
            .iter()
            .flat_map(|e| &e.participation)
            .filter(|row| row.took_part && row.group.code().starts_with("PP"))
            .collect();
        let u_high: i128 =
            parts.iter().filter_map(|row| row.attended).map(|count| i128::from(count.high)).sum();
        let verdict = match self.stp.reach_target_per_10000 {
            None => "unknown".to_owned(),
            // Both sides times the population and a million.
            Some(target)
                if 10_000 * u_high * 1_000_000
                    >= i128::from(target.millionths()) * i128::from(self.stp.population) =>
            {
                "met".to_owned()
            }
            Some(_) if parts.iter().any(|row| row.attended.is_none()) => "unknown".to_owned(),
            Some(_) => format!("gap medium{}", parent(said, "COV-1", "PP")),
        };
        said.insert(("RCH-1", "stp".to_owned()), verdict);
        self.lagging(said, &public);
    }

    fn place(&self, code: &Id) -> &Place {
        self.stp.places.iter().find(|place| place.code == *code).expect("a place of the STP")
    }

    /// The upper-tier place that a place is or lies in.
    fn upper(&self, code: &Id) -> &Place {
        let place = self.place(code);
        place.parent.as_ref().map_or(place, |county| self.place(county))
    }

    fn lagging(&self, said: &mut Said, public: &[&Event]) {
        let mut of_place: BTreeMap<String, (i128, i128)> = BTreeMap::new();
        let mut unattributed = 0;
        for e in public {
            if !e.place_counts.is_empty() {
                for row in &e.place_counts {
                    let sum = of_place.entry(self.upper(&row.place).code.to_string()).or_default();
                    *sum = (sum.0 + i128::from(row.count.low), sum.1 + i128::from(row.count.high));
                }
                continue;
            }
            let rows =
                e.participation.iter().filter(|row| row.took_part && row.group.code().starts_with("PP"));
            let counts: Vec<_> = rows.filter_map(|row| row.attended).collect();
            let low: i128 = counts.iter().map(|count| i128::from(count.low)).sum();
            let high: i128 = counts.iter().map(|count| i128::from(count.high)).sum();
            let lie_in: BTreeSet<String> =
                names(e).iter().map(|code| self.upper(code).code.to_string()).collect();
            if lie_in.len() == 1 {
                let sum = of_place.entry(lie_in.into_iter().next().expect("one")).or_default();
                *sum = (sum.0 + low, sum.1 + high);
            } else {
                unattributed += high;
            }
        }
        let core: Vec<&Place> =
            self.stp.places.iter().filter(|place| place.tier == Tier::Upper && !place.fringe).collect();
        of_place.retain(|code, _| core.iter().any(|place| place.code.as_str() == code));
        let low: i128 = of_place.values().map(|sum| sum.0).sum();
        let high: i128 = of_place.values().map(|sum| sum.1).sum();
        let residents: i128 = core.iter().map(|place| i128::from(place.population)).sum();
        for p in core {
            let own = of_place.get(p.code.as_str()).map_or(0, |sum| sum.1);
            let n_p = i128::from(p.population);
            let uncounted = |e: &&Event| {
                let missing = |row: &&method::record::Participation| row.took_part && row.attended.is_none();
                let near = names(e).is_empty() || names(e).iter().any(|code| self.upper(code).code == p.code);
                e.place_counts.is_empty()
                    && near
                    && e.participation
                        .iter()
                        .filter(|row| row.group.code().starts_with("PP"))
                        .any(|row| missing(&row))
            };
            let verdict = if unattributed > high || high == 0 {
                "unknown"
            } else if low * n_p < 10 * residents {
                "not_applicable"
            } else if 2 * own * residents >= low * n_p {
                "met"
            } else if public.iter().any(uncounted) {
                "unknown"
            } else {
                "gap medium"
            };
            said.insert(("RCH-2", p.code.to_string()), verdict.to_owned());
        }
    }
}
