//! Names of domains: which can be asked about, and which belong to one organisation.
//!
//! ```text
//! mail.trust.example.nhs.uk ─► suffix nhs.uk, one label more ─► example.nhs.uk
//! mail.example.org          ─► no suffix known, last two labels ─► example.org
//! ```
//!
//! RFC 7489 finds the organisational domain with a list of public suffixes and leaves open which. This one is small
//! and built in: the suffixes that UK public bodies and those they write for stand under. For any other name the rule
//! is "the last two labels", which is too wide under a foreign suffix of two labels such as com.au. nhs.net is no
//! suffix: all of it is one organisation.

/// Suffixes of which each label below is an organisation of its own.
const SUFFIXES: [&str; 12] = [
    "ac.uk",
    "campaign.gov.uk",
    "co.uk",
    "gov.uk",
    "ltd.uk",
    "me.uk",
    "net.uk",
    "nhs.uk",
    "org.uk",
    "plc.uk",
    "police.uk",
    "service.gov.uk",
];
/// Suffixes of which each label below is such a suffix: schools stand under their county.
const WIDE: [&str; 1] = ["sch.uk"];

/// A name in its plain form: lower case, without the last dot. None where it is no name of a domain.
pub fn domain(text: &str) -> Option<String> {
    let name = plain(text);
    (name.contains('.') && askable(&name)).then_some(name)
}

pub fn plain(text: &str) -> String {
    let name = text.trim();
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

/// Whether the DNS can be asked about this name.
pub fn askable(name: &str) -> bool {
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
    };
    name.len() <= 253 && name.split('.').all(label)
}

/// The domain of the organisation that a name belongs to.
pub fn organisational(name: &str) -> String {
    let name = plain(name);
    let starts: Vec<usize> = [0].into_iter().chain(name.match_indices('.').map(|(dot, _)| dot + 1)).collect();
    // The longest suffix first, and the label before it.
    for (at, start) in starts.iter().enumerate() {
        let above = starts.get(at + 1).map_or("", |next| &name[*next..]);
        if SUFFIXES.contains(&&name[*start..]) || WIDE.contains(&above) {
            return name[starts[at.saturating_sub(1)]..].to_owned();
        }
    }
    name[starts[starts.len().saturating_sub(2)]..].to_owned()
}

/// Whether a name is the other or stands below it.
pub fn within(name: &str, above: &str) -> bool {
    let (name, above) = (plain(name), plain(above));
    name == above || name.strip_suffix(&above).is_some_and(|head| head.ends_with('.'))
}
