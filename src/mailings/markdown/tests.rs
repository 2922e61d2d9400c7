//! Letters of every shape, well and badly written.

mod hostile;
mod lists;
mod plain;
mod problems;
mod words;

use super::*;

/// What most tests fill letters with.
fn values() -> Values {
    Values {
        name: Some("The Chair".into()),
        organisation: Some("Health & Care Forum".into()),
        group: Some("Local Healthwatch".into()),
        stp: Some("Dorset".into()),
    }
}

/// Fills each source and compares both parts: (source, HTML, text).
fn check(cases: &[(&str, &str, &str)]) {
    assert!(!cases.is_empty());
    for (source, html, text) in cases {
        let letter = Source::parse(source).unwrap_or_else(|problems| panic!("{source:?}: {problems:?}"));
        assert_eq!(letter.html(&values()).unwrap(), *html, "HTML of {source:?}");
        assert_eq!(letter.text(&values()).unwrap(), *text, "text of {source:?}");
        assert!(!letter.filled(&values()).unwrap().contains("{{"), "{source:?}");
    }
}
