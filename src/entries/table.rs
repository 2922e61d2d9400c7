//! Entries as a table: the columns are the keys of the fields, a code or a day in each cell, an id first.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sea_orm::{DatabaseExecutor, DbErr};

use super::{
    Kept, Noun, entries,
    field::{Field, Kind},
};
use crate::{
    app::App,
    export::{self, Book, Cell, Column, Format, Table},
};

/// The entries of one STP or of several, and whose they are.
pub struct Loaded {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
    /// The ids of the entries by STP: what a file of personal data shows.
    pub ids: BTreeMap<String, Vec<String>>,
}

/// The columns of a noun's table.
pub fn columns(noun: &dyn Noun) -> Vec<&'static str> {
    std::iter::once("id").chain(noun.about().fields().map(|field| field.key)).collect()
}

fn column(field: &Field) -> Column {
    let kind = match field.kind {
        Kind::Day => export::Kind::Day,
        Kind::YesNo => export::Kind::YesNo,
        Kind::Whole(..) => export::Kind::Number,
        _ => export::Kind::Text,
    };
    Column::new(field.key, field.label, kind)
}

fn cell(field: &Field, kept: &Kept) -> Cell {
    match field.kind {
        Kind::YesNo => Cell::Yes(kept.values.yes(field.key)),
        Kind::Day => Cell::day(kept.values.day(field.key)),
        Kind::Whole(..) => kept.values.whole(field.key).map_or(Cell::Empty, |n| Cell::Whole(n.into())),
        _ => Cell::text(kept.values.cell(field.key)),
    }
}

impl Loaded {
    /// None yet; `many` says that the entries will be of several STPs.
    fn new(noun: &dyn Noun, many: bool) -> Self {
        let code = many.then(|| Column::new("stp_code", "STP", export::Kind::Text));
        let id = Column::new("id", "Identity", export::Kind::Text);
        let columns = code.into_iter().chain([id]).chain(noun.about().fields().map(column)).collect();
        Self { columns, rows: Vec::new(), ids: BTreeMap::new() }
    }

    fn take(&mut self, noun: &dyn Noun, stp: &str, many: bool, kept: &Kept) {
        let code = many.then(|| Cell::text(stp));
        let first = code.into_iter().chain([Cell::text(kept.id.clone())]);
        self.rows.push(first.chain(noun.about().fields().map(|field| cell(field, kept))).collect());
        self.ids.entry(stp.to_owned()).or_default().push(kept.id.clone());
    }
}

/// Every entry of the STPs, in the order in which they were added; with more than one STP its code stands first.
pub async fn load(noun: &dyn Noun, db: &DatabaseExecutor<'_>, stps: &[String]) -> Result<Loaded, DbErr> {
    let many = stps.len() != 1;
    let mut loaded = Loaded::new(noun, many);
    for stp in stps {
        for kept in entries(noun, db, stp).await? {
            loaded.take(noun, stp, many, &kept);
        }
    }
    Ok(loaded)
}

/// The table as a file.
pub fn file(app: &App, noun: &dyn Noun, loaded: Loaded, format: Format) -> anyhow::Result<Vec<u8>> {
    let face = &app.config.face;
    let facts = [("From", &face.service_name), ("Published by", &face.owner)]
        .map(|(term, text)| (term.to_owned(), text.clone()));
    write(noun, loaded, app.clock.today(), facts.to_vec(), format)
}

fn write(
    noun: &dyn Noun,
    mut loaded: Loaded,
    as_at: NaiveDate,
    facts: Vec<(String, String)>,
    format: Format,
) -> anyhow::Result<Vec<u8>> {
    if format == Format::Csv {
        for cell in loaded.rows.iter_mut().flatten() {
            if let Cell::Text(text) = cell {
                *text = kept(text);
            }
        }
    }
    let about = noun.about();
    let table = Table {
        name: about.key.replace('-', "_"),
        title: about.title(),
        notes: vec![about.lede.to_owned()],
        columns: loaded.columns,
        rows: loaded.rows,
    };
    let book = Book { title: about.title(), as_at, facts, notes: Vec::new(), tables: vec![table] };
    export::write(&book, format)
}

/// Whether a text would be taken for a formula but for the apostrophes before it.
fn formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@'])
}

/// A text whose own apostrophe must not be taken for one that guards a formula: see [`unguarded`].
fn kept(text: &str) -> String {
    if text.starts_with('\'') && formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// A cell of a text file without the apostrophe that guards a formula.
pub fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|_| formula(text)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;
    use crate::{
        entries::{
            Choices, Values, all,
            field::{Choice, Source},
            sheet::{Becomes, plan},
            stored,
            values::settle,
        },
        export::Format,
    };

    const STP: &str = "E54000041";

    fn choices(noun: &dyn Noun) -> Choices {
        let named = || ["a-1", "b-2", "c-3"].map(|code| Choice::new(code, format!("The {code}"))).to_vec();
        noun.about()
            .fields()
            .filter_map(|field| match field.source()? {
                Source::Words(words) => Some((field.key, words())),
                _ => Some((field.key, named())),
            })
            .collect()
    }

    /// What someone might write into a field, as far as the field takes it.
    fn written(field: &'static Field, choices: &Choices) -> BoxedStrategy<Vec<String>> {
        let codes: Vec<String> =
            choices.get(field.key).into_iter().flatten().map(|choice| choice.value.clone()).collect();
        let text = prop_oneof![
            "[a-zA-Z0-9 ,;\"'=+@\\-é“]{1,30}",
            "['=+@\\-]{1,3}[a-z]{1,5}",
            "[a-z]{1,9}\n[a-z]{1,9}",
            "20[0-9]{2}-0[1-9]-1[0-9]",
            "[0-9]{1,9}",
        ];
        let all = match field.kind {
            Kind::Line | Kind::Text | Kind::Texts => text.prop_map(|text| vec![text]).boxed(),
            Kind::Web => "https://example\\.org/[a-z]{0,9}".prop_map(|text| vec![text]).boxed(),
            Kind::Day => (1900..2200, 1..13_u32, 1..29_u32)
                .prop_map(|(year, month, day)| vec![format!("{year}-{month:02}-{day:02}")])
                .boxed(),
            Kind::YesNo => select(vec!["yes", "no"]).prop_map(|word| vec![word.to_owned()]).boxed(),
            Kind::One(_) => select(codes).prop_map(|code| vec![code]).boxed(),
            Kind::Several(_) => proptest::collection::vec(select(codes), 1..4).boxed(),
            Kind::Whole(least, most) => (least..=most).prop_map(|number| vec![number.to_string()]).boxed(),
            Kind::Share => (0..=1_000_000_i64)
                .prop_map(|millionths| vec![crate::entries::values::decimal(millionths)])
                .boxed(),
            Kind::People => select(vec!["40", "about 40", "20-30", "more than 60", "0"])
                .prop_map(|words| vec![words.to_owned()])
                .boxed(),
        };
        if field.required { all } else { prop_oneof![all, Just(Vec::new())].boxed() }
    }

    fn entry(noun: &'static dyn Noun) -> impl Strategy<Value = Values> {
        let choices = choices(noun);
        let fields: Vec<&'static Field> = noun.about().fields().collect();
        let each: Vec<_> = fields.iter().map(|field| written(field, &choices)).collect();
        each.prop_filter_map("a field that does not take it", move |texts| {
            let mut values = Values::default();
            for (field, texts) in fields.iter().zip(texts) {
                values.put(field.key, settle(field, Some(&choices), texts).ok()?);
            }
            noun.check(&values).is_empty().then_some(values)
        })
    }

    fn keep(entries: &[Values]) -> Vec<Kept> {
        let kept = |(number, values): (usize, &Values)| Kept {
            id: format!("entry-{number}"),
            version: 1,
            values: values.clone(),
            document: serde_json::Value::Null,
        };
        entries.iter().enumerate().map(kept).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]

        #[test]
        fn what_goes_out_comes_in_unchanged(
            (noun, entries) in (0..all().len()).prop_flat_map(|number| {
                let noun = all()[number];
                (Just(number), proptest::collection::vec(entry(noun), 1..5))
            })
        ) {
            let noun = all()[noun];
            let choices = choices(noun);
            let kept = keep(&entries);
            for format in [Format::Csv, Format::Xlsx, Format::Ods] {
                let mut loaded = Loaded::new(noun, false);
                for one in &kept {
                    loaded.take(noun, STP, false, one);
                }
                let day = NaiveDate::from_ymd_opt(2018, 1, 15).unwrap();
                let file = write(noun, loaded, day, Vec::new(), format).unwrap();
                let (sheet, text) = stored::open(&file, &format!("file.{}", format.ending())).unwrap();
                let again = plan(noun, STP, &choices, &kept, &sheet, text).unwrap();
                prop_assert_eq!(again.count(Becomes::Unchanged), kept.len(), "{:?} {:?}", format, again.rows);
                // Where there is nothing yet, the rows without their ids make the same entries.
                let mut bare = sheet.clone();
                for row in &mut bare.rows {
                    row.cells[0].clear();
                }
                let anew = plan(noun, STP, &choices, &[], &bare, text).unwrap();
                for row in anew.rows.iter().filter(|row| row.becomes == Becomes::Created) {
                    prop_assert!(entries.contains(&row.values), "{:?} {:?}", format, row);
                }
                prop_assert!(anew.count(Becomes::Created) > 0);
            }
        }
    }

    #[test]
    fn an_apostrophe_of_ones_own_stays() {
        for text in ["=1", "'=1", "''=1", "'quoted'", "-5", "plain", "'"] {
            assert_eq!(unguarded(&export::csv::harmless(&kept(text))), text);
        }
    }
}
