//! A spreadsheet of entries: first what would become of each row, then, if it is accepted, exactly that.
//!
//! ```text
//! sheet + entries as they stand ─► plan (pure): created · changed · unchanged · error, each with its reasons
//!                                    └─► apply: the rows without problems, in one transaction
//! ```
//!
//! A row with an id changes that entry; columns that the sheet lacks stay as they are. A row without an id is a new entry,
//! whose identity comes from what the row says, so that the same file again changes nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::bail;
use sha2::{Digest as _, Sha256};

use super::{
    Choices, Kept, Noun, Values, differences, field::Field, read::twin_problem, save, table, values::settle,
};
use crate::{
    export::csv::harmless,
    import::{
        map::spelling,
        sheet::{Row, Sheet},
    },
    journal::Writer,
};

/// The most rows of one file.
pub const ROWS: usize = 10_000;

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Becomes {
    Created,
    Changed,
    Unchanged,
    Error,
}

impl Becomes {
    pub const ALL: [Self; 4] = [Self::Created, Self::Changed, Self::Unchanged, Self::Error];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Error => "error",
        }
    }
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// Its number in the file: the header is 1 where it comes first.
    pub row: usize,
    /// The column's name; empty where it is the row as a whole.
    pub column: String,
    pub problem: String,
}

/// A row and what becomes of it.
#[derive(Clone, Debug)]
pub struct Planned {
    pub row: usize,
    pub becomes: Becomes,
    pub id: String,
    pub title: String,
    pub values: Values,
    /// What an entry is changed from.
    before: Option<Kept>,
    /// (label, before, after) of each field that changes.
    pub changes: Vec<(&'static str, String, String)>,
    pub problems: Vec<Problem>,
}

/// A file and what would become of its rows.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    pub rows: Vec<Planned>,
    /// Columns that are read for nothing.
    pub ignored: Vec<String>,
}

impl Plan {
    pub fn count(&self, becomes: Becomes) -> usize {
        self.rows.iter().filter(|row| row.becomes == becomes).count()
    }

    pub fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.rows.iter().flat_map(|row| &row.problems)
    }

    /// How many rows would be written.
    pub fn to_write(&self) -> usize {
        self.count(Becomes::Created) + self.count(Becomes::Changed)
    }

    /// What a page showed and someone accepted: another plan has another.
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        for row in &self.rows {
            let version = row.before.as_ref().map_or(0, |before| before.version);
            digest.update(format!("{} {} {} {version}\n", row.row, row.becomes.code(), row.id));
        }
        hex::encode(digest.finalize())
    }
}

/// Where the sheet has each field, and the id.
struct Columns {
    id: Option<usize>,
    fields: Vec<(&'static Field, Option<usize>)>,
    ignored: Vec<String>,
}

impl Columns {
    fn find(noun: &dyn Noun, header: &[String]) -> Result<Self, String> {
        let mut places: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut ignored = Vec::new();
        for (place, name) in header.iter().enumerate() {
            let wanted = spelling(name);
            let is = |key: &str, label: &str| wanted == key || wanted == spelling(label);
            let key = if wanted == "id" {
                Some("id")
            } else {
                noun.about().fields().find(|field| is(field.key, field.label)).map(|field| field.key)
            };
            match key {
                Some(key) if places.insert(key, place).is_some() => {
                    return Err(format!("Two columns hold {key}. Leave one of them out"));
                }
                None if !name.is_empty() => ignored.push(name.clone()),
                _ => {}
            }
        }
        let fields: Vec<_> =
            noun.about().fields().map(|field| (field, places.get(field.key).copied())).collect();
        if fields.iter().all(|(_, place)| place.is_none()) {
            let known = table::columns(noun).join(", ");
            return Err(format!("No column was recognised. The columns may be: {known}"));
        }
        Ok(Self { id: places.get("id").copied(), fields, ignored })
    }
}

/// Entries as they stand and as the rows so far would leave them.
struct Standing {
    by_id: HashMap<String, Kept>,
    /// Everything that an entry says → its id.
    same: HashMap<String, String>,
    /// What no two may share → the id of who has it.
    unique: HashMap<String, String>,
}

fn print(noun: &dyn Noun, values: &Values) -> String {
    let fields = noun.about().fields().map(|field| (field.key, values.list(field.key)));
    serde_json::json!(fields.collect::<Vec<_>>()).to_string()
}

fn shared(noun: &dyn Noun, values: &Values) -> Option<String> {
    let unique = noun.about().unique;
    let cells: Vec<String> = unique.iter().map(|key| values.cell(key).to_lowercase()).collect();
    (!unique.is_empty()).then(|| serde_json::json!(cells).to_string())
}

impl Standing {
    fn new(noun: &dyn Noun, entries: &[Kept]) -> Self {
        let mut all = Self { by_id: HashMap::new(), same: HashMap::new(), unique: HashMap::new() };
        for kept in entries {
            all.take(noun, &kept.id, &kept.values);
            all.by_id.insert(kept.id.clone(), kept.clone());
        }
        all
    }

    fn take(&mut self, noun: &dyn Noun, id: &str, values: &Values) {
        self.same.entry(print(noun, values)).or_insert_with(|| id.to_owned());
        if let Some(shared) = shared(noun, values) {
            self.unique.entry(shared).or_insert_with(|| id.to_owned());
        }
    }

    fn forget(&mut self, noun: &dyn Noun, kept: &Kept) {
        let own = |of: Option<&String>| of == Some(&kept.id);
        let said = print(noun, &kept.values);
        if own(self.same.get(&said)) {
            self.same.remove(&said);
        }
        if let Some(shared) = shared(noun, &kept.values).filter(|shared| own(self.unique.get(shared))) {
            self.unique.remove(&shared);
        }
    }
}

/// What would become of each row of a sheet. An error where the sheet as a whole cannot be read as this noun.
/// `text` says that the file was one of text, whose guarded cells are taken as they were.
pub fn plan(
    noun: &dyn Noun,
    stp: &str,
    choices: &Choices,
    entries: &[Kept],
    sheet: &Sheet,
    text: bool,
) -> Result<Plan, String> {
    if sheet.rows.len() > ROWS {
        return Err("The file must have 10,000 rows or fewer".to_owned());
    }
    let columns = Columns::find(noun, &sheet.header)?;
    let mut standing = Standing::new(noun, entries);
    let mut named = BTreeSet::new();
    let mut plan = Plan { rows: Vec::new(), ignored: columns.ignored.clone() };
    for row in &sheet.rows {
        let planned = one(noun, stp, choices, &columns, &mut standing, &mut named, row, text);
        plan.rows.push(planned);
    }
    Ok(plan)
}

#[expect(clippy::too_many_arguments, reason = "one step of the loop above, set apart to be read")]
fn one(
    noun: &dyn Noun,
    stp: &str,
    choices: &Choices,
    columns: &Columns,
    standing: &mut Standing,
    named: &mut BTreeSet<String>,
    row: &Row,
    text: bool,
) -> Planned {
    let about = noun.about();
    let mut problems = Vec::new();
    let mut wrong = |column: &str, problem: String| {
        problems.push(Problem { row: row.number, column: column.to_owned(), problem });
    };
    let cell = |place: usize| {
        let cell = row.cells.get(place).map_or("", String::as_str);
        if text { table::unguarded(cell) } else { cell }
    };
    if row.overfull {
        wrong("", "The row has more cells than there are columns".to_owned());
    }
    let id = columns.id.map(cell).unwrap_or_default().to_owned();
    let before = standing.by_id.get(&id).cloned();
    if !id.is_empty() && before.is_none() {
        wrong("id", format!("This STP has no {} with this id. Leave it empty to add a new one", about.one));
    } else if !id.is_empty() && !named.insert(id.clone()) {
        wrong("id", "Another row has this id".to_owned());
    }
    let mut values = before.as_ref().map(|kept| kept.values.clone()).unwrap_or_default();
    for (field, place) in &columns.fields {
        if place.is_none() && before.is_some() {
            continue;
        }
        let texts: Vec<String> = place.iter().map(|place| cell(*place).to_owned()).collect();
        match settle(field, Some(choices), texts) {
            Ok(texts) => values.put(field.key, texts),
            Err(problem) => wrong(field.key, problem),
        }
    }
    for (field, problem) in noun.check(&values) {
        wrong(field, problem);
    }
    let mut planned = Planned {
        row: row.number,
        becomes: Becomes::Error,
        title: noun.title(&values, choices),
        id,
        values,
        before,
        changes: Vec::new(),
        problems,
    };
    if planned.problems.is_empty() {
        settle_row(noun, stp, choices, standing, &mut planned);
    }
    planned
}

/// What becomes of a row whose cells are all right.
fn settle_row(noun: &dyn Noun, stp: &str, choices: &Choices, standing: &mut Standing, planned: &mut Planned) {
    if let Some(before) = planned.before.clone() {
        planned.changes = differences(noun.about(), choices, &before.values, &planned.values);
        planned.becomes = if planned.changes.is_empty() { Becomes::Unchanged } else { Becomes::Changed };
        if planned.becomes == Becomes::Unchanged {
            return;
        }
        standing.forget(noun, &before);
    } else {
        let made = made_of(noun, stp, &planned.values);
        if let Some(same) = standing.same.get(&print(noun, &planned.values)) {
            planned.id.clone_from(same);
            planned.becomes = Becomes::Unchanged;
            return;
        }
        // It came in by the same row before, and was changed since.
        planned.becomes =
            if standing.by_id.contains_key(&made) { Becomes::Unchanged } else { Becomes::Created };
        planned.id = made;
        if planned.becomes == Becomes::Unchanged {
            return;
        }
    }
    if let Some(shared) = shared(noun, &planned.values)
        && standing.unique.get(&shared).is_some_and(|other| *other != planned.id)
    {
        let (field, problem) = twin_problem(noun);
        planned.becomes = Becomes::Error;
        planned.problems.push(Problem { row: planned.row, column: field.to_owned(), problem });
        if let Some(before) = &planned.before {
            standing.take(noun, &before.id, &before.values);
        }
        return;
    }
    standing.take(noun, &planned.id, &planned.values);
}

/// The identity of an entry that a row without an id makes.
fn made_of(noun: &dyn Noun, stp: &str, values: &Values) -> String {
    let said = format!("{}\n{stp}\n{}", noun.about().key, print(noun, values));
    let mut digest = hex::encode(Sha256::digest(said));
    digest.truncate(32);
    digest
}

/// Writes the rows of a plan that have no problems. Refuses the whole where an entry was changed meanwhile.
pub async fn apply(noun: &dyn Noun, w: &mut Writer, stp: &str, plan: &Plan) -> anyhow::Result<()> {
    for row in &plan.rows {
        let as_read = match (row.becomes, &row.before) {
            (Becomes::Created, _) => {
                save::create(noun, w, stp, &row.id, &row.values).await?;
                true
            }
            (Becomes::Changed, Some(before)) => save::update(noun, w, stp, before, &row.values).await?,
            _ => true,
        };
        if !as_read {
            bail!("{} was changed while the file was read", row.id);
        }
    }
    Ok(())
}

/// The problems as a file: row, column, what is wrong.
pub fn problems_csv(plan: &Plan) -> anyhow::Result<Vec<u8>> {
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["Row", "Column", "What is wrong"])?;
    for problem in plan.problems() {
        let cells = [problem.row.to_string(), problem.column.clone(), problem.problem.clone()];
        out.write_record(cells.iter().map(|cell| harmless(cell)))?;
    }
    Ok(out.into_inner().map_err(csv::IntoInnerError::into_error)?)
}
