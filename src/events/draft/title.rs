//! A title made of what is known: "Drop-in with carers, Bournemouth".

use entity::event::Kind;

/// The title of an event of this kind with these groups, at this place.
pub fn title(kind: Kind, groups: &[&str], place: Option<&str>) -> String {
    let what = if kind == Kind::Other { "Event" } else { kind.name() };
    let said: Vec<String> = groups.iter().map(|name| inside(name)).collect();
    let with = match said.as_slice() {
        [] => String::new(),
        [one] => format!(" with {one}"),
        [one, other] => format!(" with {one} and {other}"),
        [one, other, _] => format!(" with {one}, {other} and 1 other group"),
        [one, other, rest @ ..] => format!(" with {one}, {other} and {} other groups", rest.len()),
    };
    let place = place.map(|place| format!(", {place}")).unwrap_or_default();
    format!("{what}{with}{place}")
}

/// A group's name inside a sentence: "carers", but "GPs and practice teams".
fn inside(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_says_what_with_whom_and_where() {
        assert_eq!(title(Kind::DropIn, &["Carers"], Some("Bournemouth")), "Drop-in with carers, Bournemouth");
        assert_eq!(
            title(Kind::Workshop, &["GPs and practice teams", "Carers"], None),
            "Workshop with GPs and practice teams and carers"
        );
        assert_eq!(
            title(Kind::Other, &["Carers", "Residents", "Local Healthwatch"], Some("online")),
            "Event with carers, residents and 1 other group, online"
        );
        assert_eq!(title(Kind::Survey, &[], None), "Survey");
    }
}
