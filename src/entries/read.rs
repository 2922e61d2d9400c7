//! What was typed or brought → [`Values`], or every problem with it.

use std::collections::BTreeSet;

use super::{
    Choices, Kept, Noun, Values,
    field::{Field, Kind},
    values::settle,
};
use crate::web::form::{Problem, Typed};

/// Reads a form.
pub fn form(noun: &dyn Noun, choices: &Choices, typed: &Typed) -> Result<Values, Vec<Problem>> {
    part(noun, choices, typed, Values::default(), |_| true)
}

/// Reads a form that asks for some of the fields, into what an entry says.
pub fn part(
    noun: &dyn Noun,
    choices: &Choices,
    typed: &Typed,
    mut values: Values,
    asks: impl Fn(&str) -> bool,
) -> Result<Values, Vec<Problem>> {
    let mut problems = Vec::new();
    for field in noun.about().fields().filter(|field| asks(field.key)) {
        match typed_texts(field, typed).and_then(|texts| settle(field, Some(choices), texts)) {
            Ok(texts) => values.put(field.key, texts),
            Err(message) => problems.push(Problem::new(field.key, message)),
        }
    }
    let known: BTreeSet<String> = problems.iter().map(|problem| problem.field.clone()).collect();
    let between = noun.check(&values).into_iter().filter(|(field, _)| !known.contains(*field));
    problems.extend(between.map(|(field, message)| Problem::new(field, message)));
    if problems.is_empty() { Ok(values) } else { Err(problems) }
}

fn typed_texts(field: &Field, typed: &Typed) -> Result<Vec<String>, String> {
    match field.kind {
        Kind::Day => {
            let day = typed.day(field.key, field.label).map_err(|problem| problem.message)?;
            Ok(day.map(|day| day.to_string()).into_iter().collect())
        }
        Kind::Several(_) => Ok(typed.list(field.key)),
        _ => Ok(typed.some(field.key).into_iter().collect()),
    }
}

/// What another entry of the STP has that no two may share.
pub fn twin<'a>(noun: &dyn Noun, id: Option<&str>, values: &Values, all: &'a [Kept]) -> Option<&'a Kept> {
    let unique = noun.about().unique;
    if unique.is_empty() {
        return None;
    }
    let folded = |of: &Values| unique.iter().map(|key| of.cell(key).to_lowercase()).collect::<Vec<String>>();
    let mine = folded(values);
    all.iter().find(|other| id != Some(other.id.as_str()) && folded(&other.values) == mine)
}

/// Why an entry with a twin is refused: the field that says it, and what to do.
pub fn twin_problem(noun: &dyn Noun) -> (&'static str, String) {
    let about = noun.about();
    let labels: Vec<String> =
        about.fields().filter(|field| about.unique.contains(&field.key)).map(Field::named).collect();
    let field = about.unique.first().copied().unwrap_or_default();
    (field, format!("There is another {} with the same {}", about.one, labels.join(" and ")))
}
