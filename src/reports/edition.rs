//! What an edition is about: the facts on its first page, from which every file of it is made beside the record.

use chrono::{DateTime, NaiveDate, Utc};

/// The slug of England's editions.
pub const ENGLAND: &str = "england";
/// The most letters of a title.
pub const LONGEST_TITLE: usize = 200;

/// What an edition is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// Its name in addresses: "dorset", "england".
    pub slug: String,
    /// Which edition of that name: 1, 2, …
    pub number: u32,
    pub title: String,
    /// The area as people call it: "Dorset", "England".
    pub area: String,
    /// The STP's code; none for England.
    pub stp: Option<String>,
    /// The day on which the record is looked at.
    pub as_at: NaiveDate,
    pub published_at: DateTime<Utc>,
    /// The hash of the journal's last entry before it was published.
    pub journal_head: String,
    /// Whose facts about England's STPs the record rests on, a line each.
    pub attributions: Vec<String>,
}

impl Heading {
    /// The address of the edition on its site.
    pub fn path(&self) -> String {
        format!("/reports/{}/{}", self.slug, self.number)
    }

    /// The name of its package.
    pub fn package(&self) -> String {
        package(&self.slug, self.number)
    }
}

/// The name of the package of an edition: `dorset-1.zip`.
pub fn package(slug: &str, number: u32) -> String {
    format!("{slug}-{number}.zip")
}

/// An area's name in addresses: "Cornwall and the Isles of Scilly" is `cornwall-and-the-isles-of-scilly`.
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for letter in name.chars() {
        if letter.is_ascii_alphanumeric() {
            slug.push(letter.to_ascii_lowercase());
        } else if !letter.is_alphanumeric() && letter != '\'' && letter != '’' && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_matches('-').chars().take(48).collect()
}

/// The title of an edition where none is given.
pub fn title(area: &str, as_at: NaiveDate) -> String {
    format!("Engagement in {area} as at {}", crate::web::filters::day(as_at))
}

/// The kind of a file of an edition, by its name.
pub fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, suffix)| suffix) {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "csv" => "text/csv; charset=utf-8; header=present",
        "zip" => "application/zip",
        _ => "text/plain; charset=utf-8",
    }
}

/// What a file of an edition holds, for people.
pub fn description(name: &str) -> &'static str {
    match name {
        "report.html" => "This report as a page",
        "record.json" => "The record that it rests on, with small numbers masked",
        "assessment.json" => "Every finding with what it was worked out from",
        "gaps.csv" => "The gaps, for a spreadsheet",
        "events.csv" => "The events with their numbers, for a spreadsheet",
        "changes.json" => "What changed since the edition before",
        "mark.svg" => "Its icon",
        "report.css" => "How the page looks",
        "README.txt" => "How to check all this, and the licence",
        "manifest.json" => "The list of the files with their SHA-256",
        "SHA256SUMS" => "The same, for sha256sum",
        _ => "All of it in one package",
    }
}

/// The format of a file as people call it.
pub fn format(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, suffix)| suffix) {
        "html" => "HTML",
        "css" => "CSS",
        "svg" => "SVG",
        "json" => "JSON",
        "csv" => "CSV",
        "zip" => "ZIP",
        _ => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_addresses() {
        assert_eq!(slug("Dorset"), "dorset");
        assert_eq!(slug("Cornwall and the Isles of Scilly"), "cornwall-and-the-isles-of-scilly");
        assert_eq!(slug("Hereford & Worcestershire"), "hereford-worcestershire");
        assert_eq!(slug("King's Lynn, “West”"), "kings-lynn-west");
        assert_eq!(slug("  "), "");
    }
}
