//! Who may do what to which STP: one pure table, and nothing else decides.

use entity::user::Role;

/// What staff do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// See an STP's staff pages: its events whole, gaps, imports, mailings, reports.
    ReadArea,
    /// Log an event, complete it, correct it, cancel or withdraw it, import a log.
    WriteEvents,
    /// Put on record what is no event: proposals, consultations, scrutiny and the like.
    WriteRecord,
    /// See who the stakeholders are: personal data, so each reading is journalled.
    ReadStakeholders,
    /// Add, correct and withdraw stakeholders.
    WriteStakeholders,
    /// Draft, freeze, send, pause and resume a mailing.
    WriteMailings,
    /// Publish or withdraw a report of the area; for England, of England.
    PublishReports,
    /// Draft and adopt the standard; for an area, a stricter one of its own.
    AdoptStandard,
    /// Add, disable and reset accounts.
    ManageUsers,
}

impl Action {
    /// Every action, for the test of the whole table.
    pub const ALL: [Self; 9] = [
        Self::ReadArea,
        Self::WriteEvents,
        Self::WriteRecord,
        Self::ReadStakeholders,
        Self::WriteStakeholders,
        Self::WriteMailings,
        Self::PublishReports,
        Self::AdoptStandard,
        Self::ManageUsers,
    ];
}

/// How a person stands to what they act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// An STP that is theirs.
    Own,
    /// Another STP.
    Foreign,
    /// England as a whole, which is no STP's.
    England,
}

/// Whether `role` may do `action` to what stands in `relation` to them.
pub fn permit(role: Role, action: Action, relation: Relation) -> bool {
    use Action::{
        AdoptStandard, ManageUsers, PublishReports, ReadArea, ReadStakeholders, WriteEvents, WriteMailings,
        WriteRecord, WriteStakeholders,
    };
    use Relation::{England, Foreign, Own};
    match (role, relation) {
        (Role::Admin, _) => true,
        (_, _) if action == ManageUsers => false,
        (Role::Lead, Own) if action == AdoptStandard => true,
        (Role::Officer | Role::Lead, Own) => matches!(
            action,
            ReadArea
                | WriteEvents
                | WriteRecord
                | ReadStakeholders
                | WriteStakeholders
                | WriteMailings
                | PublishReports
        ),
        (Role::Approver, Own) => matches!(action, ReadArea | ReadStakeholders | PublishReports),
        (Role::Officer | Role::Lead | Role::Approver, Foreign | England) => false,
        // They read all and write none of an STP's records.
        (Role::Region | Role::National, Own | Foreign) => matches!(action, ReadArea | ReadStakeholders),
        (Role::National, England) => matches!(action, ReadArea | PublishReports | AdoptStandard),
        (Role::Region, England) => action == ReadArea,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table as a person would read it: role, relation, the letters of what is allowed.
    #[test]
    fn the_whole_table() {
        let letters = |role, relation| -> String {
            Action::ALL
                .iter()
                .zip("rewSsmpau".chars())
                .filter(|(action, _)| permit(role, **action, relation))
                .map(|(_, letter)| letter)
                .collect()
        };
        let rows = [
            (Role::Officer, "rewSsmp", "", ""),
            (Role::Lead, "rewSsmpa", "", ""),
            (Role::Approver, "rSp", "", ""),
            (Role::Region, "rS", "rS", "r"),
            (Role::National, "rS", "rS", "rpa"),
            (Role::Admin, "rewSsmpau", "rewSsmpau", "rewSsmpau"),
        ];
        for (role, own, foreign, england) in rows {
            assert_eq!(letters(role, Relation::Own), own, "{role:?} own");
            assert_eq!(letters(role, Relation::Foreign), foreign, "{role:?} foreign");
            assert_eq!(letters(role, Relation::England), england, "{role:?} England");
        }
    }
}
