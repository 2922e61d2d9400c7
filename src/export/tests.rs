//! What goes out as each kind of file comes back the same.

use std::io::Cursor;

use calamine::{Data, Ods, Range, Reader, Xlsx};
use proptest::{collection::vec, prelude::*};

use super::{sheets::ABOVE, *};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z =+@<>&\"',;\n\t-]{0,12}",
        "\\PC{0,8}",
        any::<String>(),
        Just("=1+1".to_owned()),
        Just(" =HYPERLINK(\"x\")".to_owned()),
        Just("_x0041_".to_owned()),
        Just("a\r\nb".to_owned()),
        Just("2017-01-11".to_owned()),
        Just("007".to_owned()),
    ]
}

fn cells() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Empty),
        texts().prop_map(Cell::text),
        (-(1_i64 << 53)..(1_i64 << 53)).prop_map(Cell::Whole),
        (-1_000_000_000..1_000_000_000).prop_map(|number| Cell::Number(f64::from(number) / 100.0)),
        (0..70_000_u64).prop_map(|days| Cell::Day(day("1910-01-01") + chrono::Days::new(days))),
        any::<bool>().prop_map(Cell::Yes),
        Just(Cell::Suppressed),
        Just(Cell::NotAvailable),
    ]
}

fn books() -> impl Strategy<Value = Book> {
    (1..5_usize, 1..3_usize).prop_flat_map(|(width, tables)| {
        let table = (texts(), texts(), vec(vec(cells(), width..=width), 0..6));
        (texts(), vec(table, tables..=tables)).prop_map(move |(title, tables)| Book {
            title: title.clone(),
            as_at: day("2018-01-15"),
            facts: vec![("Owner".to_owned(), title)],
            notes: vec!["=note".to_owned()],
            tables: (0..)
                .zip(tables)
                .map(|(number, (title, note, rows))| Table {
                    name: format!("table_{number}"),
                    title,
                    notes: vec![note],
                    columns: (0..width)
                        .map(|at| Column::new(format!("column_{at}"), "Something", Kind::Text))
                        .collect(),
                    rows,
                })
                .collect(),
        })
    })
}

/// A cell as a workbook gives it back.
fn seen(cell: Option<&Data>) -> Cell {
    match cell {
        None | Some(Data::Empty) => Cell::Empty,
        Some(Data::String(text)) => Cell::text(text),
        Some(Data::Float(number)) => Cell::Number(*number),
        Some(Data::Int(number)) => Cell::Whole(*number),
        Some(Data::DateTime(at)) => Cell::Day(at.as_datetime().unwrap().date()),
        Some(Data::DateTimeIso(text)) => Cell::Day(day(text)),
        other => panic!("{other:?}"),
    }
}

/// A cell as a workbook is to give it back.
#[expect(clippy::cast_precision_loss, reason = "a workbook knows no other numbers")]
fn wanted(cell: &Cell) -> Cell {
    match cell {
        Cell::Whole(number) => Cell::Number(*number as f64),
        Cell::Number(_) | Cell::Day(_) => cell.clone(),
        other => Cell::text(sheets::holdable(&other.written())),
    }
}

fn same(book: &Book, sheet: impl Fn(&str) -> Range<Data>) -> Result<(), TestCaseError> {
    for table in &book.tables {
        let range = sheet(&table.name);
        let at = |row: usize, column: usize| {
            seen(range.get_value((u32::try_from(row).unwrap(), u32::try_from(column).unwrap())))
        };
        for (column, own) in table.columns.iter().enumerate() {
            prop_assert_eq!(at(ABOVE, column), Cell::text(&own.key));
        }
        for (row, cells) in table.rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                prop_assert_eq!(at(ABOVE + 1 + row, column), wanted(cell));
            }
        }
        prop_assert!(range.end().is_none_or(|(last, _)| last as usize <= ABOVE + 1 + table.rows.len()));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_goes_out_comes_back(book in books()) {
        let mut excel = Xlsx::new(Cursor::new(write(&book, Format::Xlsx).unwrap())).unwrap();
        let names = ["Cover", "Contents", "Notes"].into_iter().map(str::to_owned);
        let names: Vec<String> = names.chain(book.tables.iter().map(|table| table.name.clone())).collect();
        prop_assert_eq!(excel.sheet_names(), names.clone());
        let ranges: std::collections::HashMap<_, _> = excel.worksheets().into_iter().collect();
        same(&book, |name| ranges[name].clone())?;
        excel.load_tables().unwrap();
        for table in &book.tables {
            let marked = excel.table_by_name(&table.name).unwrap();
            let keys: Vec<&str> = table.columns.iter().map(|column| column.key.as_str()).collect();
            prop_assert_eq!(marked.columns(), keys);
            prop_assert_eq!(marked.sheet_name(), &table.name);
        }

        let mut open = Ods::new(Cursor::new(write(&book, Format::Ods).unwrap())).unwrap();
        prop_assert_eq!(open.sheet_names(), names);
        let ranges: std::collections::HashMap<_, _> = open.worksheets().into_iter().collect();
        same(&book, |name| ranges[name].clone())?;

        let table = &book.tables[0];
        let csv = write(&book, Format::Csv).unwrap();
        let mut reader = ::csv::Reader::from_reader(csv.as_slice());
        let keys: Vec<&str> = table.columns.iter().map(|column| column.key.as_str()).collect();
        prop_assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), keys);
        let rows: Vec<::csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(rows.len(), table.rows.len());
        for (row, cells) in rows.iter().zip(&table.rows) {
            for (text, cell) in row.iter().zip(cells) {
                let runs = text.trim_start().starts_with(['=', '+', '-', '@']);
                prop_assert!(!runs || matches!(cell, Cell::Whole(_) | Cell::Number(_)), "{text:?}");
                let written = cell.written();
                prop_assert!(text == written || text == format!("'{written}"), "{text:?} {written:?}");
            }
        }

        let json: serde_json::Value = serde_json::from_slice(&write(&book, Format::Json).unwrap()).unwrap();
        for table in &book.tables {
            let rows = if book.tables.len() == 1 { &json } else { &json[&table.name] };
            let rows = rows.as_array().unwrap();
            prop_assert_eq!(rows.len(), table.rows.len());
            for (row, cells) in rows.iter().zip(&table.rows) {
                for (column, cell) in table.columns.iter().zip(cells) {
                    let seen = match &row[&column.key] {
                        serde_json::Value::Null => Cell::Empty,
                        serde_json::Value::String(text) => Cell::text(text),
                        serde_json::Value::Bool(yes) => Cell::Yes(*yes),
                        number => match number.as_i64() {
                            Some(whole) => Cell::Whole(whole),
                            None => Cell::Number(number.as_f64().unwrap()),
                        },
                    };
                    let wanted = match cell {
                        Cell::Whole(_) | Cell::Number(_) | Cell::Yes(_) | Cell::Empty => cell.clone(),
                        other => Cell::text(other.written()),
                    };
                    prop_assert_eq!(seen, wanted);
                }
            }
        }
    }
}

#[test]
fn the_same_book_is_the_same_bytes() {
    let table = Table {
        name: "gaps".to_owned(),
        title: "Gaps".to_owned(),
        notes: Vec::new(),
        columns: vec![Column::new("people", "How many came", Kind::Number)],
        rows: vec![vec![Cell::Suppressed]],
    };
    let book = Book {
        title: "Gaps".to_owned(),
        as_at: day("2018-01-15"),
        facts: Vec::new(),
        notes: Vec::new(),
        tables: vec![table],
    };
    for format in Format::ALL {
        let bytes = write(&book, format).unwrap();
        assert_eq!(bytes, write(&book, format).unwrap(), "{format:?}");
        assert_eq!(Format::parse(format.ending()), Some(format));
    }
    let ods = write(&book, Format::Ods).unwrap();
    assert_eq!(&ods[30..38], b"mimetype", "the kind of file is its first part");
    assert_eq!(&ods[38..84], b"application/vnd.oasis.opendocument.spreadsheet");

    let mut wrong = book.clone();
    wrong.tables[0].name = "two words".to_owned();
    assert!(write(&wrong, Format::Ods).is_err());
    let mut short = book;
    short.tables[0].rows.push(Vec::new());
    assert!(write(&short, Format::Xlsx).is_err());
}
