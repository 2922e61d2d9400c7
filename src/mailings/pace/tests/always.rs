//! What holds of the gate whatever is asked and whenever.

use proptest::prelude::*;

use super::*;

/// A letter that went.
#[derive(Clone, Copy, Debug)]
struct Sent {
    at: DateTime<Utc>,
    identity: usize,
    domain: usize,
}

/// No stretch of a rate's length has more than `rate.letters() + more` of these.
fn held_to(
    rates: &[Rate],
    more: usize,
    sent: &[Sent],
    which: impl Fn(&Sent) -> bool,
) -> Result<(), TestCaseError> {
    let sent: Vec<DateTime<Utc>> = sent.iter().filter(|one| which(one)).map(|one| one.at).collect();
    for rate in rates {
        for (n, first) in sent.iter().enumerate() {
            let end = *first + rate.per().length();
            let within = sent[n..].iter().take_while(|at| **at < end).count();
            prop_assert!(within <= rate.letters() as usize + more, "{} in {}", within, rate);
        }
    }
    Ok(())
}

fn all_held(limits: &Limits, more: usize, sent: &[Sent]) -> Result<(), TestCaseError> {
    held_to(&limits.overall, more, sent, |_| true)?;
    for identity in 0..IDENTITIES.len() {
        held_to(&limits.identity, more, sent, |one| one.identity == identity)?;
    }
    for (domain, name) in DOMAINS.iter().enumerate() {
        held_to(limits.of_domain(name), more, sent, |one| one.domain == domain)?;
    }
    Ok(())
}

/// What the ledger would give a new gate.
fn seed(gate: &mut Gate, now: DateTime<Utc>, sent: &[Sent]) {
    for reach in gate.reaches() {
        let lately = sent.iter().filter(|one| one.at > now - reach);
        let tallies: Vec<Tally> = lately
            .map(|one| Tally {
                identity: IDENTITIES[one.identity].into(),
                domain: DOMAINS[one.domain].into(),
                letters: 1,
            })
            .collect();
        gate.seed_from(now, reach, &tallies);
    }
}

/// When the next letter is asked for.
#[derive(Clone, Copy, Debug)]
enum Gap {
    Millis(i64),
    /// As soon as the last that waited may go.
    AsTold,
}

prop_compose! {
    /// When, and who writes where: mostly as fast as it goes, sometimes after a rest.
    fn asks()(asks in prop::collection::vec(
        (
            prop_oneof![
                6 => Just(Gap::Millis(0)),
                6 => Just(Gap::AsTold),
                2 => (0..3_000i64).prop_map(Gap::Millis),
                1 => (0..200_000i64).prop_map(Gap::Millis),
            ],
            0..2usize,
            prop_oneof![1 => 0..5usize, 2 => Just(0usize), 2 => Just(3usize), 2 => Just(4usize)],
            0..3usize,
        ),
        50..600,
    )) -> Vec<(Gap, usize, usize, usize)> {
        asks
    }
}

/// The clock of a run.
struct Run {
    now: DateTime<Utc>,
    told: Option<DateTime<Utc>>,
}

impl Run {
    fn from(now: DateTime<Utc>) -> Self {
        Self { now, told: None }
    }

    fn pass(&mut self, gap: Gap) {
        self.now = match gap {
            Gap::Millis(millis) => self.now + TimeDelta::milliseconds(millis),
            Gap::AsTold => self.now.max(self.told.take().unwrap_or(self.now)),
        };
    }

    /// Asks for a letter, and notes what it is told. Gives whether it went.
    fn ask(&mut self, gate: &mut Gate, (identity, domain, purpose): (usize, usize, usize)) -> bool {
        match gate.ask(self.now, IDENTITIES[identity], DOMAINS[domain], PURPOSES[purpose]) {
            Answer::Go => true,
            Answer::Wait(wait) => {
                self.told = Some(wait.until);
                false
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_stretch_has_more_than_its_limit_even_across_restarts(
        asks in asks(), restarts in prop::collection::btree_set(0..600usize, 0..4),
    ) {
        let limits = tight();
        let mut gate = Gate::new(limits.clone(), Share::ALL);
        let (mut run, mut sent) = (Run::from(at("2018-01-15T10:00:00Z")), Vec::new());
        for (n, (gap, identity, domain, purpose)) in asks.into_iter().enumerate() {
            run.pass(gap);
            if restarts.contains(&n) {
                gate = Gate::new(limits.clone(), Share::ALL);
                seed(&mut gate, run.now, &sent);
            }
            if run.ask(&mut gate, (identity, domain, purpose)) {
                sent.push(Sent { at: run.now, identity, domain });
            }
        }
        prop_assert!(!sent.is_empty());
        all_held(&limits, 0, &sent)?;
    }

    #[test]
    fn workers_together_keep_the_limits(asks in asks(), workers in 2..5u32, joined in 0..400usize) {
        let limits = tight();
        let names: Vec<u32> = (0..workers).collect();
        // One worker at first; then the others join, and all begin from the ledger.
        let mut gates = vec![Gate::new(limits.clone(), Share::ALL)];
        let (mut run, mut sent) = (Run::from(at("2018-01-15T10:00:00Z")), Vec::new());
        let mut before = 0;
        for (n, (gap, identity, domain, purpose)) in asks.into_iter().enumerate() {
            run.pass(gap);
            if n == joined {
                gates = names.iter().map(|own| Gate::new(limits.clone(), Share::among(own, &names))).collect();
                for gate in &mut gates {
                    seed(gate, run.now, &sent);
                }
                before = sent.len();
            }
            for gate in &mut gates {
                if run.ask(gate, (identity, domain, purpose)) {
                    sent.push(Sent { at: run.now, identity, domain });
                }
            }
        }
        // While they stay the same, exactly; where they change, by at most one letter for each.
        all_held(&limits, 0, &sent[before..])?;
        all_held(&limits, workers as usize, &sent)?;
    }

    #[test]
    fn what_a_letter_is_told_to_wait_for_holds(
        asks in asks(), start in 0..525_600i64, hasty in prop::collection::vec(0..600usize, 0..12),
    ) {
        let warm_up = Some("20".parse().unwrap());
        let quiet = Some("21:00-07:00".parse().unwrap());
        let mut gate = Gate::new(Limits { warm_up, quiet, ..tight() }, Share::ALL);
        let mut run = Run::from(at("2018-01-01T00:00:00Z") + TimeDelta::minutes(start));
        for (n, (gap, identity, domain, purpose)) in asks.into_iter().enumerate() {
            run.pass(gap);
            let (from, to, purpose) = (IDENTITIES[identity], DOMAINS[domain], PURPOSES[purpose]);
            if hasty.contains(&n) {
                gate.heard(run.now, from, to, Hint::TooFast);
            }
            if let Answer::Wait(wait) = gate.ask(run.now, from, to, purpose) {
                prop_assert!(wait.until > run.now && wait.why.ends_with('.'));
                let mut then = gate.clone();
                prop_assert_eq!(then.ask(wait.until, from, to, purpose), Answer::Go, "{:?}", wait);
                run.told = Some(wait.until);
            }
        }
    }
}
