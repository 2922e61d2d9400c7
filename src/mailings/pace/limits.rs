//! The limits of the settings: overall, for each sender identity, for each recipient domain.
//!
//! ```text
//! --mail-limit 10/s,20000/d            overall     ┐
//! --mail-limit-identity 30/m           an identity ├─► Limits ─► gate
//! --mail-limit-domain 1000/h,          any domain  │
//!       nhs.net=600/h,example.org=none one domain  ┘
//! ```
//!
//! Several rates may hold at once, one for each length of time. A domain that is named has its own rates in place of
//! those of any domain. A domain is what stands after the @, not those above or below it.

use std::{collections::BTreeMap, str::FromStr};

use super::{quiet_hours::QuietHours, rate::Rate, warm_up::WarmUp};

/// What letters are held to. None of it is set at first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    pub overall: Vec<Rate>,
    /// Of each sender identity.
    pub identity: Vec<Rate>,
    /// Of each recipient domain that is not named.
    pub domain: Vec<Rate>,
    /// Of named domains; an empty list for one that has no limit.
    pub domains: BTreeMap<String, Vec<Rate>>,
    pub warm_up: Option<WarmUp>,
    pub quiet: Option<QuietHours>,
}

/// One limit for recipient domains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainLimit {
    /// None: any domain that is not named.
    pub domain: Option<String>,
    /// None: no limit.
    pub rate: Option<Rate>,
}

impl FromStr for DomainLimit {
    type Err = String;

    /// Reads `600/h` for any domain, `nhs.net=600/h` for one, or `nhs.net=none`.
    fn from_str(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let Some((domain, rate)) = text.split_once('=') else {
            return Ok(Self { domain: None, rate: Some(text.parse()?) });
        };
        let domain = domain.trim().to_ascii_lowercase();
        if !is_domain(&domain) {
            return Err(format!(
                "“{domain}” in {text} is no domain: write it as after the @, as in nhs.net=600/h"
            ));
        }
        let rate = if rate.trim() == "none" { None } else { Some(rate.parse()?) };
        Ok(Self { domain: Some(domain), rate })
    }
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

impl Limits {
    /// Puts the limits of domains together. Refuses two rates of one domain over the same length of time, and a rate
    /// beside `none`.
    pub fn with_domains(mut self, limits: &[DomainLimit]) -> Result<Self, String> {
        let mut unlimited = Vec::new();
        for limit in limits {
            let rates = match &limit.domain {
                Some(domain) => self.domains.entry(domain.clone()).or_default(),
                None => &mut self.domain,
            };
            match (limit.rate, &limit.domain) {
                (Some(rate), _) => rates.push(rate),
                (None, Some(domain)) => unlimited.push(domain.clone()),
                (None, None) => {}
            }
        }
        for domain in unlimited {
            if self.domains.get(&domain).is_some_and(|rates| !rates.is_empty()) {
                return Err(format!("{domain} has a limit, and none"));
            }
        }
        self.checked()
    }

    /// Refuses two rates over the same length of time where both would hold for the same letters.
    pub fn checked(self) -> Result<Self, String> {
        let named = self.domains.iter().map(|(domain, rates)| (domain.as_str(), rates));
        let others = [
            ("all letters", &self.overall),
            ("a sender", &self.identity),
            ("a domain that is not named", &self.domain),
        ];
        for (whose, rates) in others.into_iter().chain(named) {
            for (n, rate) in rates.iter().enumerate() {
                if let Some(other) = rates[..n].iter().find(|other| other.per() == rate.per()) {
                    return Err(format!("two limits for {whose}, {other} and {rate}: which holds?"));
                }
            }
        }
        Ok(self)
    }

    /// The rates of a recipient domain.
    pub fn of_domain(&self, domain: &str) -> &[Rate] {
        self.domains.get(domain).unwrap_or(&self.domain)
    }

    /// Whether any recipient domain has a limit.
    pub fn of_domains(&self) -> bool {
        !self.domain.is_empty() || self.domains.values().any(|rates| !rates.is_empty())
    }

    /// Every rate there is.
    pub(super) fn rates(&self) -> impl Iterator<Item = Rate> {
        let named = self.domains.values().flatten();
        self.overall.iter().chain(&self.identity).chain(&self.domain).chain(named).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(texts: &[&str]) -> Result<Limits, String> {
        let limits: Result<Vec<DomainLimit>, String> = texts.iter().map(|text| text.parse()).collect();
        Limits::default().with_domains(&limits?)
    }

    #[test]
    fn a_named_domain_has_its_own() {
        let read = limits(&["1000/h", "5/s", "NHS.net=600/h", "nhs.net=20/m", "example.org=none"]).unwrap();
        let said = |domain| read.of_domain(domain).iter().map(Rate::to_string).collect::<Vec<_>>();
        assert_eq!(said("nhs.net"), ["600 an hour", "20 a minute"]);
        assert_eq!(said("sub.nhs.net"), ["1,000 an hour", "5 a second"], "its own name alone");
        assert!(said("example.org").is_empty());
        assert_eq!(read.rates().count(), 4);
    }

    #[test]
    fn what_cannot_be_a_limit_is_refused_in_words() {
        for (texts, said) in [
            (
                &["nhs.net=600/h", "nhs.net=500/h"][..],
                "two limits for nhs.net, 600 an hour and 500 an hour: which holds?",
            ),
            (
                &["6/h", "7/h"],
                "two limits for a domain that is not named, 6 an hour and 7 an hour: which holds?",
            ),
            (&["nhs.net=600/h", "nhs.net=none"], "nhs.net has a limit, and none"),
            (
                &["a@nhs.net=6/h"],
                "“a@nhs.net” in a@nhs.net=6/h is no domain: write it as after the @, as in nhs.net=600/h",
            ),
            (&["=6/h"], "“” in =6/h is no domain: write it as after the @, as in nhs.net=600/h"),
            (
                &["nhs..net=6/h"],
                "“nhs..net” in nhs..net=6/h is no domain: write it as after the @, as in nhs.net=600/h",
            ),
            (&["nhs.net=6/w"], "6/w is no rate: after the slash comes s, m, h or d, not “w”"),
            (
                &["nhs.net"],
                "nhs.net is no rate: write letters, a slash and s, m, h or d, as in 600/h for 600 an hour",
            ),
        ] {
            assert_eq!(limits(texts).unwrap_err(), said);
        }
        let rates = vec!["6/s".parse().unwrap(), "7/s".parse().unwrap()];
        let said = Limits { overall: rates, ..Limits::default() }.checked().unwrap_err();
        assert_eq!(said, "two limits for all letters, 6 a second and 7 a second: which holds?");
    }
}
