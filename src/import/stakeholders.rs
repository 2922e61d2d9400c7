//! Rows of a list of stakeholders → stakeholders.

use std::collections::BTreeMap;

use entity::{import_row::Outcome, proposal::Theme};

use super::{
    days,
    draft::{Checked, Draft, Stakeholder, identity, nameless},
    facts::{Facts, Found},
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
        let draft = self.draft(row, stp.as_deref()).map_err(|more| problems.extend(more)).ok();
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

    fn draft(&self, row: &Row, stp: Option<&str>) -> Result<stakeholders::Draft, Vec<String>> {
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
        let place = self.place(row, stp)?;
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
            place: place.clone().unwrap_or_default(),
            topics: self.topics(row)?,
        };
        stakeholders::Draft::parse(&written, &self.groups, place.as_slice())
            .map_err(|problems| problems.into_iter().map(|(_, message)| format!("{message}.")).collect())
    }

    /// The code of the council area that they are of, in the footprint of their STP.
    fn place(&self, row: &Row, stp: Option<&str>) -> Result<Option<String>, Vec<String>> {
        let (Some(text), Some(stp)) = (self.text(Field::Place, row), stp) else { return Ok(None) };
        match self.facts.place(stp, &text) {
            Found::Inside(code) => Ok(Some(code)),
            Found::Outside(_) => Err(vec!["Its place is outside the footprint of the STP.".to_owned()]),
            Found::Unknown => Err(vec!["Its place is not known.".to_owned()]),
        }
    }

    /// The codes of what they ask to hear of: codes or names with ; between them.
    fn topics(&self, row: &Row) -> Result<Vec<String>, Vec<String>> {
        let texts = self.columns.texts(Field::Topics, row);
        let parts = texts.iter().flat_map(|text| text.split([';', '\n'])).map(spelling);
        let known = |text: String| {
            let is = |theme: &&Theme| spelling(theme.code()) == text || spelling(theme.name()) == text;
            Theme::ALL.iter().find(is).map(|theme| theme.code().to_owned())
        };
        let codes: Option<Vec<String>> = parts.filter(|text| !text.is_empty()).map(known).collect();
        codes.ok_or_else(|| vec!["It asks to hear of a topic that is not known.".to_owned()])
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
    fn a_place_and_topics_are_read_by_code_or_name() {
        let list = "Group,Organisation,Place,Asks to hear of\n\
                    PP-HWT,Healthwatch Dorset,Dorset County Council,Cancer; mental_health\n\
                    PP-CAR,Dorset Carers,E06000029,\n\
                    PP-CAR,Devon Carers,Devon,\n\
                    PP-CAR,Other Carers,Atlantis,\n\
                    PP-CAR,More Carers,,Parking\n";
        let sheet = sheet::read(list.as_bytes(), "list.csv").unwrap();
        let rows =
            check(&sheet, &Map::plain(Noun::Stakeholders), &Facts::shipped(), Some("E54000041")).unwrap();
        let known: Vec<(Option<&str>, usize)> = rows
            .iter()
            .filter_map(|row| match &row.draft {
                Some(Draft::Stakeholder(new)) => {
                    Some((new.draft.place_code.as_deref(), new.draft.topics.len()))
                }
                _ => None,
            })
            .collect();
        assert_eq!(known, [(Some("E10000009"), 2), (Some("E06000029"), 0)]);
        let told: Vec<&str> = rows[2..].iter().map(|row| row.reason.as_str()).collect();
        let said = [
            "Its place is outside the footprint of the STP.",
            "Its place is not known.",
            "It asks to hear of a topic that is not known.",
        ];
        assert_eq!(told, said);
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
