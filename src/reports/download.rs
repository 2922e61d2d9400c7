//! Gets a published edition from its address: the only place that asks another machine for a page, and only when an
//! operator or a stranger runs `opendoor verify ADDRESS`.

use std::time::Duration;

use anyhow::Context as _;
use ureq::{Agent, config::Config};
use url::Url;

use super::{edition, package::LARGEST};

/// How long one file may take.
const PATIENCE: Duration = Duration::from_mins(5);

/// What an address leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The address of the package.
    pub package: String,
    /// The address of the edition's page, where that is what was given.
    pub page: Option<String>,
}

/// Whether this is an address and not the name of a file.
pub fn is_address(text: &str) -> bool {
    text.starts_with("http://") || text.starts_with("https://")
}

/// Where the package of an address is: the address itself where it ends in `.zip`, else that of an edition's page.
pub fn place(address: &str) -> anyhow::Result<Place> {
    let mut url = Url::parse(address).context("this is not an address")?;
    url.set_fragment(None);
    url.set_query(None);
    if url.path().rsplit_once('.').is_some_and(|(_, suffix)| suffix.eq_ignore_ascii_case("zip")) {
        return Ok(Place { package: url.into(), page: None });
    }
    let path = url.path().trim_end_matches('/').to_owned();
    let mut parts = path.rsplit('/');
    let (number, slug) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let (Ok(number @ 1..), false) = (number.parse::<u32>(), slug.is_empty()) else {
        anyhow::bail!(
            "this is no address of an edition, which ends as /reports/dorset/1, nor of its package"
        );
    };
    let package = edition::package(slug, number);
    url.set_path(&path);
    let page = url.to_string();
    url.set_path(&format!("{path}/files/{package}"));
    Ok(Place { package: url.into(), page: Some(page) })
}

/// Gets one file whole. Blocks: call it from a thread of its own.
pub fn get(address: &str) -> anyhow::Result<Vec<u8>> {
    let config = Config::builder().timeout_global(Some(PATIENCE)).build();
    let agent: Agent = config.into();
    let mut answer = agent.get(address).call().with_context(|| format!("getting {address}"))?;
    let limit = LARGEST as u64 + 1;
    answer
        .body_mut()
        .with_config()
        .limit(limit)
        .read_to_vec()
        .with_context(|| format!("reading {address}, which may hold {} MB", LARGEST >> 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_leads_to_a_package() {
        let page = place("https://example.org/reports/dorset/2#get").unwrap();
        assert_eq!(page.package, "https://example.org/reports/dorset/2/files/dorset-2.zip");
        assert_eq!(page.page.as_deref(), Some("https://example.org/reports/dorset/2"));
        let slash = place("http://127.0.0.1:8080/reports/england/1/").unwrap();
        assert_eq!(slash.package, "http://127.0.0.1:8080/reports/england/1/files/england-1.zip");
        let zip = place("http://example.org/files/dorset-2.zip?x=1").unwrap();
        assert_eq!((zip.package.as_str(), zip.page), ("http://example.org/files/dorset-2.zip", None));
        for bad in [
            "https://example.org",
            "https://example.org/reports/dorset",
            "https://",
            "https://example.org/x/0",
        ] {
            assert!(place(bad).is_err(), "{bad}");
        }
    }
}
