//! Rows of a list of stakeholders → stakeholders.

use std::collections::BTreeMap;

use entity::import_row::Outcome;

use super::{
    days,
    draft::{Checked, Draft, Stakeholder, identity, nameless},
    facts::Facts,
    field::{Columns, Field},
    map::{Map, spelling},
    sheet::{Row, Sheet},
};
use crate::stakeholders::{self, Written};

/// Checks every row. `area` is the one area that the rows must be of. The error is what keeps the file as a whole from
/// being read.
pub fn check(
    sheet: &Sheet,
    map: &Map,
    facts: &Facts,
    area: Option<&str>,
) -> Result<Vec<Checked>, Vec<String>> {
    map.check(facts)?;
    let columns = Columns::find(map, &sheet.header);
    let mut missing = Vec::new();
    if !columns.has(Field::Group) {
        missing.push("Choose the column that holds the group".to_owned());
    }
    if !columns.has(Field::Name) && !columns.has(Field::Organisation) {
        missing.push("Choose the column that holds the name or the organisation".to_owned());
    }
    if !columns.has(Field::Stp) && area.is_none() {
        missing.push(
            "Choose the column that holds the STP, or name the one STP that all rows are of".to_owned(),
        );
    }
    if !missing.is_empty() {
        return Err(missing);
    }
    let groups: Vec<String> = facts.groups.keys().cloned().collect();
    let reader = Reader { map, facts, columns: &columns, area, groups };
    let mut seen = BTreeMap::new();
    Ok(sheet.rows.iter().map(|row| reader.checked(row, &mut seen)).collect())
}

struct Reader<'a> {
    map: &'a Map,
    facts: &'a Facts,
    columns: &'a Columns,
    area: Option<&'a str>,
    groups: Vec<String>,
}

impl Reader<'_> {
    fn checked(&self, row: &Row, seen: &mut BTreeMap<String, usize>) -> Checked {
        let mut problems = Vec::new();
        if row.overfull {
            problems.push("It has more cells than the header has columns.".to_owned());
        }
        let stp = self.stp(row).map_err(|problem| problems.push(problem)).ok();
        let name = self.name(row);
        if let Some(first) = seen.insert(name.clone(), row.number) {
            problems.push(format!("It is the same stakeholder as row {first}."));
        }
        let draft = self.draft(row).map_err(|more| problems.extend(more)).ok();
        let draft = draft.zip(stp.clone()).filter(|_| problems.is_empty()).map(|(draft, stp)| {
            Draft::Stakeholder(Box::new(Stakeholder {
                id: identity(&self.map.name, &stp, &name, "stakeholder"),
                stp,
                draft,
            }))
        });
        let (outcome, reason) = match &draft {
            // The report tells no names: it is kept longer than the list.
            Some(Draft::Stakeholder(new)) => (
                Outcome::Created,
                format!("A stakeholder. Group: {}.", self.facts.groups[&new.draft.group_code]),
            ),
            _ => (Outcome::Error, problems.join(" ")),
        };
        Checked { position: row.number, external_id: None, stp, outcome, reason, draft }
    }

    fn stp(&self, row: &Row) -> Result<String, String> {
        let Some(text) = self.text(Field::Stp, row) else {
            return self.area.map(str::to_owned).ok_or_else(|| "It names no STP.".to_owned());
        };
        let stp = self.facts.stp(&text).ok_or("It names an STP that is not there.")?;
        if self.area.is_some_and(|area| area != stp) {
            return Err("It is of another STP than this import.".to_owned());
        }
        Ok(stp.to_owned())
    }

    /// What tells one stakeholder from another: its reference, its address, or its name and organisation.
    fn name(&self, row: &Row) -> String {
        let told = [Field::Id, Field::Email].into_iter().find_map(|field| self.text(field, row));
        let stp = self.text(Field::Stp, row).unwrap_or_default();
        let told = told.unwrap_or_else(|| {
            let both = [Field::Name, Field::Organisation, Field::Role]
                .map(|field| self.text(field, row).unwrap_or_default());
            both.join("\n")
        });
        nameless(&[&stp, &told])
    }

    fn draft(&self, row: &Row) -> Result<stakeholders::Draft, Vec<String>> {
        let text = |field| self.text(field, row).unwrap_or_default();
        let group = text(Field::Group);
        let group = match self.facts.group(&group) {
            Some(group) => group.to_owned(),
            None => match self.map.words.get(&spelling(&group)).map(Vec::as_slice) {
                Some([known]) => known.clone(),
                _ if group.is_empty() => group,
                _ => return Err(vec!["The map does not know its group.".to_owned()]),
            },
        };
        let basis = self.text(Field::Basis, row).or_else(|| self.map.fixed.basis.clone()).unwrap_or_default();
        let obtained = self.text(Field::ObtainedOn, row);
        let obtained_on = obtained.as_deref().and_then(days::day);
        if obtained.is_some() && obtained_on.is_none() {
            return Err(vec!["The day it was obtained cannot be read.".to_owned()]);
        }
        let written = Written {
            group,
            name: text(Field::Name),
            organisation: text(Field::Organisation),
            role: text(Field::Role),
            email: text(Field::Email),
            notes: text(Field::Notes),
            basis,
            wording: text(Field::Wording),
            obtained_on,
            evidence: text(Field::Proof),
            confirmed_on: None,
            place: String::new(),
            topics: Vec::new(),
        };
        stakeholders::Draft::parse(&written, &self.groups, &[])
            .map_err(|problems| problems.into_iter().map(|(_, message)| format!("{message}.")).collect())
    }

    fn text(&self, field: Field, row: &Row) -> Option<String> {
        Some(self.columns.texts(field, row).join("\n")).filter(|text| !text.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use entity::import::Noun;

    use super::*;
    use crate::import::sheet;

    #[test]
    fn why_each_is_held_is_read_with_its_day() {
        let list = "Group,Organisation,Basis,Wording,Obtained on,Evidence\n\
                    PP-HWT,Healthwatch Dorset,Public task: its website,Notice 2,11/01/2017,Form 17\n\
                    PP-CAR,Dorset Carers,,,in spring,\n";
        let sheet = sheet::read(list.as_bytes(), "list.csv").unwrap();
        let rows =
            check(&sheet, &Map::plain(Noun::Stakeholders), &Facts::shipped(), Some("E54000041")).unwrap();
        let Some(Draft::Stakeholder(first)) = &rows[0].draft else { panic!("{}", rows[0].reason) };
        let held = &first.draft;
        assert_eq!((held.wording.as_deref(), held.evidence.as_deref()), (Some("Notice 2"), Some("Form 17")));
        assert_eq!(held.obtained_on, "2017-01-11".parse().ok());
        assert_eq!(rows[1].reason, "The day it was obtained cannot be read.");
    }

    #[test]
    fn a_list_is_read_and_its_problems_name_nobody() {
        let list = "Group,Organisation,Name,Email\n\
                    PP-HWT,Healthwatch Dorset,,office@healthwatch.example.org\n\
                    voluntary sector,Dorset Carers,,\n\
                    Wizards,Dorset Wizards,,hat@example.org\n\
                    Carers,,,nobody\n\
                    PP-HWT,Healthwatch Dorset,,Office@Healthwatch.example.org\n";
        let sheet = sheet::read(list.as_bytes(), "list.csv").unwrap();
        let map = Map::plain(Noun::Stakeholders);
        let rows = check(&sheet, &map, &Facts::shipped(), Some("E54000041")).unwrap();
        let outcomes: Vec<&str> = rows.iter().map(|row| row.outcome.code()).collect();
        assert_eq!(outcomes, ["created", "created", "error", "error", "error"]);
        assert_eq!(rows[4].reason, "It is the same stakeholder as row 2.");
        for row in &rows {
            for told in ["Dorset", "Healthwatch", "healthwatch.", "hat@"] {
                assert!(!row.reason.replace("Group: Local Healthwatch", "").contains(told), "{}", row.reason);
            }
        }
        let Some(Draft::Stakeholder(first)) = &rows[0].draft else { panic!("{}", rows[0].reason) };
        assert_eq!(first.draft.group_code, "PP-HWT");
        assert!(first.draft.basis.starts_with("Public task"));
    }
}
